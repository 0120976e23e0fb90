//! Opening the course: which lesson, in which language, from where it was left; and a machine without lessons.

use std::error::Error;
use std::io::IsTerminal;
use std::process::ExitCode;

use super::learn::{Learn, Left};
use super::reader::Reader;
use super::store::Store;
use super::view::View;
use super::{args::Args, clock, keyboard, screen, source, words};
use crate::lesson::content::course::{Loaded, load_course};
use crate::lesson::content::lesson::Lesson;
use crate::lesson::content::scenario::Scenario;
use crate::lesson::progress::Progress;
use crate::lesson::review::schedule;
use crate::lesson::session::Session;
use crate::lesson::student::Student;
use crate::lesson::text::{Lang, Text};
use crate::lesson::workshop;
use crate::shell::{TRANSCRIPT_CLOCK, baseline};
use crate::vps::Vps;

/// The language: asked for, chosen before, or that of the host's locale; English otherwise.
pub fn language(asked: Option<&str>, store: Option<&Store>) -> Result<Lang, String> {
    if let Some(asked) = asked {
        return Lang::of_locale(asked).ok_or_else(|| format!("there is no language {asked:?}: use fr or en"));
    }
    let kept = store.and_then(Store::language);
    let locale =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    Ok(kept.or(locale).and_then(|name| Lang::of_locale(&name)).unwrap_or(Lang::En))
}

/// Whether to speak to a screen reader: asked for.
pub fn plain(args: &Args) -> bool {
    args.plain
}

/// The course without errors, or all of them in words.
pub fn load(args: &Args) -> Result<Loaded, String> {
    let loaded = load_course(source::open(args.course.as_ref()).as_ref());
    if loaded.found.is_empty() && loaded.course.is_some() {
        return Ok(loaded);
    }
    let lang = language(args.lang.as_deref(), None)?;
    let lines: Vec<String> = loaded.found.iter().map(|d| d.line(lang)).collect();
    Err(format!("the course cannot be opened\n{}", lines.join("\n")))
}

/// How many lines the first step of a lesson takes, about.
const STEP_LINES: usize = 16;

/// Opens the course where it was left, or at `wanted`.
pub fn learn(args: &Args, wanted: Option<&str>) -> Result<ExitCode, Box<dyn Error>> {
    let loaded = load(args)?;
    let course = loaded.course.clone().unwrap_or_default();
    let store = Store::open(&course.id)?;
    let view = View::new(language(args.lang.as_deref(), Some(&store))?, screen::size().0, plain(args));
    let found = store.load()?;
    let mut progress = found.progress;
    let mut wanted = wanted.map(str::to_owned);
    let person = std::io::stdin().is_terminal();
    keyboard::catch_interrupts();
    let mut reader = Reader::new(person, Some(&store.history()), plain(args));
    if let Some((line, copy)) = found.damaged {
        view.say_with(words::PROGRESS_CUT, &[&line.to_string(), &copy.display().to_string()]);
    }
    let mut lang = view.lang;
    loop {
        let Some(lesson) = choose(&loaded, &progress, wanted.take().as_deref())? else {
            let view = View::new(lang, screen::size().0, plain(args));
            view.say(words::COURSE_DONE);
            break;
        };
        let view = View::new(lang, screen::size().0, plain(args));
        let top = screen::lines();
        if progress.done.is_empty() && progress.runs.is_empty() {
            view.say(if view.plain { words::HELLO_PLAIN } else { words::HELLO });
            view.line("");
        }
        let lessons: Vec<&Lesson> = loaded.lessons.iter().collect();
        view.map(&course.title, &lessons, |id| progress.done.contains(id), &lesson.id);
        let scenario = scenario_of(&loaded, lesson)?;
        let session = resume(lesson, scenario, &progress, &view);
        // Story and first step on one screen, or one after the other.
        let written = screen::lines() - top;
        if person && written > 8 && written + STEP_LINES > screen::size().1 {
            reader.answer(&format!("{}{} ", view.margin_plain(), words::GO_ON.get(lang)));
        }
        let mut learn = Learn::new(session, view, &mut reader, scenario.seed);
        learn.store = Some((&store, &mut progress));
        let left = learn.run()?;
        lang = learn.view.lang;
        if left == Left::Quit {
            break;
        }
        progress.done.insert(lesson.id.clone());
        schedule(&mut progress, &loaded.lessons, clock::today()?);
        store.save(&progress)?;
    }
    reader.save_history(&store.history());
    View::new(lang, screen::size().0, plain(args)).say(words::GOODBYE);
    Ok(ExitCode::SUCCESS)
}

