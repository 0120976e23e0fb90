//! bash, the shell of the simulated machine: bash(1).

pub mod assign;
pub mod bash;
mod builtins;
pub mod expand;
mod history;
pub mod jobs;
pub mod options;
mod program;
mod prompt;
mod run;
pub mod state;
pub mod syntax;
pub mod traps;
pub mod variables;

pub mod complete;
pub mod console;
pub mod marks;
pub mod transcript;

use crate::vps::{Software, Vps};
use crate::world::fs::Cred;
use crate::world::{Pid, Program, Time};
use std::collections::BTreeSet;

/// The code of a program by the name in its file: the shells, then every other command.
pub fn loader(name: &str, argv: &[String]) -> Option<Box<dyn Program>> {
    match name {
        "bash" | "sh" => Some(Box::new(bash::Bash::new(argv))),
        _ => crate::commands::load(name, argv),
    }
}

/// Every program file of the baseline: path and name.
pub fn program_files() -> Vec<(&'static str, &'static str)> {
    let shells = [("/usr/bin/bash", "bash"), ("/usr/bin/dash", "sh")];
    shells.into_iter().chain(crate::commands::baseline()).collect()
}

/// Every word that the shell takes for a command on a machine where everything is installed.
pub fn command_names() -> BTreeSet<String> {
    let machine = baseline(TRANSCRIPT_CLOCK, 1);
    let in_folder = |folder| machine.world.files.list(&Cred::root(), "/", folder).unwrap_or_default();
    let programs = ["/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/usr/sbin"].into_iter().flat_map(in_folder);
    let own = builtins::names().chain(syntax::lexer::RESERVED).map(str::to_owned);
    programs.map(|(name, _)| name.to_string()).chain(own).collect()
}

/// What is installed on the baseline.
pub const SOFTWARE: Software = Software { loader, files: program_files };

/// `$?` of a shell that runs; `None` when the process is none.
pub fn last_status(vps: &Vps, shell: Pid) -> Option<u8> {
    let program = vps.world.process(shell)?.program.as_ref()?;
    // The box itself is a value too: look through it.
    (**program).as_any().downcast_ref::<bash::Bash>().map(|bash| bash.shell.status)
}

/// The baseline VPS, booted: see [`Vps::new`].
pub fn baseline(clock: Time, seed: u64) -> Vps {
    Vps::new(SOFTWARE, clock, seed)
}

/// When transcripts are played: 2026-11-20 10:34:00 UTC.
pub const TRANSCRIPT_CLOCK: Time = Time::from_secs(1_795_170_840);

/// Whether what was typed so far goes on: an open quote, a here-document, a loop without its `done`.
pub fn is_unfinished(text: &str) -> bool {
    let mut from = syntax::Position::default();
    // The newline of Enter is part of what was typed: without it a backslash at the end would go unseen.
    let text = format!("{text}\n");
    loop {
        let options = syntax::Options { final_text: false, ..syntax::Options::default() };
        match syntax::parse_next(&text, from, options) {
            syntax::Outcome::Command(_, next) => from = next,
            syntax::Outcome::Incomplete => return true,
            syntax::Outcome::End | syntax::Outcome::Error(_) => return false,
        }
    }
}
