//! `su` and `runuser`: a shell, or one command, as another user: su(1), runuser(1).

use super::pam::{self, Password};
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, absent, also, flag, value};
use crate::commands::process::launch::{print, read_options, say};
use crate::world::accounts::{self, User};
use crate::world::{
    CapabilitySet, Channel, ChildEvent, Errno, ExitStatus, Pid, Program, Signal, Step, Sys, Wait, setenv,
};

/// `su`; its file is set-uid root.
pub const SU: Command = Command { name: "su", path: "/usr/bin/su", program: |argv| Box::new(Su::new(argv, "su")) };
/// `runuser`: for root only, asks nobody.
pub const RUNUSER: Command =
    Command { name: "runuser", path: "/usr/sbin/runuser", program: |argv| Box::new(Su::new(argv, "runuser")) };

const TABLE: &[Opt] = &[
    value('c', "command"),
    value('\0', "session-command"),
    flag('f', "fast"),
    flag('l', "login"),
    flag('m', "preserve-environment"),
    also('p', "", "preserve-environment", crate::commands::options::Takes::Nothing),
    value('s', "shell"),
    value('g', "group"),
    value('G', "supp-group"),
    value('u', "user"),
    value('w', "whitelist-environment"),
    absent('P', "pty"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[options] [-] [<user> [<argument>...]]",
    version: "from util-linux 2.38.1",
    status: 1,
    hint: Hint::Try,
    in_order: false,
};

#[derive(Clone)]
struct Su {
    argv: Vec<String>,
    name: &'static str,
    stage: Stage,
}

#[derive(Clone)]
enum Stage {
    Start,
    Password(Box<Plan>),
    Child(Box<Plan>),
    Parent { child: Pid, user: User, service: String },
}

#[derive(Clone)]
struct Plan {
    parsed: Parsed,
    user: User,
    login: bool,
    /// Arguments for the shell.
    rest: Vec<String>,
    /// `runuser -u USER COMMAND`: no shell.
    direct: bool,
}

impl Su {
    fn new(argv: &[String], name: &'static str) -> Self {
        Su { argv: argv.to_vec(), name, stage: Stage::Start }
    }
}

impl Program for Su {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        match self.stage.clone() {
            Stage::Start => self.start(sys),
            Stage::Password(plan) => self.ask(sys, *plan),
            Stage::Child(plan) => child(sys, self.name, &plan),
            Stage::Parent { child, user, service } => wait(sys, self.name, child, &user, &service),
        }
    }
}

impl Su {
    fn start(&mut self, sys: &mut Sys<'_>) -> Step {
        let parsed = match read_options(sys, &self.argv, &OPTIONS) {
            Ok(parsed) => parsed,
            Err(status) => return Step::Exit(status),
        };
        let mut operands = parsed.operands.clone();
        let dash = operands.first().is_some_and(|o| o == "-");
        if dash {
            operands.remove(0);
        }
        let direct = self.name == "runuser" && parsed.has("user");
        let name = match parsed.last("user").filter(|_| direct) {
            Some(name) => name.to_owned(),
            None if operands.is_empty() => "root".to_owned(),
            None => operands.remove(0),
        };
        if self.name == "runuser" && sys.uid() != 0 {
            say(sys, "runuser: may not be used by non-root users");
            return Step::Exit(1);
        }
        let Some(user) = accounts::user(&sys.world.files, &name) else {
            say(
                sys,
                &format!(
                    "{}: user {name} does not exist or the user entry does not contain all the required fields",
                    self.name
                ),
            );
            return Step::Exit(1);
        };
        let login = dash || parsed.has("login");
        let plan = Plan { parsed, user, login, rest: operands, direct };
        let free = sys.me().ruid == 0
            || self.name == "runuser"
            || pam::password_of(sys.world, &plan.user.name) == Password::Empty;
        if free {
            return self.go(sys, plan);
        }
        print(sys, 2, "Password: ");
        self.ask(sys, plan)
    }

    fn ask(&mut self, sys: &mut Sys<'_>, plan: Plan) -> Step {
        match sys.read(0, 4096) {
            Err(Errno::EAGAIN) => {
                self.stage = Stage::Password(Box::new(plan));
                Step::Wait(Wait::fd(0))
            }
            _ => {
                if sys.isatty(0) {
                    print(sys, 2, "\n");
                }
                say(sys, "su: Authentication failure");
                let by = accounts::user_name(&sys.world.files, sys.me().ruid);
                let tty = pam::tty_name(sys).unwrap_or_else(|| "none".into());
                let text = format!("FAILED SU (to {}) {by} on {tty}", plan.user.name);
                sys.syslog(pam::NOTICE, pam::AUTHPRIV, Some("su"), &text);
                Step::Exit(1)
            }
        }
    }

