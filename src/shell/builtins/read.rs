//! `read`, and the menu of `select`: bash(1), SHELL BUILTIN COMMANDS.

use super::Done;
use crate::shell::bash::{Bash, Frame};
use crate::shell::program::Flow;
use crate::shell::variables::{Value, Variable};
use crate::world::{Errno, Fd, Step, Sys, Time, Wait};

/// `read` at work.
#[derive(Clone)]
pub(in crate::shell) struct ReadRun {
    names: Vec<String>,
    array: Option<String>,
    delimiter: u8,
    raw: bool,
    /// `-n` and `-N`: how many characters, and whether the delimiter counts.
    limit: Option<(usize, bool)>,
    until: Option<Time>,
    fd: Fd,
    bytes: Vec<u8>,
    escaped: bool,
}

pub(super) fn read(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let mut run = ReadRun {
        names: Vec::new(),
        array: None,
        delimiter: b'\n',
        raw: false,
        limit: None,
        until: None,
        fd: 0,
        bytes: Vec::new(),
        escaped: false,
    };
    let mut prompt = String::new();
    match options(shell, sys, args, &mut run, &mut prompt) {
        Ok(names) => run.names = names,
        Err(done) => return done,
    }
    for name in run.names.iter().chain(&run.array) {
        if !crate::shell::syntax::is_name(name.split('[').next().unwrap_or("")) {
            shell.builtin_error("read", &format!("`{name}': not a valid identifier"));
            return Done::Status(1);
        }
    }
    if !prompt.is_empty() && sys.isatty(run.fd) {
        shell.print(2, &prompt);
    }
    Done::Frames(vec![Frame::Read(Box::new(run))])
}

fn options(
    shell: &mut Bash,
    sys: &Sys<'_>,
    args: &[String],
    run: &mut ReadRun,
    prompt: &mut String,
) -> Result<Vec<String>, Done> {
    let mut at = 1;
    while let Some(word) = args.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
        at += 1;
        if word == "--" {
            break;
        }
        let mut letters = word.chars().skip(1);
        while let Some(letter) = letters.next() {
            if matches!(letter, 'e' | 's') {
                continue;
            }
            if letter == 'r' {
                run.raw = true;
                continue;
            }
            if !"adinNptu".contains(letter) {
                return Err(shell.bad_option("read", &format!("-{letter}")));
            }
            let rest: String = letters.by_ref().collect();
            let value = if rest.is_empty() {
                at += 1;
                args.get(at - 1).cloned()
            } else {
                Some(rest)
            };
            let Some(value) = value else {
                shell.builtin_error("read", &format!("-{letter}: option requires an argument"));
                return Err(shell.usage("read"));
            };
            option(shell, sys, letter, &value, run, prompt)?;
        }
    }
    Ok(args.get(at..).unwrap_or_default().to_vec())
}

fn option(
    shell: &mut Bash,
    sys: &Sys<'_>,
    letter: char,
    value: &str,
    run: &mut ReadRun,
    prompt: &mut String,
) -> Result<(), Done> {
    let wrong = |shell: &mut Bash, what: &str| {
        shell.builtin_error("read", &format!("{value}: {what}"));
        Err(Done::Status(1))
    };
    match letter {
        'a' => run.array = Some(value.to_string()),
        'd' => run.delimiter = value.bytes().next().unwrap_or(0),
        'p' => *prompt = value.to_string(),
        'n' | 'N' => match value.parse() {
            Ok(count) => run.limit = Some((count, letter == 'N')),
            Err(_) => return wrong(shell, "invalid number"),
        },
        't' => match value.parse::<f64>() {
            Ok(seconds) if (0.0..1e9).contains(&seconds) => {
                run.until = Some(sys.now() + crate::world::Duration::from_secs_f64(seconds));
            }
            _ => return wrong(shell, "invalid timeout specification"),
        },
        'u' => match value.parse::<Fd>() {
            Ok(fd) if sys.me().fds.contains_key(&fd) => run.fd = fd,
            Ok(fd) => {
                shell.builtin_error("read", &format!("{fd}: invalid file descriptor: Bad file descriptor"));
                return Err(Done::Status(1));
            }
            Err(_) => return wrong(shell, "invalid file descriptor specification"),
        },
        _ => {}
    }
    Ok(())
}

