//! Builds commands from its input and runs them: xargs(1).

use std::collections::VecDeque;

use super::Command;
use crate::commands::options::{self, Opt, Options, Takes, absent, also, flag, optional, value};
use crate::commands::posix::quote;
use crate::commands::process::launch;
use crate::world::{Channel, ChildEvent, Cx, Errno, ExitStatus, OpenFlags, Pid, Task, TaskStep, Wait, task};

/// `xargs`.
pub const COMMAND: Command =
    Command { name: "xargs", path: "/usr/bin/xargs", program: |argv| task(Xargs::default(), argv) };

const TABLE: &[Opt] = &[
    flag('0', "null"),
    value('a', "arg-file"),
    value('d', "delimiter"),
    value('E', "E"),
    also('I', "", "I", Takes::Argument),
    optional('i', "replace"),
    value('L', "L"),
    optional('l', "max-lines"),
    value('n', "max-args"),
    absent('o', "open-tty"),
    absent('p', "interactive"),
    value('P', "max-procs"),
    flag('r', "no-run-if-empty"),
    value('s', "max-chars"),
    absent('\0', "show-limits"),
    flag('t', "verbose"),
    flag('x', "exit"),
];
const OPTIONS: Options =
    Options::coreutils(TABLE, "[OPTION]... COMMAND [INITIAL-ARGS]...").version("(GNU findutils) 4.9.0").in_order();

#[derive(Clone, Default)]
struct Xargs {
    started: bool,
    command: Vec<String>,
    delimiter: Option<u8>,
    replace: Option<String>,
    max_lines: Option<usize>,
    max_args: Option<usize>,
    max_chars: usize,
    max_procs: usize,
    skip_empty: bool,
    verbose: bool,
    input: Vec<u8>,
    ended: bool,
    /// Arguments read, each with whether it ends a line.
    items: VecDeque<(String, bool)>,
    ran: bool,
    children: Vec<Pid>,
    status: u8,
    stop: bool,
}

impl Task for Xargs {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if !self.started {
            self.started = true;
            if let Err(status) = self.start(cx) {
                return TaskStep::Exit(status);
            }
        }
        loop {
            while let Some((pid, ChildEvent::Ended(status))) = cx.wait_child(None) {
                self.children.retain(|child| *child != pid);
                self.child_ended(cx, status);
            }
            if self.stop && self.children.is_empty() {
                return TaskStep::Exit(self.status);
            }
            if self.stop || (self.max_procs > 0 && self.children.len() >= self.max_procs) {
                return TaskStep::Wait(Wait::channel(Channel::Children(cx.pid)));
            }
            if let Some(argv) = self.command(cx) {
                self.run(cx, argv);
                continue;
            }
            if !self.ended {
                match self.read(cx) {
                    Ok(true) => continue,
                    Ok(false) => return TaskStep::Wait(Wait::fd(0).or_channel(Channel::Children(cx.pid))),
                    Err(message) => {
                        cx.fail(&message);
                        (self.status, self.stop) = (1, true);
                        continue;
                    }
                }
            }
            if self.children.is_empty() {
                return TaskStep::Exit(self.status);
            }
            return TaskStep::Wait(Wait::channel(Channel::Children(cx.pid)));
        }
    }
}

