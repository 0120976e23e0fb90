//! A run or a solution as something to read or to watch: scenes first, then one of three forms.

mod asciicast;
mod html;
mod markdown;

pub use asciicast::asciicast;
pub use html::html;
pub use markdown::markdown;

use super::content::action::Input;
use super::content::lesson::{Lesson, Step};
use super::content::prose::Section;
use super::progress::{Event, Way};
use super::session::Session;
use super::student::Student;
use super::text::Lang;
use crate::shell::console::plain;
use crate::world::Time;

/// What happened between two looks at the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// When, on the machine's clock.
    pub at: Time,
    /// What.
    pub what: What,
}

/// One thing that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A step begins.
    Step(String),
    /// Something was typed at a prompt, and the terminal showed something for it.
    Typed {
        /// The prompt.
        prompt: String,
        /// The line.
        line: String,
        /// What came, with the control characters of a terminal.
        shown: String,
    },
    /// A word of the coach, such as `:undo`.
    Word(String),
    /// A goal that is met now, or no longer.
    Goal {
        /// What is asked.
        say: String,
        /// Whether it is met.
        met: bool,
    },
    /// A question was answered.
    Answered {
        /// The question.
        ask: String,
        /// Whether rightly.
        right: bool,
    },
}

fn section(step: &Step, lang: Lang) -> &Section {
    match lang {
        Lang::En => &step.en,
        Lang::Fr => &step.fr,
    }
}

/// What the first solutions of every step, played one after the other, would have left in the progress file.
pub fn solved(lesson: &Lesson, machine: &Student) -> Vec<Event> {
    let mut session = Session::open_quietly(lesson.clone(), machine.clone());
    for (n, step) in lesson.steps.iter().enumerate() {
        if n > 0 {
            session.go_to(&step.id);
        }
        for input in step.solutions.first().map(|solution| solution.run.as_slice()).unwrap_or_default() {
            session.input(input);
        }
    }
    session.log()
}

/// Lives `events` again on `machine` and tells it in `lang`.
pub fn scenes(lesson: &Lesson, machine: Student, events: &[Event], lang: Lang) -> Vec<Scene> {
    let mut session = Session::open(lesson.clone(), machine);
    session.machine_mut().take_output();
    let mut scenes = Vec::new();
    let tell = |session: &Session<Student>, what| Scene { at: session.machine().vps.now(), what };
    let title = |session: &Session<Student>| session.step().map(|step| What::Step(section(step, lang).title.clone()));
    scenes.extend(title(&session).map(|what| tell(&session, what)));
    for (n, event) in events.iter().enumerate() {
        let before: Vec<bool> = session.outcomes().iter().map(|outcome| outcome.is_met()).collect();
        let step = session.step_number();
        let prompt = plain(&session.machine().last_line());
        if let Some(at) = event.at() {
            session.wait_until(at);
        }
        let at = session.machine().vps.now();
        let Some(shown) = session.again(events, n) else { break };
        scenes.extend(told(&session, event, prompt, shown, lang).map(|what| Scene { at, what }));
        if session.step_number() != step {
            scenes.extend(title(&session).map(|what| tell(&session, what)));
            continue;
        }
        let goals = session.step().map(|step| step.goals.as_slice()).unwrap_or_default();
        for ((goal, outcome), before) in goals.iter().zip(session.outcomes()).zip(before) {
            if outcome.is_met() != before {
                let what = What::Goal { say: goal.say.get(lang).to_owned(), met: outcome.is_met() };
                scenes.push(tell(&session, what));
            }
        }
    }
    scenes
}

fn told(session: &Session<Student>, event: &Event, prompt: String, shown: String, lang: Lang) -> Option<What> {
    match event {
        Event::Input { input: Input::Type(line), .. } => Some(What::Typed { prompt, line: line.clone(), shown }),
        Event::Input { input, .. } => Some(What::Typed { prompt, line: input.typed(), shown }),
        Event::Travel { way, .. } => Some(What::Word(match way {
            Way::Undo => ":undo".to_owned(),
            Way::Redo => ":redo".to_owned(),
            Way::Reset => ":reset".to_owned(),
            Way::Save(name) => format!(":save {name}"),
            Way::Load(name) => format!(":load {name}"),
        })),
        Event::Answer { quiz, right, .. } => {
            let ask = session.lesson().quiz(quiz)?.ask.get(lang).to_owned();
            Some(What::Answered { ask, right: *right })
        }
        Event::Hint => Some(What::Word(":hint".to_owned())),
        Event::Solution => Some(What::Word(":solution".to_owned())),
        Event::Reflect(_) | Event::Step(_) | Event::Done(_) => None,
    }
}

/// What was shown for a line, without control characters and without the prompt that came back.
fn printed(shown: &str) -> String {
    let plain = plain(shown);
    plain.rfind('\n').map_or(String::new(), |end| plain[..end].to_owned())
}
