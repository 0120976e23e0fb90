//! The shapes that nearly all commands have: *one-shot* (runs to its end in one turn) and *filter* (a line in, lines
//! out, works in a live pipe). What is neither implements [`Program`] itself.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};

use super::errno::Errno;
use super::open_file::OpenFlags;
use super::process::{Fd, Strings};
use super::program::{Program, Step, Wait};
use super::sys::Sys;

/// A command asked for input that has not all arrived; the `?` operator hands it to the shape, which tries again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeedInput;

/// Returns the exit status. It may be run more than once from its start while its standard input is incomplete: it must
/// ask for input ([`Cx::stdin`]) before it changes anything; what it printed before is thrown away.
pub type OneShot = fn(&mut Cx<'_, '_>) -> Result<u8, NeedInput>;

/// A command at work: its system calls, its arguments, and what it prints.
pub struct Cx<'a, 'w> {
    /// System calls; also reached by dereferencing.
    pub sys: &'a mut Sys<'w>,
    /// Arguments, the name first.
    pub argv: Strings,
    io: &'a mut Io,
}

/// Buffered input and output of a command.
#[derive(Clone, Default)]
struct Io {
    /// Chunks to be written, in order: descriptor and bytes.
    output: VecDeque<(Fd, Vec<u8>)>,
    /// Standard input so far, and whether its end was seen.
    input: Vec<u8>,
    input_ended: bool,
    wants_input: bool,
}

impl<'w> Deref for Cx<'_, 'w> {
    type Target = Sys<'w>;
    fn deref(&self) -> &Sys<'w> {
        self.sys
    }
}

impl DerefMut for Cx<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.sys
    }
}

impl Cx<'_, '_> {
    /// `argv[0]` as it is: how GNU tools name themselves in messages (`/usr/bin/cat: nofile: No such …` in a service).
    pub fn called(&self) -> String {
        self.argv.first().cloned().unwrap_or_default()
    }