impl Xargs {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<(), u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        (self.max_procs, self.max_chars) = (1, 128 * 1024);
        for given in &parsed.options {
            let text = given.text().to_owned();
            let number = |cx: &mut Cx<'_, '_>, letter: char, least: i64| match text.parse::<i64>() {
                Ok(n) if n >= least => Ok(usize::try_from(n).unwrap_or(usize::MAX)),
                Ok(_) => {
                    cx.fail(&format!("value {text} for -{letter} option should be >= {least}"));
                    Err(options::misuse(cx, &OPTIONS))
                }
                Err(_) => {
                    cx.fail(&format!("invalid number \"{text}\" for -{letter} option"));
                    Err(options::misuse(cx, &OPTIONS))
                }
            };
            match given.key {
                "null" => self.delimiter = Some(0),
                "delimiter" => self.delimiter = Some(delimiter(&text)),
                "I" => self.set_replace(text),
                "replace" => self.set_replace(if text.is_empty() { "{}".into() } else { text }),
                "L" => (self.max_lines, self.max_args, self.replace) = (Some(number(cx, 'L', 1)?), None, None),
                "max-lines" => self.max_lines = Some(text.parse().unwrap_or(1)),
                "max-args" => {
                    self.max_args = Some(number(cx, 'n', 1)?);
                    self.max_lines = None;
                    self.replace = self.replace.take().filter(|_| self.max_args == Some(1));
                }
                "max-procs" => self.max_procs = number(cx, 'P', 0)?,
                "max-chars" => self.max_chars = number(cx, 's', 1)?,
                "no-run-if-empty" => self.skip_empty = true,
                "verbose" => self.verbose = true,
                "arg-file" => match cx.open(&text, OpenFlags::READ, 0) {
                    Ok(fd) => drop(cx.dup2(fd, 0)),
                    Err(errno) => {
                        cx.fail(&format!("Cannot open input file ‘{text}’: {}", errno.message()));
                        return Err(1);
                    }
                },
                _ => {}
            }
        }
        self.command = parsed.operands;
        if self.command.is_empty() {
            self.command.push("echo".into());
        }
        Ok(())
    }

    fn set_replace(&mut self, text: String) {
        (self.replace, self.max_args, self.max_lines) = (Some(text), None, None);
    }

    /// Reads more; false: nothing there yet. Errors: the message.
    fn read(&mut self, cx: &mut Cx<'_, '_>) -> Result<bool, String> {
        match cx.read(0, 65_536) {
            Ok(bytes) if !bytes.is_empty() => self.input.extend(bytes),
            Err(Errno::EAGAIN) => return Ok(false),
            _ => {
                self.ended = true;
                // Children read from nowhere.
                if let Ok(fd) = cx.open("/dev/null", OpenFlags::READ, 0) {
                    let _ = cx.dup2(fd, 0);
                    let _ = if fd == 0 { Ok(()) } else { cx.close(fd) };
                }
            }
        }
        self.split()?;
        Ok(true)
    }

    /// Takes whole arguments out of what was read.
    fn split(&mut self) -> Result<(), String> {
        if let Some(delimiter) = self.delimiter {
            while let Some(end) = self.input.iter().position(|b| *b == delimiter) {
                let item: Vec<u8> = self.input.drain(..=end).collect();
                self.items.push_back((text(&item[..end]), true));
            }
            if self.ended && !self.input.is_empty() {
                let rest = std::mem::take(&mut self.input);
                self.items.push_back((text(&rest), true));
            }
            return Ok(());
        }
        // Only whole lines are split; the rest waits for its end.
        let end = match self.input.iter().rposition(|b| *b == b'\n') {
            _ if self.ended => self.input.len(),
            Some(end) => end + 1,
            None => return Ok(()),
        };
        let lines: Vec<u8> = self.input.drain(..end).collect();
        for line in lines.split_inclusive(|b| *b == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            self.split_line(line)?;
        }
        Ok(())
    }

    fn split_line(&mut self, line: &[u8]) -> Result<(), String> {
        let blank = |b: u8| b == b' ' || b == b'\t';
        let whole = self.replace.is_some();
        let before = self.items.len();
        let (mut word, mut quote, mut escaped): (Option<Vec<u8>>, Option<u8>, bool) = (None, None, false);
        for &byte in line {
            if escaped {
                word.get_or_insert_default().push(byte);
                escaped = false;
            } else if let Some(mark) = quote {
                if byte == mark {
                    quote = None;
                } else {
                    word.get_or_insert_default().push(byte);
                }
            } else {
                match byte {
                    b'\\' => escaped = true,
                    b'\'' | b'"' => {
                        word.get_or_insert_default();
                        quote = Some(byte);
                    }
                    b if blank(b) && !(whole && word.is_some()) => {
                        self.items.extend(word.take().map(|word| (text(&word), false)));
                    }
                    b => word.get_or_insert_default().push(b),
                }
            }
        }
        if let Some(mark) = quote {
            let name = if mark == b'"' { "double" } else { "single" };
            return Err(format!(
                "unmatched {name} quote; by default quotes are special to xargs unless you use the -0 option"
            ));
        }
        self.items.extend(word.map(|word| (text(&word), false)));
        if self.items.len() > before
            && let Some(last) = self.items.back_mut()
        {
            last.1 = !line.last().is_some_and(|b| blank(*b));
        }
        Ok(())
    }

    /// The next command that is complete; with the end of the input the last one.
    fn command(&mut self, cx: &mut Cx<'_, '_>) -> Option<Vec<String>> {
        if let Some(mark) = &self.replace {
            let (item, _) = self.items.pop_front()?;
            self.ran = true;
            let (first, rest) = self.command.split_first()?;
            let words = rest.iter().map(|word| word.replace(mark.as_str(), &item));
            return Some([first.clone()].into_iter().chain(words).collect());
        }
        let base: usize = self.command.iter().map(|word| word.len() + 1).sum();
        let (mut count, mut lines, mut chars) = (0, 0, base);
        let mut full = false;
        for (item, ends_line) in &self.items {
            if chars + item.len() + 1 > self.max_chars {
                full = true;
                break;
            }
            (count, chars) = (count + 1, chars + item.len() + 1);
            lines += usize::from(*ends_line);
            if self.max_args == Some(count) || (*ends_line && self.max_lines == Some(lines)) {
                full = true;
                break;
            }
        }
        if full && count == 0 {
            cx.fail("argument line too long");
            (self.status, self.stop) = (1, true);
            return None;
        }
        if !full && !(self.ended && (count > 0 || (!self.ran && !self.skip_empty))) {
            return None;
        }
        self.ran = true;
        let items = self.items.drain(..count).map(|(item, _)| item);
        Some(self.command.iter().cloned().chain(items).collect())
    }

    fn run(&mut self, cx: &mut Cx<'_, '_>, argv: Vec<String>) {
        if self.verbose {
            let words: Vec<String> = argv.iter().map(|word| quote::shell_escape(word)).collect();
            cx.errln(&words.join(" "));
        }
        let path = cx.getenv("PATH").unwrap_or_else(|| "/bin:/usr/bin".into());
        let started = launch::find_program(cx, &argv[0], &path).and_then(|file| cx.spawn(&file, &argv));
        match started {
            Ok(pid) => self.children.push(pid),
            Err(errno) => {
                cx.fail(&format!("{}: {}", argv[0], errno.message()));
                (self.status, self.stop) = (launch::exec_status(errno), true);
            }
        }
    }

    fn child_ended(&mut self, cx: &mut Cx<'_, '_>, status: ExitStatus) {
        let name = self.command[0].clone();
        match status {
            ExitStatus::Exited(0) => {}
            ExitStatus::Exited(255) => {
                cx.fail(&format!("{name}: exited with status 255; aborting"));
                (self.status, self.stop) = (124, true);
            }
            ExitStatus::Exited(_) => self.status = self.status.max(123),
            ExitStatus::Signaled(signal, _) => {
                cx.fail(&format!("{name}: terminated by signal {}", signal.number()));
                (self.status, self.stop) = (125, true);
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The byte that `-d` names: a letter or an escape.
fn delimiter(text: &str) -> u8 {
    match text {
        "\\n" => b'\n',
        "\\t" => b'\t',
        "\\0" => 0,
        "\\\\" => b'\\',
        text => text.bytes().next().unwrap_or(b'\n'),
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;

    #[test]
    fn builds_commands_as_the_real_one() {
        Bench::new().file("args", "x y\nz\n").play(include_str!("xargs.cases"));
    }
}
