//! What systemctl makes of a name that is typed: suffixes, escapes, paths and globs: systemctl(1).

use crate::systemd::escaping::escape_path;
use crate::systemd::unit_name::{UnitName, UnitType, is_name_char};
use crate::systemd::value::names::simplify_path;

/// A typed name made into a unit name or a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mangled {
    pub name: String,
    /// A line for stderr, if the name had to be changed.
    pub notice: Option<String>,
}

/// Whether a text is a glob pattern.
pub fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Turns what was typed into a name with the suffix `kind` if it has none; absolute paths become mounts or devices, other
/// characters are escaped. With `globs`, patterns pass. `operation` is the text of the notice ("as unit name", may be
/// empty). `None` if no unit can have that name.
pub fn unit_name_mangle(typed: &str, operation: &str, globs: bool, kind: UnitType) -> Option<Mangled> {
    let plain = |name: String| Some(Mangled { name, notice: None });
    if typed.is_empty() {
        return None;
    }
    if UnitName::new(typed).is_some() {
        return plain(typed.to_owned());
    }
    let allowed = |c: char, globs: bool| is_name_char(c) || c == '@' || (globs && "[]!-*?".contains(c));
    let mut notices = Vec::new();
    let mut suggest = true;
    if is_glob(typed) && typed.chars().all(|c| allowed(c, true)) {
        if globs {
            return plain(typed.to_owned());
        }
        let space = if operation.is_empty() { "" } else { " " };
        notices.push(format!("Glob pattern passed{space}{operation}, but globs are not supported for this."));
        suggest = false;
    }
    if typed.starts_with('/')
        && let Some(escaped) = escape_path(&simplify_path(typed))
    {
        let device = ["/dev/", "/sys/"].iter().any(|root| typed.starts_with(root));
        let kind = if device { UnitType::Device } else { UnitType::Mount };
        let name = format!("{escaped}.{kind}");
        if UnitName::new(&name).is_some() {
            return plain(name);
        }
    }
    let mut name = String::with_capacity(typed.len());
    let mut changed = false;
    for byte in typed.bytes() {
        let c = byte as char;
        if c == '/' {
            name.push('-');
            changed = true;
        } else if allowed(c, globs) {
            name.push(c);
        } else {
            name.push_str(&format!("\\x{byte:02x}"));
            changed = true;
        }
    }
    if changed {
        let hint = if suggest { " (maybe you should use systemd-escape?)" } else { "" };
        notices.push(format!("Invalid unit name \"{typed}\" escaped as \"{name}\"{hint}."));
    }
    if !(globs && is_glob(&name)) && UnitName::new(&name).is_none() {
        name.push_str(&format!(".{kind}"));
    }
    if !globs && UnitName::new(&name).is_none() {
        return None;
    }
    let notice = (!notices.is_empty()).then(|| notices.join("\n"));
    Some(Mangled { name, notice })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_and_escaped() {
        for (typed, globs, expected) in [
            ("nginx", false, Some("nginx.service")),
            ("a.timer", false, Some("a.timer")),
            ("foo.bar", false, Some("foo.bar.service")),
            ("worker@", false, Some("worker@.service")),
            ("worker@[12]", true, Some("worker@[12]")),
            ("/home", false, Some("home.mount")),
            ("/dev/sda1", false, Some("dev-sda1.device")),
            ("/", false, Some("-.mount")),
            ("", false, None),
            ("@", false, None),
        ] {
            assert_eq!(
                unit_name_mangle(typed, "", globs, UnitType::Service).map(|m| m.name).as_deref(),
                expected,
                "{typed}"
            );
        }
    }

    #[test]
    fn a_changed_name_is_announced() {
        let mangled = unit_name_mangle("my app", "", false, UnitType::Service).unwrap();
        assert_eq!(mangled.name, r"my\x20app.service");
        let notice = "Invalid unit name \"my app\" escaped as \"my\\x20app\" (maybe you should use systemd-escape?).";
        assert_eq!(mangled.notice.as_deref(), Some(notice));
        let glob = unit_name_mangle("w*", "for start", false, UnitType::Service).unwrap();
        assert_eq!(
            glob.notice.as_deref(),
            Some(concat!(
                "Glob pattern passed for start, but globs are not supported for this.\n",
                "Invalid unit name \"w*\" escaped as \"w\\x2a\"."
            ))
        );
    }
}
