//! Reading commands: from a terminal with prompts, from standard input, from a text: bash(1), INVOCATION.

mod dash;

use std::sync::Arc;

use crate::shell::bash::{Bash, Frame, Unwind};
use crate::shell::program::Flow;
use crate::shell::syntax::{Options, Outcome, Position, SyntaxError, parse_next};
use crate::world::{Errno, Step, Sys, Wait};

/// How many times Ctrl-D is ignored where `IGNOREEOF` names no number.
const IGNORED_ENDS: u32 = 10;

/// How many frames there may be before another text is refused.
const DEPTH_LIMIT: usize = 10_000;

/// Where the commands come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::shell) enum Origin {
    /// A person, on standard input.
    Terminal,
    /// Standard input, a line at a time, so that commands can read the rest.
    Input,
    /// A text that is all there: a script, `-c`, `eval`, a trap.
    Text,
}

/// Reads commands and runs them.
#[derive(Clone)]
pub(in crate::shell) struct Reader {
    origin: Origin,
    text: Arc<str>,
    position: Position,
    /// No more text will come.
    ended: bool,
    /// A prompt was printed and no line came yet.
    prompted: bool,
    /// The first line of an unfinished command was read.
    continued: bool,
    /// `source`: its end is the end of a `return`, and these positional parameters come back.
    sourced: Option<Option<Arc<Vec<String>>>>,
    /// The file, for messages.
    pub(in crate::shell) file: Option<Arc<str>>,
    /// What stands in messages about syntax: `-c`, `eval`, `command substitution`.
    label: Option<&'static str>,
    /// The shell ends with it.
    main: bool,
    /// The line on which the text stands, to come back to.
    line: u32,
    /// How deep `set -x` was before it.
    depth: usize,
    /// Bytes of a line that is not complete.
    partial: Vec<u8>,
}

impl Reader {
    fn new(origin: Origin, text: &str) -> Self {
        Self {
            ended: origin == Origin::Text,
            origin,
            text: text.into(),
            position: Position::default(),
            prompted: false,
            continued: false,
            sourced: None,
            file: None,
            label: None,
            main: false,
            line: 1,
            depth: 0,
            partial: Vec::new(),
        }
    }

    /// Whether nothing but blanks is left of a text that is all there is to do.
    pub(in crate::shell) fn is_last_of_text(&self) -> bool {
        self.origin == Origin::Text
            && self.label != Some("eval")
            && self.file.is_none()
            && self.text[self.position.offset.min(self.text.len())..].trim().is_empty()
    }

    /// Whether `return` ends it.
    pub(in crate::shell) fn is_sourced(&self) -> bool {
        self.sourced.is_some()
    }

    /// Forgets the rest of the line.
    pub(in crate::shell) fn drop_line(&mut self) {
        if self.origin == Origin::Terminal {
            self.text = "".into();
            self.position = Position::default();
            self.prompted = false;
            self.continued = false;
        }
    }
}

impl Bash {
    /// Reads what the shell was started for.
    pub(in crate::shell) fn push_main(
        &mut self,
        origin: Origin,
        text: &str,
        file: Option<&str>,
        label: Option<&'static str>,
    ) {
        let mut reader = Reader::new(origin, text);
        reader.main = true;
        reader.file = file.map(Arc::from);
        reader.label = label;
        self.push(Frame::Reader(Box::new(reader)));
    }

    /// Runs a text: `eval`, a trap.
    pub(in crate::shell) fn push_text(&mut self, text: &str, label: Option<&'static str>) {
        if self.is_too_deep() {
            return;
        }
        let frame = self.text_frame(text, label);
        self.push(frame);
    }

    /// Runs the command of a trap, which stands on the line of the command before it.
    pub(in crate::shell) fn push_trap(&mut self, text: &str) {
        if let Frame::Reader(mut reader) = self.text_frame(text, None) {
            reader.position.line = self.shell.line;
            self.push(Frame::Reader(reader));
        }
    }

    /// The same as a frame.
    pub(in crate::shell) fn text_frame(&self, text: &str, label: Option<&'static str>) -> Frame {
        let mut reader = Reader::new(Origin::Text, text);
        reader.label = label;
        reader.line = self.shell.line;
        if label == Some("eval") && !self.shell.posix {
            reader.position.line = self.shell.line;
        }
        reader.depth = self.trace_depth;
        Frame::Reader(Box::new(reader))
    }

    /// Whether texts that run texts have gone too far; then it says so.
    pub(in crate::shell) fn is_too_deep(&mut self) -> bool {
        let deep = self.frames.len() > DEPTH_LIMIT;
        if deep {
            self.complain(&format!("maximum evaluation nesting level exceeded ({DEPTH_LIMIT})"));
            self.shell.status = 1;
            self.fork_failed = true;
        }
        deep
    }

