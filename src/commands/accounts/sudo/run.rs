//! The command under sudo: its process, and the parent that waits, hands signals on and ends as the command ended.

use crate::commands::accounts::pam;
use crate::commands::process::launch::{FORWARDED, say};
use crate::world::accounts::User;
use crate::world::{Channel, ChildEvent, Errno, ExitStatus, Pid, Program, Signal, Step, Sys, Wait};

/// What the child becomes.
#[derive(Clone)]
pub struct Job {
    /// The program file.
    pub file: String,
    /// Its arguments.
    pub argv: Vec<String>,
    /// Its environment.
    pub env: Vec<String>,
    /// Whose rights it gets.
    pub user: User,
    /// The folder it starts in.
    pub cwd: Option<String>,
    /// The PAM service.
    pub service: &'static str,
    /// The parent does not wait.
    pub background: bool,
}

/// The waiting parent.
#[derive(Clone)]
pub struct Run {
    child: Pid,
    user: User,
    service: &'static str,
}

#[derive(Clone)]
struct Child(Job);

impl Program for Child {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let job = &self.0;
        pam::become_user(sys, &job.user);
        if let Some(folder) = &job.cwd
            && let Err(errno) = sys.chdir(folder)
        {
            say(sys, &format!("sudo: unable to change directory to {folder}: {}", errno.message()));
        }
        let tried = match sys.exec(&job.file, &job.argv, job.env.clone()) {
            Err(Errno::ENOEXEC) => {
                let mut script = vec!["sh".to_owned(), job.file.clone()];
                script.extend(job.argv.iter().skip(1).cloned());
                sys.exec("/bin/sh", &script, job.env.clone())
            }
            other => other,
        };
        match tried {
            Ok(step) => step,
            Err(errno) => {
                say(sys, &format!("sudo: unable to execute {}: {}", job.file, errno.message()));
                Step::Exit(if errno == Errno::ENOENT { 127 } else { 126 })
            }
        }
    }
}

impl Run {
    /// Forks the command. `Err` is the step with which sudo ends at once.
    pub fn start(sys: &mut Sys<'_>, job: Job) -> Result<Run, Step> {
        let (user, service, background) = (job.user.clone(), job.service, job.background);
        let child = match sys.fork(Box::new(Child(job))) {
            Ok(child) => child,
            Err(errno) => {
                say(sys, &format!("sudo: unable to fork: {}", errno.message()));
                return Err(Step::Exit(1));
            }
        };
        if background {
            return Err(Step::Exit(0));
        }
        for signal in FORWARDED {
            sys.catch(signal);
        }
        sys.catch(Signal::TSTP);
        Ok(Run { child, user, service })
    }

    /// Waits for the command.
    pub fn go_on(&mut self, sys: &mut Sys<'_>) -> Step {
        while let Some(signal) = sys.take_signal() {
            // What the keyboard raised reached the command already: it is in the same group.
            let keyboard = matches!(signal, Signal::INT | Signal::QUIT | Signal::TSTP) && sys.me().tty.is_some();
            if !keyboard && signal != Signal::CHLD {
                let child = i64::from(self.child);
                let _ = sys.kill(child, Some(signal));
            }
        }
        while let Some((_, event)) = sys.wait_child(Some(self.child)) {
            match event {
                ChildEvent::Ended(status) => return self.finish(sys, status),
                ChildEvent::Stopped(signal) => {
                    // The command stopped: so does sudo, for the shell that waits for it.
                    let me = sys.pid;
                    let stop = if signal == Signal::TSTP { Signal::STOP } else { signal };
                    sys.default_signal(stop);
                    sys.world.send_signal(me, stop);
                }
                ChildEvent::Continued => {}
            }
        }
        Step::Wait(Wait::channel(Channel::Children(sys.pid)))
    }

    fn finish(&self, sys: &mut Sys<'_>, status: ExitStatus) -> Step {
        pam::session_closed(sys, self.service, "sudo", &self.user);
        match status {
            ExitStatus::Exited(status) => Step::Exit(status),
            ExitStatus::Signaled(signal, _) => Step::Crash(signal),
        }
    }
}
