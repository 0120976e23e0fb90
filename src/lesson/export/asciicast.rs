//! A run as a recording to be played: asciicast v3, <https://docs.asciinema.org/manual/asciicast/v3/>.

use super::{Scene, What};
use crate::lesson::json::string;
use crate::world::{Duration, Time};
use std::fmt::Write as _;

/// How long it takes to type a character.
const KEY: Duration = Duration::from_millis(40);

/// The recording: a header, then one event a line. Times are those of the machine; a player shortens long waits to two
/// seconds.
pub fn asciicast(title: &str, scenes: &[Scene]) -> String {
    let began = scenes.first().map_or(Time(0), |scene| scene.at);
    let mut cast = Cast { out: String::new(), clock: began, wait: Duration::ZERO };
    let _ = writeln!(
        cast.out,
        "{{\"version\":3,\"term\":{{\"cols\":120,\"rows\":50}},\"timestamp\":{},\"idle_time_limit\":2,\"title\":{}}}",
        began.0 / 1_000_000,
        string(title)
    );
    for scene in scenes {
        cast.until(scene.at);
        match &scene.what {
            What::Step(step) => cast.put("m", Duration::ZERO, step),
            What::Typed { prompt, line, shown } => {
                cast.put("o", Duration::ZERO, prompt);
                for c in line.chars() {
                    let echo = if c == '\n' { "\r\n> ".to_owned() } else { c.to_string() };
                    cast.put("o", KEY, &echo);
                }
                let shown = shown.replace("\r\n", "\n");
                // The prompt that comes back is drawn with the next line.
                let end = shown.rfind('\n').map_or(0, |end| end + 1);
                cast.put("o", KEY, &format!("\r\n{}", shown[..end].replace('\n', "\r\n")));
            }
            What::Word(word) => cast.put("o", KEY, &format!("\x1b[32m│ {word}\x1b[0m\r\n")),
            What::Goal { say, met } => {
                let mark = if *met { "[x]" } else { "[ ]" };
                cast.put("o", KEY, &format!("\x1b[32m│ {mark} {say}\x1b[0m\r\n"));
            }
            What::Answered { .. } => {}
        }
    }
    cast.put("x", Duration::ZERO, "0");
    cast.out
}

struct Cast {
    out: String,
    /// The machine's clock at the last event.
    clock: Time,
    /// How long the next event has to wait.
    wait: Duration,
}

impl Cast {
    /// Lets time pass until the machine's clock shows `at`. Going back in time takes none.
    fn until(&mut self, at: Time) {
        self.wait += at.since(self.clock);
        self.clock = at;
    }

    /// An event after what time has passed and `more`.
    fn put(&mut self, kind: &str, more: Duration, text: &str) {
        let wait = std::mem::take(&mut self.wait) + more;
        let _ = writeln!(self.out, "[{}.{:03},\"{kind}\",{}]", wait.as_secs(), wait.subsec_millis(), string(text));
    }
}
