//! The machine live: what it prints while a line is typed and while a program runs, and what happens on it meanwhile.

use std::collections::BTreeMap;

use super::learn::{Learn, Left};
use super::line::{Asked, Attendant, Question};
use super::reader::Typed;
use super::terminal::{self, Foreground, Pace, Ran};
use super::timeline::Depth;
use super::view::View;
use super::words;
use crate::commands::net::redis::queues;
use crate::lesson::content::action::Input;
use crate::lesson::news::{Happened, Mark};
use crate::lesson::session::Session;
use crate::lesson::student::Student;
use crate::shell::complete;
use crate::shell::marks::{self, Mark as Kind};
use crate::vps::{LoginError, Vps};
use crate::world::{Duration, Time};

/// What is on the screen of the machine's terminal and behind it.
#[derive(Default)]
pub struct Live {
    /// The prompt that was shown last: what a job in the background prints pushes it off the machine's own last line.
    prompt: Option<(String, String)>,
    /// What stands on the next line before anything is typed.
    begun: String,
    /// What was printed and has no newline yet.
    held: String,
    /// How the machine stood when its news were told last.
    mark: Option<Mark>,
    /// How deep each queue was, whenever it changed.
    pub(super) depths: BTreeMap<String, Vec<Depth>>,
    /// Whether it was said which keys work while a program runs.
    keys_told: bool,
}

/// In how many steps `:advance` is shown, at most.
const STEPS: u32 = 200;
/// How many news one line names.
const NAMED: usize = 3;
/// How many lines of news `:advance` shows.
const TOLD: usize = 12;

/// How many changes of a queue are kept.
const DEPTHS: usize = 5000;

impl Live {
    /// Notes how deep the queues are, where that changed.
    fn sound(&mut self, vps: &Vps) {
        for (name, depth) in queues(&vps.world) {
            let depths = self.depths.entry(name).or_default();
            if depths.last().is_none_or(|last| last.1 != depth) && depths.len() < DEPTHS {
                depths.push((vps.now(), depth));
            }
        }
    }
}

/// Somebody types, and time passes on the machine.
struct Waiting<'w> {
    session: &'w mut Session<Student>,
    pace: &'w mut Pace,
    live: &'w mut Live,
    view: &'w View,
    inside: bool,
}

impl Attendant for Waiting<'_> {
    fn answer(&mut self, question: Question) {
        let student = self.session.machine();
        let Some(shell) = student.shell() else { return };
        // Whoever asked may be gone; then nobody misses the answer.
        match question {
            Question::Complete(line, reply) => {
                let _ = reply.send(complete::complete(&student.vps, shell, &line));
            }
            Question::Paint(line, reply) => {
                let known = |span: std::ops::Range<usize>| complete::is_command(&student.vps, shell, &line[span]);
                let pieces = marks::mark(&line).pieces;
                let told = pieces.into_iter().map(|(span, kind)| {
                    let known = kind != Kind::Command || known(span.clone());
                    ((span, kind), known)
                });
                let _ = reply.send(told.collect());
            }
            Question::Usage(line, reply) => {
                let _ = reply.send(complete::usage(&line));
            }
        }
    }

    fn tick(&mut self) -> Option<String> {
        let now = self.pace.catch_up(self.session.machine().vps.now());
        self.session.wait_until(now);
        let student = self.session.machine_mut();
        let fresh = student.take_output();
        let quiet = fresh.is_empty();
        self.live.held.push_str(&fresh);
        // A line that is not finished is waited for, but not for long.
        let cut = if quiet { self.live.held.len() } else { self.live.held.rfind('\n').map_or(0, |at| at + 1) };
        let mut text: String = self.live.held.drain(..cut).collect();
        if std::mem::replace(&mut self.inside, student.is_inside()) && !self.inside {
            for line in self.view.lines(words::CLOSED).into_iter().chain(self.view.lines(words::LOG_IN_AGAIN)) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        (!text.is_empty()).then_some(text)
    }
}

