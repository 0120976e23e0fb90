//! The book's chapter on limitations is true: whoever asks for what is absent is told "not simulated" by name.
#![allow(clippy::disallowed_methods, reason = "a test reads the repository's files")]

mod common;

use common::VpsTest;

#[test]
fn what_is_absent_says_so() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/book/src/limitations.md");
    let text = std::fs::read_to_string(path).expect("the chapter is there");
    let rows: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| line.starts_with("| L-") && line.trim_end().ends_with("` |"))
        .filter_map(|line| {
            let id = line.split('|').nth(1)?.trim();
            let command = line.rsplit_once("| `")?.1.trim_end().strip_suffix("` |")?;
            Some((id, command))
        })
        .collect();
    assert!(rows.len() >= 10, "the table of limitations was not found");
    let mut test = VpsTest::new();
    for (id, command) in rows {
        test = test.run(command);
        let shown = test.output();
        assert!(shown.contains("not simulated"), "{id}: `{command}` answered {shown:?}");
    }
}
