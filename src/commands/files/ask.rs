//! Questions that commands ask before they do something (`rm -i`), answered on standard input.

use crate::world::{Cx, Errno};

/// A conversation with whoever is at standard input.
#[derive(Clone, Default)]
pub struct Asker {
    input: Vec<u8>,
    asked: bool,
    ended: bool,
}

impl Asker {
    /// Asks, once, and looks for the answer; `None`: wait for standard input and call again.
    pub fn ask(&mut self, cx: &mut Cx<'_, '_>, question: &str) -> Option<bool> {
        if !self.asked {
            self.asked = true;
            let text = format!("{}: {question} ", cx.called());
            cx.print(2, text.as_bytes());
        }
        loop {
            if let Some(end) = self.input.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.input.drain(..=end).collect();
                return Some(self.answer(&line));
            }
            if self.ended {
                let line = std::mem::take(&mut self.input);
                return Some(self.answer(&line));
            }
            match cx.read(0, 4096) {
                Ok(bytes) if bytes.is_empty() => self.ended = true,
                Ok(bytes) => self.input.extend(bytes),
                Err(Errno::EAGAIN) => return None,
                Err(_) => self.ended = true,
            }
        }
    }

    fn answer(&mut self, line: &[u8]) -> bool {
        self.asked = false;
        matches!(line.first(), Some(b'y' | b'Y'))
    }
}
