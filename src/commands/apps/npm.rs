//! `npm start` and `npm run`: runs a script of package.json in a shell and hands its signals on: npm-run-script(1).

use crate::commands::Command;
use crate::commands::process::launch::{print, say};
use crate::commands::text::jq::text_at;
use crate::world::{Channel, ChildEvent, Duration, ExitStatus, Pid, Program, Signal, Step, Sys, Wait};

/// The command.
pub const COMMAND: Command = Command {
    name: "npm",
    path: "/usr/libexec/concierge/npm",
    program: |argv| Box::new(Npm { argv: argv.to_vec(), child: None }),
};

/// Processor time of a start.
const START: Duration = Duration::from_millis(240);
/// The status when package.json is missing: ENOENT, negated, as a byte.
const NO_PACKAGE: u8 = 254;

#[derive(Clone)]
struct Npm {
    argv: Vec<String>,
    child: Option<Pid>,
}

impl Npm {
    /// Reads package.json and starts the script. `Err` is the step with which it ends.
    fn start(&mut self, sys: &mut Sys<'_>) -> Result<Pid, Step> {
        sys.charge(START);
        let words: Vec<&str> = self.argv.iter().skip(1).map(String::as_str).collect();
        let script = match words[..] {
            ["-v" | "--version", ..] => {
                print(sys, 1, "9.2.0\n");
                return Err(Step::Exit(0));
            }
            [verb @ ("start" | "stop" | "test" | "restart"), ..] => verb.to_owned(),
            ["run" | "run-script", script, ..] => script.to_owned(),
            _ => {
                say(sys, &format!("npm: {} is not simulated", words.first().unwrap_or(&"usage")));
                return Err(Step::Exit(2));
            }
        };
        let path = format!("{}/package.json", sys.cwd().trim_end_matches('/'));
        let Ok(bytes) = sys.read_file(&path) else {
            for line in [
                "code ENOENT",
                "syscall open",
                &format!("path {path}"),
                "errno -2",
                &format!("enoent ENOENT: no such file or directory, open '{path}'"),
                "enoent This is related to npm not being able to find a file.",
                "enoent ",
            ] {
                say(sys, &format!("npm ERR! {line}"));
            }
            return Err(Step::Exit(NO_PACKAGE));
        };
        let text = |path: &[&str]| text_at(&bytes, path);
        let default = (script == "start" && sys.stat("server.js").is_ok()).then(|| "node server.js".to_owned());
        let Some(command) = text(&["scripts", &script]).or(default) else {
            say(sys, &format!("npm ERR! Missing script: \"{script}\""));
            say(sys, "npm ERR! \nnpm ERR! To see a list of scripts, run:\nnpm ERR!   npm run");
            return Err(Step::Exit(1));
        };
        let name = match (text(&["name"]), text(&["version"])) {
            (Some(name), Some(version)) => format!("{name}@{version} "),
            (Some(name), None) => format!("{name} "),
            _ => String::new(),
        };
        print(sys, 1, &format!("\n> {name}{script}\n> {command}\n\n"));
        for signal in [Signal::TERM, Signal::INT] {
            sys.catch(signal);
        }
        sys.me_mut().rss = 58 << 20;
        let argv = ["sh", "-c", &command].map(str::to_owned);
        sys.spawn("/bin/sh", &argv).map_err(|_| Step::Exit(1))
    }
}

impl Program for Npm {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let child = match self.child {
            Some(child) => child,
            None => match self.start(sys) {
                Ok(child) => *self.child.insert(child),
                Err(step) => return step,
            },
        };
        while let Some(signal) = sys.take_signal() {
            let _ = sys.kill(i64::from(child), Some(signal));
        }
        match sys.wait_child(Some(child)) {
            Some((_, ChildEvent::Ended(ExitStatus::Exited(status)))) => Step::Exit(status),
            Some((_, ChildEvent::Ended(ExitStatus::Signaled(signal, _)))) => Step::Crash(signal),
            _ => Step::Wait(Wait::channel(Channel::Children(sys.pid))),
        }
    }
}
