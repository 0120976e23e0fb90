//! A bar for what takes over a second: on a line of its own that is wiped away afterwards, on standard error.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// A bar; it is seen only when there is something to wait for and somebody who waits.
pub struct Bar {
    began: Instant,
    drawn: Option<Instant>,
    wanted: bool,
}

/// How long something takes before a bar is drawn.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is drawn.
const PERIOD: Duration = Duration::from_millis(100);
/// Its width.
const WIDTH: usize = 30;

impl Bar {
    /// A bar for whoever sits at the terminal.
    pub fn new(wanted: bool) -> Bar {
        Bar { began: Instant::now(), drawn: None, wanted: wanted && std::io::stderr().is_terminal() }
    }

    /// Draws how much of `all` is done.
    pub fn show(&mut self, done: Duration, all: Duration) {
        let due = self.drawn.map_or(self.began + PATIENCE, |drawn| drawn + PERIOD);
        if !self.wanted || Instant::now() < due {
            return;
        }
        self.drawn = Some(Instant::now());
        let share = (done.as_secs_f64() / all.as_secs_f64().max(1e-9)).clamp(0.0, 1.0);
        let full = (share * WIDTH as f64) as usize;
        let bar: String = (0..WIDTH).map(|n| if n < full { '█' } else { '░' }).collect();
        let _ = write!(std::io::stderr(), "\r{bar} {:>3.0} %", share * 100.0);
    }

    /// Wipes it away.
    pub fn clear(&mut self) {
        if self.drawn.is_some() {
            let _ = write!(std::io::stderr(), "\r{}\r", " ".repeat(WIDTH + 7));
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}
