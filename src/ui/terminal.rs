//! The student's terminal live: what the machine prints appears as it prints it, time passes as it does for a person,
//! and Ctrl-C reaches what runs in the foreground.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Instant;

use crate::lesson::student::Student;
use crate::vps::Pause;
use crate::world::{Duration, Time};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// How much of the machine's time is played at once while a program runs in the foreground.
const SLICE: Duration = Duration::from_millis(50);
/// How many slices pass between two looks at the goals.
const TICK: u32 = 20;
/// How much faster time passes while the foreground does nothing but sleep.
const HURRY: u32 = 20;
/// How long what a pipe feeds may run in the foreground before the next line is read.
const UNATTENDED: Duration = Duration::from_secs(60);

/// From now on Ctrl-C does not end this process but is given to the machine.
pub fn catch_interrupts() {
    // Fails only when a handler is set already; then it is this one.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst));
}

/// What was interrupted before is not interrupted again.
pub fn forget_interrupts() {
    INTERRUPTED.store(false, Ordering::SeqCst);
}

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
    /// Ctrl-C: it is to be given to the machine.
    Interrupted,
    /// A line was typed while a program runs in the foreground: for the coach, or for that program.
    Typed(String),
    /// A program runs in the foreground, and the next line of the script may be read.
    Running,
    /// A program has been running in the foreground for a moment: time to see what it has changed.
    Tick,
}

/// Prints what the machine prints until it waits for input. The unfinished last line is left to the prompt.
pub fn run(student: &mut Student, pace: &mut Pace) -> Ran {
    let limit = student.vps.now() + UNATTENDED;
    for _ in 0..TICK {
        let until = if pace.person { student.vps.now() + slice(student) } else { limit };
        let pause = student.run_until(until);
        show(student);
        match pause {
            Pause::Input => return Ran::Ready,
            Pause::Closed => return Ran::Closed,
            Pause::Limit if !pace.person => return Ran::Running,
            Pause::Limit => sleep(SLICE),
        }
        if INTERRUPTED.swap(false, Ordering::SeqCst) {
            return Ran::Interrupted;
        }
        if let Some(line) = typed_meanwhile() {
            return Ran::Typed(line);
        }
        pace.last = Instant::now();
    }
    Ran::Tick
}

/// A line that the person typed while nothing asked for one. Where the host cannot tell, only Ctrl-C is heard.
#[cfg(unix)]
fn typed_meanwhile() -> Option<String> {
    use rustix::event::{PollFd, PollFlags, poll};
    let stdin = io::stdin();
    let mut waiting = [PollFd::new(&stdin, PollFlags::IN)];
    let at_once = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut waiting, Some(&at_once)).ok().filter(|ready| *ready > 0)?;
    // Byte by byte: what follows the line belongs to whoever reads next.
    let (mut line, mut byte) = (Vec::new(), [0]);
    while rustix::io::read(&stdin, &mut byte) == Ok(1) && byte != *b"\n" {
        line.push(byte[0]);
    }
    let ended = byte == [0] && line.is_empty();
    Some(if ended { "\x04".to_owned() } else { String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned() })
}

#[cfg(not(unix))]
fn typed_meanwhile() -> Option<String> {
    None
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
    let cut = if waiting { text.rfind('\n').map_or(0, |at| at + 1) } else { text.len() };
    let mut out = io::stdout();
    let _ = out.write_all(&text.as_bytes()[..cut]);
    let _ = out.flush();
}

/// The prompt that the machine shows: the last line of its terminal, without the marks that only a terminal reads.
pub fn prompt(student: &Student) -> String {
    crate::shell::console::plain(&student.last_line())
}
