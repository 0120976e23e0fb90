//! Reads `lessons/ID/lesson.toml` and puts its prose beside its steps.

use super::chaos::read_chaos;
use super::condition::Condition;
use super::diagnostic::{Diagnostic, Doc};
use super::lesson::{Break, Fork, Goal, Hint, Lesson, Reflect, Solution, Step, Survivor, Trial, Wrong};
use super::nearest::nearest;
use super::problem::{Problem, Thing};
use super::prose::{Prose, read_prose};
use super::quiz_fault::QuizFault;
use super::read_condition::read_condition;
use super::read_quiz::read_quiz;
use super::reader::{Node, Table, read_root};
use super::source::Source;
use crate::lesson::text::{Lang, Text};
use std::collections::BTreeSet;

/// Reads the lesson in the folder `lessons/FOLDER`, with both its prose files. Every error is added to `found`; the
/// lesson is `None` when any was.
pub fn load_lesson(source: &dyn Source, folder: &str, found: &mut Vec<Diagnostic>) -> Option<Lesson> {
    let before = found.len();
    let file = format!("lessons/{folder}/lesson.toml");
    let Some(text) = source.read(&file) else {
        found.push(Diagnostic::new(file, super::Place::START, Problem::NoFile));
        return None;
    };
    let doc = Doc::new(&file, &text);
    let mut lesson = read_root(&doc, |table| lesson_table(&table, folder)).flatten();
    found.extend(doc.into_diagnostics());
    if let Some(lesson) = &mut lesson {
        for lang in Lang::ALL {
            add_prose(source, folder, lang, lesson, found);
        }
        compare_parts(lesson, folder, found);
    }
    lesson.filter(|_| found.len() == before)
}

fn lesson_table(table: &Table<'_>, folder: &str) -> Option<Lesson> {
    table.need_format();
    let id = table.need_id();
    if !id.is_empty() && id != folder {
        table.get("id")?.report(Problem::IdIsNotFolder { id: id.clone(), folder: folder.to_owned() });
    }
    let minutes = table.need("minutes").and_then(|n| n.integer()).and_then(|n| u32::try_from(n).ok());
    let lesson = Lesson {
        id,
        title: table.need_text("title"),
        minutes: minutes.unwrap_or(0),
        requires: table.strings("requires").into_iter().map(|(id, _)| id).collect(),
        scenario: table.need_string("scenario"),
        clock: table.get("clock").and_then(|n| n.time()),
        opening: Text::default(),
        steps: table.tables("step").iter().filter_map(step).collect(),
        solutions: table.tables("solution").iter().map(solution).collect(),
        wrongs: table.tables("wrong").iter().map(wrong).collect(),
    };
    table.need("step");
    check_ids(table.doc, &lesson);
    check_links(table.doc, &lesson);
    Some(lesson)
}

fn step(table: &Table<'_>) -> Option<Step> {
    Some(Step {
        id: table.need_id(),
        at: table.place(),
        en: Default::default(),
        fr: Default::default(),
        goals: table.tables("goal").iter().map(read_goal).collect(),
        quizzes: table.tables("quiz").iter().filter_map(read_quiz).collect(),
        demo: table.get("demo").map(|n| n.list()).unwrap_or_default().iter().filter_map(Node::input).collect(),
        breaks: table.get("break").and_then(|n| n.table()).and_then(|t| broken(&t)),
        reflect: table
            .get("reflect")
            .and_then(|n| n.table())
            .map(|t| Reflect { ask: t.need_text("ask"), model: t.need_text("model") }),
        hints: table.tables("hint").iter().map(hint).collect(),
        solutions: table.tables("solution").iter().map(solution).collect(),
        wrongs: table.tables("wrong").iter().map(wrong).collect(),
        survives: table.tables("survives").iter().map(survivor).collect(),
    })
}

/// Reads one `[[step.goal]]`.
pub fn read_goal(table: &Table<'_>) -> Goal {
    let id = table.need_id();
    judged(table, id, table.own_text())
}

