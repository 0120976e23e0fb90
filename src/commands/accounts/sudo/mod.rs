//! `sudo`: runs a command as another user: sudo(8). It stays as the parent of the command and hands signals on to it.

mod environment;
mod request;
mod run;
mod sudoers;

use environment::{Wishes, environment};
use request::{OPTIONS, Request, request, shell_line};
use run::Run;
use sudoers::{Policy, policy};

use super::pam::{self, Password};
use crate::commands::Command;
use crate::commands::options::Parsed;
use crate::commands::process::launch::{find_program, print, read_options, say};
use crate::world::accounts::{self, User};
use crate::world::{CapabilitySet, Errno, Program, Step, Sys, Wait};

pub use sudoers::policy as sudoers_policy;

/// The command; its file is set-uid root.
pub const COMMAND: Command = Command {
    name: "sudo",
    path: "/usr/bin/sudo",
    program: |argv| Box::new(Sudo { argv: argv.to_vec(), stage: Stage::Start }),
};

/// Builtins of the shell that people try to run.
const BUILTINS: &[&str] =
    &["cd", "export", "alias", "source", "history", "jobs", "fg", "bg", "umask", "ulimit", "set", "unset", "exit"];

#[derive(Clone)]
struct Sudo {
    argv: Vec<String>,
    stage: Stage,
}

#[derive(Clone)]
enum Stage {
    Start,
    /// Waits for a password; the number of attempts so far.
    Password(Box<Plan>, u8),
    Running(Box<Run>),
}

/// What is to be done once it is allowed.
#[derive(Clone)]
pub struct Plan {
    parsed: Parsed,
    request: Request,
    caller: User,
    target: User,
    policy: Policy,
}

impl Program for Sudo {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        loop {
            let next = match &mut self.stage {
                Stage::Start => start(sys, &self.argv),
                Stage::Password(plan, attempts) => ask(sys, plan, attempts),
                Stage::Running(run) => return run.go_on(sys),
            };
            match next {
                Next::Step(step) => return step,
                Next::Stage(stage) => self.stage = stage,
            }
        }
    }
}

/// What sudo says where no program may gain rights.
const NO_NEW_PRIVILEGES: &str = "sudo: The \"no new privileges\" flag is set, which prevents sudo from running as root.\nsudo: If sudo is running in a container, you may need to adjust the container configuration to disable the flag.";

enum Next {
    Step(Step),
    Stage(Stage),
}

fn exit(status: u8) -> Next {
    Next::Step(Step::Exit(status))
}

fn start(sys: &mut Sys<'_>, argv: &[String]) -> Next {
    let parsed = match read_options(sys, argv, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => {
            if status == 1 {
                say(sys, &format!("usage: sudo {}", OPTIONS.usage));
            }
            return exit(status);
        }
    };
    if parsed.has("version") {
        print(sys, 1, "Sudo version 1.9.13p3\nSudoers policy plugin version 1.9.13p3\n");
        return exit(0);
    }
    if sys.uid() != 0 && sys.me().no_new_privs {
        say(sys, NO_NEW_PRIVILEGES);
        return exit(1);
    }
    if sys.uid() != 0 {
        say(sys, "sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set");
        return exit(1);
    }
    if !sys.me().cred.can(CapabilitySet::SETUID) {
        say(
            sys,
            "sudo: PERM_SUDOERS: setresuid(-1, 1, -1): Operation not permitted\nsudo: no valid sudoers sources found, quitting\nsudo: error initializing audit plugin sudoers_audit",
        );
        return exit(1);
    }
    let request = request(&parsed);
    let idle = request.command.is_empty() && !parsed.has("login") && !parsed.has("shell");
    if idle && (parsed.has("reset-timestamp") || parsed.has("remove-timestamp")) {
        return exit(0);
    }
    if idle && !parsed.has("list") && !parsed.has("validate") {
        say(sys, &format!("usage: sudo {}", OPTIONS.usage));
        return exit(1);
    }
    let ruid = sys.me().ruid;
    let Some(caller) = accounts::user_by_id(&sys.world.files, ruid) else {
        say(sys, &format!("sudo: you do not exist in the passwd database\nsudo: unknown uid {ruid}"));
        return exit(1);
    };
    let name = parsed.last("user").unwrap_or("root").to_owned();
    let Some(target) = find_user(sys, &name) else {
        say(sys, &format!("sudo: unknown user {name}\nsudo: error initializing audit plugin sudoers_audit"));
        return exit(1);
    };
    let policy = policy(sys.world, &caller);
    if let Some((file, line)) = policy.errors.first().cloned() {
        say(sys, &format!("{file}:{line}: syntax error"));
    }
    let plan = Plan { parsed, request, caller, target, policy };
    authorize(sys, plan)
}