impl Bash {
    pub(in crate::shell) fn step_read(&mut self, sys: &mut Sys<'_>, mut run: Box<ReadRun>) -> Flow {
        if let Some(signal) = self.arrived.first() {
            self.shell.status = 128 + signal.number();
            self.run_arrived_trap();
            return Flow::Next;
        }
        loop {
            let enough =
                run.limit.is_some_and(|(count, _)| String::from_utf8_lossy(&run.bytes).chars().count() >= count);
            if enough {
                self.finish_read(&run, 0);
                return Flow::Next;
            }
            match sys.read(run.fd, 1) {
                Ok(bytes) if bytes.is_empty() => {
                    self.finish_read(&run, 1);
                    return Flow::Next;
                }
                Ok(bytes) => {
                    if self.take_byte(&mut run, bytes[0]) {
                        self.finish_read(&run, 0);
                        return Flow::Next;
                    }
                }
                Err(Errno::EAGAIN) => {
                    if run.until.is_some_and(|until| until <= sys.now()) {
                        self.finish_read(&run, 142);
                        return Flow::Next;
                    }
                    let mut wait = Wait::fd(run.fd);
                    if let Some(until) = run.until {
                        wait = wait.or_until(until);
                    }
                    self.push(Frame::Read(run));
                    return Flow::Block(Step::Wait(wait));
                }
                Err(errno) => {
                    let message = format!("read error: {}: {}", run.fd, errno.message());
                    self.builtin_error("read", &message);
                    self.shell.status = 1;
                    return Flow::Next;
                }
            }
        }
    }

    /// Adds a byte; true at the delimiter. A backslash keeps what follows as it is.
    fn take_byte(&mut self, run: &mut ReadRun, byte: u8) -> bool {
        let exact = run.limit.is_some_and(|(_, exact)| exact);
        if run.escaped {
            run.escaped = false;
            if byte == b'\n' {
                run.bytes.pop();
                return false;
            }
            run.bytes.push(byte);
            return false;
        }
        if byte == run.delimiter && !exact {
            return true;
        }
        if byte == b'\\' && !run.raw {
            run.escaped = true;
        }
        if byte != 0 {
            run.bytes.push(byte);
        }
        false
    }

    fn finish_read(&mut self, run: &ReadRun, status: u8) {
        self.shell.status = status;
        let text = String::from_utf8_lossy(&run.bytes).into_owned();
        if run.names.is_empty() && run.array.is_none() {
            let text: String = plain(&mark(&text, run.raw));
            self.set_read("REPLY", &text);
            return;
        }
        if run.limit.is_some_and(|(_, exact)| exact) {
            self.set_read(&run.names[0].clone(), &text);
            return;
        }
        let ifs = self.shell.ifs();
        let chars = mark(&text, run.raw);
        if let Some(array) = &run.array {
            let words = split(&chars, &ifs, usize::MAX);
            let elements = words
                .iter()
                .enumerate()
                .map(|(index, word)| (index as u64, std::sync::Arc::<str>::from(word.as_str())))
                .collect();
            let variable = Variable { value: Some(Value::Indexed(elements)), ..Variable::default() };
            self.shell.variables.put(array, variable);
            return;
        }
        let words = split(&chars, &ifs, run.names.len());
        for (index, name) in run.names.iter().enumerate() {
            self.set_read(name, words.get(index).map_or("", String::as_str));
        }
    }

    fn set_read(&mut self, name: &str, text: &str) {
        if let Err(message) = self.assign_named(name, text) {
            self.complain(&message);
            self.shell.status = 1;
        }
    }
}

/// Characters, and whether a backslash stood before them.
fn mark(text: &str, raw: bool) -> Vec<(char, bool)> {
    let mut out = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if !raw => out.extend(chars.next().map(|c| (c, true))),
            c => out.push((c, false)),
        }
    }
    out
}

fn plain(chars: &[(char, bool)]) -> String {
    chars.iter().map(|(c, _)| *c).collect()
}

/// Splits into at most `count` words; the last one has all the rest.
fn split(chars: &[(char, bool)], ifs: &str, count: usize) -> Vec<String> {
    let separates = |(c, quoted): &(char, bool)| !quoted && ifs.contains(*c);
    let space = |pair: &(char, bool)| separates(pair) && matches!(pair.0, ' ' | '\t' | '\n');
    let mut end = chars.len();
    while end > 0 && space(&chars[end - 1]) {
        end -= 1;
    }
    let chars = &chars[..end];
    let mut words = Vec::new();
    let mut at = 0;
    while chars.get(at).is_some_and(space) {
        at += 1;
    }
    while at < chars.len() {
        if words.len() + 1 == count {
            let mut rest = &chars[at..];
            // One separator at the very end belongs to the last word's end, not to its text.
            if let Some(last) = rest.last()
                && separates(last)
                && rest[..rest.len() - 1].iter().all(|pair| !separates(pair))
            {
                rest = &rest[..rest.len() - 1];
            }
            words.push(plain(rest));
            return words;
        }
        let stop = (at..chars.len()).find(|place| separates(&chars[*place])).unwrap_or(chars.len());
        words.push(plain(&chars[at..stop]));
        at = stop;
        while chars.get(at).is_some_and(space) {
            at += 1;
        }
        if chars.get(at).is_some_and(separates) {
            at += 1;
            while chars.get(at).is_some_and(space) {
                at += 1;
            }
        }
    }
    words
}