    /// Runs a file in this shell; `arguments` replace the positional parameters.
    pub(in crate::shell) fn push_file(&mut self, text: &str, file: &str, arguments: Option<Vec<String>>) {
        if self.is_too_deep() {
            return;
        }
        let mut reader = Reader::new(Origin::Text, text);
        reader.file = Some(file.into());
        reader.line = self.shell.line;
        reader.sourced =
            Some(arguments.map(|arguments| std::mem::replace(&mut self.shell.positional, Arc::new(arguments))));
        self.shell.calls.push(crate::shell::state::Call {
            name: "source".into(),
            line: self.shell.line,
            file: Some(file.into()),
        });
        self.push(Frame::Reader(Box::new(reader)));
    }

    /// What the end of a reader restores.
    pub(in crate::shell) fn end_reader(&mut self, _: &mut Sys<'_>, reader: Reader) {
        if let Some(positional) = reader.sourced {
            self.shell.calls.pop();
            if let Some(positional) = positional {
                self.shell.positional = positional;
            }
        }
        if !reader.main {
            self.shell.line = reader.line;
            if reader.label == Some("eval") {
                self.trace_depth = reader.depth;
            }
        }
    }

    pub(in crate::shell) fn step_reader(&mut self, sys: &mut Sys<'_>, mut reader: Box<Reader>) -> Flow {
        if !self.arrived.is_empty() {
            self.push(Frame::Reader(reader));
            self.run_arrived_trap();
            return Flow::Next;
        }
        self.captured = None;
        if reader.main && !self.shell.interactive {
            self.tell_of_killed(sys);
        }
        let text = reader.text.clone();
        let shell = &self.shell;
        let expands = shell.switches.has("expand_aliases") || shell.posix;
        let find = |name: &str| if expands { shell.aliases.get(name).cloned() } else { None };
        let extglob = shell.switches.has("extglob");
        let options = Options { final_text: reader.ended, extglob, posix: shell.posix, aliases: &find };
        match parse_next(&text, reader.position, options) {
            Outcome::Command(list, next) => {
                self.shell.line = reader.position.line;
                self.verbose(&text, reader.position, next);
                self.warn_of_cut_documents(&list);
                reader.position = next;
                reader.continued = false;
                self.push(Frame::Reader(reader));
                if !self.shell.switches.is("noexec") || self.shell.interactive {
                    self.push(Frame::List(list, 0));
                }
                Flow::Next
            }
            Outcome::Error(error) => self.syntax_error(sys, reader, &error),
            Outcome::End if reader.ended => self.reader_done(sys, reader),
            Outcome::End => {
                reader.text = "".into();
                reader.position.offset = 0;
                self.read_more(sys, reader)
            }
            Outcome::Incomplete => {
                reader.continued = true;
                self.read_more(sys, reader)
            }
        }
    }

    /// `set -v`
    fn verbose(&mut self, text: &str, from: Position, to: Position) {
        if self.shell.switches.is("verbose") {
            let lines = text.get(from.offset..to.offset).unwrap_or("");
            self.print(2, &format!("{}\n", lines.trim_end_matches('\n')));
        }
    }

    fn reader_done(&mut self, sys: &mut Sys<'_>, reader: Box<Reader>) -> Flow {
        if reader.origin == Origin::Terminal {
            return self.end_of_terminal(sys, reader);
        }
        let main = reader.main;
        self.end_reader(sys, *reader);
        if main {
            self.unwind(sys, Unwind::Exit(self.shell.status));
        }
        Flow::Next
    }

    /// Ctrl-D.
    fn end_of_terminal(&mut self, sys: &mut Sys<'_>, mut reader: Box<Reader>) -> Flow {
        let hung_up = self.tty.is_some_and(|tty| sys.world.terminals.get(&tty).is_none_or(|t| t.hung_up));
        let ignores = self.shell.variables.get("IGNOREEOF").is_some() || self.shell.switches.is("ignoreeof");
        let allowed = self.variable("IGNOREEOF").parse().unwrap_or(IGNORED_ENDS);
        self.ends_typed += 1;
        if ignores && !hung_up && self.ends_typed <= allowed {
            let what = if self.login { "logout" } else { "exit" };
            self.print(2, &format!("Use \"{what}\" to leave the shell.\n"));
            reader.ended = false;
            reader.prompted = false;
            reader.text = "".into();
            self.push(Frame::Reader(reader));
            return Flow::Next;
        }
        if hung_up && ignores && self.ends_typed <= allowed {
            // Nothing more comes from a terminal that is gone; SIGHUP is on its way.
            self.push(Frame::Reader(reader));
            return Flow::Block(Step::Wait(Wait::signal()));
        }
        reader.ended = false;
        reader.prompted = false;
        reader.text = "".into();
        self.push(Frame::Reader(reader));
        let status = self.shell.status;
        let what = if self.login { "logout\n" } else { "exit\n" };
        self.print(2, what);
        if self.leaves_jobs() {
            self.shell.status = 1;
            return Flow::Next;
        }
        self.run_logout(sys, status);
        Flow::Next
    }

