//! Which texts may be names of users, files, variables and buses, and which paths are clean: systemd.exec(5), environ(7).

/// Whether a text may be an account name: the relaxed rule of unit files, numbers included.
pub fn is_user_or_group(name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(name) {
        let leading_zero = name.len() > 1 && name.starts_with('0');
        return !leading_zero && name.parse::<u32>().is_ok_and(|uid| uid != u32::MAX && uid != 0xFFFF);
    }
    let negative = name.strip_prefix('-').is_some_and(digits);
    let edges = name.starts_with(' ') || name.ends_with(' ');
    !negative
        && !edges
        && name != "."
        && name != ".."
        && !name.chars().any(|c| c < ' ' || matches!(c, '\x7f' | ':' | '/'))
}

/// Whether it also obeys the strict rule; otherwise systemd remarks on it.
pub fn is_strict_user_or_group(name: &str) -> bool {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let rest = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    (first && rest && name.len() <= 31) || name.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text may be the name of a variable: letters, digits and `_`, no digit at the start.
pub fn is_variable(name: &str) -> bool {
    name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a text is `NAME=value`.
pub fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| is_variable(name))
}

/// Whether a text may be the name of one file.
pub fn is_filename(name: &str) -> bool {
    !name.is_empty() && name.len() <= 255 && name != "." && name != ".." && !name.contains('/')
}

/// Whether every part of a path is short enough.
pub fn is_path(path: &str) -> bool {
    !path.is_empty() && path.len() < 4096 && path.split('/').all(|part| part.len() <= 255)
}

/// Whether a path has no `..` part.
pub fn is_normalized(path: &str) -> bool {
    is_path(path) && !path.split('/').any(|part| part == "..")
}

/// The path without doubled slashes, `.` parts and a slash at the end.
pub fn simplify_path(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
    match (path.starts_with('/'), parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => if path.is_empty() { "" } else { "." }.to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// Whether a text is a well-known D-Bus name: at least two parts of letters, digits, `_` and `-`.
pub fn is_bus_name(name: &str) -> bool {
    let part = |p: &str| {
        !p.is_empty()
            && !p.starts_with(|c: char| c.is_ascii_digit())
            && p.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    name.len() <= 255 && name.contains('.') && name.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts() {
        for (name, relaxed, strict) in [
            ("deploy", true, true),
            ("deploy # the user", true, false),
            ("0day", true, false),
            ("-x", true, false),
            ("1000", true, true),
            ("-5", false, false),
            ("65535", false, true),
            ("a/b", false, false),
            ("", false, true),
        ] {
            assert_eq!((is_user_or_group(name), is_strict_user_or_group(name)), (relaxed, strict), "{name}");
        }
    }

    #[test]
    fn paths() {
        assert_eq!(simplify_path("//a/./b//"), "/a/b");
        assert_eq!(simplify_path("./"), ".");
        assert_eq!(simplify_path("/"), "/");
        assert!(!is_normalized("/a/../b"));
        assert!(is_bus_name("org.example.Foo") && !is_bus_name("org") && !is_bus_name("org..x"));
    }
}