    /// The name under which the command was called without its folders: the last part of `argv[0]`.
    pub fn name(&self) -> String {
        let name = self.argv.first().map_or("", String::as_str);
        name.rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// The arguments after the name.
    pub fn args(&self) -> Vec<String> {
        self.argv.iter().skip(1).cloned().collect()
    }

    /// Prints text to standard output.
    pub fn out(&mut self, text: &str) {
        self.print(1, text.as_bytes());
    }

    /// Prints text and a newline to standard output.
    pub fn outln(&mut self, text: &str) {
        self.print(1, text.as_bytes());
        self.print(1, b"\n");
    }

    /// Prints text and a newline to standard error.
    pub fn errln(&mut self, text: &str) {
        self.print(2, text.as_bytes());
        self.print(2, b"\n");
    }

    /// Prints `argv[0]: text` and a newline to standard error.
    pub fn fail(&mut self, text: &str) {
        let line = format!("{}: {text}", self.called());
        self.errln(&line);
    }

    /// Prints bytes to a descriptor, in order with all other output.
    pub fn print(&mut self, fd: Fd, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        match self.io.output.back_mut() {
            Some((last, buffer)) if *last == fd => buffer.extend_from_slice(bytes),
            _ => self.io.output.push_back((fd, bytes.to_vec())),
        }
    }

    /// All of standard input. While its end has not come the whole command is run again: call this first.
    pub fn stdin(&mut self) -> Result<Vec<u8>, NeedInput> {
        while !self.io.input_ended {
            match self.sys.read(0, 65_536) {
                Ok(bytes) if bytes.is_empty() => self.io.input_ended = true,
                Ok(bytes) => self.io.input.extend(bytes),
                Err(Errno::EAGAIN) => {
                    self.io.wants_input = true;
                    return Err(NeedInput);
                }
                Err(_) => self.io.input_ended = true,
            }
        }
        Ok(self.io.input.clone())
    }

    /// A file operand's contents, `-` being standard input. The inner error is the file's.
    pub fn input(&mut self, path: &str) -> Result<Result<Vec<u8>, Errno>, NeedInput> {
        if path == "-" {
            return Ok(Ok(self.stdin()?));
        }
        Ok(self.sys.read_file(path).map(|bytes| bytes.to_vec()))
    }
}

/// Writes what is buffered. `Ok(true)`: all is out; `Ok(false)`: wait for the first chunk's descriptor.
fn flush(io: &mut Io, sys: &mut Sys<'_>) -> Result<bool, (Fd, Errno)> {
    while let Some((fd, bytes)) = io.output.front_mut() {
        match sys.write(*fd, bytes) {
            Ok(n) if n == bytes.len() => {
                io.output.pop_front();
            }
            Ok(n) => {
                bytes.drain(..n);
            }
            Err(Errno::EAGAIN) => return Ok(false),
            Err(errno) => {
                let fd = *fd;
                io.output.retain(|(other, _)| *other != fd);
                return Err((fd, errno));
            }
        }
        if sys.is_dead() {
            return Ok(true);
        }
    }
    Ok(true)
}

/// Flushes, and turns a failed write into what GNU tools say about it. `Some` is the step to return.
fn flush_step(io: &mut Io, sys: &mut Sys<'_>, argv: &Strings, status: &mut u8) -> Option<Step> {
    loop {
        match flush(io, sys) {
            Ok(true) => return None,
            Ok(false) => return Some(Step::Wait(Wait::fd(io.output.front().map_or(1, |chunk| chunk.0)))),
            Err((fd, errno)) => {
                *status = 1;
                if fd == 1 {
                    let name = argv.first().map_or("", String::as_str);
                    io.output.push_back((2, format!("{name}: write error: {}\n", errno.message()).into_bytes()));
                }
            }
        }
    }
}

/// A one-shot command as a program.
pub fn one_shot(run: OneShot, argv: &[String]) -> Box<dyn Program> {
    Box::new(OneShotProgram { run, argv: Strings::new(argv.to_vec()), io: Io::default(), status: None })
}

#[derive(Clone)]
struct OneShotProgram {
    run: OneShot,
    argv: Strings,
    io: Io,
    status: Option<u8>,
}

impl Program for OneShotProgram {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.status.is_none() {
            self.io.output.clear();
            self.io.wants_input = false;
            let mut cx = Cx { sys, argv: self.argv.clone(), io: &mut self.io };
            match (self.run)(&mut cx) {
                Ok(status) => self.status = Some(status),
                Err(NeedInput) => return Step::Wait(Wait::fd(0)),
            }
        }
        if sys.is_dead() {
            return Step::Yield;
        }
        let mut status = self.status.unwrap_or(0);
        if let Some(step) = flush_step(&mut self.io, sys, &self.argv, &mut status) {
            self.status = Some(status);
            return step;
        }
        Step::Exit(status)
    }
}

/// What a filter wants after a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterFlow {
    /// More input.
    More,
    /// No more: go to [`Filter::end`] (`head`, `grep -q`).
    Done,
}

/// A command that reads line by line, from its file operands or from standard input.
pub trait Filter: Clone + Send + Sync + 'static {
    /// Reads the options; returns the file operands (none: standard input), or an exit status to end with at once.
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8>;
    /// A line without its newline. `file` is the operand it came from, `-` for standard input.
    fn line(&mut self, cx: &mut Cx<'_, '_>, file: &str, line: &[u8]) -> FilterFlow;
    /// A file begins.
    fn file(&mut self, _cx: &mut Cx<'_, '_>, _file: &str) {}
    /// A file could not be read. The default prints `NAME: FILE: reason`.
    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        cx.fail(&format!("{file}: {}", errno.message()));
    }
    /// The input is over: the exit status.
    fn end(&mut self, cx: &mut Cx<'_, '_>) -> u8;
    /// Whether the last line that was given had no newline after it; told before [`Filter::end`] and the next file.
    fn unterminated(&mut self, _cx: &mut Cx<'_, '_>) {}
}

/// A filter as a program.
pub fn filter<F: Filter>(filter: F, argv: &[String]) -> Box<dyn Program> {
    Box::new(FilterProgram {
        filter,
        argv: Strings::new(argv.to_vec()),
        io: Io::default(),
        files: None,
        current: None,
        rest: Vec::new(),
        status: None,
    })
}

