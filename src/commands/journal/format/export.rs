//! Entries with all their fields: journalctl(1), `-o verbose` and `-o export`.

use super::multiline::{self, Place};
use super::{Style, blob, is_printable};
use crate::systemd::journal::{Entry, Journal};

/// Longer fields are shown only with `--all` or in full width.
const THRESHOLD: usize = 300;

/// `-o verbose`: a line with time and cursor, then a field a line.
pub(super) fn verbose(journal: &Journal, entry: &Entry, style: &Style, out: &mut Vec<u8>) {
    let time = entry.realtime.strftime("%a %Y-%m-%d %H:%M:%S");
    let head = format!("{time}.{:06} UTC [{}]\n", entry.realtime.0 % 1_000_000, journal.cursor(entry));
    out.extend_from_slice(head.as_bytes());
    for field in entry.as_stored().filter(|f| wanted(style, &f.name)) {
        let shown =
            style.all || (field.value.len() < THRESHOLD || style.columns.is_none()) && is_printable(&field.value);
        out.extend_from_slice(b"    ");
        if style.colour {
            out.extend_from_slice(b"\x1b[0;34m");
        }
        out.extend_from_slice(field.name.as_bytes());
        out.push(b'=');
        if style.colour {
            out.extend_from_slice(b"\x1b[0m");
        }
        if !shown {
            out.extend_from_slice(format!("{}\n", blob(field.value.len())).as_bytes());
        } else if field.value.is_empty() {
            out.push(b'\n');
        } else {
            let prefix = 4 + field.name.len() + 1;
            let place = Place { prefix, columns: None, colour: ("", ""), highlight: None };
            multiline::print(&field.value, &place, out);
        }
    }
}

/// `-o export`: a field a line, those with other bytes than text by their length; an empty line ends the entry.
pub(super) fn export(journal: &Journal, entry: &Entry, style: &Style, out: &mut Vec<u8>) {
    for (name, value) in addresses(journal, entry) {
        out.extend_from_slice(format!("{name}={value}\n").as_bytes());
    }
    for field in entry.as_stored().filter(|f| f.name != "_BOOT_ID" && wanted(style, &f.name)) {
        out.extend_from_slice(field.name.as_bytes());
        if is_printable(&field.value) && !field.value.contains(&b'\n') {
            out.push(b'=');
        } else {
            out.push(b'\n');
            let length = u64::try_from(field.value.len()).unwrap_or(u64::MAX);
            out.extend_from_slice(&length.to_le_bytes());
        }
        out.extend_from_slice(&field.value);
        out.push(b'\n');
    }
    out.push(b'\n');
}

/// The fields that every entry has in formats for machines, whatever `--output-fields=` says.
pub(super) fn addresses(journal: &Journal, entry: &Entry) -> [(&'static str, String); 4] {
    [
        ("__CURSOR", journal.cursor(entry)),
        ("__REALTIME_TIMESTAMP", entry.realtime.0.to_string()),
        ("__MONOTONIC_TIMESTAMP", entry.monotonic.to_string()),
        ("_BOOT_ID", entry.boot.to_string()),
    ]
}

/// Whether `--output-fields=` lets a field pass.
pub(super) fn wanted(style: &Style, name: &str) -> bool {
    style.fields.as_ref().is_none_or(|fields| fields.iter().any(|f| f == name))
}
