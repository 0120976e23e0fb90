//! A declared console at its start: which of its commands is meant, and what is said when none is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::app::App;
use super::ask::Ask;
use super::context::Context;
use super::options::{Arguments, arguments, usage, wrong_value};
use super::style::Style;
use crate::commands::process::launch::print;
use crate::vps::program_spec::{Action, Console, Look, OptionSpec, ProgramFile, ProgramSpec};
use crate::world::{Duration, Step, Sys};

/// Processor time of a start.
const START: Duration = Duration::from_millis(35);

/// A console that was called: the file that declares it, its script, the words after it.
pub struct Call {
    /// The declarations around it.
    pub file: ProgramFile,
    /// Which of the file's consoles it is.
    pub console: Console,
    /// The application's folder.
    pub root: String,
    /// The words after the script.
    pub words: Vec<String>,
}

/// Becomes the command that is meant, or ends with what is wrong.
pub fn run(sys: &mut Sys<'_>, call: &Call) -> Step {
    sys.charge(START);
    let console = &call.console;
    let commands: Vec<&ProgramSpec> =
        call.file.program.iter().filter(|spec| spec.console.as_deref() == Some(&console.id)).collect();
    // The first word that is no option names the command; its options are known only then.
    let every: Vec<OptionSpec> =
        commands.iter().flat_map(|c| c.options.clone()).chain(console.options.clone()).collect();
    let first = arguments(&call.words, &every).ok().and_then(|given| given.operands.first().cloned());
    let named = first.or_else(|| call.words.iter().find(|word| !word.starts_with('-')).cloned());
    let Some(named) = named else {
        return match call.words.iter().any(|w| w == "-V" || w == "--version") {
            true => end(sys, &format!("{}\n", console.version)),
            false => list(sys, console, &commands),
        };
    };
    if named == "list" || named == "help" {
        return list(sys, console, &commands);
    }
    let names: Vec<&str> = commands.iter().map(|spec| spec.command.as_str()).collect();
    let spec = match resolve(&names, &named) {
        Ok(name) => commands.into_iter().find(|spec| spec.command == name).cloned().unwrap_or_default(),
        Err(text) => return fail(sys, call, &text, ""),
    };
    let operand = spec.operand.as_ref().map(|o| (o.name.as_str(), o.many, o.required));
    let usage = usage(&spec.command, &spec.options, operand);
    let table = [spec.options.clone(), console.options.clone()].concat();
    let mut given = match arguments(&call.words, &table) {
        Ok(given) => given,
        Err(text) => return fail(sys, call, &text, &usage),
    };
    if given.help {
        return end(sys, &format!("Description:\n  {}\n\nUsage:\n  {usage}\n", spec.purpose));
    }
    given.operands.remove(0);
    if let Some(text) = wrong_value(&given, &spec.options).or_else(|| wrong_operand(call, &spec, &given)) {
        return fail(sys, call, &text, &usage);
    }
    let cx = context(sys, &call.file, spec, given, (call.root.clone(), usage, console.look));
    Step::Exec(match cx.spec.does {
        Action::Run => Box::new(App::new(cx)),
        _ => Box::new(Ask::new(cx)),
    })
}

/// What a program knows of itself when it begins.
pub fn context(
    sys: &Sys<'_>,
    file: &ProgramFile,
    spec: ProgramSpec,
    given: Arguments,
    (root, usage, look): (String, String, Look),
) -> Context {
    let mut values = BTreeMap::new();
    for option in &spec.options {
        if let Some(value) = &option.default {
            values.insert(option.name.clone(), value.clone());
        }
    }
    values.extend(given.options.iter().cloned());
    let mut operands = given.operands;
    if let Some(operand) = &spec.operand {
        if operands.is_empty() {
            operands.extend(operand.default.clone());
        }
        values.insert(operand.name.clone(), operands.join(", "));
    }
    Context {
        spec: Arc::new(spec),
        queues: Arc::new(file.queue.clone()),
        look,
        usage,
        root,
        values,
        given: sys.argv().to_vec(),
        operands,
        verbosity: given.verbosity,
        started: sys.now(),
        printed: false,
    }
}

