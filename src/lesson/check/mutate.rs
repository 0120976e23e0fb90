//! Mutants of a solution: the same inputs with one thing left out or made wrong, as a student would forget or mistype it.

use crate::lesson::content::action::Input;
use crate::systemd::directives;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

/// A solution with one thing wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// What is wrong with it, as `survives` names it: `drop RestartSec=5`, `change Restart=no`.
    pub name: String,
    /// Its inputs.
    pub run: Vec<Input>,
}

/// The sections whose directives are mutated.
const SECTIONS: [&str; 6] = ["Unit", "Service", "Install", "Timer", "Socket", "Path"];

/// Directives that only tell: no machine can be seen to lack them.
const TELLING: [&str; 2] = ["Description", "Documentation"];

/// Values that are wrong in a way that a goal must notice: the directive, and what is written instead.
const WRONG: [(&str, &str); 9] = [
    ("Restart", "no"),
    ("User", "root"),
    ("Group", "root"),
    ("WantedBy", "nobody.target"),
    ("RequiredBy", "nobody.target"),
    ("WorkingDirectory", "/"),
    ("EnvironmentFile", "/not/there"),
    ("OnCalendar", "2001-01-01"),
    ("Persistent", "no"),
];

static KEYS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| SECTIONS.iter().flat_map(|section| directives::keys(section)).collect());

/// Every mutant of `run`; `matters` tells of each input whether it changes the machine: what only looks is not left out.
pub fn mutants(run: &[Input], matters: &[bool]) -> Vec<Mutant> {
    let mut found = Vec::new();
    for (n, input) in run.iter().enumerate().filter(|(n, _)| matters.get(*n).copied().unwrap_or(true)) {
        let typed = input.typed();
        let first = typed.lines().next().unwrap_or_default().to_owned();
        let without: Vec<Input> = run.iter().take(n).chain(&run[n + 1..]).cloned().collect();
        if !without.is_empty() && !matches!(input, Input::Advance(_)) {
            found.push(Mutant { name: format!("drop {first}"), run: without });
        }
        let Input::Type(line) = input else { continue };
        for (name, changed) in edits(line) {
            let mut run = run.to_vec();
            run[n] = Input::Type(changed);
            found.push(Mutant { name, run });
        }
    }
    found
}

/// A line with one thing wrong in it, in every way there is.
fn edits(line: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if line.contains("systemctl") && line.contains(" enable --now ") {
        found.push(("enable without --now".to_owned(), line.replacen(" enable --now ", " enable ", 1)));
        found.push(("start without enable".to_owned(), line.replacen(" enable --now ", " start ", 1)));
    }
    for (key, place) in settings(line) {
        let setting = line[place.clone()].to_owned();
        let value = setting.get(key.len() + 1..).unwrap_or_default();
        if TELLING.contains(&key.as_str()) {
            continue;
        }
        let replaced = |with: &str| format!("{}{with}{}", &line[..place.start], &line[place.end..]);
        found.push((format!("drop {setting}"), replaced("")));
        let wrong = match key.as_str() {
            "ExecStart" => value.split_once(' ').map_or_else(
                || Some(format!("{value}-not-there")),
                |(program, rest)| Some(format!("{program}-not-there {rest}")),
            ),
            _ => WRONG.iter().find(|(k, v)| *k == key && *v != value).map(|(_, v)| (*v).to_owned()),
        };
        if let Some(wrong) = wrong {
            found.push((format!("change {key}={wrong}"), replaced(&format!("{key}={wrong}"))));
        }
    }
    found
}

/// The settings in a line that writes a unit file: a here-document's lines, or the words of `printf` and `echo`.
fn settings(line: &str) -> Vec<(String, Range<usize>)> {
    let writes = ["[Unit]", "[Service]", "[Install]", "[Timer]", "[Socket]", "[Path]"];
    if !writes.iter().any(|section| line.contains(section)) {
        return Vec::new();
    }
    let document = line.contains('\n');
    let mut found = Vec::new();
    for (equals, _) in line.match_indices('=') {
        let start = line[..equals].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |n| n + 1);
        // `\n` in front of a key in a word of printf: the `n` is no part of the key.
        let escaped = start > 0 && line[..start].ends_with('\\') && line[start..].starts_with('n');
        let start = start + usize::from(escaped);
        let key = &line[start..equals];
        if !KEYS.contains(key) {
            continue;
        }
        let before = line[..start].chars().next_back();
        let rest = &line[equals..];
        let length = match before {
            Some('\n') | None if document => rest.find('\n'),
            _ if document => continue,
            Some(quote @ ('"' | '\'')) => rest.find(quote),
            _ if escaped => rest.find("\\n").or_else(|| rest.find(['"', '\''])),
            Some(' ') => rest.find(char::is_whitespace),
            _ => continue,
        };
        found.push((key.to_owned(), start..equals + length.unwrap_or(rest.len())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(run: &[&str]) -> Vec<String> {
        let run: Vec<Input> = run.iter().filter_map(|line| Input::parse(line)).collect();
        mutants(&run, &vec![true; run.len()]).into_iter().map(|mutant| mutant.name).collect()
    }

    #[test]
    fn commands_are_dropped_and_enable_is_halved() {
        let found = names(&["sudo systemctl enable --now w", ":reboot"]);
        let want =
            ["drop sudo systemctl enable --now w", "enable without --now", "start without enable", "drop :reboot"];
        assert_eq!(found, want);
        assert!(names(&["ls"]).is_empty(), "nothing is left of a solution of one command");
    }

    #[test]
    fn directives_are_dropped_and_changed() {
        let document = "sudo tee /etc/x.service <<'EOF'\n[Unit]\nDescription=X\n[Service]\nUser=deploy\nExecStart=/bin/a b=c\nRestart=no\nEOF";
        let want = [
            "drop User=deploy",
            "change User=root",
            "drop ExecStart=/bin/a b=c",
            "change ExecStart=/bin/a-not-there b=c",
            "drop Restart=no",
        ];
        assert_eq!(names(&[document]), want);
        let printed = r#"printf "%s\n" "[Service]" User=deploy "ExecStart=/bin/a b" | tee x"#;
        let want =
            ["drop User=deploy", "change User=root", "drop ExecStart=/bin/a b", "change ExecStart=/bin/a-not-there b"];
        assert_eq!(names(&[printed]), want);
        assert_eq!(
            names(&[r"echo -e '[Service]\nUser=deploy\nNice=5' > x"]),
            ["drop User=deploy", "change User=root", "drop Nice=5"]
        );
    }

    #[test]
    fn a_changed_line_is_a_whole_line() {
        let line = "tee x <<EOF\n[Service]\nUser=deploy\nEOF";
        let changed: Vec<String> = edits(line).into_iter().map(|(_, line)| line).collect();
        assert_eq!(changed, ["tee x <<EOF\n[Service]\n\nEOF", "tee x <<EOF\n[Service]\nUser=root\nEOF"]);
    }
}
