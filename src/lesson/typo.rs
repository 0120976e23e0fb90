//! What a mistyped command was meant to be: the nearest known name in the place of the one that nobody knows.
//!
//! The machine says what the real tools say, and nothing here changes that; this is for the coach.

use super::content::nearest::nearest;
use crate::commands;
use crate::shell::complete;
use crate::shell::marks::{Mark, mark};
use crate::vps::Vps;
use crate::world::{Duration, Pid};

/// How long systemctl may take to list its units on a copy.
const PATIENCE: Duration = Duration::from_secs(5);

/// The unknown name on a line that failed, and the known one nearest to it: a command, a verb, a unit.
pub fn correction(vps: &Vps, shell: Pid, line: &str) -> Option<(String, String)> {
    let marked = mark(line);
    for (span, kind) in &marked.pieces {
        let name = line.get(span.clone()).filter(|_| *kind == Mark::Command)?;
        if !complete::is_command(vps, shell, name) && !name.contains('/') {
            let known = complete::command_names(vps, shell);
            return near(name, known.iter().map(String::as_str));
        }
        let arguments = arguments(line, span.end);
        if let Some(found) = argument(vps, name, &arguments) {
            return Some(found);
        }
    }
    None
}

/// The words after a command's name that are no options, up to the end of the command.
fn arguments(line: &str, from: usize) -> Vec<&str> {
    let rest = line.get(from..).unwrap_or_default();
    let end = rest.find(['|', ';', '&', '\n', '>', '<']).unwrap_or(rest.len());
    rest[..end].split_whitespace().filter(|word| !word.starts_with('-')).collect()
}

/// A wrong verb, or a unit that is not there.
fn argument(vps: &Vps, name: &str, arguments: &[&str]) -> Option<(String, String)> {
    let verbs = commands::verbs(name)?;
    let (verb, names) = arguments.split_first()?;
    if !verbs.contains(verb) {
        return near(verb, verbs.into_iter());
    }
    if name != "systemctl" {
        return None;
    }
    let listed = vps.clone().run_command("root", "systemctl list-unit-files --no-legend --no-pager", PATIENCE).text;
    let units: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let has = |name: &str| units.iter().any(|unit| *unit == name || unit.strip_suffix(".service") == Some(name));
    let wrong = names.iter().find(|name| !has(name) && !name.contains('@'))?;
    let short = units.iter().map(|unit| unit.strip_suffix(".service").unwrap_or(unit));
    near(wrong.strip_suffix(".service").unwrap_or(wrong), short)
}

fn near<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<(String, String)> {
    let found = nearest(word, known.filter(|known| *known != word))?;
    Some((word.to_owned(), found.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::{TRANSCRIPT_CLOCK, baseline};

    fn corrected(line: &str) -> Option<(String, String)> {
        let mut vps = baseline(TRANSCRIPT_CLOCK, 1);
        let tty = vps.login("deploy").unwrap();
        vps.run_until_input(tty, Duration::from_secs(30));
        let shell = vps.world.terminals[&tty].session.unwrap();
        correction(&vps, shell, line)
    }

    fn pair(wrong: &str, meant: &str) -> Option<(String, String)> {
        Some((wrong.to_owned(), meant.to_owned()))
    }

    #[test]
    fn the_wrong_word_is_found() {
        assert_eq!(corrected("sudo sytemctl status cron"), pair("sytemctl", "systemctl"));
        assert_eq!(corrected("systemctl statsu cron"), pair("statsu", "status"));
        assert_eq!(corrected("systemctl status crno"), pair("crno", "cron"));
        assert_eq!(corrected("systemctl status cron"), None);
        assert_eq!(corrected("zzzzzz"), None);
    }
}
