//! Each of the five documents that the course grew from is followed, command by command, on the simulated machine; what it
//! answers is a snapshot that a person who knows those systems has read.
#![allow(clippy::disallowed_methods, reason = "a test reads the repository's files")]

use std::path::Path;

use concierge::shell::transcript::{Transcript, play};
use concierge::shell::{TRANSCRIPT_CLOCK, baseline};

fn answers(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/seeds/{name}.transcript"));
    let text = std::fs::read_to_string(path).expect("the transcript is there");
    let transcript = Transcript::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let mut machine = baseline(TRANSCRIPT_CLOCK, 1);
    play(&transcript, &mut machine).to_string()
}

/// Plays one and compares it with its snapshot; nothing in it may be absent.
fn follow(name: &str) {
    let shown = answers(name);
    assert!(!shown.contains("not simulated"), "{name} asks for what is not simulated");
    insta::assert_snapshot!(name, shown);
}

#[test]
fn the_worker_at_three_in_the_morning() {
    follow("1-worker-at-3am");
}

#[test]
fn the_laravel_worker() {
    follow("2-laravel-worker");
}

#[test]
fn the_laravel_trio_boots_in_order() {
    let shown = answers("3-laravel-trio");
    let place = |text: &str| shown.find(text).unwrap_or_else(|| panic!("{text} is missing in\n{shown}"));
    assert!(place("Started redis-server.service") < place("Started laravel-queue.service"));
    assert!(shown.contains("0.0.0.0:6001"));
    follow("3-laravel-trio");
}

#[test]
fn the_operations_guide_under_three_supervisors() {
    follow("4-messenger-operations");
}

#[test]
fn sidekiq_lingers() {
    follow("5-sidekiq-lingering");
}
