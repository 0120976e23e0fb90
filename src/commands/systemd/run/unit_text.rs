//! The text of a transient unit's file: systemd-run(1), "Transient units" of systemd.

use super::request::Request;
use crate::world::Cx;

const HEADER: &str = "# This is a transient unit file, created programmatically via the systemd API. Do not edit.\n";

/// Settings of the `[Unit]` section that `--property=` may name.
const UNIT_SETTINGS: &[&str] = &[
    "Description",
    "After",
    "Before",
    "Wants",
    "Requires",
    "BindsTo",
    "PartOf",
    "Conflicts",
    "OnFailure",
    "OnSuccess",
    "StartLimitIntervalSec",
    "StartLimitBurst",
    "CollectMode",
    "DefaultDependencies",
    "Requisite",
    "Upholds",
];

fn sections(request: &Request, settings: &[String], section: &str, more: &[String]) -> String {
    let description = request.description.clone().unwrap_or_else(|| request.argv.join(" "));
    let mut unit = vec![format!("Description={description}")];
    if request.collect {
        unit.push("CollectMode=inactive-or-failed".to_owned());
    }
    let mut own = Vec::new();
    for setting in settings {
        let name = setting.split('=').next().unwrap_or_default();
        if UNIT_SETTINGS.contains(&name) { unit.push(setting.clone()) } else { own.push(setting.clone()) }
    }
    own.extend_from_slice(more);
    format!("{HEADER}[Unit]\n{}\n\n[{section}]\n{}\n", unit.join("\n"), own.join("\n"))
}

/// A service that runs the command.
pub fn service(cx: &Cx<'_, '_>, request: &Request) -> String {
    let mut more = Vec::new();
    if request.pty
        && let Some(terminal) = cx.tty_of(1).and_then(|tty| cx.world.terminals.get(&tty))
    {
        more.push(format!("TTYPath=/dev/{}", terminal.name.trim_start_matches("/dev/")));
        for stream in ["StandardInput", "StandardOutput", "StandardError"] {
            more.push(format!("{stream}=tty"));
        }
    }
    more.push("ExecStart=".to_owned());
    let words: Vec<String> = request.argv.iter().map(|word| quote(word)).collect();
    more.push(format!("ExecStart={}", words.join(" ")));
    sections(request, &request.properties, "Service", &more)
}

/// A timer that starts it.
pub fn timer(request: &Request) -> String {
    sections(request, &request.timer, "Timer", &["RemainAfterElapse=no".to_owned()])
}

/// A scope around it.
pub fn scope(request: &Request) -> String {
    sections(request, &request.properties, "Scope", &[])
}

/// A word as the manager writes it: in double quotes, with `%` doubled: a dollar is the manager's to expand.
fn quote(word: &str) -> String {
    let mut out = String::from("\"");
    for c in word.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '%' => out.push_str("%%"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_they_were() {
        assert_eq!(quote("a b"), "\"a b\"");
        assert_eq!(quote("50% of $HOME \"x\""), "\"50%% of $HOME \\\"x\\\"\"");
    }
}