/// The keys that say what is judged and how: `fork` or `chaos`, `check`, `why`.
pub(super) fn judged(table: &Table<'_>, id: String, say: Text) -> Goal {
    let trial = trial(table);
    let why = table.get("why").and_then(|n| n.text());
    let check = table.need("check").and_then(|n| read_condition(&n));
    // A goal that cannot be read is kept by its id, so that nothing else seems to be missing.
    let (trial, check) = (trial.unwrap_or(Trial::None), check.unwrap_or(Condition::All(Vec::new())));
    Goal { id, at: table.place(), say, trial, check, why }
}

/// `fork` or `chaos`; neither: the machine is looked at as it is.
fn trial(table: &Table<'_>) -> Option<Trial> {
    match (table.get("fork"), table.get("chaos")) {
        (None, None) => Some(Trial::None),
        (Some(node), None) => fork(&node).map(Trial::Fork),
        (None, Some(node)) => read_chaos(&node).map(Trial::Chaos),
        (Some(_), Some(node)) => {
            node.report(Problem::ForkAndChaos);
            None
        }
    }
}

fn fork(node: &Node<'_>) -> Option<Fork> {
    let table = node.table()?;
    let actions = table.get("do").map(|n| n.list()).unwrap_or_default();
    let actions: Vec<_> = actions.iter().filter_map(Node::action).collect();
    let advance = table.get("advance").and_then(|n| n.duration());
    if actions.is_empty() && advance.is_none() {
        table.need("do");
    }
    Some(Fork { actions, advance: advance.unwrap_or_default() })
}

fn broken(table: &Table<'_>) -> Option<Break> {
    let (say, why) = (table.own_text(), table.need_text("why"));
    let check = table.need("check").and_then(|n| read_condition(&n));
    Some(Break { say, run: run(table), why, check: check? })
}

fn survivor(table: &Table<'_>) -> Survivor {
    let (mutant, because) = (table.need_string("mutant"), table.need_string("because"));
    Survivor { mutant, because, at: table.place() }
}

fn hint(table: &Table<'_>) -> Hint {
    Hint { when: table.get("when").and_then(|n| read_condition(&n)), say: table.own_text() }
}

fn run(table: &Table<'_>) -> Vec<super::action::Input> {
    table.need("run").map(|n| n.list()).unwrap_or_default().iter().filter_map(Node::input).collect()
}

fn solution(table: &Table<'_>) -> Solution {
    let explain = table.get("explain").and_then(|n| n.text());
    Solution { id: table.need_id(), at: table.place(), run: run(table), explain }
}

fn wrong(table: &Table<'_>) -> Wrong {
    table.need("fails");
    let fails = table.strings("fails").into_iter().map(|(id, _)| id).collect();
    Wrong { id: table.need_id(), at: table.place(), run: run(table), fails }
}

/// Ids are used once: steps, goals and quizzes in the lesson, solutions and wrong answers in their step.
fn check_ids(doc: &Doc<'_>, lesson: &Lesson) {
    let mut steps = BTreeSet::new();
    let mut parts = BTreeSet::new();
    let once = |set: &mut BTreeSet<String>, id: &str, at| {
        if !id.is_empty() && !set.insert(id.to_owned()) {
            doc.report_at(at, Problem::Duplicate(id.to_owned()));
        }
    };
    for step in &lesson.steps {
        once(&mut steps, &step.id, step.at);
        step.goals.iter().for_each(|g| once(&mut parts, &g.id, g.at));
        step.quizzes.iter().for_each(|q| once(&mut parts, &q.id, q.at));
        let mut runs = BTreeSet::new();
        step.solutions.iter().for_each(|s| once(&mut runs, &s.id, s.at));
        step.wrongs.iter().for_each(|w| once(&mut runs, &w.id, w.at));
    }
    let mut runs = BTreeSet::new();
    lesson.solutions.iter().for_each(|s| once(&mut runs, &s.id, s.at));
    lesson.wrongs.iter().for_each(|w| once(&mut runs, &w.id, w.at));
}

