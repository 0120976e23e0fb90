//! A small language for records and fields: awk(1), as mawk has it on Debian. Input is read line by line; `getline`, pipes
//! and `system()` are not simulated.

mod ast;
mod eval;
mod lexer;
mod machine;
mod parser;
mod value;

use crate::commands::Command;
use crate::commands::options::{self, Opt, Options, short_value};
use crate::world::{Cx, Filter, FilterFlow, OpenFlags, Produce, filter};

use ast::Pattern;
use machine::{Machine, Stop};
use value::Value;

/// `awk`.
pub const AWK: Command = Command { name: "awk", path: "/usr/bin/awk", program: |argv| filter(Awk::default(), argv) };
/// `mawk`.
pub const MAWK: Command = Command { name: "mawk", path: "/usr/bin/mawk", program: |argv| filter(Awk::default(), argv) };

const TABLE: &[Opt] =
    &[short_value('F', "separator"), short_value('v', "assign"), short_value('f', "file"), options::absent('W', "")];
const OPTIONS: Options =
    Options::coreutils(TABLE, "[-F value] [-v var=value] [--] 'program text' [file ...]").in_order().status(2);

#[derive(Clone, Default)]
struct Awk {
    machine: Option<Machine>,
    /// For each range rule: whether it is open.
    open: Vec<bool>,
    status: u8,
    ended: bool,
    /// Files opened by `print >`, with their descriptors.
    files: std::collections::BTreeMap<String, u32>,
    began: bool,
    reads: bool,
    /// Records between blank lines: `RS=""`.
    paragraph: Vec<u8>,
}

impl Filter for Awk {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        let mut operands = parsed.operands.clone();
        let mut text = String::new();
        for file in parsed.options.iter().filter(|o| o.key == "file") {
            match cx.read_file(file.text()) {
                Ok(bytes) => text.push_str(&String::from_utf8_lossy(&bytes)),
                Err(errno) => {
                    cx.errln(&format!("awk: cannot open {} ({errno})", file.text()));
                    return Err(2);
                }
            }
        }
        if !parsed.has("file") {
            if operands.is_empty() {
                cx.errln("Usage: mawk [Options] [Program] [file ...]");
                return Err(2);
            }
            text = operands.remove(0);
        }
        let script = parser::parse(&text).map_err(|message| {
            cx.errln(&format!("awk: {message}"));
            2
        })?;
        self.reads = script.rules.iter().any(|rule| rule.0 != Pattern::Begin);
        self.open = vec![false; script.rules.len()];
        let mut machine = Machine::new(script, cx.now().secs());
        prepare(cx, &mut machine, &parsed, &operands);
        self.machine = Some(machine);
        Ok(operands)
    }

    fn produce(&mut self, cx: &mut Cx<'_, '_>) -> Produce {
        if std::mem::replace(&mut self.began, true) {
            return Produce::Nothing;
        }
        self.rules(cx, &Pattern::Begin);
        if self.ended || !self.reads { Produce::End(self.finish(cx)) } else { Produce::Nothing }
    }

    fn file(&mut self, _cx: &mut Cx<'_, '_>, file: &str) {
        if let Some(machine) = &mut self.machine {
            let name = if file == "-" { "" } else { file };
            machine.set_variable("FILENAME", Value::Text(name.into()));
            machine.set_variable("FNR", Value::Number(0.0));
        }
    }

    fn line(&mut self, cx: &mut Cx<'_, '_>, _file: &str, line: &[u8]) -> FilterFlow {
        let separator = self.machine.as_ref().map(|m| m.variable("RS").text("%.6g")).unwrap_or_default();
        if separator.is_empty() {
            if !line.is_empty() {
                if !self.paragraph.is_empty() {
                    self.paragraph.push(b'\n');
                }
                self.paragraph.extend_from_slice(line);
                return FilterFlow::More;
            }
            let record = std::mem::take(&mut self.paragraph);
            return if record.is_empty() { FilterFlow::More } else { self.record(cx, &record) };
        }
        if separator != "\n" {
            self.paragraph.extend_from_slice(line);
            self.paragraph.push(b'\n');
            let text = String::from_utf8_lossy(&self.paragraph).into_owned();
            let mut pieces: Vec<&str> = text.split(separator.as_str()).collect();
            let rest = pieces.pop().unwrap_or_default().as_bytes().to_vec();
            for piece in pieces {
                if self.record(cx, piece.as_bytes()) == FilterFlow::Done {
                    return FilterFlow::Done;
                }
            }
            self.paragraph = rest;
            return FilterFlow::More;
        }
        self.record(cx, line)
    }

    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: crate::world::Errno) {
        cx.errln(&format!("awk: cannot open \"{file}\" ({errno})"));
        self.status = 2;
    }

    fn end(&mut self, cx: &mut Cx<'_, '_>) -> u8 {
        let rest = std::mem::take(&mut self.paragraph);
        let rest = rest.strip_suffix(b"\n").unwrap_or(&rest);
        if !rest.is_empty() && !self.ended {
            self.record(cx, rest);
        }
        self.finish(cx)
    }
}

