//! Every rule about course files is shown a course that breaks it, and must say so at the right place.

mod broken_course {
    pub mod mini;
}

use broken_course::mini::{self, COURSE, EN, FR, LESSON, SCENARIO};
use concierge::lesson::content::course::load_course;
use concierge::lesson::content::translations::{LOCK_FILE, lock_text, stale};
use concierge::lesson::text::Lang;

#[test]
fn the_good_course_has_no_error() {
    let source = mini::course();
    let loaded = load_course(&source);
    let lines: Vec<_> = loaded.found.iter().map(|d| d.line(Lang::En)).collect();
    assert_eq!(lines, [""; 0]);
    assert_eq!(loaded.lessons.len(), 1);
    assert_eq!(loaded.scenarios["plain"].programs.len(), 1);
    assert_eq!(loaded.scenarios["plain"].files[0].mode, 0o755);
    assert_eq!(loaded.lessons[0].steps[1].fr.title, "Fais");
}

/// Edits one file of the good course and returns the errors, one a line.
fn broken(file: &str, from: &str, to: &str) -> Vec<String> {
    let mut source = mini::course();
    source.edit(file, from, to);
    load_course(&source).found.iter().map(|d| d.line(Lang::En)).collect()
}

/// What is edited, and the one error it must give.
const BREAKS: &[(&str, &str, &str, &str)] = &[
    (COURSE, "\"first\"", "\"frist\"", "lessons/course.toml:4:12: there is no lesson `frist`; did you mean `first`?"),
    (
        COURSE,
        "[\"first\"]",
        "[\"first\", \"first\"]",
        "lessons/course.toml:4:21: the id `first` is used twice; rename one",
    ),
    (
        COURSE,
        "format = 1",
        "format = 2",
        "lessons/course.toml:1:10: format 2 is not known: this version reads `format = 1`; use a newer concierge, or correct it",
    ),
    (COURSE, ", fr = \"Mini\"", "", "lessons/course.toml:3:9: `fr` is missing; add it here"),
    (LESSON, "minutes", "minuts", "lessons/first/lesson.toml:4:1: unknown key `minuts`; did you mean `minutes`?"),
    (
        LESSON,
        "id = \"first\"",
        "id = \"First\"",
        "lessons/first/lesson.toml:2:6: `First` is not an id; use only a-z, 0-9 and `-`",
    ),
    (
        LESSON,
        "id = \"first\"",
        "id = \"other\"",
        "lessons/first/lesson.toml:2:6: the id is `other` but the folder is `first`; make them the same",
    ),
    (LESSON, "minutes = 5", "minutes = \"5\"", "lessons/first/lesson.toml:4:11: found \"5\"; write a whole number"),
    (
        LESSON,
        "scenario = \"plain\"",
        "scenario = \"plane\"",
        "lessons/first/lesson.toml:5:1: there is no scenario `plane`; did you mean `plain`?",
    ),
    (
        LESSON,
        "minutes = 5",
        "minutes = 5\nrequires = [\"zero\"]",
        "lessons/first/lesson.toml:5:1: there is no lesson `zero`",
    ),
    (LESSON, "id = \"do\"", "id = \"look\"", "lessons/first/lesson.toml:23:1: the id `look` is used twice; rename one"),
    (
        LESSON,
        "id = \"stays\"",
        "id = \"marked\"",
        "lessons/first/lesson.toml:30:1: the id `marked` is used twice; rename one",
    ),
    (
        LESSON,
        "exists = true }",
        "exsits = true }",
        "lessons/first/lesson.toml:29:31: unknown key `exsits`; did you mean `exists`?",
    ),
    (
        LESSON,
        ", exists = true }",
        " }",
        "lessons/first/lesson.toml:29:18: `/tmp/mark` is named but nothing is said about it; add what must be true",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ exists = true }",
        "this check has no subject; name one of `all`, `any`",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ file = \"/a\", boot = 1 }",
        "this check has several subjects (`file`, `boot`); keep one",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ unit = \"a.service\", active = \"up\" }",
        "lessons/first/lesson.toml:29:40: unknown word `up`; known here: `active`",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ unit = \"a.service\", enabled = \"enabeld\" }",
        "unknown word `enabeld`; did you mean `enabled`?",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ unit = \"a\", active = \"active\" }",
        "write a unit's whole name",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ answer = \"whom\" }",
        "there is no quiz `whom`; did you mean `who`?",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ journal = \"*\", matches = \"(\" }",
        "write a valid regular expression",
    ),
    (LESSON, "{ file = \"/tmp/mark\", exists = true }", "{ boot = \"many\" }", "write a number or a comparison"),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ unit = \"a.service\", sub = \"runing\" }",
        "unknown word `runing`; did you mean `running`?",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ unit = \"a.servise\", active = \"active\" }",
        "write a unit's whole name",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ unit = \"a.service\", user = \"deploy\" }",
        "`a.service` is named but nothing is said about it",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ unit = \"a.service\", property = { Restrat = \"no\" } }",
        "`Restrat` does not exist; did you mean `Restart`?",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ unit = \"a.service\", up = \"99.9\" }",
        "write a comparison such as \">= 99.9%\"",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ timer = \"a.service\", next = \"1h\" }",
        "write a timer's whole name",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ timer = \"a.timer\", fired = \"1h\" }",
        "unknown key `fired`; did you mean `fired_within`?",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ journal = \"*\", since = \"soon\" }",
        "write `boot`, `fork` or a duration",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ queue = \"messages\" }",
        "`messages` is named but nothing is said about it",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ queue = \"messages\", length = 0 }",
        "unknown key `length`; known here: `depth`, `handled`, `lost`",
    ),
    (
        LESSON,
        "{ file = \"/tmp/mark\", exists = true }",
        "{ linger = \"deploy\", on = \"yes\" }",
        "write `true` or `false`",
    ),
    (
        LESSON,
        "fork = { do = [\"reboot\"], advance = \"10s\" }",
        "fork = { do = [\"reboot\"] }\nchaos = { horizon = \"1d\", faults = [\"reboot 1/d\"] }",
        "lessons/first/lesson.toml:35:9: a goal has either `fork` or `chaos`",
    ),
    (
        LESSON,
        "fork = { do = [\"reboot\"], advance = \"10s\" }",
        "chaos = { horizon = \"1d\", faults = [\"reboot daily\"] }",
        "lessons/first/lesson.toml:34:37: found \"reboot daily\"; write a fault and how often it comes",
    ),
    (
        LESSON,
        "fork = { do = [\"reboot\"], advance = \"10s\" }",
        "chaos = { faults = [\"reboot 1/d\"] }",
        "`horizon` is missing; add it here",
    ),
    (
        LESSON,
        "fork = { do = [\"reboot\"], advance = \"10s\" }",
        "chaos = { horizon = \"1d\", seeds = 1000, faults = [\"reboot 1/d\"] }",
        "write a number from 1 to 256",
    ),
    (
        LESSON,
        "fork = { do = [\"reboot\"], advance = \"10s\" }",
        "chaos = { horizon = \"90d\", faults = [\"reboot 1/s\"] }",
        "this is too much to play",
    ),
    (
        LESSON,
        "fork = { do = [\"reboot\"], advance = \"10s\" }",
        "chaos = { horizon = \"9000d\", faults = [\"reboot 1/d\"] }",
        "this is too much to play",
    ),
    (
        LESSON,
        "fork = { do = [\"reboot\"], advance = \"10s\" }",
        "fork = { do = [\"stop redis\"] }",
        "found \"stop redis\"; write one of",
    ),
    (LESSON, "{ file = \"/tmp/mark\", exists = true }", "{ file = \"tmp\", exists = true }", "write an absolute path"),
    (
        LESSON,
        "[\"reboot\"]",
        "[\"rebot\"]",
        "lessons/first/lesson.toml:34:16: found \"rebot\"; write one of `crash NAME`",
    ),
    (
        LESSON,
        "advance = \"10s\"",
        "advance = \"10 parsecs\"",
        "lessons/first/lesson.toml:34:37: found \"10 parsecs\"; write a duration",
    ),
    (
        LESSON,
        "\"touch /tmp/mark\"",
        "\":rebot\"",
        "lessons/first/lesson.toml:42:8: found \":rebot\"; write a command line",
    ),
    (
        LESSON,
        "\"marked\", \"stays\"",
        "\"marked\", \"stay\"",
        "lessons/first/lesson.toml:43:1: there is no goal `stay`; did you mean `stays`?",
    ),
    (
        LESSON,
        "fails = [\"marked\", \"stays\"]",
        "fails = []",
        "lessons/first/lesson.toml:46:9: this is empty; fill it or remove it",
    ),
    (LESSON, "right = true\n", "", "0 options are right, this kind of quiz wants 1"),
    (
        LESSON,
        "\"choice\"",
        "\"chioce\"",
        "lessons/first/lesson.toml:11:8: unknown word `chioce`; did you mean `choice`?",
    ),
    (LESSON, "en = \"Touch it.\"", "en = \" \"", "lessons/first/lesson.toml:38:6: this is empty; fill it or remove it"),
    (LESSON, "minutes = 5", "minutes = ", "lessons/first/lesson.toml:4:11: not TOML"),
    (EN, "{#look}", "", "lessons/first/en.md:5:1: the heading “Look” has no anchor"),
    (
        EN,
        "{#look}",
        "{#lok}",
        "lessons/first/en.md:5:1: the section `lok` is no step of lesson.toml; did you mean `look`?",
    ),
    (FR, "## Fais {#do}\n\nÀ toi.\n", "", "lessons/first/fr.md:9:1: the step `do` has no section"),
    (FR, "À toi.", "", "lessons/first/fr.md:9:1: the section `do` has no text; write it"),
    (SCENARIO, "debian-12", "debian-13", "unknown word `debian-13`; did you mean `debian-12`?"),
    (SCENARIO, "hello.sh", "hallo.sh", "scenarios/plain/scenario.toml:10:8: there is no file `hallo.sh`"),
    (SCENARIO, "0755", "rwx", "write an octal mode"),
    (SCENARIO, "8080", "80800", "write a port from 1 to 65535"),
    (SCENARIO, "03:00", "25:00", "write a time of day"),
    (SCENARIO, "\"24M\"", "\"24 cows\"", "write a size such as"),
    (SCENARIO, "2026-01-05T02:40:00Z", "tonight", "write a time such as"),
    (SCENARIO, "seed = 7", "enabled = [\"cron\"]", "write a unit's whole name"),
];

