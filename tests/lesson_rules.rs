//! Every rule about how a lesson plays is shown a lesson that breaks it; and a session is lived on a toy machine.

#[path = "broken_course/mini.rs"]
mod mini;
#[path = "broken_course/toy.rs"]
mod toy;

use concierge::lesson::check::check;
use concierge::lesson::content::action::Input;
use concierge::lesson::content::course::load_course;
use concierge::lesson::content::source::MemorySource;
use concierge::lesson::content::translations::{LOCK_FILE, lock_text};
use concierge::lesson::progress::{Progress, Run};
use concierge::lesson::quiz::Answer;
use concierge::lesson::session::{Change, Deed, Next, Session};
use concierge::lesson::text::Lang;
use mini::{EN, FR, LESSON, SCENARIO};
use toy::{Toy, Toys};

fn signed(mut source: MemorySource) -> MemorySource {
    source.put(LOCK_FILE, lock_text(&load_course(&source)));
    source
}

fn errors(source: &MemorySource, workshop: &Toys) -> Vec<String> {
    check(source, workshop).found.iter().map(|d| d.line(Lang::En)).collect()
}

#[test]
fn the_good_course_is_clean() {
    let report = check(&signed(mini::course()), &Toys::default());
    assert_eq!(
        report.lines(Lang::En),
        [
            "1 lessons, 2 steps, 2 goals, 1 quizzes; 1 solutions, 0 mutants and 1 wrong answers played; 0 errors, 0 warnings"
        ]
    );
}

/// What is edited in lesson.toml, and the one error that playing must give.
const BREAKS: &[(&str, &str, &str)] = &[
    (
        "check = { file = \"/tmp/mark\", exists = true }\n[[step.goal]]\nid = \"stays\"",
        "check = { file = \"/tmp/mark\", exists = false }\n[[step.goal]]\nid = \"stays\"",
        "the solution `touch` of `do` leaves the goal `marked` unmet: `/tmp/mark` exists.",
    ),
    (
        "\"touch /tmp/mark\"",
        "\"touch /tmp/mrak\"",
        "the solution `touch` of `do` leaves the goal `stays` unmet: `/tmp/mark` does not exist.",
    ),
    (
        "\"touch /tmp/other\"",
        "\"touch /tmp/mark\"",
        "the wrong answer `elsewhere` of `do` declares that it fails `marked`, `stays` but fails ∅",
    ),
    (
        "\"marked\", \"stays\"",
        "\"marked\"",
        "the wrong answer `elsewhere` of `do` declares that it fails `marked` but fails `marked`, `stays`",
    ),
    (
        "do = [\"reboot\"]",
        "do = [\"crash cron.service\"]",
        "leaves the goal `stays` unmet: There was nothing to crash: no process of `cron.service` is running.",
    ),
    (
        "[[step.solution]]\nid = \"touch\"\nrun = [\"touch /tmp/mark\"]\n",
        "",
        "the step `do` has goals but no solution; add `[[step.solution]]`",
    ),
    (
        "[[step.wrong]]\nid = \"elsewhere\"\nrun = [\"touch /tmp/other\"]\nfails = [\"marked\", \"stays\"]\n",
        "",
        "the lesson `first` has no wrong answer",
    ),
];

#[test]
fn each_break_gives_its_error() {
    for (from, to, want) in BREAKS {
        let mut source = mini::course();
        source.edit(LESSON, from, to);
        let lines = errors(&signed(source), &Toys::default());
        assert!(lines.iter().any(|l| l.contains(want)), "{from:?} -> {to:?}: wanted {want:?}, got {lines:#?}");
    }
}

/// What is edited, in which file, and the only line that the check must give.
const WORDS: &[(&str, &str, &str, &str)] = &[
    (
        EN,
        "Now do.",
        "See [it](lesson:frist).",
        "lessons/first/en.md:11:5: the link `lesson:frist` leads nowhere; did you mean `lesson:first`?; write `lesson:ID`",
    ),
    (
        EN,
        "Now do.",
        "See [it](#lok).",
        "lessons/first/en.md:11:5: the link `#lok` leads nowhere; did you mean `#look`?",
    ),
    (
        EN,
        "Now do.",
        "See [it](../other/en.md).",
        "lessons/first/en.md:11:5: the link `../other/en.md` leads nowhere; write",
    ),
    (
        EN,
        "Now do.",
        "```sh\nsudo sytsemctl status x\n```",
        "lessons/first/en.md:12:1: the command `sytsemctl` is not simulated; did you mean `systemctl`?",
    ),
    (
        EN,
        "Now do.",
        "Type `frobnicate --all`.",
        "lessons/first/en.md:11:6: warning: the command `frobnicate` is not simulated",
    ),
    (
        LESSON,
        "run = [\"touch /tmp/mark\"]",
        "run = [\"touch /tmp/also\", \"touch /tmp/mark\"]",
        "lessons/first/lesson.toml:40:1: warning: `drop touch /tmp/also`: the solution `touch` of `do` reaches every goal all the same",
    ),
    (
        LESSON,
        "id = \"do\"\n",
        "id = \"do\"\nsurvives = [{ mutant = \"drop it\", because = \"it does nothing\" }]\n",
        "lessons/first/lesson.toml:25:13: warning: `do` has no mutant `drop it`; remove it from `survives`",
    ),
];

