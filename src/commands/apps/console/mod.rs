//! The console of the application on the VPS: the commands of Symfony Messenger, as far as a student of daemons needs them.

mod consume;
mod options;
mod queue;
mod style;

use options::{Arguments, arguments};

pub use options::size;
use style::Style;

use crate::commands::process::launch::{print, say};
use crate::world::{OpenFlags, Program, Step, Sys};

/// The text by which a script is known as this console.
pub const MARK: &str = "App\\Console";

/// Name and purpose of every command.
const COMMANDS: &[(&str, &str)] = &[
    ("app:send", "Puts a message into the queue"),
    ("help", "Shows how a command is called"),
    ("list", "Lists the commands"),
    ("messenger:consume", "Consumes messages"),
    ("messenger:failed:remove", "Removes failed messages"),
    ("messenger:failed:retry", "Sends failed messages again"),
    ("messenger:failed:show", "Shows failed messages"),
    ("messenger:stats", "Shows how many messages wait"),
    ("messenger:stop-workers", "Stops workers after their current message"),
];

/// Who runs the console: the interpreter's script and the words after it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The script as it was named.
    pub script: String,
    /// The words after it.
    pub words: Vec<String>,
}

impl Call {
    /// The file by which workers are told to stop: below the application's folder.
    fn stop_file(&self, sys: &Sys<'_>) -> String {
        let script = crate::world::fs::join(&sys.cwd(), &self.script);
        let mut parts: Vec<&str> = script.split('/').collect();
        parts.truncate(parts.len().saturating_sub(2));
        format!("{}/var/cache/stop-workers", parts.join("/"))
    }
}

/// Runs the console: the program that the process becomes, or the step with which it ends.
pub fn run(sys: &mut Sys<'_>, call: Call) -> Step {
    let style = Style::of(sys, 2, &call.words);
    let given = match arguments(&call.words) {
        Ok(given) => given,
        Err(text) => return fail(sys, style, &text, None),
    };
    let names: Vec<&str> = COMMANDS.iter().map(|c| c.0).collect();
    let wanted = given.command.clone().unwrap_or_else(|| "list".into());
    let name = match resolve(&names, &wanted) {
        Ok(name) => name,
        Err(text) => return fail(sys, style, &text, None),
    };
    if given.version {
        print(sys, 1, "App 1.0.0\n");
        return Step::Exit(0);
    }
    if given.help || matches!(name, "list" | "help") {
        return list(sys);
    }
    let program: Result<Box<dyn Program>, String> = match name {
        "messenger:consume" => consume::Consumer::new(sys, &call, given).map(|c| Box::new(c) as Box<dyn Program>),
        "messenger:stop-workers" => return stop_workers(sys, &call, style),
        _ => queue::Ask::new(name, &given).map(|a| Box::new(a) as Box<dyn Program>),
    };
    match program {
        Ok(program) => Step::Exec(program),
        Err(text) => fail(sys, style, &text, Some(usage(name))),
    }
}

/// How a command is called.
fn usage(name: &str) -> &'static str {
    match name {
        "app:send" => "app:send <to>",
        "messenger:consume" => {
            "messenger:consume [-l|--limit LIMIT] [-f|--failure-limit FAILURE-LIMIT] [-m|--memory-limit MEMORY-LIMIT] [-t|--time-limit TIME-LIMIT] [--sleep SLEEP] [-b|--bus BUS] [--queues QUEUES] [--no-reset] [--] [<receivers>...]"
        }
        "messenger:failed:retry" => "messenger:failed:retry [--force] [--] [<id>...]",
        "messenger:failed:remove" => "messenger:failed:remove [--force] [--show-messages] [--] <id>...",
        "messenger:failed:show" => "messenger:failed:show [--max MAX] [--] [<id>]",
        _ => "messenger:stats [<transport_names>...]",
    }
}

fn fail(sys: &mut Sys<'_>, style: Style, text: &str, usage: Option<&str>) -> Step {
    let shown = style.error(text, None, usage);
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
        [] => Err(format!("Command \"{wanted}\" is not defined.")),
        _ => {
            let list: String = near.iter().map(|n| format!("\n    {n}")).collect();
            Err(format!("Command \"{wanted}\" is ambiguous.\nDid you mean one of these?{list}"))
        }
    }
}

fn list(sys: &mut Sys<'_>) -> Step {
    let width = COMMANDS.iter().map(|c| c.0.len()).max().unwrap_or(0);
    let mut text = String::from("App 1.0.0\n\nUsage:\n  command [options] [arguments]\n\nAvailable commands:\n");
    for (name, purpose) in COMMANDS {
        text.push_str(&format!("  {name:<width$}  {purpose}\n"));
    }
    print(sys, 1, &text);
    Step::Exit(0)
}

fn stop_workers(sys: &mut Sys<'_>, call: &Call, style: Style) -> Step {
    let path = call.stop_file(sys);
    let folders: Vec<usize> = path.match_indices('/').map(|(at, _)| at).skip(1).collect();
    for at in folders {
        let _ = sys.mkdir(&path[..at], 0o777);
    }
    let now = sys.now().0.to_string();
    let written = sys.open(&path, OpenFlags::WRITE, 0o666).and_then(|fd| sys.write(fd, now.as_bytes()));
    if let Err(errno) = written {
        say(sys, &style.error(&format!("Failed to write {path}: {}", errno.message()), None, None));
        return Step::Exit(1);
    }
    let style = Style::of(sys, 1, &call.words);
    let text = style.success("Signal successfully sent to stop any running workers.");
    print(sys, 1, &format!("\n{text}"));
    Step::Exit(0)
}

/// Where redis answers for the application.
const HOST: &str = "localhost";
/// The stream, the consumer group and the consumer's name that Symfony's redis transport uses by default.
const STREAM: &str = "messages";
const GROUP: &str = "symfony";
const CONSUMER: &str = "consumer";
/// The stream that holds what failed too often.
const FAILED: &str = "messages-failed";

/// What the transport says when redis does not answer.
fn refused(sys: &mut Sys<'_>, style: Style, command: &str) -> Step {
    let text = style.error("Connection refused", Some("Connection.php line 168"), Some(usage(command)));
    print(sys, 2, &text);
    Step::Exit(1)
}

/// A message as the transport stores it.
fn encode(name: &str) -> String {
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{{\"body\":\"SendEmailMessage:{name}\",\"headers\":[]}}")
}

/// The message that a stored text holds; a text of another form is the message itself.
fn decode(stored: &str) -> String {
    let body = stored.split_once("SendEmailMessage:").and_then(|(_, rest)| rest.split_once("\",\"headers\""));
    body.map_or_else(|| stored.to_owned(), |(name, _)| name.replace("\\\"", "\"").replace("\\\\", "\\"))
}

/// Options that the worker and the other commands share; see [`options`].
type Given = Arguments;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_queue() {
        for name in ["boom", "a \"b\" \\c", ""] {
            assert_eq!(decode(&encode(name)), name);
        }
        assert_eq!(decode("hand made"), "hand made");
    }

    #[test]
    fn commands_may_be_shortened() {
        let names: Vec<&str> = COMMANDS.iter().map(|c| c.0).collect();
        assert_eq!(resolve(&names, "mess:cons"), Ok("messenger:consume"));
        assert_eq!(resolve(&names, "foo"), Err("Command \"foo\" is not defined.".into()));
        assert!(resolve(&names, "messenger:st").is_err_and(|e| e.contains("ambiguous")));
    }
}
