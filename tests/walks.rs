//! Every lesson walked through as its solutions go, in both languages: what a student reads, types and sees.

use std::fmt::Write as _;

use concierge::lesson::content::Embedded;
use concierge::lesson::content::course::load_course;
use concierge::lesson::content::lesson::{Lesson, Step};
use concierge::lesson::session::Session;
use concierge::lesson::student::Student;
use concierge::lesson::text::Lang;
use concierge::lesson::workshop;
use concierge::shell::console::plain;

/// The walk of a lesson as text.
fn walk(lesson: &Lesson, machine: Student, lang: Lang) -> String {
    let mut session = Session::open(lesson.clone(), machine);
    let mut out = format!("# {}\n\n{}\n", lesson.title.get(lang), lesson.opening.get(lang));
    session.machine_mut().take_output();
    for step in &lesson.steps {
        session.go_to(&step.id);
        prose(&mut out, step, lang);
        goals(&mut out, &session, step, lang);
        let inputs = step.solutions.first().map(|solution| solution.run.clone()).unwrap_or_default();
        for input in inputs {
            let _ = writeln!(out, "  $ {}", input.typed().replace('\n', "\n  > "));
            let (shown, changes) = session.input(&input);
            for line in plain(&shown).lines() {
                let _ = writeln!(out, "  | {line}");
            }
            for change in changes {
                let _ = writeln!(out, "  * {} {}", change.goal, if change.met { "met" } else { "not met any more" });
            }
        }
        assert!(session.goals_met(), "{}/{}: the solution does not reach the goals\n{out}", lesson.id, step.id);
    }
    out
}

fn prose(out: &mut String, step: &Step, lang: Lang) {
    let section = match lang {
        Lang::En => &step.en,
        Lang::Fr => &step.fr,
    };
    let _ = writeln!(out, "## {}\n\n{}\n", section.title, section.body.trim());
}

fn goals(out: &mut String, session: &Session<Student>, step: &Step, lang: Lang) {
    for (goal, outcome) in step.goals.iter().zip(session.outcomes()) {
        let _ = writeln!(out, "  [{}] {}", if outcome.is_met() { "x" } else { " " }, goal.say.get(lang));
        if let Some(reason) = outcome.reason() {
            let _ = writeln!(out, "      {}", reason.get(lang));
        }
    }
    for quiz in &step.quizzes {
        let _ = writeln!(out, "  ? {}", quiz.ask.get(lang));
    }
}

#[test]
fn every_lesson_is_walked_in_both_languages() {
    let loaded = load_course(&Embedded);
    assert!(loaded.found.is_empty(), "the built-in course has errors; run `concierge check`");
    for lesson in &loaded.lessons {
        let scenario = &loaded.scenarios[&lesson.scenario];
        let clock = lesson.clock.unwrap_or(scenario.clock);
        for lang in Lang::ALL {
            let machine = workshop::open(scenario, clock, scenario.seed);
            insta::assert_snapshot!(format!("{}-{}", lesson.id, lang.code()), walk(lesson, machine, lang));
        }
    }
}
