//! The shapes that nearly all commands have: *one-shot* (runs to its end in one turn) and *filter* (a line in, lines
//! out, works in a live pipe). What is neither implements [`Program`] itself.

mod filter;
mod task;

use std::collections::{BTreeMap, VecDeque};
use std::ops::{Deref, DerefMut};

pub use filter::{Filter, FilterFlow, Produce, filter};
pub use task::{Task, TaskStep, task};

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
    /// What was read so far from each descriptor, and whether its end was seen.
    input: BTreeMap<Fd, (Vec<u8>, bool)>,
    /// Descriptors opened for operands that are not regular files.
    opened: BTreeMap<String, Fd>,
    /// The descriptor whose end is waited for.
    wanted: Fd,
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
        match self.read_all(0)? {
            Ok(bytes) => Ok(bytes),
            Err(_) => Ok(Vec::new()),
        }
    }

    /// All that can be read from a descriptor; more than 64 MiB is refused with ENOMEM.
    fn read_all(&mut self, fd: Fd) -> Result<Result<Vec<u8>, Errno>, NeedInput> {
        let (bytes, ended) = self.io.input.entry(fd).or_default();
        while !*ended {
            match self.sys.read(fd, 65_536) {
                Ok(chunk) if chunk.is_empty() => *ended = true,
                Ok(_) if bytes.len() > MAX_INPUT => return Ok(Err(Errno::ENOMEM)),
                Ok(chunk) => bytes.extend(chunk),
                Err(Errno::EAGAIN) => {
                    let held = bytes.len() as u64;
                    self.io.wanted = fd;
                    self.sys.hold_memory(held);
                    return Err(NeedInput);
                }
                Err(errno) => return Ok(Err(errno)),
            }
        }
        let held = bytes.len() as u64;
        let bytes = bytes.clone();
        self.sys.hold_memory(held);
        Ok(Ok(bytes))
    }

    /// A file operand's contents, `-` being standard input; pipes and devices are read to their end, like
    /// [`Cx::stdin`]. The inner error is the file's.
    pub fn input(&mut self, path: &str) -> Result<Result<Vec<u8>, Errno>, NeedInput> {
        if path == "-" {
            return self.read_all(0);
        }
        match self.sys.read_file(path) {
            Ok(bytes) => return Ok(Ok(bytes.to_vec())),
            Err(Errno::EINVAL | Errno::ENOENT) => {}
            Err(errno) => return Ok(Err(errno)),
        }
        let fd = match self.io.opened.get(path) {
            Some(fd) => *fd,
            None => match self.sys.open(path, OpenFlags::READ, 0) {
                Ok(fd) => fd,
                Err(errno) => return Ok(Err(errno)),
            },
        };
        self.io.opened.insert(path.to_owned(), fd);
        self.read_all(fd)
    }
}

/// More input than this is not held in memory.
const MAX_INPUT: usize = 64 * 1024 * 1024;

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
fn flush_step(io: &mut Io, sys: &mut Sys<'_>, argv: &Strings, error: &str, status: &mut u8) -> Option<Step> {
    loop {
        match flush(io, sys) {
            Ok(true) => return None,
            Ok(false) => return Some(Step::Wait(Wait::fd(io.output.front().map_or(1, |chunk| chunk.0)))),
            Err((fd, errno)) => {
                *status = 1;
                if fd == 1 {
                    let name = argv.first().map_or("", String::as_str);
                    io.output.push_back((2, format!("{name}: {error}: {}\n", errno.message()).into_bytes()));
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
            let mut cx = Cx { sys, argv: self.argv.clone(), io: &mut self.io };
            match (self.run)(&mut cx) {
                Ok(status) => self.status = Some(status),
                Err(NeedInput) => return Step::Wait(Wait::fd(self.io.wanted)),
            }
        }
        if sys.is_dead() {
            return Step::Yield;
        }
        let mut status = self.status.unwrap_or(0);
        if let Some(step) = flush_step(&mut self.io, sys, &self.argv, "write error", &mut status) {
            self.status = Some(status);
            return step;
        }
        Step::Exit(status)
    }
}
