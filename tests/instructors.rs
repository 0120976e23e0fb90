//! What an instructor does, from a new course to graded hand-ins, with the program itself and nothing else.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test starts the program itself")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A scratch folder that goes when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("concierge-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a scratch folder");
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs the program in `folder` at `now`, types `input`, and returns its status and all it printed.
fn at(now: &str, folder: &Path, args: &[&str], input: &str) -> (i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_concierge"))
        .args(["--lang", "en"])
        .args(args)
        .current_dir(folder)
        .env("CONCIERGE_HOME", folder.join("home"))
        .env("CONCIERGE_NOW", now)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    let out = child.wait_with_output().expect("it ends");
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    (out.status.code().unwrap_or(-1), text)
}

fn run(folder: &Path, args: &[&str], input: &str) -> (i32, String) {
    at("2026-03-01T10:00:00Z", folder, args, input)
}

/// Runs it and wants it to succeed.
fn good(folder: &Path, args: &[&str], input: &str) -> String {
    let (status, text) = run(folder, args, input);
    assert_eq!(status, 0, "{args:?}\n{text}");
    text
}

#[test]
fn what_new_makes_is_green_at_once_and_a_change_is_not() {
    let scratch = Scratch::new("new");
    good(&scratch.0, &["new", "course", "mine"], "");
    let course = scratch.0.join("mine");
    assert!(good(&course, &["--course", ".", "check"], "").contains("; 0 errors"));
    good(&course, &["--course", ".", "new", "lesson", "second"], "");
    good(&course, &["--course", ".", "new", "scenario", "other"], "");
    let report = good(&course, &["--course", ".", "check"], "");
    assert!(report.contains("2 lessons") && report.contains("; 0 errors"), "{report}");
    assert!(good(&course, &["--course", ".", "watch", "--once", "second"], "").contains("[ ] There is a note"));
    for (args, status) in [
        (["--course", ".", "new", "lesson", "second"], 2),
        (["--course", ".", "new", "lesson", "../x"], 2),
        (["--course", "nowhere", "new", "lesson", "x"], 2),
    ] {
        assert_eq!(run(&course, &args, "").0, status, "{args:?}");
    }
    assert_eq!(run(&course, &["--course", "nowhere", "check"], "").0, 2);
    let lesson = course.join("lessons/second/lesson.toml");
    let text = fs::read_to_string(&lesson).expect("a lesson");
    fs::write(&lesson, text.replacen("There is a note", "You left a note", 1)).expect("it is written");
    let (status, report) = run(&course, &["--course", ".", "check"], "");
    assert!(status == 1 && report.contains("the English changed and the French did not"), "{report}");
    assert_eq!(run(&course, &["--course", ".", "translate", "status"], "").0, 1);
    good(&course, &["--course", ".", "translate", "ack"], "");
    good(&course, &["--course", ".", "check"], "");
    fs::write(&lesson, text.replacen("format = 1", "format = 2", 1)).expect("it is written");
    let (status, report) = run(&course, &["--course", ".", "check"], "");
    assert!(status == 1 && report.contains("lessons/second/lesson.toml:2:10: format 2 is not known"), "{report}");
}

