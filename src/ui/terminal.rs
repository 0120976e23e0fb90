//! The student's terminal live: what the machine prints appears as it prints it, time passes as it does for a person,
//! and keys reach what runs in the foreground.

use std::time::Instant;

use super::keyboard::{Key, Keyboard};
use super::screen;
use crate::lesson::content::action::Input;
use crate::lesson::student::Student;
use crate::vps::Pause;
use crate::world::{Duration, Time};

/// How much of the machine's time is played at once while a program runs in the foreground.
const SLICE: Duration = Duration::from_millis(50);
/// How many slices pass between two looks at the goals.
const TICK: u32 = 20;
/// How much faster time passes while the foreground does nothing but sleep.
const HURRY: u32 = 20;
/// How long what a pipe feeds may run in the foreground before the next line is read.
const UNATTENDED: Duration = Duration::from_secs(60);
/// How far a key skips ahead at most when nothing is printed.
pub const SKIP: Duration = Duration::from_secs(3600);

/// The clock of a person: how much of the machine's time belongs to the time that passed here.
pub struct Pace {
    last: Instant,
    person: bool,
}

impl Pace {
    /// A pace that begins now. Without a person no time passes between two lines.
    pub fn new(person: bool) -> Pace {
        Pace { last: Instant::now(), person }
    }

    /// Whether a person sits there.
    pub fn is_person(&self) -> bool {
        self.person
    }

    /// What the machine's clock shows now, seen that it showed `then` when this was last asked.
    pub fn catch_up(&mut self, then: Time) -> Time {
        let passed = self.last.elapsed();
        self.last = Instant::now();
        if self.person { then + passed } else { then }
    }
}

/// What happened while a line was at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ran {
    /// The prompt, or another program that reads, waits for a line.
    Ready,
    /// The terminal is gone.
    Closed,
    /// A program wants a file edited.
    Edit,
    /// A key for the machine: Ctrl-C, Ctrl-Z, Ctrl-D.
    Key(Input),
    /// A line was typed while a program runs in the foreground: for the coach, or for that program.
    Typed(String),
    /// A key that asks to skip ahead.
    Skip,
    /// A program runs in the foreground, and the next line of the script may be read.
    Running,
    /// A program has been running in the foreground for a moment: time to see what it has changed.
    Tick,
    /// The host's terminal is gone.
    Gone,
}

/// Somebody's keyboard while programs run in the foreground; it is taken only once one runs for longer than a moment.
#[derive(Default)]
pub struct Foreground {
    keyboard: Option<Keyboard>,
    /// What was typed so far.
    line: String,
}

impl Foreground {
    /// Prints what the machine prints until it waits for input. The unfinished last line is left to the prompt.
    pub fn run(&mut self, student: &mut Student, pace: &mut Pace) -> Ran {
        let limit = student.vps.now() + UNATTENDED;
        for _ in 0..TICK {
            let until = if pace.person { student.vps.now() + slice(student) } else { limit };
            let pause = student.run_until(until);
            show(student);
            match pause {
                Pause::Input => return Ran::Ready,
                Pause::Edit => return Ran::Edit,
                Pause::Closed => return Ran::Closed,
                Pause::Limit if !pace.person => return Ran::Running,
                Pause::Limit => {}
            }
            let keyboard = self.keyboard.get_or_insert_with(|| Keyboard::open(pace.person));
            let keys = keyboard.keys(SLICE);
            pace.last = Instant::now();
            if let Some(ran) = keys.into_iter().find_map(|key| self.key(key)) {
                return ran;
            }
        }
        Ran::Tick
    }

    fn key(&mut self, key: Key) -> Option<Ran> {
        match key {
            Key::Gone => return Some(Ran::Gone),
            Key::Control('c') => return self.signal("^C", Input::Interrupt),
            Key::Control('z') => return self.signal("^Z", Input::Suspend),
            Key::Control('d') if self.line.is_empty() => return Some(Ran::Key(Input::EndOfFile)),
            Key::Char(' ') | Key::Right if self.line.is_empty() => return Some(Ran::Skip),
            Key::Char(c) => {
                self.line.push(c);
                screen::put(c.encode_utf8(&mut [0; 4]));
            }
            Key::Backspace if self.line.pop().is_some() => screen::put("\x08 \x08"),
            Key::Enter => {
                screen::put("\n");
                return Some(Ran::Typed(std::mem::take(&mut self.line)));
            }
            _ => {}
        }
        None
    }

    fn signal(&mut self, shown: &str, input: Input) -> Option<Ran> {
        self.line.clear();
        screen::put(shown);
        Some(Ran::Key(input))
    }
}

/// How much to play at once: more while nothing in the foreground but `sleep` waits.
fn slice(student: &Student) -> Duration {
    let asleep = student.foreground().iter().any(|name| name == "sleep");
    if asleep { SLICE * HURRY } else { SLICE }
}

/// Prints what is new but the last line, when that is a prompt.
pub fn show(student: &mut Student) {
    let text = student.take_output();
    let waiting = student.waits();
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    // What wipes the screen is no part of the prompt that follows it.
    let wiped = ["\x1b[2J", "\x1b[3J"].iter().filter_map(|wipe| Some(text.rfind(wipe)? + wipe.len())).max();
    let cut = if waiting { line.max(wiped.unwrap_or(0)) } else { text.len() };
    screen::put(&text[..cut]);
}

/// The prompt that the machine shows, the last line of its terminal: as it is measured and as it is shown.
pub fn prompt(student: &Student) -> (String, String) {
    let line = student.last_line();
    let plain = crate::shell::console::plain(&line);
    let colours = colored::control::SHOULD_COLORIZE.should_colorize();
    let shown = if colours { without_titles(&line) } else { plain.clone() };
    (plain, shown)
}

/// A prompt without what is no colour: the window's title, carriage returns.
fn without_titles(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\x1b') {
        out.push_str(&rest[..at]);
        let sequence = &rest[at + 1..];
        let (keep, length) = match sequence.chars().next() {
            Some(']') => (false, sequence.find(['\x07', '\x1b']).map_or(sequence.len(), |n| n + 1)),
            Some('[') => {
                let end = sequence[1..].find(|c: char| c.is_ascii_alphabetic()).map_or(sequence.len(), |n| n + 2);
                (sequence[..end].ends_with('m'), end)
            }
            other => (false, other.map_or(0, char::len_utf8)),
        };
        if keep {
            out.push('\x1b');
            out.push_str(&sequence[..length]);
        }
        rest = &sequence[length..];
    }
    out.push_str(rest);
    out.replace('\r', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_vanish_and_colours_stay() {
        assert_eq!(without_titles("\x1b]0;t\x07\x1b[01;32ma\x1b[00m$ \x1b[K"), "\x1b[01;32ma\x1b[00m$ ");
        assert_eq!(without_titles("\x1b"), "");
        assert_eq!(without_titles("a\x1bé"), "a");
    }
}