#[test]
fn each_break_of_the_words_and_of_the_mutants_gives_its_line() {
    for (file, from, to, want) in WORDS {
        let mut source = mini::course();
        source.edit(file, from, to);
        let lines = errors(&signed(source), &Toys::default());
        assert!(lines.len() == 1 && lines[0].contains(want), "{to:?}: wanted {want:?}, got {lines:#?}");
    }
}

#[test]
fn a_link_that_arrives_and_a_command_for_a_real_server_are_no_errors() {
    let mut source = mini::course();
    source.edit(
        EN,
        "Now do.",
        "See [it](lesson:first#look), [up](#look), <https://example.org>.\n\n```real\ncertbot\n```",
    );
    assert_eq!(errors(&signed(source), &Toys::default()), [""; 0]);
}

#[test]
fn a_survivor_with_a_reason_is_allowed_until_it_dies() {
    let mut source = mini::course();
    source.edit(LESSON, "run = [\"touch /tmp/mark\"]", "run = [\"touch /tmp/also\", \"touch /tmp/mark\"]");
    let allowed = "id = \"do\"\nsurvives = [{ mutant = \"drop touch /tmp/also\", because = \"a habit\" }]\n";
    source.edit(LESSON, "id = \"do\"\n", allowed);
    let report = check(&signed(source.clone()), &Toys::default());
    assert_eq!((report.warnings(), report.errors(), report.counts.mutants), (0, 0, 2), "{:?}", report.lines(Lang::En));
    source.edit(LESSON, "drop touch /tmp/also", "drop touch /tmp/mark");
    let lines = errors(&signed(source), &Toys::default());
    assert!(lines.iter().any(|l| l.contains("`drop touch /tmp/mark` of `do` does not survive any more")), "{lines:#?}");
}

#[test]
fn a_lesson_that_is_not_listed_cannot_be_reached() {
    let mut source = mini::course();
    source.put("lessons/second/lesson.toml", "format = 1\n");
    let lines = errors(&signed(source), &Toys::default());
    assert_eq!(
        lines,
        [
            "lessons/course.toml:1:1: the lesson `second` cannot be reached; list it under `lessons`, or remove its folder"
        ]
    );
}

#[test]
fn a_step_behind_one_that_cannot_be_solved_cannot_be_reached() {
    let mut source = mini::course();
    source.edit(LESSON, "\"touch /tmp/mark\"", "\"touch /tmp/mrak\"");
    source.edit(LESSON, "[[step]]\nid = \"look\"", "[[step]]\nid = \"first\"\ngoal = [{ id = \"g\", en = \"e\", fr = \"f\", check = { file = \"/tmp/g\", exists = true } }]\nsolution = [{ id = \"s\", run = [\"touch /tmp/h\"] }]\n[[step]]\nid = \"look\"");
    for (file, heading) in
        [(EN, "## First {#first}\n\nIt.\n\n## Look"), (FR, "## D’abord {#first}\n\nOui.\n\n## Regarde")]
    {
        source.edit(file, heading.rsplit("\n\n").next().unwrap_or_default(), heading);
    }
    let lines = errors(&signed(source), &Toys::default());
    assert!(
        lines.iter().any(|l| l.contains("the step `look` cannot be reached: no solution of `first` meets all")),
        "{lines:#?}"
    );
}

#[test]
fn a_step_that_passes_when_opened_is_an_error() {
    let mut source = mini::course();
    for _ in 0..2 {
        source.edit(
            LESSON,
            "check = { file = \"/tmp/mark\", exists = true }",
            "check = { file = \"/tmp/mark\", exists = false }",
        );
    }
    let lines = errors(&signed(source), &Toys::default());
    assert!(lines.iter().any(|l| l.contains("the step `do` passes before anything is done")), "{lines:#?}");
}

#[test]
fn two_runs_that_differ_are_an_error() {
    let moody = Toys { moody: true, ..Toys::default() };
    let lines = errors(&signed(mini::course()), &moody);
    assert_eq!(lines, ["lessons/first/lesson.toml:40:1: two runs of `touch` in `do` gave different output"]);
}

#[test]
fn a_text_that_is_not_signed_off_is_an_error() {
    let lines = errors(&mini::course(), &Toys::default());
    assert!(lines.iter().any(|l| l.contains("`first/do`: the text is new since the last sign-off")), "{lines:#?}");
}

#[test]
fn french_without_its_spaces_is_an_error() {
    let mut source = mini::course();
    source.edit(FR, "À toi.", "À toi !");
    source.edit(LESSON, "Elle reste.", "L'objet reste.");
    let lines = errors(&signed(source), &Toys::default());
    assert_eq!(
        lines,
        [
            "lessons/first/fr.md:11:7: French wants a no-break space before `!`; put U+00A0 or U+202F",
            "lessons/first/lesson.toml:33:8: straight apostrophe; write `’`",
        ]
    );
}