/// The lesson asked for; else the one that was left last; else the first that is not done.
fn choose<'l>(loaded: &'l Loaded, progress: &Progress, wanted: Option<&str>) -> Result<Option<&'l Lesson>, String> {
    let by_id = |id: &str| loaded.lessons.iter().find(|lesson| lesson.id == id);
    if let Some(id) = wanted {
        return by_id(id).map(Some).ok_or_else(|| {
            let known: Vec<&str> = loaded.lessons.iter().map(|lesson| lesson.id.as_str()).collect();
            format!("there is no lesson {id:?}: there are {}", known.join(", "))
        });
    }
    let left = progress.runs.iter().rev().filter(|run| !run.is_done()).find_map(|run| by_id(&run.lesson));
    Ok(left.or_else(|| loaded.lessons.iter().find(|lesson| !progress.done.contains(&lesson.id))))
}

fn scenario_of<'l>(loaded: &'l Loaded, lesson: &Lesson) -> Result<&'l Scenario, String> {
    loaded.scenarios.get(&lesson.scenario).ok_or_else(|| format!("there is no scenario {:?}", lesson.scenario))
}

/// The lesson as it was left: its machine is made anew and everything typed is typed again.
fn resume(lesson: &Lesson, scenario: &Scenario, progress: &Progress, view: &View) -> Session<Student> {
    let mut machine = workshop::open(scenario, lesson.clock.unwrap_or(scenario.clock), scenario.seed);
    machine.resize(u16::try_from(view.width).unwrap_or(u16::MAX), 50);
    match progress.run(&lesson.id).filter(|run| !run.events.is_empty() && !run.is_done()) {
        Some(run) => Session::replay(lesson.clone(), machine, &run.events),
        None => {
            view.text(&lesson.opening);
            Session::open(lesson.clone(), machine)
        }
    }
}

/// The machine of a scenario, or the baseline.
pub fn machine(args: &Args, scenario: Option<&str>) -> Result<Vps, Box<dyn Error>> {
    let Some(id) = scenario else { return Ok(baseline(TRANSCRIPT_CLOCK, 1)) };
    let loaded = load(args)?;
    let scenario = named(&loaded, id)?;
    Ok(workshop::open(scenario, scenario.clock, scenario.seed).vps)
}

/// The scenario with this id, or which there are.
fn named<'l>(loaded: &'l Loaded, id: &str) -> Result<&'l Scenario, String> {
    loaded.scenarios.get(id).ok_or_else(|| {
        let known: Vec<&str> = loaded.scenarios.keys().map(String::as_str).collect();
        format!("there is no scenario {id:?}: there are {}", known.join(", "))
    })
}

/// A machine to oneself: `concierge play`.
pub fn play(args: &Args, wanted: Option<&str>) -> Result<ExitCode, Box<dyn Error>> {
    let loaded = load(args)?;
    let scenario = match wanted {
        Some(id) => named(&loaded, id)?,
        None => loaded.scenarios.values().next().ok_or("the course has no scenario")?,
    };
    let store = Store::open("play")?;
    let view = View::new(language(args.lang.as_deref(), Some(&store))?, screen::size().0, plain(args));
    keyboard::catch_interrupts();
    let mut reader = Reader::new(std::io::stdin().is_terminal(), Some(&store.history()), plain(args));
    view.say(words::PLAY);
    let session = Session::open(free(scenario), workshop::open(scenario, scenario.clock, scenario.seed));
    Learn::new(session, view, &mut reader, scenario.seed).run()?;
    reader.save_history(&store.history());
    Ok(ExitCode::SUCCESS)
}

/// A lesson in which nothing is asked.
fn free(scenario: &Scenario) -> Lesson {
    Lesson {
        id: scenario.id.clone(),
        title: scenario.title.clone(),
        minutes: 0,
        requires: Vec::new(),
        scenario: scenario.id.clone(),
        clock: None,
        opening: Text::default(),
        steps: Vec::new(),
        solutions: Vec::new(),
        wrongs: Vec::new(),
    }
}

/// The lessons and scenarios by id: `concierge list`.
pub fn list(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let loaded = load(args)?;
    let lang = language(args.lang.as_deref(), None)?;
    for lesson in &loaded.lessons {
        super::screen::line(&format!("{}  {} ({} min)", lesson.id, lesson.title.get(lang), lesson.minutes));
    }
    for scenario in loaded.scenarios.values() {
        super::screen::line(&format!("{}  {}", scenario.id, scenario.title.get(lang)));
    }
    Ok(ExitCode::SUCCESS)
}
