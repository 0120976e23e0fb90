//! The example course passes its check on the simulated VPS, and so does every question that the book shows.
#![allow(clippy::disallowed_methods, reason = "a test reads the repository's files")]

use concierge::lesson::check::check;
use concierge::lesson::content::course::load_course;
use concierge::lesson::content::quiz::QuizKind;
use concierge::lesson::content::source::MemorySource;
use concierge::lesson::content::translations::{LOCK_FILE, lock_text};
use concierge::lesson::quiz::{Answer, mark};
use concierge::lesson::text::Lang;
use concierge::lesson::workshop::{self, VpsWorkshop};
use std::collections::{BTreeMap, BTreeSet};

const LESSON: &str = "lessons/every-question/lesson.toml";

fn read(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn example() -> MemorySource {
    let files = [
        "lessons/course.toml",
        LESSON,
        "lessons/every-question/en.md",
        "lessons/every-question/fr.md",
        "scenarios/plain/scenario.toml",
        LOCK_FILE,
    ];
    MemorySource::new(files.map(|file| (file, read(&format!("tests/example_course/{file}")))))
}

fn errors(source: &MemorySource) -> Vec<String> {
    check(source, &VpsWorkshop).found.iter().map(|d| d.line(Lang::En)).collect()
}

#[test]
fn the_example_course_is_clean_and_has_every_kind() {
    assert_eq!(errors(&example()), [""; 0]);
    let loaded = load_course(&example());
    let kinds: BTreeSet<_> = loaded.lessons[0].steps[0]
        .quizzes
        .iter()
        .map(|quiz| std::mem::discriminant(&quiz.kind))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|d| format!("{d:?}"))
        .collect();
    assert_eq!(kinds.len(), 11);
}

#[test]
fn every_question_of_the_book_is_clean() {
    let book = read("book/src/course-format.md");
    let blocks: Vec<&str> = book.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let shown: Vec<&str> = blocks.into_iter().filter(|block| block.starts_with("[[step.quiz]]")).collect();
    assert_eq!(shown.len(), 12, "one of each kind, and the other form of predict");
    let mut source = example();
    let lesson = read(&format!("tests/example_course/{LESSON}"));
    let head = &lesson[..lesson.find("[[step.quiz]]").expect("questions")];
    source.put(LESSON, format!("{head}{}", shown.concat()));
    source.put(LOCK_FILE, lock_text(&load_course(&source)));
    assert_eq!(errors(&source), [""; 0]);
}

/// What is edited in the lesson, and the one error that it must give.
const BREAKS: &[(&str, &str, &str)] = &[
    (
        "accept = [\"sudo systemctl enable --now cron\"",
        "accept = [\"sudo systemctl start cron\"",
        "the accepted line `sudo systemctl start cron` does not reach the check",
    ),
    (
        "run = \"systemctl enable --now cron\"",
        "run = \"sudo systemctl enable --now cron\"",
        "the mistake `sudo systemctl enable --now cron` reaches the check",
    ),
    (
        "enabled = \"disabled\" }, why",
        "enabled = \"masked\" }, why",
        "after the mistake `sudo systemctl start cron` its own `when` does not hold",
    ),
    (
        "setup = [\"sudo systemctl disable --now cron\"]",
        "setup = [\"sudo systemctl enable --now cron\"]",
        "its check holds before anything was typed",
    ),
    ("prints = '^failed$'", "prints = 'active'", "the options that came true were 1, 2; exactly one must"),
    ("prints = '^active$'", "prints = '^alive$'", "the options that came true were ∅"),
    (
        "prints = '^failed$'",
        "right = true, prints = '^failed$'",
        "the key is written as ``failed``, but the run gives ``active``",
    ),
    ("accept = [\"0\"]", "accept = [\"1\"]", "the key is written as `1`, but the run gives `0`"),
    ("'^MainPID=(\\d+)'", "'^MainPID=(x)'", "the run printed nothing that could be the key"),
    ("answer = \"90s\"", "answer = \"5s\"", "the key is written as `5`, but the run gives `1min 30s`"),
    (
        "verdict = \"amend\"",
        "verdict = \"accept\"",
        "the verdict is written as `accept`, but following the advice does not reach the check",
    ),
    (
        "amended = [\"sudo systemctl enable --now cron\"]",
        "amended = [\"sudo systemctl enable cron.timer\"]",
        "`amended` does not reach the check either",
    ),
    ("\"sudo pkill -9 cron\", \":advance 1s\"]", "\"true\"]", "what `break` runs does not make its own check true"),
    ("demo = [\"systemctl", "demo = [\"sytsemctl", "names a command that does not exist"),
];

#[test]
fn each_claim_that_the_machine_denies_is_an_error() {
    let mut wrong = Vec::new();
    for (from, to, want) in BREAKS {
        let mut source = example();
        source.edit(LESSON, from, to);
        let lines = errors(&source);
        if !lines.iter().any(|line| line.contains(want)) {
            wrong.push(format!("{from} -> {to}\n  wanted {want}\n  got {lines:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn answers_are_judged_on_a_copy() {
    let loaded = load_course(&example());
    let (lesson, scenario) = (&loaded.lessons[0], &loaded.scenarios["plain"]);
    let machine = workshop::open(scenario, scenario.clock, scenario.seed);
    let quiz = |id: &str| lesson.quiz(id).expect("the question is there");
    let marked = |id: &str, answer: Answer| mark(quiz(id), &answer, &machine, &BTreeMap::new());
    let words = |line: &str| Answer::Words(line.to_owned());
    for line in ["sudo systemctl enable cron --now", "sudo bash -c 'systemctl start cron && systemctl enable cron'"] {
        assert!(marked("typed-command", words(line)).right, "{line}");
    }
    let half = marked("typed-command", words("sudo systemctl start cron.service"));
    assert!(!half.right);
    assert!(half.remarks[0].say.en.starts_with("It runs. And tomorrow"), "{half:?}");
    let QuizKind::Predict(predict) = &quiz("foretold").kind else { panic!("a prediction") };
    assert_eq!(predict.run.len(), 3);
    let foretold = marked("foretold", Answer::Options(vec![0]));
    assert!(foretold.right);
    assert_eq!(foretold.played[0].last(), "active");
    let off = marked("foretold", Answer::Options(vec![1]));
    assert_eq!(off.remarks.iter().map(|r| (r.about, r.right)).collect::<Vec<_>>(), [(Some(1), false), (Some(0), true)]);
    for (typed, right) in [("1 min 30", true), ("90", true), ("100 secondes", true), ("90 min", false), ("5s", false)] {
        assert_eq!(marked("estimated", words(typed)).right, right, "{typed}");
    }
    let advised = marked(
        "advised",
        Answer::Verdict { verdict: concierge::lesson::content::quiz::Verdict::Amend, reasons: vec![0] },
    );
    assert!(advised.right);
    assert_eq!(advised.played.iter().map(|p| p.amended).collect::<Vec<_>>(), [false, true]);
    assert_eq!(
        machine.vps.now(),
        workshop::open(scenario, scenario.clock, scenario.seed).vps.now(),
        "nothing happened to the machine"
    );
}