/// Options and environment as the program sees them.
fn prepare(cx: &mut Cx<'_, '_>, machine: &mut Machine, parsed: &options::Parsed, operands: &[String]) {
    if let Some(separator) = parsed.last("separator") {
        let separator = if separator == "t" { "\t".to_owned() } else { separator.replace("\\t", "\t") };
        machine.set_variable("FS", Value::Text(separator));
    }
    for assignment in parsed.options.iter().filter(|o| o.key == "assign") {
        if let Some((name, value)) = assignment.text().split_once('=') {
            let value = value.replace("\\n", "\n").replace("\\t", "\t");
            machine.set_variable(name, Value::Input(value));
        }
    }
    for pair in cx.me().env.iter() {
        if let Some((name, value)) = pair.split_once('=') {
            machine.set_element("ENVIRON", name, Value::Input(value.into()));
        }
    }
    machine.set_element("ARGV", "0", Value::Text("awk".into()));
    for (n, operand) in operands.iter().enumerate() {
        machine.set_element("ARGV", &(n + 1).to_string(), Value::Input(operand.clone()));
    }
    machine.set_variable("ARGC", Value::Number(operands.len() as f64 + 1.0));
}

impl Awk {
    fn record(&mut self, cx: &mut Cx<'_, '_>, line: &[u8]) -> FilterFlow {
        let Some(machine) = &mut self.machine else { return FilterFlow::Done };
        for counter in ["NR", "FNR"] {
            let next = machine.variable(counter).number() + 1.0;
            machine.set_variable(counter, Value::Number(next));
        }
        machine.set_record(String::from_utf8_lossy(line).into_owned());
        self.rules(cx, &Pattern::Always);
        if self.ended { FilterFlow::Done } else { FilterFlow::More }
    }

    /// Runs the rules of a moment: `Begin`, `End`, or (for `Always`) all that may apply to a record.
    fn rules(&mut self, cx: &mut Cx<'_, '_>, moment: &Pattern) {
        let Some(mut machine) = self.machine.take() else { return };
        let script = machine.script.clone();
        let input = *moment == Pattern::Always;
        for (n, (pattern, action)) in script.rules.iter().enumerate() {
            let special = matches!(pattern, Pattern::Begin | Pattern::End);
            let applies = if special {
                Ok(pattern == moment)
            } else if input {
                self.applies(&mut machine, n, pattern)
            } else {
                Ok(false)
            };
            let result = match (applies, action) {
                (Ok(false), _) => Ok(()),
                (Ok(true), Some(body)) => machine.run(body),
                (Ok(true), None) => machine.run(&[ast::Statement::Print(Vec::new(), ast::Output::Standard)]),
                (Err(stop), _) => Err(stop),
            };
            match result {
                Ok(()) | Err(Stop::Break | Stop::Continue | Stop::Return(_)) => {}
                Err(Stop::Next) => break,
                Err(Stop::Exit(status)) => {
                    self.status = status.unwrap_or(self.status);
                    self.ended = true;
                    break;
                }
                Err(Stop::Error(message)) => {
                    self.flush(cx, &mut machine);
                    cx.errln(&format!("awk: {message}"));
                    self.status = 2;
                    self.ended = true;
                    self.reads = false;
                    break;
                }
            }
        }
        self.flush(cx, &mut machine);
        self.machine = Some(machine);
    }

    fn applies(&mut self, machine: &mut Machine, n: usize, pattern: &Pattern) -> Result<bool, Stop> {
        match pattern {
            Pattern::When(expr) => machine.holds(expr),
            Pattern::Range(first, last) => {
                if !self.open[n] && !machine.holds(first)? {
                    return Ok(false);
                }
                self.open[n] = !machine.holds(last)?;
                Ok(true)
            }
            _ => Ok(true),
        }
    }

    /// Runs the `END` rules, unless a mistake ended the program; returns the status.
    fn finish(&mut self, cx: &mut Cx<'_, '_>) -> u8 {
        if self.reads && self.began {
            self.reads = false;
            self.rules(cx, &Pattern::End);
        }
        self.status
    }

    fn flush(&mut self, cx: &mut Cx<'_, '_>, machine: &mut Machine) {
        for written in std::mem::take(&mut machine.written) {
            match written.file {
                None => cx.out(&written.text),
                Some((name, _)) if name == "/dev/stdout" || name == "-" => cx.out(&written.text),
                Some((name, _)) if name == "/dev/stderr" => cx.print(2, written.text.as_bytes()),
                Some((name, append)) => {
                    let flags = if append { OpenFlags::APPEND } else { OpenFlags::WRITE };
                    let known = self.files.get(&name).copied();
                    match known.map_or_else(|| cx.open(&name, flags, 0o666), Ok) {
                        Ok(fd) => {
                            self.files.insert(name, fd);
                            cx.print(fd, written.text.as_bytes());
                        }
                        Err(errno) => {
                            cx.errln(&format!("awk: cannot open \"{name}\" for output ({errno})"));
                            (self.status, self.ended, self.reads) = (2, true, false);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;

    #[test]
    fn one_liners_answer_as_mawk_does() {
        Bench::new().file("log", "a 1 x\nb 2 y\na 3 z\n").file("csv", "a,b,,d\n").play(include_str!("awk.cases"));
    }
}
