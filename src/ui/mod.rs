//! The terminal front end: arguments, files of the host, the prompt. It is the only layer that knows a host.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod args;
mod check;
mod clock;
mod coach;
mod course;
mod edit;
mod export;
mod grade;
mod grade_report;
mod guide;
mod handin;
mod host_shell;
mod keyboard;
mod learn;
mod learn_words;
mod line;
mod live;
mod markdown;
mod new;
mod pictures;
mod progress;
mod quiz;
mod quiz_forms;
mod quiz_tell;
mod reader;
mod replay;
mod review;
mod run;
mod screen;
mod source;
mod store;
mod terminal;
mod timeline;
mod translate;
mod view;
mod watch;
mod words;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Verb};

/// Reads the arguments and does what they say; the exit status is the process's.
pub fn main() -> ExitCode {
    let args = Args::parse();
    if args.plain || std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        colored::control::set_override(false);
    }
    let done = match &args.verb {
        Some(Verb::Replay { files, out }) => replay::replay(files, out.as_deref()),
        Some(Verb::Run { command, file, user, scenario }) => course::machine(&args, scenario.as_deref())
            .and_then(|vps| run::run(vps, command.as_deref(), file.as_deref(), user)),
        Some(Verb::Learn { lesson }) => course::learn(&args, lesson.as_deref()),
        Some(Verb::Play { scenario }) => course::play(&args, scenario.as_deref()),
        Some(Verb::Completions { shell }) => host_shell::completions(*shell),
        Some(Verb::Man) => host_shell::manual(),
        Some(Verb::List) => course::list(&args),
        Some(Verb::Translate { what }) => translate::translate(&args, what),
        Some(Verb::Handin { file, name }) => handin::hand_in(&args, file, name.as_deref()),
        Some(Verb::Grade { files, form }) => grade::run(&args, files, *form),
        Some(Verb::Export { lesson, solution, from, shape, out }) => {
            let (lesson, solution, from) = (lesson.as_deref(), *solution, from.as_deref());
            export::export(&args, &export::Wanted { lesson, solution, from, shape: *shape, out: out.as_ref() })
        }
        Some(Verb::Review { list }) => review::review(&args, *list),
        Some(Verb::Watch { lesson, once }) => watch::watch(&args, lesson.as_deref(), *once),
        Some(Verb::New { thing, name }) => new::new(&args, *thing, name),
        Some(Verb::Schema { name, dir }) => new::schema(dir.as_deref(), name.as_deref()),
        Some(Verb::Check(how)) => check::check(&args, how),
        None => course::learn(&args, None),
    };
    done.unwrap_or_else(|error| {
        eprintln!("concierge: {error}");
        ExitCode::from(2)
    })
}
