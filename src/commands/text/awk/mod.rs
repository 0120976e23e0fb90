//! A language for records and fields: awk(1p), as mawk(1) speaks it.
//!
//! Not here: pipes to and from commands, `system`, and `getline` from input that has not arrived.

mod ast;
mod builtin;
mod eval;
mod lexer;
mod machine;
mod output;
mod parser;
mod record;
mod value;

use super::Command;
use crate::world::{Cx, Errno, Filter, FilterFlow, filter};
use machine::{Flow, Machine};
use value::Value;

/// `awk`, which is mawk.
pub const AWK: Command = Command { name: "awk", path: "/usr/bin/awk", program: |argv| filter(Awk::default(), argv) };
/// `mawk`.
pub const MAWK: Command = Command { name: "mawk", path: "/usr/bin/mawk", ..AWK };

#[derive(Clone, Default)]
struct Awk {
    machine: Machine,
    /// Assignments among the operands, by how many files stand before them.
    assignments: Vec<(usize, String)>,
    files: usize,
    buffer: Vec<u8>,
    ended: bool,
}

impl Filter for Awk {
    const WRITE_ERROR: &'static str = "write failure";

    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let Arguments { source, assignments, operands, separator } = arguments(cx)?;
        let program = parser::parse(&source).map_err(|message| {
            say(cx, &message);
            2
        })?;
        self.machine = Machine::new(cx, program, &operands);
        if let Some(separator) = separator {
            self.machine.assign(&format!("FS={separator}"));
        }
        for assignment in &assignments {
            self.machine.assign(assignment);
        }
        if let Some(status) = self.finished(cx, &|machine, cx| machine.begin(cx)) {
            return Err(status);
        }
        if !self.machine.reads_input() {
            return Err(self.machine.status);
        }
        let mut files = Vec::new();
        for operand in operands {
            match is_assignment(&operand) {
                true => self.assignments.push((files.len(), operand)),
                false if operand.is_empty() => {}
                false => files.push(operand),
            }
        }
        if files.is_empty() {
            self.assign_before(usize::MAX);
        }
        Ok(files)
    }

    fn wants_bytes(&self) -> bool {
        true
    }

    fn file(&mut self, cx: &mut Cx<'_, '_>, file: &str) {
        self.records(cx, true);
        self.assign_before(self.files);
        self.files += 1;
        self.machine.begin_file(if file == "-" { "" } else { file });
    }

    fn line(&mut self, _: &mut Cx<'_, '_>, _: &str, _: &[u8]) -> FilterFlow {
        FilterFlow::More
    }

    fn bytes(&mut self, cx: &mut Cx<'_, '_>, _: &str, bytes: &[u8]) -> FilterFlow {
        self.buffer.extend_from_slice(bytes);
        self.records(cx, false)
    }

    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        let what = if errno == Errno::EISDIR { "read failure on" } else { "cannot open" };
        say(cx, &format!("{what} {file} ({})", errno.message()));
        self.machine.status = 2;
        self.machine.exited = true;
        self.ended = true;
    }

    fn end(&mut self, cx: &mut Cx<'_, '_>) -> u8 {
        if self.ended {
            return self.machine.status;
        }
        self.records(cx, true);
        self.assign_before(usize::MAX);
        if !self.ended
            && let Some(status) = self.finished(cx, &|machine, cx| machine.end(cx))
        {
            return status;
        }
        self.machine.status
    }
}

impl Awk {
    /// Runs something; `Some`: the program is over, with this status.
    fn finished(
        &mut self,
        cx: &mut Cx<'_, '_>,
        work: &dyn Fn(&mut Machine, &mut Cx<'_, '_>) -> Result<Flow, String>,
    ) -> Option<u8> {
        match work(&mut self.machine, cx) {
            Ok(Flow::Exit) if !self.machine.exited => {
                self.machine.exited = true;
                let ended = self.finished(cx, &|machine, cx| machine.end(cx));
                self.ended = true;
                Some(ended.unwrap_or(self.machine.status))
            }
            Ok(Flow::Exit) => {
                self.ended = true;
                Some(self.machine.status)
            }
            Ok(_) => None,
            Err(message) => {
                say(cx, &message);
                self.machine.status = 2;
                self.ended = true;
                Some(2)
            }
        }
    }

