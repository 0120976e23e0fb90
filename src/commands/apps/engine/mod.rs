//! The engine of declared programs: it finds the declaration that answers to a process's arguments and plays it.

mod app;
mod ask;
mod console;
mod context;
mod leave;
mod options;
mod payload;
mod serve;
mod start;
mod style;
mod table;
mod transport;
mod work;
mod worker;

use console::Call;
use options::{Arguments, arguments};

use crate::commands::Command;
use crate::commands::process::launch::{immediate, say};
use crate::vps::program_spec::{Action, Look, ProgramFile, ProgramSpec, declared};
use crate::world::{Step, Sys};

/// What the file of a declared program without an interpreter holds.
pub const COMMAND: Command = Command {
    name: "declared",
    path: "/usr/libexec/declared-program",
    program: |argv| {
        immediate(
            |sys, argv| {
                run(sys).unwrap_or_else(|| {
                    let name = argv.first().cloned().unwrap_or_default();
                    say(
                        sys,
                        &format!("{name}: these arguments are not simulated (the scenario does not declare them)"),
                    );
                    Step::Exit(2)
                })
            },
            argv,
        )
    },
};

/// Becomes the declared application that answers to this process's arguments, if there is one.
pub fn run(sys: &mut Sys<'_>) -> Option<Step> {
    let argv = sys.argv();
    let files: Vec<ProgramFile> = declared(sys.world).filter(|file| may_answer(file, &argv)).cloned().collect();
    for file in files {
        if let Some(call) = call(sys, &file, &argv) {
            return Some(console::run(sys, &call));
        }
        let answers = |spec: &&ProgramSpec| spec.console.is_none() && spec.answers_to(&argv);
        let spec = file.program.iter().filter(answers).find(|spec| holds(sys, spec, &argv));
        if let Some(spec) = spec.cloned() {
            return Some(plain(sys, &file, spec, &argv));
        }
    }
    None
}

/// Whether it is worth a closer look.
fn may_answer(file: &ProgramFile, argv: &[String]) -> bool {
    let base = |word: &str| argv.first().is_some_and(|arg| arg == word || arg.rsplit('/').next() == Some(word));
    file.console.iter().any(|console| base(&console.interpreter))
        || file.program.iter().any(|spec| spec.console.is_none() && spec.answers_to(argv))
}

/// The script among the arguments of an interpreter: its place.
fn script_at(argv: &[String]) -> Option<usize> {
    let mut at = 1;
    loop {
        match argv.get(at)?.as_str() {
            "-d" => at += 2,
            "-f" => at += 1,
            switch if switch.starts_with('-') => at += 1,
            _ => return Some(at),
        }
    }
}

/// The console that was called, if the file declares it.
fn call(sys: &mut Sys<'_>, file: &ProgramFile, argv: &[String]) -> Option<Call> {
    let base = argv.first()?.rsplit('/').next()?.to_owned();
    let at = script_at(argv)?;
    let path = crate::world::fs::join(&sys.cwd(), &argv[at]);
    let console = file.console.iter().find(|console| {
        let numbered =
            base.strip_prefix(&console.interpreter).is_some_and(|v| v.chars().all(|c| "0123456789.".contains(c)));
        let file = path.strip_suffix(&console.script).is_some_and(|root| root.ends_with('/'));
        numbered && file && text_of(sys, &path).contains(&console.holds)
    })?;
    let root = path.strip_suffix(&console.script)?.trim_end_matches('/').to_owned();
    Some(Call { file: file.clone(), console: console.clone(), root, words: argv[at + 1..].to_vec() })
}

fn text_of(sys: &mut Sys<'_>, path: &str) -> String {
    sys.read_file(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// Whether the script of a program without a console holds what its declaration asks for.
fn holds(sys: &mut Sys<'_>, spec: &ProgramSpec, argv: &[String]) -> bool {
    let Some(text) = &spec.holds else { return true };
    script_at(argv).is_some_and(|at| text_of(sys, &argv[at]).contains(text))
}

/// Becomes a program that is no command of a console. Options that it does not declare do not matter.
fn plain(sys: &mut Sys<'_>, file: &ProgramFile, spec: ProgramSpec, argv: &[String]) -> Step {
    let known =
        |word: &&String| !word.starts_with('-') || arguments(&[(*word).clone(), String::new()], &spec.options).is_ok();
    let words: Vec<String> = argv.iter().skip(1).filter(known).cloned().collect();
    let given = arguments(&words, &spec.options).unwrap_or_else(|_| Arguments::default());
    let root = match (script_at(argv), &spec.holds) {
        (Some(at), Some(_)) => {
            let path = crate::world::fs::join(&sys.cwd(), &argv[at]);
            path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())
        }
        _ => sys.cwd().to_string(),
    };
    let does = spec.does;
    let cx = console::context(sys, file, spec, given, (root, String::new(), Look::Symfony));
    Step::Exec(match does {
        Action::Run => Box::new(app::App::new(cx)),
        _ => Box::new(ask::Ask::new(cx)),
    })
}

/// A fresh id for a job, as the framework makes them.
fn new_id(sys: &mut Sys<'_>, look: Look) -> String {
    let id = sys.world.rng.id128();
    match look {
        Look::Laravel => {
            let part = |from: usize, to: usize| id.get(from..to).unwrap_or_default();
            format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
        }
        Look::Symfony => id.chars().take(24).collect(),
    }
}