    /// bash refuses the text.
    fn syntax_error(&mut self, sys: &mut Sys<'_>, mut reader: Box<Reader>, error: &SyntaxError) -> Flow {
        self.shell.status = 2;
        let interactive = self.shell.interactive && reader.file.is_none() && reader.label.is_none();
        let name = match (&reader.file, reader.label) {
            (Some(file), _) if self.shell.interactive => format!("{}: {file}", self.shell.name),
            (Some(file), _) => file.to_string(),
            (None, _) if self.shell.posix => self.error_name(),
            (None, Some(label)) => format!("{}: {label}", self.error_name()),
            (None, None) => self.error_name(),
        };
        let text = match self.shell.posix {
            true => format!("{name}: {}: Syntax error: {}\n", error.line, dash::words(error)),
            false => error.report(&name, interactive),
        };
        self.print(2, &text);
        if reader.origin == Origin::Terminal {
            reader.drop_line();
            reader.ended = false;
            self.push(Frame::Reader(reader));
            return Flow::Next;
        }
        let (main, sourced) = (reader.main, reader.is_sourced());
        self.end_reader(sys, *reader);
        if main || (!self.shell.interactive && !sourced && self.frames.is_empty()) {
            self.unwind(sys, Unwind::Exit(2));
        } else if !sourced {
            self.shell.status = if self.child { 1 } else { 2 };
        }
        Flow::Next
    }

    fn read_more(&mut self, sys: &mut Sys<'_>, mut reader: Box<Reader>) -> Flow {
        if reader.origin == Origin::Terminal && !reader.prompted {
            if !reader.continued && !self.before_prompt(sys) {
                // PROMPT_COMMAND runs first.
                self.push(Frame::Reader(reader));
                self.push_prompt_command();
                return Flow::Next;
            }
            self.print_prompt(sys, reader.continued);
            reader.prompted = true;
            self.push(Frame::Reader(reader));
            return Flow::Next;
        }
        let result =
            if reader.origin == Origin::Terminal { sys.read(0, MAX_LINE) } else { read_line(sys, &mut reader) };
        match result {
            Err(Errno::EAGAIN) => {
                self.push(Frame::Reader(reader));
                Flow::Block(Step::Wait(Wait::fd(0)))
            }
            Ok(bytes) if !bytes.is_empty() => {
                let line = String::from_utf8_lossy(&bytes).into_owned();
                reader.prompted = false;
                self.ends_typed = 0;
                let before = if reader.continued { reader.text.clone() } else { "".into() };
                let line = if reader.origin == Origin::Terminal { self.typed(&line, &before) } else { Some(line) };
                if let Some(line) = line {
                    reader.text = format!("{}{line}", reader.text).into();
                }
                self.push(Frame::Reader(reader));
                Flow::Next
            }
            _ => {
                reader.ended = true;
                self.push(Frame::Reader(reader));
                Flow::Next
            }
        }
    }

    /// Here-documents that the end of the text cut.
    fn warn_of_cut_documents(&mut self, list: &crate::shell::syntax::ast::List) {
        let redirects = list
            .items
            .iter()
            .flat_map(|item| std::iter::once(&item.and_or.first).chain(item.and_or.rest.iter().map(|(_, p)| p)))
            .flat_map(|pipeline| &pipeline.commands)
            .flat_map(|command| &command.redirects);
        let cut: Vec<(u32, Arc<str>)> = redirects
            .filter_map(|redirect| redirect.here.as_ref())
            .filter_map(|here| Some((here.body.get()?.cut_at_line?, here.delimiter.clone())))
            .collect();
        for (line, delimiter) in cut {
            let message =
                format!("warning: here-document at line {line} delimited by end-of-file (wanted `{delimiter}')");
            self.complain(&message);
        }
    }
}

/// Reads one line byte by byte, so that nothing of the next one is taken.
/// A terminal gives one line at a time; one longer than this comes in pieces.
const MAX_LINE: usize = 4 * 1024 * 1024;

fn read_line(sys: &mut Sys<'_>, reader: &mut Reader) -> Result<Vec<u8>, Errno> {
    loop {
        let bytes = sys.read(0, 1)?;
        let ended = bytes.is_empty() || bytes == b"\n";
        reader.partial.extend(bytes);
        if ended || reader.partial.len() > 4 * 1024 * 1024 {
            return Ok(std::mem::take(&mut reader.partial));
        }
    }
}