#[test]
fn a_verb_that_does_not_exist_is_an_error() {
    let mut source = mini::course();
    source.edit(EN, "Now do.", "Now type:\n\n```\nsudo systemctl --now enabel x\n```\n");
    let lines = errors(&signed(source), &Toys::default());
    assert_eq!(lines, ["lessons/first/en.md:14:22: `enabel` does not exist; did you mean `enable`?"]);
}

#[test]
fn a_unit_that_a_scenario_enables_must_exist() {
    let mut source = mini::course();
    source.edit(SCENARIO, "\nseed = 7", "\nseed = 7\nenabled = [\"ghost.service\"]");
    let lines = errors(&signed(source), &Toys::default());
    assert_eq!(lines, ["scenarios/plain/scenario.toml:1:1: there is no unit `ghost.service`"]);
}

#[test]
fn a_directive_that_does_not_exist_is_an_error() {
    let mut source = mini::course();
    source.edit(EN, "Now do.", "Now set `Restrat=always`.");
    let lines = errors(&signed(source), &Toys::default());
    assert_eq!(lines, ["lessons/first/en.md:11:10: `Restrat=` does not exist; did you mean `Restart=`?"]);
}

fn session() -> Session<Toy> {
    use concierge::lesson::check::Workshop;
    let loaded = load_course(&mini::course());
    let scenario = loaded.scenarios["plain"].clone();
    Session::open(loaded.lessons[0].clone(), Toys::default().machine(&scenario, scenario.clock))
}

fn typed(line: &str) -> Input {
    Input::parse(line).expect("an input")
}

#[test]
fn a_session_is_lived_undone_and_done_again() {
    let mut session = session();
    assert_eq!(session.next_step(false), Next::NotYet);
    assert!(session.answer("who", &Answer::Options(vec![0])).is_some_and(|m| m.right));
    assert_eq!(session.next_step(false), Next::Opened);
    assert_eq!(session.hint().map(|h| h.say.en.as_str()), Some("Touch it."));
    let met = |goal: &str, met| Change { goal: goal.into(), met };
    let (_, changes) = session.input(&typed("touch /tmp/mark"));
    assert_eq!(changes, [met("marked", true), met("stays", true)]);
    assert!(session.hint().is_none(), "the hint no longer helps");
    let (_, changes) = session.input(&typed("rm /tmp/mark"));
    assert_eq!(changes, [met("marked", false), met("stays", false)], "goals un-pass");
    assert_eq!(session.outcomes()[0].reason().map(|r| r.fr), Some("`/tmp/mark` n’existe pas.".into()));
    assert_eq!(session.undo(), Some(Deed::Typed(typed("rm /tmp/mark"))));
    assert!(session.is_done());
    assert_eq!(session.redo(), Some(Deed::Typed(typed("rm /tmp/mark"))));
    assert!(!session.is_done());
    assert_eq!(session.redo(), None);
    session.undo();
    assert_eq!(session.next_step(false), Next::End);
    session.reset();
    assert!(!session.goals_met());
    assert_eq!(session.undo(), Some(Deed::Reset));
    assert!(session.goals_met());
}

#[test]
fn what_was_kept_is_lived_again() {
    let mut session = session();
    session.answer("who", &Answer::Options(vec![1]));
    session.next_step(false);
    session.input(&typed("touch /tmp/other"));
    session.undo();
    session.wait_until(concierge::world::Time(5_000_000));
    session.input(&typed("touch /tmp/mark"));
    let run = Run { lesson: "first".into(), scenario: "plain".into(), seed: 7, events: session.log() };
    let progress = Progress { course: "mini".into(), runs: vec![run], ..Progress::default() };
    let (read, damaged) = Progress::read(&progress.write());
    assert_eq!((&read, damaged), (&progress, None));
    let again = Session::replay(session.lesson().clone(), self::session().machine().clone(), &read.runs[0].events);
    assert_eq!(again.step_number(), 1);
    assert!(again.is_done());
    assert_eq!(again.answers().get("who"), Some(&false));
    assert_eq!(again.log(), session.log());
    use concierge::lesson::judge::facts::Facts;
    assert_eq!(again.machine().now(), session.machine().now());
}

#[test]
fn the_shipped_course_reads_without_error() {
    let source = concierge::lesson::content::Embedded;
    let loaded = load_course(&source);
    let mut found = loaded.found.clone();
    found.extend(concierge::lesson::check::words::typography(&source, &loaded));
    found.extend(concierge::lesson::check::words::verb_names(&source, &loaded));
    found.extend(concierge::lesson::check::words::directive_names(&source, &loaded));
    found.extend(concierge::lesson::content::translations::stale(&source, &loaded));
    let lines: Vec<String> = found.iter().map(|d| d.line(Lang::En)).collect();
    assert_eq!(lines, [""; 0]);
    assert!(!loaded.lessons.is_empty());
}
