//! The keyboard while a program runs in the foreground: each key is heard at once, Ctrl-C and Ctrl-Z are the machine's.
//!
//! Where the host's terminal cannot be told so (Windows), only Ctrl-C is heard, through its handler.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C does not end this process but is given to the machine.
pub fn catch_interrupts() {
    // Fails only when a handler is set already; then it is this one.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst));
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A character that can be seen, or a space.
    Char(char),
    /// Enter.
    Enter,
    /// Backspace.
    Backspace,
    /// The right arrow.
    Right,
    /// Ctrl and a letter: its control character.
    Control(char),
    /// The host's terminal is gone.
    Gone,
}

/// The keyboard, as long as this value lives.
pub struct Keyboard {
    raw: Option<raw::Raw>,
    bytes: Vec<u8>,
}

impl Keyboard {
    /// Takes the keyboard. `person`: somebody sits at it.
    pub fn open(person: bool) -> Keyboard {
        INTERRUPTED.store(false, Ordering::SeqCst);
        Keyboard { raw: person.then(raw::Raw::open).flatten(), bytes: Vec::new() }
    }

    /// Waits `patience` at most for keys.
    pub fn keys(&mut self, patience: Duration) -> Vec<Key> {
        match &self.raw {
            Some(raw) => self.bytes.extend(raw.read(patience)),
            None => std::thread::sleep(patience),
        }
        let mut keys = decode(&mut self.bytes);
        if INTERRUPTED.swap(false, Ordering::SeqCst) {
            keys.push(Key::Control('c'));
        }
        keys
    }
}

/// Keys out of bytes; the beginning of one that is not complete stays.
fn decode(bytes: &mut Vec<u8>) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let (key, length) = match byte {
            b'\r' | b'\n' => (Some(Key::Enter), 1),
            0x7f | 0x08 => (Some(Key::Backspace), 1),
            0x1b => escape(rest),
            0 => (Some(Key::Gone), 1),
            1..=0x1f => (Some(Key::Control(char::from(byte + 0x60))), 1),
            _ => match character(rest) {
                Some((c, length)) => (Some(Key::Char(c)), length),
                None => break,
            },
        };
        keys.extend(key);
        at += length;
    }
    bytes.drain(..at.min(bytes.len()));
    keys
}

/// A sequence that begins with Escape: only the right arrow is of use.
fn escape(bytes: &[u8]) -> (Option<Key>, usize) {
    match bytes.get(1) {
        Some(b'[' | b'O') => {
            let end = bytes.iter().skip(2).position(|b| (0x40..=0x7e).contains(b)).map_or(bytes.len(), |n| n + 3);
            let right = bytes.get(end - 1) == Some(&b'C') && end == 3;
            (right.then_some(Key::Right), end)
        }
        Some(_) => (None, 2),
        None => (None, 1),
    }
}

/// The first character of UTF-8 text and its length; `None` while it is cut.
fn character(bytes: &[u8]) -> Option<(char, usize)> {
    let head = bytes.get(..4).unwrap_or(bytes);
    match std::str::from_utf8(head) {
        Ok(text) => text.chars().next().map(|c| (c, c.len_utf8())),
        Err(error) if error.valid_up_to() > 0 => {
            let text = std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default();
            text.chars().next().map(|c| (c, c.len_utf8()))
        }
        Err(error) => error.error_len().map(|length| ('\u{fffd}', length)),
    }
}

#[cfg(unix)]
mod raw {
    //! The host's terminal without line editing, echo and signals: termios(3).

    use std::io::{self, Stdin};
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// The terminal as it was before; it is given back at the end.
    pub struct Raw {
        stdin: Stdin,
        before: Termios,
    }

    impl Raw {
        /// Takes the terminal; `None` when standard input is none.
        pub fn open() -> Option<Raw> {
            let stdin = io::stdin();
            let before = tcgetattr(&stdin).ok()?;
            let mut raw = before.clone();
            raw.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
            tcsetattr(&stdin, OptionalActions::Now, &raw).ok()?;
            Some(Raw { stdin, before })
        }

        /// The bytes that come within `patience`; a zero byte when the terminal is gone.
        pub fn read(&self, patience: Duration) -> Vec<u8> {
            let mut waiting = [PollFd::new(&self.stdin, PollFlags::IN)];
            let nanoseconds = i64::from(patience.subsec_nanos());
            let seconds = i64::try_from(patience.as_secs()).unwrap_or(0);
            let patience = Timespec { tv_sec: seconds, tv_nsec: nanoseconds as _ };
            if !poll(&mut waiting, Some(&patience)).is_ok_and(|ready| ready > 0) {
                return Vec::new();
            }
            let mut bytes = [0; 256];
            match rustix::io::read(&self.stdin, &mut bytes) {
                Ok(0) => vec![0],
                Ok(count) => bytes[..count].to_vec(),
                Err(_) => Vec::new(),
            }
        }
    }

    impl Drop for Raw {
        fn drop(&mut self) {
            let _ = tcsetattr(&self.stdin, OptionalActions::Now, &self.before);
        }
    }
}

#[cfg(not(unix))]
mod raw {
    //! No raw terminal here.

    use std::time::Duration;

    /// Never made.
    pub struct Raw;

    impl Raw {
        /// There is none.
        pub fn open() -> Option<Raw> {
            None
        }

        /// Nothing comes.
        pub fn read(&self, _: Duration) -> Vec<u8> {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_keys() {
        let mut bytes = b"a\x03\r\x1b[C\x1b[1;5D\x7f\xc3".to_vec();
        let keys = decode(&mut bytes);
        assert_eq!(keys, [Key::Char('a'), Key::Control('c'), Key::Enter, Key::Right, Key::Backspace]);
        assert_eq!(bytes, [0xc3], "half a character waits for its other half");
        bytes.push(0xa9);
        assert_eq!(decode(&mut bytes), [Key::Char('é')]);
    }
}
