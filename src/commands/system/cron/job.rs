//! One run of a crontab's command: the process that waits for it, and the shell that runs it: cron(8).

use super::schedule::{Entry, split_percent};
use crate::commands::accounts::pam;
use crate::world::accounts::User;
use crate::world::{Channel, ChildEvent, Errno, Fd, OpenKind, Pid, Program, Signal, Step, Sys, Wait, setenv};

/// Facility `cron` of syslog(3).
pub const CRON: u8 = 9;

/// A run of a command.
#[derive(Clone)]
pub struct Job {
    entry: Entry,
    user: User,
    stage: Stage,
}

#[derive(Clone)]
enum Stage {
    /// The waiting process has just been forked.
    Start,
    /// The shell's process, before it becomes the shell.
    Shell,
    /// The command runs; its output arrives here.
    Running { shell: Option<Pid>, output: Option<Fd>, printed: bool },
}

impl Job {
    /// A run of `entry` as `user`.
    pub fn new(entry: &Entry, user: User) -> Self {
        Job { entry: entry.clone(), user, stage: Stage::Start }
    }

    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), Errno> {
        sys.default_signal(Signal::HUP);
        sys.default_signal(Signal::CHLD);
        let me = sys.me_mut();
        let mut argv = me.argv.to_vec();
        if let Some(name) = argv.first_mut() {
            *name = name.replace("cron", "CRON");
        }
        me.argv = argv.into();
        pam::session_opened(sys, "cron", "CRON", &self.user);
        let (_, input) = split_percent(&self.entry.command);
        let (in_read, in_write) = sys.pipe(true)?;
        let (out_read, out_write) = sys.pipe(true)?;
        let _ = sys.write(in_write, input.unwrap_or_default().as_bytes());
        sys.dup2(in_read, 0)?;
        sys.dup2(out_write, 1)?;
        sys.dup2(out_write, 2)?;
        let shell = sys.fork(Box::new(Job { stage: Stage::Shell, ..self.clone() }))?;
        for fd in [in_read, in_write, out_write] {
            let _ = sys.close(fd);
        }
        let null = sys.world.open_object(OpenKind::Device(crate::world::fs::Device::Null), "/dev/null");
        let pid = sys.pid;
        sys.world.install(pid, 0, null, false);
        let _ = sys.dup2(0, 1);
        let _ = sys.dup2(0, 2);
        self.stage = Stage::Running { shell: Some(shell), output: Some(out_read), printed: false };
        Ok(())
    }

    fn become_shell(&self, sys: &mut Sys<'_>) -> Step {
        let text = format!("({}) CMD ({})", self.user.name, self.entry.command);
        sys.syslog(pam::INFO, CRON, Some("CRON"), &text);
        let pid = sys.pid;
        let _ = sys.world.setsid(pid);
        pam::become_user(sys, &self.user);
        let mut env = Vec::new();
        for (name, value) in [
            ("HOME", self.user.home.as_str()),
            ("LOGNAME", &self.user.name),
            ("PATH", "/usr/bin:/bin"),
            ("SHELL", "/bin/sh"),
        ] {
            setenv(&mut env, name, value);
        }
        for (name, value) in &self.entry.env {
            setenv(&mut env, name, value);
        }
        let home = crate::world::getenv(&env, "HOME").unwrap_or("/").to_owned();
        let shell = crate::world::getenv(&env, "SHELL").unwrap_or("/bin/sh").to_owned();
        let (command, _) = split_percent(&self.entry.command);
        if let Err(errno) = sys.chdir(&home) {
            sys.syslog(3, CRON, Some("CRON"), &format!("(CRON) ERROR chdir failed ({home}): {}", errno.message()));
            return Step::Exit(1);
        }
        match sys.exec(&shell, &[shell.clone(), "-c".to_owned(), command], env) {
            Ok(step) => step,
            Err(errno) => {
                crate::commands::process::launch::say(sys, &format!("{shell}: execle: {}", errno.message()));
                Step::Exit(1)
            }
        }
    }
}

impl Program for Job {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if let Stage::Shell = self.stage {
            return self.become_shell(sys);
        }
        if matches!(self.stage, Stage::Start) && self.start(sys).is_err() {
            return Step::Exit(1);
        }
        let pid = sys.pid;
        let Stage::Running { shell, output, printed } = &mut self.stage else { return Step::Exit(1) };
        while let Some(fd) = *output {
            match sys.read(fd, 65_536) {
                Ok(bytes) if !bytes.is_empty() => *printed = true,
                Err(Errno::EAGAIN) => return Step::Wait(Wait::fd(fd).or_channel(Channel::Children(pid))),
                _ => {
                    let _ = sys.close(fd);
                    *output = None;
                }
            }
        }
        while let Some((_, event)) = sys.wait_child(*shell) {
            if matches!(event, ChildEvent::Ended(_)) {
                *shell = None;
                break;
            }
        }
        if shell.is_some() {
            return Step::Wait(Wait::channel(Channel::Children(pid)));
        }
        if *printed {
            sys.syslog(pam::INFO, CRON, Some("CRON"), "(CRON) info (No MTA installed, discarding output)");
        }
        pam::session_closed(sys, "cron", "CRON", &self.user);
        Step::Exit(0)
    }
}
