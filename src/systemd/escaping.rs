//! Escaping texts and paths for use in unit names, and back: systemd-escape(1).

use crate::systemd::unit_name::is_name_char;

/// A text as one word of a shell: in double quotes where it has to be, control characters as escapes.
pub fn shell_quote(text: &str) -> String {
    let special = |c: char| c.is_whitespace() || c.is_control() || "\"\\`$*?['()<>|&;!".contains(c);
    if !text.is_empty() && !text.contains(special) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_ascii_control() => out.push_str(&format!("\\{:03o}", u32::from(c))),
            c => {
                if "\"\\`$".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out.push('"');
    out
}

/// A command line, each argument quoted where a shell would need it.
pub fn quote_command_line<S: AsRef<str>>(argv: &[S]) -> String {
    argv.iter().map(|word| shell_quote(word.as_ref())).collect::<Vec<_>>().join(" ")
}

/// Escapes a text: `/` becomes `-`, other bytes that a name may not hold (and `-`, `\`, a leading `.`) become `\xNN`.
pub fn escape_name(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        let c = byte as char;
        if c == '/' {
            out.push('-');
        } else if c == '-' || c == '\\' || (c == '.' && at == 0) || !is_name_char(c) {
            out.push_str(&format!("\\x{byte:02x}"));
        } else {
            out.push(c);
        }
    }
    out
}

/// Undoes [`escape_name`]; `None` if a `\` is not followed by `xNN`.
pub fn unescape_name(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'-' => out.push(b'/'),
            b'\\' => {
                let digits = bytes.get(at + 2..at + 4).filter(|_| bytes[at + 1] == b'x')?;
                let value = digits.iter().try_fold(0u32, |sum, d| Some(sum * 16 + (*d as char).to_digit(16)?))?;
                out.push(value as u8);
                at += 3;
            }
            byte => out.push(byte),
        }
        at += 1;
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

/// Escapes a path: like a text, without the slashes at its ends; the root is `-`. `None` for a path with `..` in it.
pub fn escape_path(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
    if parts.contains(&"..") {
        return None;
    }
    if parts.is_empty() {
        return (!path.is_empty()).then(|| "-".to_owned());
    }
    Some(escape_name(&parts.join("/")))
}

/// Undoes [`escape_path`]; the result begins with `/`.
pub fn unescape_path(text: &str) -> Option<String> {
    if text == "-" {
        return Some("/".to_owned());
    }
    let path = unescape_name(text)?;
    let normal = !path.is_empty() && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    normal.then(|| format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_paths() {
        assert_eq!(escape_name("Hallöchen, Meister"), r"Hall\xc3\xb6chen\x2c\x20Meister");
        assert_eq!(escape_name(".a-b/c"), r"\x2ea\x2db-c");
        assert_eq!(escape_path("//tmp//waldi/foobar/").as_deref(), Some("tmp-waldi-foobar"));
        assert_eq!(escape_path("/").as_deref(), Some("-"));
        assert_eq!(escape_path("/a/../b"), None);
        assert_eq!(escape_path(""), None);
        assert_eq!(unescape_name(r"Hall\xc3\xb6chen\x2c\x20Meister").as_deref(), Some("Hallöchen, Meister"));
        assert_eq!(unescape_path("tmp-waldi").as_deref(), Some("/tmp/waldi"));
        assert_eq!(unescape_path("-").as_deref(), Some("/"));
        assert_eq!(unescape_name(r"a\"), None);
        assert_eq!(unescape_name(r"a\y41"), None);
    }
}
