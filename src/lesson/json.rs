//! Writing JSON, RFC 8259: what is needed of it.

use std::fmt::Write as _;

/// A string with its quotes.
pub fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_json_forbids_is_escaped() {
        assert_eq!(super::string("a\"b\\\n\u{1b}é"), r#""a\"b\\\n\u001bé""#);
    }
}
