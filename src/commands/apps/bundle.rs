//! `bundle exec`: runs a program of an application with its gems: bundle-exec(1).

use crate::commands::Command;
use crate::commands::process::launch::{execvp, immediate, print, say};
use crate::world::{Duration, Errno, Step, Sys};

/// The command.
pub const COMMAND: Command =
    Command { name: "bundle", path: "/usr/libexec/concierge/bundle", program: |argv| immediate(turn, argv) };

/// Processor time of a start.
const START: Duration = Duration::from_millis(180);
/// The status when there is no Gemfile: Bundler::GemfileNotFound.
const NO_GEMFILE: u8 = 10;

fn turn(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    sys.charge(START);
    match argv.get(1).map(String::as_str) {
        Some("-v" | "--version") => {
            print(sys, 1, "Bundler version 2.3.15\n");
            Step::Exit(0)
        }
        Some("exec") => exec(sys, argv.get(2..).unwrap_or_default()),
        Some(other) => {
            say(sys, &format!("bundle: {other} is not simulated"));
            Step::Exit(2)
        }
        None => {
            say(sys, "bundle: install is not simulated");
            Step::Exit(2)
        }
    }
}

fn exec(sys: &mut Sys<'_>, words: &[String]) -> Step {
    if !has_gemfile(sys) {
        say(sys, "Could not locate Gemfile or .bundle/ directory");
        return Step::Exit(NO_GEMFILE);
    }
    let Some(name) = words.first() else {
        say(sys, "bundler: exec needs a command to run");
        return Step::Exit(128);
    };
    match execvp(sys, words, None) {
        Ok(step) => step,
        Err(Errno::EACCES) => {
            say(sys, &format!("bundler: not executable: {name}"));
            Step::Exit(126)
        }
        Err(_) => {
            say(
                sys,
                &format!("bundler: command not found: {name}\nInstall missing gem executables with `bundle install`"),
            );
            Step::Exit(127)
        }
    }
}

/// Whether the working folder or one above it has a Gemfile.
fn has_gemfile(sys: &mut Sys<'_>) -> bool {
    let cwd = sys.cwd().to_string();
    let mut folder = cwd.as_str();
    loop {
        if sys.stat(&format!("{folder}/Gemfile")).is_ok() {
            return true;
        }
        match folder.rsplit_once('/') {
            Some((above, _)) if !folder.is_empty() => folder = above,
            _ => return false,
        }
    }
}
