//! The shape of commands that read line by line, or byte by byte, and work in a live pipe.

use super::{Cx, Io, flush_step};
use crate::world::errno::Errno;
use crate::world::open_file::OpenFlags;
use crate::world::process::{Fd, Strings};
use crate::world::program::{Program, Step, Wait};
use crate::world::sys::Sys;

/// How much is read at once.
const CHUNK: usize = 65_536;
/// How many pieces are read before others have their turn.
const TURNS: usize = 32;
/// A line longer than this is cut: an endless one (`/dev/zero`) must not fill the memory.
const MAX_LINE: usize = 16 * 1024 * 1024;

/// What a filter wants after a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterFlow {
    /// More input.
    More,
    /// No more of this file: the next one, if there is one.
    NextFile,
    /// No more: go to [`Filter::end`] (`head`, `grep -q`).
    Done,
}

/// What a filter has to say before it reads anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Produce {
    /// Nothing: read on.
    Nothing,
    /// It printed something and has more.
    More,
    /// It is done, with this status, and reads nothing (`yes`, `seq`).
    End(u8),
}

/// A command that reads line by line, from its file operands or from standard input.
pub trait Filter: Clone + Send + Sync + 'static {
    /// Reads the options; returns the file operands (none: standard input), or an exit status to end with at once.
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8>;
    /// What stands between the command's name and the reason when standard output cannot be written.
    const WRITE_ERROR: &'static str = "write error";
    /// Prints without input; asked again as long as it has more.
    fn produce(&mut self, _cx: &mut Cx<'_, '_>) -> Produce {
        Produce::Nothing
    }
    /// A line without its newline. `file` is the operand it came from, `-` for standard input.
    fn line(&mut self, cx: &mut Cx<'_, '_>, file: &str, line: &[u8]) -> FilterFlow;
    /// Whether it wants bytes as they come ([`Filter::bytes`]) and not lines. Asked after [`Filter::start`].
    fn wants_bytes(&self) -> bool {
        false
    }
    /// Bytes as they come, for a filter that wants them.
    fn bytes(&mut self, _cx: &mut Cx<'_, '_>, _file: &str, _bytes: &[u8]) -> FilterFlow {
        FilterFlow::More
    }
    /// A file begins.
    fn file(&mut self, _cx: &mut Cx<'_, '_>, _file: &str) {}
    /// A file could not be read. The default prints `NAME: FILE: reason`.
    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        cx.fail(&format!("{file}: {}", errno.message()));
    }
    /// The input is over: the exit status.
    fn end(&mut self, cx: &mut Cx<'_, '_>) -> u8;
    /// The line that comes now has no newline after it; told before [`Filter::line`].
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
        producing: true,
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
    /// Whether the filter may still have something to say before it reads.
    producing: bool,
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
        if self.filter.wants_bytes() {
            return if rest.is_empty() { FilterFlow::More } else { self.filter.bytes(&mut cx, &name, &rest) };
        }
        while let Some(n) = rest[start..].iter().position(|b| *b == b'\n') {
            let line = &rest[start..start + n];
            start += n + 1;
            match self.filter.line(&mut cx, &name, line) {
                FilterFlow::More => {}
                flow => return flow,
            }
        }
        if start < rest.len() && (end || rest.len() - start > MAX_LINE) {
            self.filter.unterminated(&mut cx);
            return self.filter.line(&mut cx, &name, &rest[start..]);
        }
        self.rest = rest[start..].to_vec();
        FilterFlow::More
    }

    fn close_current(&mut self, sys: &mut Sys<'_>) {
        self.rest.clear();
        if let Some((_, fd)) = self.current.take().filter(|(_, fd)| *fd != 0) {
            let _ = sys.close(fd);
        }
    }

    /// Reads a piece of the current file. `Some`: the step to return.
    fn read_on(&mut self, sys: &mut Sys<'_>, name: &str, fd: Fd) -> Option<Step> {
        let flow = match sys.read(fd, CHUNK) {
            Err(Errno::EAGAIN) => return Some(Step::Wait(Wait::fd(fd))),
            Ok(bytes) if !bytes.is_empty() => {
                self.rest.extend(bytes);
                self.feed(sys, false)
            }
            result => {
                let mut flow = self.feed(sys, true);
                if let Err(errno) = result {
                    let mut cx = Cx { sys, argv: self.argv.clone(), io: &mut self.io };
                    self.filter.error(&mut cx, name, errno);
                }
                if flow == FilterFlow::More {
                    flow = FilterFlow::NextFile;
                }
                flow
            }
        };
        match flow {
            FilterFlow::More => {}
            FilterFlow::NextFile => self.close_current(sys),
            FilterFlow::Done => self.finish(sys),
        }
        None
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
        for _ in 0..TURNS {
            if let Some(step) = flush_step(&mut self.io, sys, &self.argv, F::WRITE_ERROR, &mut failed) {
                return step;
            }
            if sys.is_dead() {
                return Step::Yield;
            }
            if failed != 0 {
                return Step::Exit(self.status.map_or(failed, |status| status.max(failed)));
            }
            if let Some(status) = self.status {
                return Step::Exit(status);
            }
            if self.producing {
                let mut cx = Cx { sys, argv: self.argv.clone(), io: &mut self.io };
                match self.filter.produce(&mut cx) {
                    Produce::Nothing => self.producing = false,
                    Produce::More => {}
                    Produce::End(status) => self.status = Some(status),
                }
                continue;
            }
            match self.current.clone() {
                None if !self.next_file(sys) => self.finish(sys),
                None => {}
                Some((name, fd)) => {
                    if let Some(step) = self.read_on(sys, &name, fd) {
                        return step;
                    }
                }
            }
        }
        Step::Yield
    }
}