#[derive(Clone)]
struct FilterProgram<F: Filter> {
    filter: F,
    argv: Strings,
    io: Io,
    /// File operands still to read, the next one last; `None` before the start.
    files: Option<Vec<String>>,
    /// The operand being read and its descriptor.
    current: Option<(String, Fd)>,
    /// Read and not yet a whole line.
    rest: Vec<u8>,
    status: Option<u8>,
}

impl<F: Filter> FilterProgram<F> {
    fn begin(&mut self, sys: &mut Sys<'_>) {
        let mut cx = Cx { sys, argv: self.argv.clone(), io: &mut self.io };
        match self.filter.start(&mut cx) {
            Ok(mut files) => {
                if files.is_empty() {
                    files.push("-".into());
                }
                files.reverse();
                self.files = Some(files);
            }
            Err(status) => {
                self.files = Some(Vec::new());
                self.status = Some(status);
            }
        }
    }

    /// Opens the next operand; false when there is none.
    fn next_file(&mut self, sys: &mut Sys<'_>) -> bool {
        while let Some(name) = self.files.as_mut().and_then(Vec::pop) {
            let opened = if name == "-" {
                Ok(0)
            } else {
                match sys.stat(&name) {
                    Ok(node) if node.is_dir() => Err(Errno::EISDIR),
                    _ => sys.open(&name, OpenFlags::READ, 0),
                }
            };
            let mut cx = Cx { sys, argv: self.argv.clone(), io: &mut self.io };
            match opened {
                Ok(fd) => {
                    self.filter.file(&mut cx, &name);
                    self.current = Some((name, fd));
                    return true;
                }
                Err(errno) => self.filter.error(&mut cx, &name, errno),
            }
        }
        false
    }

    /// Gives the whole lines of `rest` to the filter; at the end of the file the unterminated one too.
    fn feed(&mut self, sys: &mut Sys<'_>, end: bool) -> FilterFlow {
        let Some((name, _)) = self.current.clone() else { return FilterFlow::Done };
        let rest = std::mem::take(&mut self.rest);
        let mut start = 0;
        let mut cx = Cx { sys, argv: self.argv.clone(), io: &mut self.io };
        while let Some(n) = rest[start..].iter().position(|b| *b == b'\n') {
            let line = &rest[start..start + n];
            start += n + 1;
            if self.filter.line(&mut cx, &name, line) == FilterFlow::Done {
                return FilterFlow::Done;
            }
        }
        if end && start < rest.len() {
            let flow = self.filter.line(&mut cx, &name, &rest[start..]);
            self.filter.unterminated(&mut cx);
            return flow;
        }
        self.rest = rest[start..].to_vec();
        FilterFlow::More
    }

    fn finish(&mut self, sys: &mut Sys<'_>) {
        let mut cx = Cx { sys, argv: self.argv.clone(), io: &mut self.io };
        self.status = Some(self.filter.end(&mut cx));
    }
}

impl<F: Filter> Program for FilterProgram<F> {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.files.is_none() {
            self.begin(sys);
        }
        let mut failed = 0;
        loop {
            if let Some(step) = flush_step(&mut self.io, sys, &self.argv, &mut failed) {
                return step;
            }
            if sys.is_dead() {
                return Step::Yield;
            }
            if failed != 0 {
                return Step::Exit(self.status.unwrap_or(failed));
            }
            if let Some(status) = self.status {
                return Step::Exit(status);
            }
            let Some((name, fd)) = self.current.clone() else {
                if !self.next_file(sys) {
                    self.finish(sys);
                }
                continue;
            };
            match sys.read(fd, 65_536) {
                Err(Errno::EAGAIN) => return Step::Wait(Wait::fd(fd)),
                Ok(bytes) if !bytes.is_empty() => {
                    self.rest.extend(bytes);
                    if self.feed(sys, false) == FilterFlow::Done {
                        self.finish(sys);
                    }
                }
                result => {
                    if let Err(errno) = result {
                        let mut cx = Cx { sys, argv: self.argv.clone(), io: &mut self.io };
                        self.filter.error(&mut cx, &name, errno);
                    }
                    let flow = self.feed(sys, true);
                    if fd != 0 {
                        let _ = sys.close(fd);
                    }
                    self.current = None;
                    if flow == FilterFlow::Done {
                        self.finish(sys);
                    }
                }
            }
        }
    }
}