impl Learn<'_> {
    /// Reads a line at the machine's prompt; meanwhile time passes there as it does here.
    pub(super) fn read(&mut self, inside: bool) -> Typed {
        self.fit();
        let asked = self.asked(inside);
        self.live.mark.get_or_insert_with(|| Mark::of(&self.session.machine().vps));
        let mut waiting = Waiting {
            session: &mut self.session,
            pace: &mut self.pace,
            live: &mut self.live,
            view: &self.view,
            inside,
        };
        waiting.pace.catch_up(waiting.session.machine().vps.now());
        let typed = self.reader.read(asked, &mut waiting);
        if let Some(text) = waiting.tick() {
            super::screen::put(&text);
        }
        typed
    }

    /// Takes the size that the host's terminal has now.
    fn fit(&mut self) {
        let (columns, rows) = super::screen::size();
        if self.reader.is_person() && self.view.width != columns {
            self.view.width = columns;
            let cells = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
            self.session.machine_mut().resize(cells(columns), cells(rows));
        }
    }

    fn asked(&mut self, inside: bool) -> Asked {
        let student = self.session.machine();
        let fresh = terminal::prompt(student);
        if !fresh.0.trim().is_empty() || self.live.prompt.is_none() {
            self.live.prompt = Some(fresh);
        }
        let mut prompt = self.live.prompt.clone().unwrap_or_default();
        if !inside {
            prompt = (self.view.margin_plain().to_owned(), self.view.margin());
        }
        let (number, count) = student.terminal();
        if count > 1 {
            prompt = (format!("[{number}] {}", prompt.0), format!("[{number}] {}", prompt.1));
        }
        Asked {
            prompt,
            begun: std::mem::take(&mut self.live.begun),
            file: false,
            shell: student.is_at_shell(),
            commands: self.view.commands.borrow().clone(),
        }
    }

    /// Types into the machine and shows what comes.
    pub(super) fn give(&mut self, input: &Input) -> Option<Left> {
        let mark = Mark::of(&self.session.machine().vps);
        self.live.mark = Some(mark);
        self.live.prompt = None;
        self.session.begin(input);
        if !self.session.machine().is_inside() && matches!(input, Input::Type(_)) {
            self.log_in();
            let changes = self.session.finish();
            self.after_change(&changes);
            return None;
        }
        let student = self.session.machine_mut();
        match input {
            Input::Type(line) => student.enter(line),
            Input::Interrupt => student.type_text("\x03"),
            Input::EndOfFile => student.type_text("\x04"),
            Input::Suspend => student.type_text("\x1a"),
            Input::Terminal(number) => return self.sit_at(*number),
            Input::Edit(written) => student.leave_editor(written.as_deref()),
            Input::Drop => student.cut(),
            Input::Reboot => student.reboot(),
            Input::Advance(time) => self.pass(*time),
        }
        self.watch(Some(input))
    }

    /// Shows what the machine prints until it waits for input. Goals are judged again at the end, and from time to time
    /// while a program runs in the foreground; keys are heard meanwhile.
    pub(super) fn watch(&mut self, input: Option<&Input>) -> Option<Left> {
        let mut foreground = Foreground::default();
        let mut ticks = 0;
        loop {
            let ran = foreground.run(self.session.machine_mut(), &mut self.pace);
            if ran == Ran::Skip {
                self.skip();
                continue;
            }
            if !matches!(ran, Ran::Tick) {
                // The keyboard goes back to whoever reads the next line.
                foreground = Foreground::default();
            }
            if let (Ran::Closed, Some(input)) = (&ran, input) {
                self.closed(input);
            }
            if ran == Ran::Edit {
                return self.edit();
            }
            let changes = self.session.finish();
            if matches!(ran, Ran::Ready | Ran::Closed) && !matches!(input, Some(Input::Advance(_))) {
                self.tell_news();
            }
            self.after_change(&changes);
            if let (Ran::Ready, Some(Input::Type(line))) = (&ran, input) {
                self.look_over(line, !changes.is_empty());
            }
            return match ran {
                Ran::Tick | Ran::Skip => {
                    ticks += 1;
                    if ticks == 3 && !std::mem::replace(&mut self.live.keys_told, true) {
                        self.view.quiet(&words::KEYS.get(self.view.lang));
                    }
                    continue;
                }
                Ran::Key(input) => self.give(&input),
                // Enter alone makes room on the screen, as people do who watch a log, until the step is done.
                Ran::Typed(line) if line.is_empty() && !self.can_go_on() => continue,
                Ran::Typed(line) => match self.line(&line, true) {
                    None if self.session.machine().is_inside() && !self.session.machine().waits() => continue,
                    left => left,
                },
                Ran::Gone => Some(Left::Quit),
                Ran::Ready | Ran::Closed | Ran::Running | Ran::Edit => None,
            };
        }
    }

    /// Skips ahead to what the foreground prints next.
    fn skip(&mut self) {
        let student = self.session.machine_mut();
        let before = student.vps.now();
        student.skip(terminal::SKIP);
        let passed = student.vps.now().since(before);
        let clock = student.vps.now().strftime("%H:%M:%S");
        terminal::show(student);
        let span = crate::lesson::content::measure::Span(Duration::from_secs(passed.as_secs())).to_string();
        if passed >= Duration::from_secs(1) {
            self.view.quiet(&words::SKIPPED_AHEAD.with(self.view.lang, &[&span, &clock]));
        }
    }

    /// Lets time pass and tells what happens as it happens.
    fn pass(&mut self, time: Duration) {
        let end = self.session.machine().vps.now() + time;
        let step = (time / STEPS).max(Duration::from_secs(1));
        let mut mark = Mark::of(&self.session.machine().vps);
        let (mut told, mut untold) = (0, 0);
        let mut bar = super::progress::Bar::new(self.pace.is_person() && !self.view.plain);
        while self.session.machine().vps.now() < end {
            let student = self.session.machine_mut();
            let now = student.vps.now();
            student.vps.advance(step.min(end.since(now)));
            let text = student.take_output();
            let vps = &self.session.machine().vps;
            let news = mark.news(vps);
            bar.show(vps.now().since(now) + time.saturating_sub(end.since(now)), time);
            if text.is_empty() && news.is_empty() {
                continue;
            }
            mark = Mark::of(vps);
            self.live.sound(vps);
            bar.clear();
            super::screen::put(&text);
            for happened in news {
                if told < TOLD {
                    self.view.happened(&happened);
                    told += 1;
                } else {
                    untold += 1;
                }
            }
        }
        bar.clear();
        if untold > 0 {
            self.view.quiet(&words::AND_MORE.with(self.view.lang, &[&untold.to_string()]));
        }
        self.live.mark = Some(mark);
    }

    /// One quiet line about what happened by itself since the last line was typed.
    fn tell_news(&mut self) {
        let vps = &self.session.machine().vps;
        self.live.sound(vps);
        let Some(mark) = self.live.mark.replace(Mark::of(vps)) else { return };
        let news = mark.news(vps);
        self.view.news(&latest(news));
    }

    /// The terminal is gone: after a word of the coach's a new one is opened, otherwise the student is asked.
    fn closed(&mut self, input: &Input) {
        if matches!(input, Input::Drop | Input::Reboot) {
            self.log_in();
            return;
        }
        self.view.say(words::CLOSED);
        self.view.say(words::LOG_IN_AGAIN);
    }

    fn log_in(&mut self) {
        let student = self.session.machine_mut();
        let user = student.user().to_owned();
        let entered = student.log_in();
        self.entered(&user, entered);
    }

    fn entered(&mut self, user: &str, entered: Result<(), LoginError>) {
        match entered {
            Ok(()) => terminal::show(self.session.machine_mut()),
            Err(LoginError::NoUser | LoginError::NoShell) => self.view.say_with(words::NO_USER, &[user]),
            Err(_) => self.view.say(words::REFUSED),
        }
    }

    /// `:term`: opens a terminal or goes to one.
    pub(super) fn term(&mut self, rest: &str) -> Option<Left> {
        let (_, count) = self.session.machine().terminal();
        let number = if rest.is_empty() { Some(count + 1) } else { rest.parse().ok() };
        match number {
            Some(number) if (1..=count + 1).contains(&number) => self.give(&Input::Terminal(number)),
            _ => {
                self.view.say_with(words::NO_TERMINAL, &[&count.to_string()]);
                None
            }
        }
    }

    /// `:type`: the command with this number stands on the next line.
    pub(super) fn type_command(&mut self, rest: &str) {
        let commands = self.view.commands.borrow();
        let found = rest.parse::<usize>().ok().and_then(|n| commands.get(n.checked_sub(1)?)).cloned();
        let count = commands.len().to_string();
        drop(commands);
        match found {
            Some(command) => self.live.begun = command,
            None => self.view.say_with(words::NO_COMMAND, &[&count]),
        }
    }

    /// Goes to another terminal, or opens one.
    fn sit_at(&mut self, number: usize) -> Option<Left> {
        let student = self.session.machine_mut();
        let user = student.user().to_owned();
        let before = student.terminal();
        match student.switch(number) {
            Ok(false) => self.view.say_with(words::NO_TERMINAL, &[&before.1.to_string()]),
            entered => {
                self.view.rule(&words::TERMINAL.with(self.view.lang, &[&number.to_string()]));
                self.entered(&user, entered.map(|_| ()));
            }
        }
        self.watch(None)
    }
}

/// The last news of each kind, the oldest first, as many as one line names.
fn latest(mut news: Vec<Happened>) -> Vec<Happened> {
    let from = news.len().saturating_sub(NAMED);
    news.drain(..from);
    news
}

/// The time of day on the machine.
pub fn clock(at: Time) -> String {
    at.strftime("%H:%M:%S")
}