#[test]
fn each_break_gives_its_error() {
    let mut wrong = Vec::new();
    for (file, from, to, want) in BREAKS {
        let lines = broken(file, from, to);
        if !lines.iter().any(|l| l.contains(want)) {
            wrong.push(format!("{file}: {from:?} -> {to:?}\n  wanted {want}\n  got {lines:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_errors_are_told_at_once() {
    let mut source = mini::course();
    source.edit(LESSON, "minutes = 5", "minuts = 5\ncolour = \"red\"");
    source.edit(LESSON, "\"choice\"", "\"chioce\"");
    source.edit(SCENARIO, "0755", "rwx");
    source.remove(FR);
    let found = load_course(&source).found;
    let places: Vec<_> = found.iter().map(|d| (d.file.as_str(), d.at.line)).collect();
    for place in [(LESSON, 4), (LESSON, 5), (LESSON, 12), (SCENARIO, 11), (FR, 1)] {
        assert!(places.contains(&place), "no error at {place:?} in {places:?}");
    }
}

#[test]
fn sections_in_another_order_are_an_error() {
    let mut source = mini::course();
    source.put(FR, "## Fais {#do}\n\nÀ toi.\n\n## Regarde {#look}\n\nRegarde.\n");
    let lines: Vec<_> = load_course(&source).found.iter().map(|d| d.line(Lang::En)).collect();
    assert_eq!(
        lines,
        ["lessons/first/fr.md:1:1: the section `do` stands where `look` is expected; use the order of lesson.toml"]
    );
}

#[test]
fn errors_are_worded_in_french_too() {
    let mut source = mini::course();
    source.edit(LESSON, "minutes", "minuts");
    let found = load_course(&source).found;
    let line = found.iter().map(|d| d.line(Lang::Fr)).find(|l| l.contains("minuts"));
    let want = "lessons/first/lesson.toml:4:1: clé inconnue `minuts`\u{202f}; voulais-tu dire `minutes`\u{202f}?";
    assert_eq!(line.as_deref(), Some(want));
}

#[test]
fn a_translation_goes_stale_until_it_is_signed_off() {
    let mut source = mini::course();
    source.put(LOCK_FILE, lock_text(&load_course(&source)));
    assert_eq!(stale(&source, &load_course(&source)), []);
    source.edit(EN, "Now do.", "Now do it.");
    let lines: Vec<_> = stale(&source, &load_course(&source)).iter().map(|d| d.line(Lang::En)).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("`first/do`: the English changed and the French did not"), "{lines:?}");
    source.edit(FR, "À toi.", "À toi de jouer.");
    let lines: Vec<_> = stale(&source, &load_course(&source)).iter().map(|d| d.line(Lang::En)).collect();
    assert!(lines[0].contains("both languages changed"), "{lines:?}");
    source.put(LOCK_FILE, lock_text(&load_course(&source)));
    assert_eq!(stale(&source, &load_course(&source)), []);
}

#[test]
fn no_bytes_make_the_loader_panic() {
    let good = mini::course();
    for file in [COURSE, LESSON, SCENARIO, EN] {
        use concierge::lesson::content::source::Source;
        let text = good.read(file).expect("the file is there");
        let cuts = text.char_indices().map(|(n, _)| n).step_by(7);
        for cut in cuts {
            let mut source = good.clone();
            source.put(file, &text[..cut]);
            load_course(&source);
            source.put(file, format!("{}\u{0}[[{{\"{}", &text[..cut], &text[cut..]));
            load_course(&source);
        }
        let mut source = good.clone();
        source.put(file, "[".repeat(100_000));
        load_course(&source);
        source.put(file, format!("a = {}", "{ b = ".repeat(50_000)));
        load_course(&source);
    }
}