/// What is wrong with the operands, if anything.
fn wrong_operand(call: &Call, spec: &ProgramSpec, given: &Arguments) -> Option<String> {
    let Some(operand) = &spec.operand else {
        let first = given.operands.first()?;
        return Some(match call.console.look {
            Look::Symfony => format!("No arguments expected for \"{}\" command, got \"{first}\".", spec.command),
            Look::Laravel => format!("No arguments expected for \"{}\" command, got \"{first}\".", spec.command),
        });
    };
    if given.operands.is_empty() && operand.required {
        return Some(format!("Not enough arguments (missing: \"{}\").", operand.name));
    }
    let wording = operand.queue.as_ref()?;
    let names: Vec<&str> = call.file.queue.iter().map(|queue| queue.name.as_str()).collect();
    let wrong = given.operands.iter().find(|value| !names.contains(&value.as_str()))?;
    Some(wording.replace("{value}", wrong).replace("{queues}", &names.join(", ")))
}

fn end(sys: &mut Sys<'_>, text: &str) -> Step {
    print(sys, 1, text);
    Step::Exit(0)
}

fn fail(sys: &mut Sys<'_>, call: &Call, text: &str, usage: &str) -> Step {
    let style = Style::of(sys, 2, &call.words);
    let usage = (!usage.is_empty() && call.console.look == Look::Symfony).then_some(usage);
    let shown = match (call.console.look, text.starts_with("Command ")) {
        (Look::Laravel, true) => format!("\n   ERROR  {text}  \n\n"),
        _ => style.error(text, None, usage),
    };
    print(sys, 2, &shown);
    Step::Exit(1)
}

/// Finds a command by its name or by an abbreviation of each part.
fn resolve<'a>(names: &[&'a str], wanted: &str) -> Result<&'a str, String> {
    if let Some(name) = names.iter().find(|n| **n == wanted) {
        return Ok(name);
    }
    let parts: Vec<&str> = wanted.split(':').collect();
    let fits = |name: &&&'a str| {
        let own: Vec<&str> = name.split(':').collect();
        own.len() == parts.len() && own.iter().zip(&parts).all(|(o, p)| o.starts_with(p))
    };
    let near: Vec<&&'a str> = names.iter().filter(fits).collect();
    match near[..] {
        [one] => Ok(one),
        [] => match wanted.rsplit_once(':') {
            Some((space, _)) if !names.iter().any(|name| name.starts_with(&format!("{space}:"))) => {
                Err(format!("There are no commands defined in the \"{space}\" namespace."))
            }
            _ => Err(format!("Command \"{wanted}\" is not defined.")),
        },
        _ => {
            let list: String = near.iter().map(|n| format!("\n    {n}")).collect();
            Err(format!("Command \"{wanted}\" is ambiguous.\nDid you mean one of these?{list}"))
        }
    }
}

fn list(sys: &mut Sys<'_>, console: &Console, commands: &[&ProgramSpec]) -> Step {
    let width = commands.iter().map(|c| c.command.len()).max().unwrap_or(0);
    let mut text = format!("{}\n\nUsage:\n  command [options] [arguments]\n\nAvailable commands:\n", console.version);
    let mut rows: Vec<&&ProgramSpec> = commands.iter().collect();
    rows.sort_by_key(|spec| (spec.command.split(':').next() != Some(&spec.command), spec.command.clone()));
    let mut space = "";
    for spec in rows {
        let own = spec.command.split_once(':').map_or("", |(space, _)| space);
        if own != space {
            text.push_str(&format!(" {own}\n"));
            space = own;
        }
        text.push_str(&format!("  {:<width$}  {}\n", spec.command, spec.purpose));
    }
    end(sys, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_may_be_shortened() {
        let names = ["messenger:consume", "messenger:stats", "messenger:stop-workers", "list"];
        assert_eq!(resolve(&names, "mess:cons"), Ok("messenger:consume"));
        assert_eq!(resolve(&names, "foo"), Err("Command \"foo\" is not defined.".into()));
        assert!(resolve(&names, "messenger:st").is_err_and(|e| e.contains("ambiguous")));
        assert!(resolve(&names, "queue:work").is_err_and(|e| e.contains("namespace")));
    }
}
