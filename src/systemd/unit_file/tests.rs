//! Tests of the syntax of unit files.

use super::*;

struct Collect(Vec<(u32, String, String, String)>);

impl Assignments for Collect {
    fn assign(&mut self, a: Assignment<'_>, _: &mut Log<'_>) -> Result<(), Errno> {
        self.0.push((a.line, a.section.to_owned(), a.key.to_owned(), a.value.to_owned()));
        Ok(())
    }
}

type Read = (Vec<(u32, String, String, String)>, Vec<String>, Result<(), Errno>);

fn read_bytes(bytes: &[u8]) -> Read {
    let mut warnings = Vec::new();
    let mut log = Log { path: "u", unit: "u.service", warnings: &mut warnings };
    let mut taker = Collect(Vec::new());
    let result = read(bytes, &["Unit", "Service", "-Install"], &mut log, &mut taker);
    (taker.0, warnings.iter().map(ToString::to_string).collect(), result)
}

fn values(text: &str) -> Vec<(u32, String)> {
    read_bytes(text.as_bytes()).0.into_iter().map(|(line, _, key, value)| (line, format!("{key}={value}"))).collect()
}

#[test]
fn continuation_lines_join_with_a_blank_and_skip_comments() {
    let text = "[Service]\nA=1 \\\n  # note\n ; other\n  2 \\\n3\nB = x = y \n";
    assert_eq!(values(text), [(6, "A=1    2  3".to_owned()), (7, "B=x = y".to_owned())]);
    assert_eq!(values("[Service]\nA=b\\\\\nC=1\\"), [(2, "A=b\\\\".to_owned()), (4, "C=1".to_owned())]);
}

#[test]
fn marks_and_line_ends_of_other_systems_are_accepted() {
    assert_eq!(values("\u{feff}[Service]\r\nA=1\r\nB=2\r\n"), [(2, "A=1".to_owned()), (3, "B=2".to_owned())]);
}

#[test]
fn what_is_warned_about() {
    let text = "early=1\n[Service]\nnothing\n=x\n[X-Mine]\na=1\n[Install]\nb=2\n[Servce]\nc=3\nd\n[Unit]\nE=5";
    let (assignments, warnings, result) = read_bytes(text.as_bytes());
    assert_eq!(assignments, [(13, "Unit".to_owned(), "E".to_owned(), "5".to_owned())]);
    assert_eq!(
        warnings,
        [
            "u:1: Assignment outside of section. Ignoring.",
            "u:3: Missing '=', ignoring line.",
            "u:4: Missing key name before '=', ignoring line.",
            "u:9: Unknown section 'Servce'. Ignoring.",
        ]
    );
    assert_eq!(result, Ok(()));
}

#[test]
fn some_faults_end_the_file() {
    for (bytes, warning, errno) in [
        (&b"[Unit\nA=1"[..], Some("u:1: Invalid section header '[Unit'"), Errno::EBADMSG),
        (b"[", Some("u:1: Invalid section header '['"), Errno::EBADMSG),
        (b"[U\x01]", Some("u:1: Bad characters in section header '[U\x01]'"), Errno::EBADMSG),
        (b"[Unit]\nA=\xff", Some("u:2: String is not UTF-8 clean, ignoring assignment: A=\u{fffd}"), Errno::EINVAL),
        (&[b'x'; 1 << 20], None, Errno::ENOBUFS),
    ] {
        let (_, warnings, result) = read_bytes(bytes);
        assert_eq!(warnings.first().map(String::as_str), warning);
        assert_eq!(result, Err(errno));
    }
}

#[test]
fn endless_continuations_are_refused_soon() {
    let text = format!("[Unit]\nA={}", "xxxxxxx\\\n".repeat(200_000));
    assert_eq!(read_bytes(text.as_bytes()).2, Err(Errno::ENOBUFS));
}
