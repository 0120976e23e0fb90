//! From what is typed to unit names: suffixes, escapes, globs over the units in memory: systemctl(1), "Parameter syntax".

use super::args::Args;
use super::bus;
use crate::systemd::manager::{RuntimeScope, Unit, hardware};
use crate::systemd::mangle::{is_glob, unit_name_mangle};
use crate::systemd::states::ActiveState;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Cx;

/// Unit names, and whether a glob was among what was typed.
pub struct Expanded {
    pub names: Vec<String>,
    pub has_globs: bool,
}

/// The names that `words` stand for: plain ones first, then the units in memory that match the globs.
/// Like `list-units` this leaves inactive ones out unless `--all` is given.
pub fn expand(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, words: &[String], kind: UnitType) -> Expanded {
    let mut names = Vec::new();
    let mut globs = Vec::new();
    for word in words {
        let Some(mangled) = unit_name_mangle(word, "", true, kind) else {
            names.push(format!("{word}.{kind}"));
            continue;
        };
        if let Some(notice) = mangled.notice {
            cx.errln(&notice);
        }
        if is_glob(&mangled.name) {
            globs.push(mangled.name);
        } else {
            names.push(mangled.name);
        }
    }
    if !globs.is_empty() {
        let units = bus::units(cx, scope);
        let matching = units
            .iter()
            .filter(|unit| is_listed(args, unit))
            .filter(|unit| unit.loaded.names.iter().any(|name| globs.iter().any(|glob| fnmatch(glob, name.as_str()))));
        names.extend(matching.map(|unit| unit.name.to_string()));
    }
    Expanded { names, has_globs: !globs.is_empty() }
}

/// Whether `list-units` and globs show a unit: of the wanted types and states, and by default not inactive.
pub fn is_listed(args: &Args, unit: &Unit) -> bool {
    if !args.types.is_empty() && !args.types.contains(&unit.name.unit_type()) {
        return false;
    }
    let active = unit.active_state();
    if !args.states.is_empty() {
        let words = [unit.load_state().as_str(), active.as_str(), unit.sub_state()];
        return args.states.iter().any(|state| words.contains(&state.as_str()));
    }
    if !args.all && hardware::device(unit.name.as_str()).is_some_and(|(.., followed)| !followed.is_empty()) {
        return false;
    }
    args.all || unit.job.is_some() || active != ActiveState::Inactive
}

/// A name with its suffix, globs not allowed; notices are printed.
pub fn mangle(cx: &mut Cx<'_, '_>, word: &str, operation: &str, kind: UnitType) -> String {
    match unit_name_mangle(word, operation, false, kind) {
        Some(mangled) => {
            if let Some(notice) = mangled.notice {
                cx.errln(&notice);
            }
            mangled.name
        }
        None => format!("{word}.{kind}"),
    }
}

/// A valid name that is no template.
pub fn loadable(name: &str) -> Option<UnitName> {
    UnitName::new(name).filter(|name| !name.is_template())
}

/// Whether a text matches a shell pattern (`*`, `?`, `[a-z]`): fnmatch(3).
pub fn fnmatch(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let matched = match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some('?') => Some(p + 1),
            Some('[') => match bracket(&pattern[p..], text[t]) {
                Some((true, length)) => Some(p + length),
                Some((false, _)) => None,
                None => (text[t] == '[').then_some(p + 1),
            },
            Some(c) => (*c == text[t]).then_some(p + 1),
            None => None,
        };
        match (matched, star) {
            (Some(next), _) => {
                p = next;
                t += 1;
            }
            (None, Some((at, from))) => {
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
            (None, None) => return false,
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Whether a bracket expression matches, and its length; `None` when it has no end.
fn bracket(pattern: &[char], c: char) -> Option<(bool, usize)> {
    let negated = matches!(pattern.get(1), Some('!' | '^'));
    let first = if negated { 2 } else { 1 };
    let mut at = first;
    let mut found = false;
    loop {
        let low = *pattern.get(at)?;
        if low == ']' && at > first {
            return Some((found != negated, at + 1));
        }
        match (pattern.get(at + 1), pattern.get(at + 2)) {
            (Some('-'), Some(high)) if *high != ']' => {
                found |= (low..=*high).contains(&c);
                at += 3;
            }
            _ => {
                found |= low == c;
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("worker@*", "worker@1.service", true),
            ("worker@[12].service", "worker@2.service", true),
            ("worker@[12].service", "worker@3.service", false),
            ("worker@[!12].*", "worker@3.service", true),
            ("a*a.service", "alpha.service", true),
            ("a*b*c", "aXbYbZc", true),
            ("?.service", "ab.service", false),
            ("[a", "[a", true),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(fnmatch(pattern, text), expected, "{pattern} {text}");
        }
    }
}
