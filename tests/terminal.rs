//! The main screens as a person sees them: the binary in a pseudo-terminal, in both languages, narrow and plain.
//!
//! Nothing here waits for time: each step waits for a text to appear, however slow the machine is.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test drives a terminal of the host")]

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a text may take to appear before it counts as missing.
const PATIENCE: Duration = Duration::from_secs(120);
const ROWS: u16 = 60;

/// Somebody at a terminal.
struct Person {
    screen: Arc<Mutex<vt100::Parser>>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    home: PathBuf,
    _master: Box<dyn MasterPty + Send>,
}

impl Person {
    /// Opens the course for tests.
    fn sit_down(name: &str, columns: u16, args: &[&str]) -> Person {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("terminal-{name}"));
        let _ = std::fs::remove_dir_all(&home);
        let size = PtySize { rows: ROWS, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_concierge"));
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("CONCIERGE_HOME", &home);
        let course = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terminal/course");
        command.args(["--course".as_ref(), course.as_os_str()]);
        command.args(args);
        let child = pair.slave.spawn_command(command).expect("the binary starts");
        let cells = |n| NonZero::new(n).expect("more than nothing");
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(ROWS), cells(columns), 0)));
        let (mut output, seen) = (pair.master.try_clone_reader().expect("a reader"), Arc::clone(&screen));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                seen.lock().expect("the screen").process(&bytes[..count]);
            }
        });
        let keyboard = pair.master.take_writer().expect("a keyboard");
        Person { screen, keyboard, child, home, _master: pair.master }
    }

    /// What stands on the screen.
    fn sees(&self) -> String {
        let text = self.screen.lock().expect("the screen").screen().contents();
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    fn until(&self, what: &str, holds: impl Fn(&str) -> bool) -> String {
        let began = Instant::now();
        loop {
            let seen = self.sees();
            if holds(&seen) {
                return seen;
            }
            assert!(began.elapsed() < PATIENCE, "waited in vain for {what:?}; the screen shows:\n{seen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until `text` stands on the screen, and a prompt after it.
    fn prompted_after(&self, text: &str) -> String {
        self.until(text, |seen| seen.rfind(text).is_some_and(|at| seen[at..].trim_end().ends_with("deploy@vps:~$")))
    }

    fn shows(&self, text: &str) -> String {
        self.until(text, |seen| seen.contains(text))
    }

    fn types(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the keyboard works");
    }

    fn clears(&mut self) {
        self.types("clear\r");
        self.until("an empty screen", |seen| seen.trim() == "deploy@vps:~$");
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

#[test]
fn the_first_screen_in_both_languages() {
    for (lang, goal) in [("en", "is in your folder."), ("fr", "est dans ton dossier.")] {
        let person = Person::sit_down(&format!("first-{lang}"), 80, &["--lang", lang]);
        insta::assert_snapshot!(format!("first-80-{lang}"), person.prompted_after(goal));
    }
}

#[test]
fn the_first_screen_in_a_narrow_window_and_in_plain_words() {
    let narrow = Person::sit_down("narrow", 60, &["--lang", "fr"]);
    insta::assert_snapshot!("first-60-fr", narrow.prompted_after("est dans ton dossier."));
    let plain = Person::sit_down("plain", 80, &["--lang", "en", "--plain"]);
    let seen = plain.prompted_after("is in your folder.");
    assert!(!seen.contains(['│', '╭', '─', '▌', '█', '→', '✓']), "{seen}");
    insta::assert_snapshot!("first-80-en-plain", seen);
}

#[test]
fn a_beginner_mistypes_asks_for_help_and_succeeds() {
    for (lang, goal, near, help, done) in [
        ("en", "is in your folder.", "did you mean", "lists every word", "to go on."),
        ("fr", "est dans ton dossier.", "voulais-tu dire", "donne tous les mots", "pour continuer."),
    ] {
        let mut person = Person::sit_down(&format!("beginner-{lang}"), 80, &["--lang", lang]);
        person.prompted_after(goal);
        person.clears();
        person.types("tuoch note\r");
        person.prompted_after(near);
        person.types(":help\r");
        person.prompted_after(help);
        // On an empty line the key of a number types the command.
        person.types("1");
        person.shows("$ touch note");
        person.types("\r");
        insta::assert_snapshot!(format!("beginner-80-{lang}"), person.prompted_after(done));
    }
}

#[test]
fn what_a_job_in_the_background_prints_appears_while_the_student_thinks() {
    let mut person = Person::sit_down("background", 80, &["--lang", "en"]);
    person.prompted_after("is in your folder.");
    person.types("(sleep 2; echo from-behind) & clear\r");
    person.until("an empty screen", |seen| seen.trim() == "deploy@vps:~$");
    person.types("unfinished");
    let seen = person.until("the line and what came above it", |seen| {
        seen.lines().any(|line| line == "from-behind") && seen.trim_end().ends_with("$ unfinished")
    });
    assert!(seen.find("from-behind") < seen.find("$ unfinished"), "{seen}");
}

#[test]
fn a_program_in_the_foreground_is_suspended_skipped_and_interrupted() {
    let mut person = Person::sit_down("foreground", 80, &["--lang", "en"]);
    person.prompted_after("is in your folder.");
    person.clears();
    person.types("sleep 1000000\r");
    person.shows("Space skips ahead");
    person.types("\x1a");
    person.prompted_after("Stopped");
    person.clears();
    person.types("fg\r");
    person.until("the program again", |seen| seen.trim_end().ends_with("\nsleep 1000000"));
    person.types(" ");
    person.shows("1h later:");
    person.types("\x03");
    person.prompted_after("^C");
}

#[test]
fn two_terminals_on_one_machine() {
    let mut person = Person::sit_down("two", 80, &["--lang", "en"]);
    person.prompted_after("is in your folder.");
    person.types(":term\r");
    person.shows("[2] deploy@vps:~$");
    person.types("touch note\r");
    person.shows("[x] The file note");
    person.types(":term 1\r");
    person.shows("[1] deploy@vps:~$");
}

#[test]
fn a_file_is_edited_on_the_line_when_there_is_no_editor() {
    let mut person = Person::sit_down("edit", 80, &["--lang", "en"]);
    person.prompted_after("is in your folder.");
    person.types("vi note\r");
    person.shows("Editing /home/deploy/note");
    person.types("first\rsecond\x13");
    person.shows("[x] The file note");
    person.clears();
    person.types("cat note\r");
    person.prompted_after("first\nsecond\n");
}