    /// Takes whole records out of the buffer; with `last` the rest is one too.
    fn records(&mut self, cx: &mut Cx<'_, '_>, last: bool) -> FilterFlow {
        while !self.ended {
            let Some(record) = self.machine.next_record(&mut self.buffer, last) else { break };
            self.machine.queue = std::mem::take(&mut self.buffer);
            let over = self.finished(cx, &|machine, cx| machine.record(cx, &record));
            self.buffer = std::mem::take(&mut self.machine.queue);
            if over.is_some() {
                return FilterFlow::Done;
            }
            if std::mem::take(&mut self.machine.skip_file) {
                self.buffer.clear();
                return FilterFlow::NextFile;
            }
        }
        if self.ended { FilterFlow::Done } else { FilterFlow::More }
    }

    fn assign_before(&mut self, files: usize) {
        while self.assignments.first().is_some_and(|(before, _)| *before <= files) {
            let (_, assignment) = self.assignments.remove(0);
            self.machine.assign(&assignment);
        }
    }
}

/// `name=value`
fn is_assignment(operand: &str) -> bool {
    let name = operand.split_once('=').map_or("", |(name, _)| name);
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Prints a message after the name under which awk was called.
fn say(cx: &mut Cx<'_, '_>, message: &str) {
    let name = cx.name();
    cx.errln(&format!("{name}: {message}"));
}

/// The command line, taken apart.
struct Arguments {
    source: String,
    assignments: Vec<String>,
    operands: Vec<String>,
    separator: Option<String>,
}

fn arguments(cx: &mut Cx<'_, '_>) -> Result<Arguments, u8> {
    let mut args = cx.args().into_iter().peekable();
    let (mut sources, mut assignments, mut separator) = (Vec::new(), Vec::new(), None);
    while let Some(arg) = args.next_if(|arg| arg.len() > 1 && arg.starts_with('-')) {
        if arg == "--" {
            break;
        }
        let letter = arg.chars().nth(1).unwrap_or('-');
        if !"fFvW".contains(letter) {
            say(cx, &format!("not an option: {arg}"));
            return Err(2);
        }
        let glued = arg[2..].to_owned();
        let value = if glued.is_empty() { args.next() } else { Some(glued) };
        let Some(value) = value else {
            say(cx, &format!("option requires an argument -- {letter}"));
            return Err(2);
        };
        match letter {
            'F' => separator = Some(if value == "t" { "\\t".into() } else { value }),
            'v' if is_assignment(&value) => assignments.push(value),
            'v' => {
                say(cx, &format!("improper assignment: -v {value}"));
                return Err(2);
            }
            'f' => match cx.read_file(&value) {
                Ok(bytes) => sources.push(String::from_utf8_lossy(&bytes).into_owned()),
                Err(errno) => {
                    say(cx, &format!("cannot open {value} ({})", errno.message()));
                    return Err(2);
                }
            },
            _ if value.starts_with('v') => {
                cx.outln("mawk 1.3.4 20200120");
                return Err(0);
            }
            _ => {}
        }
    }
    let mut operands: Vec<String> = args.collect();
    if sources.is_empty() {
        if operands.is_empty() {
            cx.outln("Usage: mawk [Options] [Program] [file ...]");
            return Err(0);
        }
        sources.push(operands.remove(0));
    }
    Ok(Arguments { source: sources.join("\n"), assignments, operands, separator })
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;
    use crate::world::Duration;

    #[test]
    fn programs_run_as_with_mawk() {
        let log = "10:01 INFO job=1 done\n10:02 ERROR job=2 failed\n10:03 INFO job=3 done\n10:04 info job=4\n";
        Bench::new()
            .file("log", log)
            .file("passwd", "root:x:0:0\ndeploy:x:1000:1000\n")
            .file("num", "3 4\n10 2\n-1 5.5\n")
            .file("para", "a b\nc\n\n\nd e\n")
            .file("prog", "{ n += $1 }\nEND { print n }\n")
            .play(include_str!("awk.cases"));
    }

    #[test]
    fn the_daily_programs_run() {
        Bench::new().file("log", "a 1 x\nb 2 y\na 3 z\n").file("csv", "a,b,,d\n").play(include_str!("awk2.cases"));
    }

    #[test]
    fn hostile_programs_end() {
        let mut bench = Bench::new();
        for program in
            ["BEGIN { while (1) x++ }".to_owned(), "(".repeat(5_000), "BEGIN{x=".to_owned() + &"-".repeat(9_000)]
        {
            let pid = bench.start(&["awk", &program], "");
            assert_eq!(bench.wait(pid, Duration::from_secs(1)).status, Some(2));
        }
        let deep = "function f(n) { return f(n + 1) } BEGIN { f(1) }";
        assert_eq!(bench.run(&["awk", deep], "").err, "awk: program limit exceeded: eval stack size=1024\n");
    }
}
