//! Transcripts recorded on a real Debian 12 are played on the simulated one. The score of each file stands in
//! `recorded/scores.txt` and may only rise; `CONCIERGE_ACCEPT=1 cargo test --test fidelity` writes what was reached.
#![allow(clippy::disallowed_methods, reason = "a test reads the repository's files")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use concierge::shell::transcript::{Transcript, compare, play};
use concierge::shell::{TRANSCRIPT_CLOCK, baseline};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded")
}

/// Name and text of every transcript in a folder, by name.
fn transcripts(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the folder of transcripts is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == "transcript"))
        .map(|path| {
            let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            (name, String::from_utf8_lossy(&fs::read(&path).expect("the file can be read")).into_owned())
        })
        .collect();
    files.sort();
    files
}

/// Plays all transcripts of a folder: (same, total) by name.
fn scores(folder: &Path) -> BTreeMap<String, (usize, usize)> {
    let machine = baseline(TRANSCRIPT_CLOCK, 1);
    transcripts(folder)
        .into_iter()
        .map(|(name, text)| {
            let expected = Transcript::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            let score = compare(&expected, &play(&expected, &mut machine.clone()));
            (name, (score.same, score.total))
        })
        .collect()
}

fn report(scores: &BTreeMap<String, (usize, usize)>) -> String {
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut all = (0, 0);
    for (name, (same, total)) in scores {
        let group = groups.entry(name.split('-').next().unwrap_or(name)).or_default();
        *group = (group.0 + same, group.1 + total);
        all = (all.0 + same, all.1 + total);
    }
    let mut out = String::new();
    for (name, (same, total)) in groups {
        let _ = write!(out, "{name} {:.0}%  ", 100.0 * same as f64 / total as f64);
    }
    let _ = write!(out, "\nsteps {}/{} = {:.1} %", all.0, all.1, 100.0 * all.0 as f64 / all.1 as f64);
    out
}

#[test]
fn recorded_transcripts_score_no_less_than_before() {
    let scores = scores(&folder());
    println!("{}", report(&scores));
    let list = folder().join("scores.txt");
    let lines: String = scores.iter().map(|(name, (same, total))| format!("{same}/{total} {name}\n")).collect();
    if std::env::var_os("CONCIERGE_ACCEPT").is_some() {
        fs::write(&list, lines).expect("the scores can be written");
        return;
    }
    let mut worse = Vec::new();
    for line in fs::read_to_string(&list).expect("scores.txt is there").lines() {
        let (score, name) = line.split_once(' ').expect("a line is `same/total name`");
        let before: usize = score.split('/').next().and_then(|n| n.parse().ok()).expect("a score is a number");
        let now = scores.get(name).map_or(0, |s| s.0);
        if now < before {
            worse.push(format!("{name}: {now} steps agree, {before} did before"));
        }
    }
    assert!(worse.is_empty(), "the simulator lost fidelity:\n{}", worse.join("\n"));
}

#[test]
fn transcripts_that_stay_outside_play_without_panic() {
    let outside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fidelity/transcripts");
    if outside.is_dir() {
        println!("{}", report(&scores(&outside)));
    }
}

#[test]
fn two_plays_give_the_same_bytes() {
    let machine = baseline(TRANSCRIPT_CLOCK, 1);
    for (name, text) in transcripts(&folder()).into_iter().step_by(7) {
        let transcript = Transcript::parse(&text).expect("it was parsed before");
        let once = play(&transcript, &mut machine.clone()).to_string();
        let again = play(&transcript, &mut baseline(TRANSCRIPT_CLOCK, 1)).to_string();
        assert_eq!(once, again, "{name}");
    }
}