/// What `fails` and `answer` name exists, and a wrong answer fails on something.
fn check_links(doc: &Doc<'_>, lesson: &Lesson) {
    let all: Vec<&str> = lesson.steps.iter().flat_map(|s| &s.goals).map(|g| g.id.as_str()).collect();
    for step in &lesson.steps {
        let own: Vec<&str> = step.goals.iter().map(|g| g.id.as_str()).collect();
        step.wrongs.iter().for_each(|w| check_fails(doc, w, &own));
    }
    lesson.wrongs.iter().for_each(|w| check_fails(doc, w, &all));
    let quizzes: Vec<&str> = lesson.steps.iter().flat_map(|s| &s.quizzes).map(|q| q.id.as_str()).collect();
    for goal in lesson.steps.iter().flat_map(|s| &s.goals) {
        goal.check.quizzes(&mut |id| {
            if !quizzes.contains(&id) {
                let near = nearest(id, quizzes.iter().copied()).map(str::to_owned);
                doc.report_at(goal.at, Problem::NoSuch { what: Thing::Quiz, id: id.to_owned(), near });
            }
        });
    }
}

fn check_fails(doc: &Doc<'_>, wrong: &Wrong, goals: &[&str]) {
    for id in wrong.fails.iter().filter(|id| !goals.contains(&id.as_str())) {
        let near = nearest(id, goals.iter().copied()).map(str::to_owned);
        doc.report_at(wrong.at, Problem::NoSuch { what: Thing::Goal, id: id.clone(), near });
    }
}

/// Reads the prose in `lang` and hands each step its section. Sections and steps must be the same, in the same order.
fn add_prose(source: &dyn Source, folder: &str, lang: Lang, lesson: &mut Lesson, found: &mut Vec<Diagnostic>) {
    let file = format!("lessons/{folder}/{}.md", lang.code());
    let Some(text) = source.read(&file) else {
        found.push(Diagnostic::new(file, super::Place::START, Problem::NoFile));
        return;
    };
    let doc = Doc::new(&file, &text);
    let prose = read_prose(&doc);
    compare_sections(&doc, &prose, lesson);
    match lang {
        Lang::En => lesson.opening.en = prose.opening,
        Lang::Fr => lesson.opening.fr = prose.opening,
    }
    for section in prose.sections {
        if let Some(step) = lesson.steps.iter_mut().find(|s| s.id == section.id) {
            match lang {
                Lang::En => step.en = section,
                Lang::Fr => step.fr = section,
            }
        }
    }
    found.extend(doc.into_diagnostics());
}

/// Both languages tell the same parts of a step.
fn compare_parts(lesson: &Lesson, folder: &str, found: &mut Vec<Diagnostic>) {
    for step in &lesson.steps {
        for (lang, here, there) in [(Lang::En, &step.en, &step.fr), (Lang::Fr, &step.fr, &step.en)] {
            let missing = there.parts.iter().filter(|part| here.part(part.kind).is_none());
            found.extend(missing.filter(|_| !here.id.is_empty()).map(|part| {
                let fault = QuizFault::NoPart { step: step.id.clone(), part: part.kind.word() };
                Diagnostic::new(format!("lessons/{folder}/{}.md", lang.code()), here.at, Problem::Quiz(fault))
            }));
        }
    }
}

fn compare_sections(doc: &Doc<'_>, prose: &Prose, lesson: &Lesson) {
    let steps: Vec<&str> = lesson.steps.iter().map(|s| s.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    for section in &prose.sections {
        if !seen.insert(section.id.as_str()) {
            doc.report_at(section.at, Problem::Duplicate(section.id.clone()));
        } else if !steps.contains(&section.id.as_str()) {
            let near = nearest(&section.id, steps.iter().copied()).map(str::to_owned);
            doc.report_at(section.at, Problem::NoStep { section: section.id.clone(), near });
        }
    }
    let known = prose.sections.iter().filter(|s| steps.contains(&s.id.as_str()));
    let expected = steps.iter().filter(|s| seen.contains(*s));
    for (section, step) in known.zip(expected) {
        if section.id != *step {
            let (found, want) = (section.id.clone(), (*step).to_owned());
            doc.report_at(section.at, Problem::SectionOrder { found, want });
            break;
        }
    }
    for step in steps.iter().filter(|s| !seen.contains(*s)) {
        doc.report_at(doc.place(doc.text.len()), Problem::NoSection { step: (*step).to_owned() });
    }
}
