//! Terminals and their line discipline: pty(7), termios(3).

use std::collections::VecDeque;

use super::editing::Editing;
use super::process::Pid;
use super::signal::Signal;

/// The number of a terminal.
pub type TtyId = u32;

/// A terminal: what is typed goes in, what programs print comes out.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// Its name under `/dev`: `pts/0`, `tty1`.
    pub name: String,
    /// Width in columns.
    pub columns: u16,
    /// Height in rows.
    pub rows: u16,
    /// The session that it controls.
    pub session: Option<Pid>,
    /// The foreground process group.
    pub foreground: Pid,
    /// Complete lines that were typed, and raw bytes in raw mode; `None` is an end of file (Ctrl-D).
    input: VecDeque<Option<u8>>,
    /// The line being typed.
    line: Vec<u8>,
    /// What programs printed and nobody has looked at yet.
    output: Vec<u8>,
    /// How many bytes were printed in all.
    pub printed: u64,
    /// What is printed after the last newline: a prompt, usually.
    last_line: Vec<u8>,
    /// The line discipline puts lines together and knows Ctrl-C; off in raw mode.
    pub canonical: bool,
    /// What is typed is shown.
    pub echo: bool,
    /// The other end is gone: reading gives end of file, writing fails with EIO.
    pub hung_up: bool,
    /// The connection was lost: the process at the other end was killed.
    pub cut: bool,
    /// Whose terminal it is: the number of the process that holds the other end (sshd, getty).
    pub holder: Pid,
    /// Whether the person at the other end has an editor, and who asks for it.
    pub editing: Editing,
}

/// How many bytes of output are kept for a reader that does not come.
const OUTPUT_BYTES: usize = 4 * 1024 * 1024;
/// How many bytes of input are kept for a program that does not read.
const INPUT_BYTES: usize = 4 * 1024 * 1024;

impl Terminal {
    /// A fresh terminal of 120 columns and 50 rows that echoes nothing: whoever types sees it already.
    pub fn new(name: String, holder: Pid) -> Self {
        Terminal {
            name,
            columns: 120,
            rows: 50,
            session: None,
            foreground: 0,
            input: VecDeque::new(),
            line: Vec::new(),
            output: Vec::new(),
            printed: 0,
            last_line: Vec::new(),
            canonical: true,
            echo: false,
            hung_up: false,
            cut: false,
            holder,
            editing: Editing::Absent,
        }
    }

    /// Types bytes. The signals that control characters raise for the foreground group are returned.
    pub fn type_bytes(&mut self, bytes: &[u8]) -> Vec<Signal> {
        let mut signals = Vec::new();
        for &byte in bytes {
            if self.echo {
                self.print(&[byte]);
            }
            if !self.canonical {
                self.input.push_back(Some(byte));
                continue;
            }
            match byte {
                0x03 => self.interrupt(Signal::INT, &mut signals),
                0x1c => self.interrupt(Signal::QUIT, &mut signals),
                0x1a => self.interrupt(Signal::TSTP, &mut signals),
                0x04 if self.line.is_empty() => self.input.push_back(None),
                0x04 => self.flush_line(),
                0x7f | 0x08 => {
                    self.line.pop();
                }
                0x15 => self.line.clear(),
                b'\r' | b'\n' => {
                    self.line.push(b'\n');
                    self.flush_line();
                    // Enter moves the cursor on, whoever echoes it.
                    self.last_line.clear();
                }
                other => self.line.push(other),
            }
        }
        signals
    }

    fn interrupt(&mut self, signal: Signal, signals: &mut Vec<Signal>) {
        self.line.clear();
        self.input.clear();
        signals.push(signal);
    }

    fn flush_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if self.input.len() + line.len() <= INPUT_BYTES {
            self.input.extend(line.into_iter().map(Some));
        }
    }

    /// Whether a read would give something: a line, raw bytes, an end of file.
    pub fn is_readable(&self) -> bool {
        self.hung_up || !self.input.is_empty()
    }

    /// Takes one line, or what raw input there is, at most `max` bytes. Empty means end of file; `None` means wait.
    pub fn read(&mut self, max: usize) -> Option<Vec<u8>> {
        if self.hung_up {
            return Some(Vec::new());
        }
        let mut out = Vec::new();
        while out.len() < max {
            match self.input.front() {
                None => break,
                Some(None) if out.is_empty() => {
                    self.input.pop_front();
                    return Some(out);
                }
                Some(None) => break,
                Some(Some(byte)) => {
                    let byte = *byte;
                    self.input.pop_front();
                    out.push(byte);
                    if self.canonical && byte == b'\n' {
                        break;
                    }
                }
            }
        }
        if out.is_empty() { None } else { Some(out) }
    }

    /// Prints bytes.
    pub fn print(&mut self, bytes: &[u8]) {
        self.printed += bytes.len() as u64;
        self.output.extend_from_slice(bytes);
        if self.output.len() > OUTPUT_BYTES {
            // Of a flood that nobody looks at, what came last is kept: the prompt above all.
            self.output.drain(..OUTPUT_BYTES / 2);
        }
        match bytes.iter().rposition(|b| *b == b'\n') {
            Some(at) => self.last_line = bytes[at + 1..].to_vec(),
            None => self.last_line.extend_from_slice(bytes),
        }
    }

    /// What stands on the last line: where the cursor is, usually a prompt.
    pub fn last_line(&self) -> String {
        String::from_utf8_lossy(&self.last_line).into_owned()
    }

    /// Takes the unfinished last line back from what was printed and not taken yet.
    pub fn erase_last_line(&mut self) {
        let kept = self.output.len().saturating_sub(self.last_line.len());
        self.output.truncate(kept);
        self.last_line.clear();
    }

    /// Takes what was printed since the last call.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    /// What was printed and not taken yet.
    pub fn output(&self) -> &[u8] {
        &self.output
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_one_at_a_time() {
        let mut tty = Terminal::new("pts/0".into(), 1);
        tty.type_bytes(b"one\ntw");
        assert_eq!(tty.read(100).unwrap(), b"one\n");
        assert_eq!(tty.read(100), None);
        tty.type_bytes(b"o\n\x04");
        assert_eq!(tty.read(2).unwrap(), b"tw");
        assert_eq!(tty.read(100).unwrap(), b"o\n");
        assert_eq!(tty.read(100).unwrap(), b"");
    }

    #[test]
    fn control_c_throws_the_line_away() {
        let mut tty = Terminal::new("pts/0".into(), 1);
        assert_eq!(tty.type_bytes(b"rm -r\x03"), [Signal::INT]);
        tty.type_bytes(b"\n");
        assert_eq!(tty.read(100).unwrap(), b"\n");
    }
}
