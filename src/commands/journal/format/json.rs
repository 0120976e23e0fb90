//! Entries as JSON objects: journalctl(1), `-o json`, `json-pretty`, `json-sse`, `json-seq`.

use std::fmt::Write as _;

use super::export::{addresses, wanted};
use super::{OutputMode, Style, is_printable};
use crate::systemd::journal::{Entry, Field, Journal};

/// Longer values are `null` without `--all`.
const THRESHOLD: usize = 4096;

/// An entry as one JSON object.
pub(super) fn json(journal: &Journal, entry: &Entry, style: &Style, out: &mut Vec<u8>) {
    let pretty = style.mode == OutputMode::JsonPretty;
    let mut members: Vec<(String, String)> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for field in entry.fields() {
        if field.name != "_BOOT_ID" && !names.contains(&&*field.name) && wanted(style, &field.name) {
            names.push(&field.name);
        }
    }
    for name in names {
        let values: Vec<String> = entry.fields().filter(|f| f.name == name).map(|f| value(f, style)).collect();
        let text = match &values[..] {
            [one] => one.clone(),
            many => format!("[{}]", many.join(",")),
        };
        members.push((name.to_owned(), text));
    }
    members.extend(addresses(journal, entry).into_iter().map(|(name, value)| (name.to_owned(), string(&value))));
    let object = if pretty {
        let lines: Vec<String> = members.iter().map(|(name, text)| format!("\t{} : {text}", string(name))).collect();
        format!("{{\n{}\n}}", lines.join(",\n"))
    } else {
        let pairs: Vec<String> = members.iter().map(|(name, text)| format!("{}:{text}", string(name))).collect();
        format!("{{{}}}", pairs.join(","))
    };
    let (before, after) = match style.mode {
        OutputMode::JsonSse => ("data: ", "\n\n"),
        OutputMode::JsonSeq => ("\x1e", "\n"),
        _ => ("", "\n"),
    };
    out.extend_from_slice(format!("{before}{object}{after}").as_bytes());
}

/// A value: text as a string, other bytes as an array of numbers, what is too long as `null`.
fn value(field: &Field, style: &Style) -> String {
    if field.value.len() > THRESHOLD && !style.all && style.columns.is_some() {
        return "null".into();
    }
    if is_printable(&field.value) {
        return string(&field.text());
    }
    let bytes: Vec<String> = field.value.iter().map(u8::to_string).collect();
    format!("[{}]", bytes.join(","))
}

/// A JSON string.
fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