fn find_user(sys: &Sys<'_>, name: &str) -> Option<User> {
    match name.strip_prefix('#') {
        Some(uid) => accounts::user_by_id(&sys.world.files, uid.parse().ok()?),
        None => accounts::user(&sys.world.files, name),
    }
}

/// Lets root and those with NOPASSWD go on; asks others for their password.
fn authorize(sys: &mut Sys<'_>, plan: Plan) -> Next {
    let free = plan.caller.uid == 0
        || plan.policy.rules.iter().any(|r| r.nopasswd)
        || pam::password_of(sys.world, &plan.caller.name) == Password::Empty;
    if free {
        return permitted(sys, plan);
    }
    if plan.parsed.has("non-interactive") {
        say(sys, "sudo: a password is required");
        return exit(1);
    }
    if sys.tty_of(0).is_none() && !plan.parsed.has("stdin") {
        say(
            sys,
            "sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper",
        );
        say(sys, "sudo: a password is required");
        return exit(1);
    }
    prompt(sys, &plan);
    Next::Stage(Stage::Password(Box::new(plan), 0))
}

fn prompt(sys: &mut Sys<'_>, plan: &Plan) {
    let default = format!("[sudo] password for {}: ", plan.caller.name);
    let text = plan.parsed.last("prompt").map_or(default, str::to_owned);
    print(sys, 2, &text);
}

/// How often a password may be tried.
const ATTEMPTS: u8 = 3;

fn ask(sys: &mut Sys<'_>, plan: &Plan, attempts: &mut u8) -> Next {
    match sys.read(0, 4096) {
        Err(Errno::EAGAIN) => Next::Step(Step::Wait(Wait::fd(0))),
        Ok(line) if !line.is_empty() => {
            *attempts += 1;
            if sys.isatty(0) {
                print(sys, 2, "\n");
            }
            if *attempts < ATTEMPTS {
                say(sys, "Sorry, try again.");
                prompt(sys, plan);
                return Next::Step(Step::Wait(Wait::fd(0)));
            }
            say(sys, "sudo: 3 incorrect password attempts");
            let text = log_line(sys, plan, &plan.request.command.join(" "), "3 incorrect password attempts ; ");
            sys.syslog(1, pam::AUTHPRIV, Some("sudo"), &text);
            exit(1)
        }
        _ => {
            say(sys, "\nsudo: no password was provided\nsudo: a password is required");
            exit(1)
        }
    }
}

/// The line that sudo writes to the log.
fn log_line(sys: &Sys<'_>, plan: &Plan, command: &str, problem: &str) -> String {
    let tty = pam::tty_name(sys).map_or(String::new(), |tty| format!("TTY={tty} ; "));
    let (user, cwd, target) = (&plan.caller.name, sys.cwd(), &plan.target.name);
    format!("{user:>8} : {problem}{tty}PWD={cwd} ; USER={target} ; COMMAND={command}")
}

fn permitted(sys: &mut Sys<'_>, plan: Plan) -> Next {
    if plan.parsed.has("validate") {
        return exit(0);
    }
    if plan.parsed.has("list") && plan.request.command.is_empty() {
        return exit(list(sys, &plan));
    }
    let (file, argv) = match resolve(sys, &plan) {
        Ok(found) => found,
        Err(status) => return exit(status),
    };
    let command = match argv.get(1..) {
        Some(args) if !args.is_empty() => format!("{file} {}", args.join(" ")),
        _ => file.clone(),
    };
    if plan.caller.uid != 0 && plan.policy.allows(&plan.target.name, &command).is_none() {
        return exit(refuse(sys, &plan, &command));
    }
    if plan.parsed.has("list") {
        print(sys, 1, &format!("{command}\n"));
        return exit(0);
    }
    let login = plan.parsed.has("login");
    let keep = plan.parsed.last("preserve-env").unwrap_or_default();
    let wishes = Wishes {
        login,
        set_home: plan.parsed.has("set-home"),
        preserve: plan.parsed.has("preserve-all") || (plan.parsed.has("preserve-env") && keep.is_empty()),
        keep: keep.split(',').map(str::to_owned).collect(),
        assignments: &plan.request.assignments,
        command: &command,
    };
    let old = sys.me().env.to_vec();
    let env = environment(&old, &plan.caller, &plan.target, &plan.policy, &wishes);
    let text = log_line(sys, &plan, &command, "");
    sys.syslog(pam::NOTICE, pam::AUTHPRIV, Some("sudo"), &text);
    let service = if login { "sudo-i" } else { "sudo" };
    pam::session_opened(sys, service, "sudo", &plan.target);
    let cwd = match plan.parsed.last("chdir") {
        Some(folder) => Some(folder.to_owned()),
        None => login.then(|| plan.target.home.clone()),
    };
    let background = plan.parsed.has("background");
    match Run::start(sys, run::Job { file, argv, env, user: plan.target, cwd, service, background }) {
        Ok(run) => Next::Stage(Stage::Running(Box::new(run))),
        Err(step) => Next::Step(step),
    }
}