#[test]
fn hand_ins_are_lived_again_and_not_believed() {
    let scratch = Scratch::new("grade");
    good(&scratch.0, &["new", "course", "mine"], "");
    let course = scratch.0.join("mine");
    let hand_in = |name: &str, typed: &str| {
        let _ = fs::remove_dir_all(course.join("home"));
        good(&course, &["--course", "."], typed);
        good(&course, &["--course", ".", "handin", &format!("{name}.toml")], "");
    };
    hand_in("bob", "echo hello > /srv/note\n:hint\n:solution\n:quit\n");
    hand_in("alice", ":save a\necho x\n:load a\necho hello | sudo tee /srv/note\n:undo\n:redo\n\nb\n\n");
    let text = fs::read_to_string(course.join("alice.toml")).expect("a hand-in");
    assert!(
        text.contains("student = \"alice\"") && text.contains("go = \"redo\"") && text.contains("done = "),
        "{text}"
    );
    let forged = fs::read_to_string(course.join("bob.toml")).expect("a hand-in");
    fs::write(course.join("eve.toml"), forged.replace("echo hello >", "echo hello | sudo tee")).expect("it is written");
    let mut cut = text.clone();
    cut.truncate(text.len() - 30);
    fs::write(course.join("cut.toml"), cut).expect("it is written");
    fs::write(course.join("alien.toml"), "course = \"other\"\n").expect("it is written");
    let files = ["alice.toml", "bob.toml", "eve.toml", "cut.toml"];
    let grade = |form: &str| {
        let args: Vec<&str> = ["--course", ".", "grade", "--form", form].into_iter().chain(files).collect();
        good(&course, &args, "")
    };
    let table = grade("table");
    let row = |who: &str| {
        let line = table.lines().find(|line| line.starts_with(who)).unwrap_or_else(|| panic!("no {who} in\n{table}"));
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("alice")[2..], ["2/2", "1/1", "0", "0", "yes"], "{table}");
    assert_eq!(row("bob")[2..], ["0/2", "0/1", "1", "1", "no"], "{table}");
    assert!(table.contains("! changed by hand from line"), "{table}");
    assert!(table.contains("! cannot be read from line"), "{table}");
    assert!(grade("csv").contains("alice,alice.toml,first-lesson,note,goal,written,right,"), "{}", grade("csv"));
    assert!(grade("json").contains("\"student\":\"bob\",\"file\":\"bob.toml\",\"edited\":false"), "{}", grade("json"));
    assert!(grade("junit").contains("<testsuite name=\"alice\" tests=\"3\" failures=\"0\" errors=\"0\">"));
    let (status, report) = run(&course, &["--course", ".", "grade", "alien.toml"], "");
    assert!(status == 1 && report.contains("belongs to the course `other`"), "{report}");
    for (shape, sign) in
        [("markdown", "## Leave a note"), ("asciicast", "{\"version\":3,"), ("html", "<!doctype html>")]
    {
        let told = good(&course, &["--course", ".", "export", "--from", "alice.toml", "--shape", shape], "");
        assert!(told.contains(sign) && told.contains("hello"), "{told}");
    }
    assert!(good(&course, &["--course", ".", "export", "first-lesson", "--solution"], "").contains("tee /srv/note"));
}

#[test]
fn what_was_learnt_comes_back() {
    let scratch = Scratch::new("review");
    good(&scratch.0, &["new", "course", "mine"], "");
    let course = scratch.0.join("mine");
    let review = ["--course", ".", "review"];
    assert!(good(&course, &review, "").contains("finish a lesson first"));
    good(&course, &["--course", "."], "echo hello | sudo tee /srv/note\n\na\n\n");
    assert!(good(&course, &review, "").contains("in 1 day"));
    let on = |day: &str, typed: &str| at(&format!("2026-03-{day}T08:00:00Z"), &course, &review, typed).1;
    let list = at("2026-03-02T08:00:00Z", &course, &["--course", ".", "review", "--list"], "").1;
    let mut due: Vec<&str> = list.lines().collect();
    due.sort_unstable();
    assert_eq!(due, ["first-lesson/note", "first-lesson/who-writes"], "{list}");
    // Both forms of input serve whichever comes first: a question takes the letter, a machine the command.
    let letters = |options: &str| if options.contains("a) Your shell.") { "a" } else { "b" };
    let first = on("02", "");
    let quiz_first = list.starts_with("first-lesson/who-writes");
    let shown = if quiz_first { first } else { on("02", "echo hello | sudo tee /srv/note\n\n") };
    let letter = letters(&shown);
    let typed = if quiz_first {
        format!("{letter}\necho hello | sudo tee /srv/note\n\n")
    } else {
        format!("echo hello | sudo tee /srv/note\n\n{letter}\n")
    };
    let done = on("02", &typed);
    assert!(done.contains("2 of 2 known") || done.contains("1 of 1 known"), "{done}");
    assert!(on("03", "").contains("in 2 day"), "{}", on("03", ""));
}
