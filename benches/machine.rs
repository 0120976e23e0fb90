//! What must be instant: a clone, a boot, a month, the first prompt. `cargo bench`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a benchmark starts the program itself")]

use std::process::{Command, Stdio};
use std::time::Duration;

use concierge::lesson::content::course::load_course;
use concierge::lesson::content::source::MemorySource;
use concierge::lesson::export::solved;
use concierge::lesson::progress::{Progress, Run};
use concierge::lesson::workshop;
use concierge::shell::{TRANSCRIPT_CLOCK, baseline};
use concierge::vps::Vps;
use divan::{Bencher, black_box};

const FILES: [&str; 5] = [
    "lessons/course.toml",
    "lessons/every-question/lesson.toml",
    "lessons/every-question/en.md",
    "lessons/every-question/fr.md",
    "scenarios/plain/scenario.toml",
];

fn main() {
    divan::main();
}

const WORKER: &str = "[Service]\nUser=deploy\nExecStart=/bin/bash -c 'sleep 3600; exit 1'\nRestart=always\n\
    RestartSec=5\n[Install]\nWantedBy=multi-user.target\n";

/// A machine with three workers that crash every hour, in the middle of a lesson.
fn mid_lesson() -> Vps {
    let mut vps = baseline(TRANSCRIPT_CLOCK, 1);
    for n in 1..=3 {
        vps.write_file(&format!("/etc/systemd/system/worker{n}.service"), WORKER.as_bytes(), 0o644, (0, 0));
    }
    vps.login("deploy").expect("the baseline takes logins");
    let limit = Duration::from_secs(60);
    vps.run_command("root", "systemctl daemon-reload; systemctl enable --now worker1 worker2 worker3", limit);
    vps.advance(Duration::from_secs(600));
    vps
}

#[divan::bench]
fn clone_mid_lesson(bencher: Bencher) {
    let vps = mid_lesson();
    bencher.bench(|| black_box(&vps).clone());
}

#[divan::bench(sample_count = 20)]
fn boot_the_baseline() -> Vps {
    baseline(TRANSCRIPT_CLOCK, 1)
}

#[divan::bench(sample_count = 5)]
fn thirty_days_of_three_crashing_workers(bencher: Bencher) {
    let vps = mid_lesson();
    bencher.bench(|| {
        let mut copy = vps.clone();
        copy.advance(Duration::from_secs(30 * 86_400));
        copy
    });
}

/// From the start of the process to the first prompt: the course is opened with nothing to read and ends at once.
#[divan::bench(sample_count = 20)]
fn process_start_to_first_prompt() {
    let home = std::env::temp_dir().join("concierge-bench");
    let done = Command::new(env!("CARGO_BIN_EXE_concierge"))
        .env("CONCIERGE_HOME", home)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status();
    assert!(done.is_ok_and(|status| status.success()), "the course opens");
}

/// A thousand hand-ins of a whole lesson, lived again: under ten seconds.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn grade_a_thousand_hand_ins(bencher: Bencher) {
    let folder = std::env::temp_dir().join(format!("concierge-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a scratch folder");
    let course = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/example_course");
    let loaded = load_course(&MemorySource::new(FILES.map(|file| {
        (file, std::fs::read_to_string(format!("{course}/{file}")).expect("the example course is there"))
    })));
    let (lesson, scenario) = (&loaded.lessons[0], &loaded.scenarios["plain"]);
    let events = solved(lesson, &workshop::open(scenario, scenario.clock, scenario.seed));
    let run = Run { lesson: lesson.id.clone(), scenario: scenario.id.clone(), seed: scenario.seed, events };
    let progress = Progress { course: "example".into(), runs: vec![run], ..Progress::default() };
    for n in 0..1000 {
        let one = Progress { student: Some(format!("s{n}")), ..progress.clone() };
        std::fs::write(folder.join(format!("{n:04}.toml")), one.write()).expect("a hand-in");
    }
    bencher.bench(|| {
        let done = Command::new(env!("CARGO_BIN_EXE_concierge"))
            .args(["--course", course, "grade"])
            .arg(&folder)
            .stdout(Stdio::null())
            .status();
        assert!(done.is_ok_and(|status| status.success()), "all are graded");
    });
    let _ = std::fs::remove_dir_all(&folder);
}