/// The program file and the arguments to run; on failure says why and returns the status.
fn resolve(sys: &mut Sys<'_>, plan: &Plan) -> Result<(String, Vec<String>), u8> {
    let command = &plan.request.command;
    let (login, shell) = (plan.parsed.has("login"), plan.parsed.has("shell"));
    if login || shell {
        let own = sys.getenv("SHELL").filter(|_| !login).unwrap_or_else(|| plan.target.shell.clone());
        let base = own.rsplit('/').next().unwrap_or("sh").to_owned();
        let mut argv = vec![if login { format!("-{base}") } else { own.clone() }];
        if !command.is_empty() {
            argv.extend(["-c".to_owned(), shell_line(command)]);
        }
        return Ok((own, argv));
    }
    let name = command.first().cloned().unwrap_or_default();
    let path = plan.policy.secure_path().or_else(|| sys.getenv("PATH")).unwrap_or_default();
    let found = find_program(sys, &name, &path).and_then(|file| match sys.stat(&file).map(|node| node.is_file()) {
        Ok(true) if sys.access(&file, crate::world::fs::Access::Execute).is_ok() => Ok(file),
        _ => Err(Errno::ENOENT),
    });
    match found {
        Ok(file) => {
            let cwd = sys.cwd();
            Ok((crate::world::fs::join(&cwd, &file), command.clone()))
        }
        Err(_) => {
            let text = log_line(sys, plan, &name, "command not found ; ");
            sys.syslog(1, pam::AUTHPRIV, Some("sudo"), &text);
            say(sys, &format!("sudo: {name}: command not found"));
            if BUILTINS.contains(&name.as_str()) {
                say(sys, &format!("sudo: \"{name}\" is a shell built-in command, it cannot be run directly."));
                say(sys, "sudo: the -s option may be used to run a privileged shell.");
                say(sys, "sudo: the -D option may be used to run a command in a specific directory.");
            }
            Err(1)
        }
    }
}

fn refuse(sys: &mut Sys<'_>, plan: &Plan, command: &str) -> u8 {
    let (user, host) = (&plan.caller.name, sys.world.hostname.clone());
    if plan.policy.rules.is_empty() {
        say(sys, &format!("{user} is not in the sudoers file."));
        let text = log_line(sys, plan, command, "user NOT in sudoers ; ");
        sys.syslog(1, pam::AUTHPRIV, Some("sudo"), &text);
    } else {
        let target = &plan.target.name;
        say(sys, &format!("Sorry, user {user} is not allowed to execute '{command}' as {target} on {host}."));
        let text = log_line(sys, plan, command, "command not allowed ; ");
        sys.syslog(1, pam::AUTHPRIV, Some("sudo"), &text);
    }
    1
}

fn list(sys: &mut Sys<'_>, plan: &Plan) -> u8 {
    let (user, host) = (&plan.caller.name, sys.world.hostname.clone());
    if plan.policy.rules.is_empty() {
        print(sys, 1, &format!("Sorry, user {user} may not run sudo on {host}.\n"));
        return 1;
    }
    let settings: Vec<String> = plan
        .policy
        .defaults
        .iter()
        .map(|d| match d.split_once('=') {
            Some((name, value)) => format!("{name}={}", value.trim_matches('"').replace(':', "\\:")),
            None => d.clone(),
        })
        .collect();
    let rules: Vec<String> = plan.policy.rules.iter().map(sudoers::Rule::shown).collect();
    let text = format!(
        "Matching Defaults entries for {user} on {host}:\n    {}\n\nUser {user} may run the following commands on {host}:\n{}\n",
        settings.join(", "),
        rules.join("\n")
    );
    print(sys, 1, &text);
    0
}
