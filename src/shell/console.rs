//! A terminal whose prompt carries the exit status: how tests, transcripts and graders type commands and read answers.

use crate::vps::{LoginError, Pause, Vps};
use crate::world::{Duration, TtyId};

/// What a command printed and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What appeared on the terminal, without escape sequences and carriage returns.
    pub output: String,
    /// `$?` at the next prompt; `None` when the terminal was closed or never came back.
    pub status: Option<u8>,
    /// Whether the terminal was closed.
    pub closed: bool,
}

/// An SSH session whose shell prompts with `@@STATUS@@ `.
#[derive(Clone, Debug)]
pub struct Console {
    /// The terminal.
    pub tty: TtyId,
}

const SETUP: &str = "bind 'set enable-bracketed-paste off'; stty -echo; export SYSTEMD_PAGER=cat PAGER=cat LANG=C.UTF-8; \
                     PS2=; PROMPT_COMMAND=; PS1='@@$?@@ '\n";
/// How long a person waits for the first prompt.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long after a prompt the next command is typed.
const PAUSE: Duration = Duration::from_millis(300);

impl Console {
    /// Logs in as `user`. Errors: as [`Vps::login`].
    pub fn open(vps: &mut Vps, user: &str) -> Result<Console, LoginError> {
        let tty = vps.login(user)?;
        vps.run_until_input(tty, PATIENCE);
        vps.type_at(tty, SETUP);
        vps.run_until_input(tty, PATIENCE);
        vps.advance(PAUSE);
        vps.take_output(tty);
        Ok(Console { tty })
    }

    /// Types `lines` and waits, `limit` of virtual time at most, for the next prompt. With `interrupt`, Ctrl-C is
    /// typed that long after the start.
    pub fn run(&self, vps: &mut Vps, lines: &[String], interrupt: Option<Duration>, limit: Duration) -> Answer {
        let deadline = vps.now() + limit;
        for line in lines {
            vps.type_at(self.tty, &format!("{line}\n"));
        }
        if let Some(after) = interrupt {
            vps.advance(after);
            vps.type_at(self.tty, "\x03");
        }
        let mut output = String::new();
        loop {
            let pause = vps.run_until_input(self.tty, deadline.since(vps.now()));
            output.push_str(&vps.take_output(self.tty));
            let prompted = pause == Pause::Input && status_of(&output).is_some();
            if prompted || pause != Pause::Input {
                break;
            }
            // A program reads what nobody will type: time passes, and perhaps it gives up.
            vps.advance(Duration::from_secs(1).min(deadline.since(vps.now())));
            if vps.now() >= deadline {
                break;
            }
        }
        vps.advance(PAUSE);
        output.push_str(&vps.take_output(self.tty));
        let closed = vps.is_closed(self.tty);
        let status = if closed { None } else { status_of(&output) };
        let mut output = without_prompts(&plain(&output));
        if closed && vps.was_cut(self.tty) {
            output.push_str("Connection to 127.0.0.1 closed by remote host.\n");
        }
        Answer { output, status, closed }
    }
}

/// The prompts in `text`: where each begins and ends, and its status.
fn prompts(text: &str) -> Vec<(usize, usize, u8)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("@@").map(|at| from + at) {
        let rest = &text[start + 2..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        match rest[..digits].parse() {
            Ok(status) if rest[digits..].starts_with("@@ ") => {
                from = start + 2 + digits + 3;
                found.push((start, from, status));
            }
            _ => from = start + 2,
        }
    }
    found
}

/// The status that the last prompt shows, when the text ends with a prompt.
fn status_of(text: &str) -> Option<u8> {
    prompts(text).last().filter(|prompt| prompt.1 == text.len()).map(|prompt| prompt.2)
}

/// What was printed before the first prompt and between prompts (a shell that has news prompts twice).
fn without_prompts(text: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for (start, end, _) in prompts(text) {
        out.push_str(&text[from..start]);
        from = end;
    }
    out.push_str(&text[from..]);
    out
}

/// Text without carriage returns and escape sequences (CSI, OSC, and the short ones).
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {}
            '\x1b' => match chars.next() {
                Some('[') => while chars.next().is_some_and(|c| !c.is_ascii_alphabetic()) {},
                Some(']') => while chars.next().is_some_and(|c| c != '\x07' && c != '\x1b') {},
                _ => {}
            },
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_told_from_output() {
        assert_eq!(status_of("out\n@@0@@ "), Some(0));
        assert_eq!(status_of("@@x@@ "), None);
        assert_eq!(without_prompts("a\n@@0@@ [1]+ Done\n@@3@@ "), "a\n[1]+ Done\n");
    }

    #[test]
    fn escapes_vanish() {
        assert_eq!(plain("\x1b[01;32mls\x1b[0m\r\n\x1b]0;title\x07x"), "ls\nx");
    }
}