    fn go(&mut self, sys: &mut Sys<'_>, plan: Plan) -> Step {
        let service = if plan.login { format!("{}-l", self.name) } else { self.name.to_owned() };
        if !sys.me().cred.can(CapabilitySet::SETGID) {
            say(sys, &format!("{}: cannot set groups: Operation not permitted", self.name));
            return Step::Exit(1);
        }
        if plan.direct {
            return child(sys, self.name, &plan);
        }
        let by = accounts::user_name(&sys.world.files, sys.me().ruid);
        let tty = pam::tty_name(sys).unwrap_or_else(|| "none".into());
        let text = format!("(to {}) {by} on {tty}", plan.user.name);
        sys.syslog(pam::NOTICE, pam::AUTHPRIV, Some(self.name), &text);
        pam::session_opened(sys, &service, self.name, &plan.user);
        let user = plan.user.clone();
        let copy = Su { argv: self.argv.clone(), name: self.name, stage: Stage::Child(Box::new(plan)) };
        match sys.fork(Box::new(copy)) {
            Err(errno) => {
                say(sys, &format!("{}: cannot create child process: {}", self.name, errno.message()));
                Step::Exit(1)
            }
            Ok(child) => {
                for signal in [Signal::INT, Signal::QUIT, Signal::TERM] {
                    sys.catch(signal);
                }
                self.stage = Stage::Parent { child, user: user.clone(), service: service.clone() };
                wait(sys, self.name, child, &user, &service)
            }
        }
    }
}

fn child(sys: &mut Sys<'_>, name: &str, plan: &Plan) -> Step {
    let parsed = &plan.parsed;
    let user = &plan.user;
    let allowed = sys.me().ruid == 0;
    let keep_env = parsed.has("preserve-environment") && !plan.login;
    let old = sys.me().env.to_vec();
    let own = sys.getenv("SHELL").filter(|_| keep_env && allowed);
    let shell = match parsed.last("shell") {
        Some(shell) if allowed => shell.to_owned(),
        _ => own.unwrap_or_else(|| if user.shell.is_empty() { "/bin/sh".into() } else { user.shell.clone() }),
    };
    let env = environment(&old, plan, &shell, keep_env);
    pam::become_user(sys, user);
    if plan.direct {
        let file = crate::commands::process::launch::execvp(sys, &plan.rest, Some(old));
        return file.unwrap_or_else(|errno| {
            let command = plan.rest.first().map_or("", String::as_str);
            say(sys, &format!("{name}: failed to execute {command}: {}", errno.message()));
            Step::Exit(if errno == Errno::ENOENT { 127 } else { 126 })
        });
    }
    if plan.login && sys.chdir(&user.home).is_err() {
        say(sys, &format!("{name}: warning: cannot change directory to {}: No such file or directory", user.home));
    }
    let base = shell.rsplit('/').next().unwrap_or("sh").to_owned();
    let mut argv = vec![if plan.login { format!("-{base}") } else { base }];
    let pid = sys.pid;
    if let Some(command) = parsed.last("command") {
        let _ = sys.world.setsid(pid);
        argv.extend(["-c".to_owned(), command.to_owned()]);
    } else if let Some(command) = parsed.last("session-command") {
        argv.extend(["-c".to_owned(), command.to_owned()]);
    }
    argv.extend(plan.rest.iter().cloned());
    match sys.exec(&shell, &argv, env) {
        Ok(step) => step,
        Err(errno) => {
            say(sys, &format!("{name}: failed to execute {shell}: {}", errno.message()));
            Step::Exit(if errno == Errno::ENOENT { 127 } else { 126 })
        }
    }
}

fn environment(old: &[String], plan: &Plan, shell: &str, keep: bool) -> Vec<String> {
    let user = &plan.user;
    let mut env: Vec<String> = old.to_vec();
    if plan.login {
        let list = plan.parsed.last("whitelist-environment").unwrap_or_default();
        env.retain(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            matches!(name, "TERM" | "COLORTERM" | "NO_COLOR") || list.split(',').any(|l| l == name)
        });
        let path = if user.uid == 0 {
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        } else {
            "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
        };
        for (name, value) in [
            ("HOME", user.home.as_str()),
            ("SHELL", shell),
            ("USER", &user.name),
            ("LOGNAME", &user.name),
            ("PATH", path),
        ] {
            setenv(&mut env, name, value);
        }
        setenv(&mut env, "LANG", "C.UTF-8");
    } else if !keep {
        setenv(&mut env, "HOME", &user.home);
        setenv(&mut env, "SHELL", shell);
        if user.uid != 0 {
            setenv(&mut env, "USER", &user.name);
            setenv(&mut env, "LOGNAME", &user.name);
        }
    }
    setenv(&mut env, "MAIL", &format!("/var/mail/{}", user.name));
    env
}

fn wait(sys: &mut Sys<'_>, name: &str, child: Pid, user: &User, service: &str) -> Step {
    while let Some(signal) = sys.take_signal() {
        if signal == Signal::TERM {
            say(sys, "\nSession terminated, killing shell... ...killed.");
            let _ = sys.kill(i64::from(child), Some(Signal::TERM));
            let _ = sys.kill(i64::from(child), Some(Signal::KILL));
        }
    }
    while let Some((_, event)) = sys.wait_child(Some(child)) {
        match event {
            ChildEvent::Ended(status) => {
                pam::session_closed(sys, service, name, user);
                if let ExitStatus::Signaled(signal, core) = status {
                    let core = if core { " (core dumped)" } else { "" };
                    say(sys, &format!("{}{core}", signal.description()));
                }
                return Step::Exit(status.code());
            }
            ChildEvent::Stopped(_) => {
                let me = sys.pid;
                sys.world.send_signal(me, Signal::STOP);
                let _ = sys.kill(i64::from(child), Some(Signal::CONT));
            }
            ChildEvent::Continued => {}
        }
    }
    Step::Wait(Wait::channel(Channel::Children(sys.pid)))
}
