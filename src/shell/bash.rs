//! bash as a process: its state, and the stack of what it is doing: bash(1).
//!
//! Nothing here calls itself: a command that takes time leaves a [`Frame`] on the stack and returns, so that a shell can be
//! suspended, copied and killed at any moment.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::builtins::control::SourceRun;
use super::builtins::mapfile::MapfileRun;
use super::builtins::read::ReadRun;
use super::builtins::wait::WaitRun;
use super::history::History;
use super::jobs::{JobId, Jobs};
use super::run::compound::{ArithForRun, CaseRun, ForRun, IfRun, LoopRun, Redirecting, TestRun};
use super::run::exec::ExecRun;
use super::run::reader::Reader;
use super::run::redirect::SavedFds;
use super::run::simple::SimpleRun;
use super::run::substitution::Capture;
use super::state::Shell;
use super::syntax::ast::{AndOr, List};
use super::traps::Traps;
use crate::world::{Duration, ExitStatus, Fd, Pid, Signal, SignalSet, Sys, Time, TtyId};

/// What a shell is in the middle of. The last frame is at work.
#[derive(Clone)]
pub(super) enum Frame {
    /// Reads commands and runs them.
    Reader(Box<Reader>),
    /// The members of a list, from this one on.
    List(Arc<List>, usize),
    /// The pipelines of an and-or list, from this one on.
    AndOr(Arc<AndOr>, usize),
    /// `!`
    Invert,
    /// `time`: when it began, and the processor time used by then.
    Timed { posix: bool, began: Time, cpu: Duration },
    /// What runs above it may fail without ending a shell with `set -e`.
    Quiet,
    /// A simple command that is being expanded.
    Simple(Box<SimpleRun>),
    /// A program to become, in a copy of the shell.
    Exec(Box<ExecRun>),
    /// A compound command whose redirections are being made.
    Redirecting(Box<Redirecting>),
    /// `if`
    If(Box<IfRun>),
    /// `for` and `select`
    For(Box<ForRun>),
    /// `for (( ))`
    ArithFor(Box<ArithForRun>),
    /// `while` and `until`
    Loop(Box<LoopRun>),
    /// `case`
    Case(Box<CaseRun>),
    /// `[[ ]]` and `(( ))`
    Test(Box<TestRun>),
    /// Reads the output of a command substitution.
    Capture(Box<Capture>),
    /// Waits for a job in the foreground.
    Foreground(JobId),
    /// Takes redirections back.
    Restore(SavedFds),
    /// The end of a function.
    Call(Box<CallEnd>),
    /// Takes back the variables that stood before a command.
    Scope,
    /// The end of a trap: the status is as before.
    TrapEnd(u8),
    /// The builtin `read`.
    Read(Box<ReadRun>),
    /// The builtin `source`, while it reads its file.
    Source(Box<SourceRun>),
    /// The builtin `mapfile`.
    Mapfile(Box<MapfileRun>),
    /// The builtin `wait`.
    Wait(Box<WaitRun>),
    /// The shell ends with this status once what stands above is done.
    Exit(u8),
}

/// What a function changed and its end restores.
#[derive(Clone)]
pub(super) struct CallEnd {
    /// The caller's positional parameters.
    pub(super) positional: Arc<Vec<String>>,
    /// `OPTIND` and its kin are global; the line of the call is not.
    pub(super) line: u32,
    /// The trap for RETURN of the caller, which the function does not see.
    pub(super) trap: Option<Arc<str>>,
    /// The function's own trap for RETURN has run.
    pub(super) trapped: bool,
}

/// How the stack is left before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwind {
    /// `break n`
    Break(u32),
    /// `continue n`
    Continue(u32),
    /// `return`, with the status set.
    Return,
    /// The rest of the command line is dropped.
    Line,
    /// The shell ends with this status.
    Exit(u8),
}

/// What a shell was asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// `-c text`
    Text(Arc<str>),
    /// A script.
    File(String),
    /// Standard input, not a terminal or not for a person.
    Input,
    /// A person at a terminal.
    Terminal,
}

/// A bash process.
#[derive(Clone)]
pub struct Bash {
    /// Variables and all that expansions see.
    pub shell: Shell,
    pub(super) argv: Arc<Vec<String>>,
    pub(super) frames: Vec<Frame>,
    /// Written as soon as the descriptors take it, before anything else happens.
    pub(super) output: VecDeque<(Fd, Vec<u8>)>,
    /// Jobs.
    pub jobs: Jobs,
    pub(super) traps: Traps,
    /// Signals that arrived and whose traps have not run.
    pub(super) arrived: Vec<Signal>,
    /// SIGINT arrived in an interactive shell.
    pub(super) interrupted: bool,
    /// SIGHUP arrived in an interactive shell.
    pub(super) hung_up: bool,
    /// More than zero: a failing command does not end a shell with `set -e`.
    pub(super) quiet: u32,
    /// The result of the substitution that just ended.
    pub(super) captured: Option<String>,
    /// The status of the last command substitution of a command.
    pub(super) substituted: Option<u8>,
    /// Descriptors of process substitutions, to be closed after the command.
    pub(super) process_fds: Vec<Fd>,
    /// The terminal and whether jobs have process groups of their own.
    pub(super) tty: Option<TtyId>,
    pub(super) job_control: bool,
    /// Signals that were ignored when the shell began.
    pub(super) ignored: SignalSet,
    pub(super) login: bool,
    pub(super) task: Task,
    /// A forked copy: it ends when its frames are done.
    pub(super) child: bool,
    /// Nothing has been done yet.
    pub(super) fresh: bool,
    /// `exit` was refused once because of jobs, and nothing was done since.
    pub(super) exit_warned: bool,
    /// How children that are no jobs ended.
    pub(super) ended: BTreeMap<Pid, ExitStatus>,
    /// There can be no more processes: the rest of the line is dropped.
    pub(super) fork_failed: bool,
    /// How often it has tried again.
    pub(super) fork_retries: u32,
    /// The file whose commands a forked copy runs.
    pub(super) file: Option<Arc<str>>,
    /// How often Ctrl-D was typed in a row.
    pub(super) ends_typed: u32,
    /// When the builtin `kill` signalled last.
    pub(super) signalled: Option<Time>,
    /// Until then it tries to fork in vain.
    pub(super) nap_until: Option<Time>,
    /// `PROMPT_COMMAND` ran for the next prompt.
    pub(super) readied: bool,
    pub(super) history: History,
    /// `pushd`'s stack, without the working directory.
    pub(super) folders: Vec<String>,
    /// Where programs were found: name to path and number of uses.
    pub(super) hashed: BTreeMap<String, (String, u32)>,
    /// The `PATH` for which that holds: another one makes bash forget.
    pub(super) hashed_for: Option<Arc<str>>,
    /// Which builtin wrote last: for its write errors.
    pub(super) writer: &'static str,
    /// `-l`, `--norc` and their kin.
    pub(super) no_profile: bool,
    pub(super) no_rc: bool,
    pub(super) rc_file: Option<String>,
    /// How many substitutions are around: `set -x` shows it.
    pub(super) trace_depth: usize,
    /// How far `getopts` is within a word.
    pub(super) getopts: (usize, usize),
    /// This is the child of `$(<file)`: what is read is its output.
    pub(super) slurps: bool,
    /// The jobs of the shell that forked this copy: `jobs` shows them.
    pub(super) parent_jobs: Jobs,
    /// A signal that ends the shell once its EXIT trap is done.
    pub(super) fatal: Option<Signal>,
}

impl Bash {
    /// A shell that will do what its arguments say.
    pub fn new(argv: &[String]) -> Self {
        let name = argv.first().map_or("bash", String::as_str);
        Self {
            shell: Shell::new(name, 0, Time::default(), 0),
            argv: Arc::new(argv.to_vec()),
            frames: Vec::new(),
            output: VecDeque::new(),
            jobs: Jobs::default(),
            traps: Traps::default(),
            arrived: Vec::new(),
            interrupted: false,
            hung_up: false,
            quiet: 0,
            captured: None,
            substituted: None,
            process_fds: Vec::new(),
            tty: None,
            job_control: false,
            ignored: SignalSet::default(),
            login: false,
            task: Task::Input,
            child: false,
            fresh: true,
            exit_warned: false,
            ended: BTreeMap::new(),
            fork_failed: false,
            fork_retries: 0,
            file: None,
            ends_typed: 0,
            signalled: None,
            nap_until: None,
            readied: false,
            history: History::default(),
            folders: Vec::new(),
            hashed: BTreeMap::new(),
            hashed_for: None,
            writer: "",
            no_profile: false,
            no_rc: false,
            rc_file: None,
            trace_depth: 0,
            getopts: (1, 0),
            slurps: false,
            parent_jobs: Jobs::default(),
            fatal: None,
        }
    }

    pub(super) fn push(&mut self, frame: Frame) {
        self.frames.push(frame);
    }

    /// Writes to a descriptor, in order with everything else.
    pub fn print(&mut self, fd: Fd, text: &str) {
        self.print_bytes(fd, text.as_bytes());
    }

    /// The same with bytes.
    pub fn print_bytes(&mut self, fd: Fd, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        match self.output.back_mut() {
            Some((last, buffer)) if *last == fd => buffer.extend_from_slice(bytes),
            _ => self.output.push_back((fd, bytes.to_vec())),
        }
    }

    /// What stands before a message: `-bash: `, `./x.sh: line 4: `.
    pub fn prefix(&self) -> String {
        let name = self.error_name();
        match (self.shell.posix, self.shell.interactive) {
            (true, _) => format!("{name}: {}: ", self.shell.line),
            (_, true) => format!("{name}: "),
            _ => format!("{name}: line {}: ", self.shell.line),
        }
    }

    /// The name that messages begin with: the file that is sourced, or the shell's.
    pub(super) fn error_name(&self) -> String {
        if !self.shell.interactive {
            let function = || self.shell.calls.last().and_then(|call| call.file.clone());
            let reader = self.frames.iter().rev().find_map(|frame| match frame {
                Frame::Reader(reader) => reader.file.clone(),
                Frame::Call(_) if !self.shell.posix => function(),
                _ => None,
            });
            if let Some(file) = reader.or_else(|| self.file.clone()) {
                return file.to_string();
            }
        }
        self.shell.name.to_string()
    }

    /// Writes a message with the shell's name before it.
    pub fn complain(&mut self, message: &str) {
        let line = format!("{}{message}\n", self.prefix());
        self.print(2, &line);
    }

    /// Whether the process is at the end of all it has to do, so that its last command may take its place.
    pub(super) fn is_at_end(&self) -> bool {
        if self.traps.has_exit() || self.job_control {
            return false;
        }
        let done = self.frames.iter().all(|frame| match frame {
            Frame::List(list, next) => *next >= list.items.len(),
            Frame::AndOr(and_or, next) => *next > and_or.rest.len(),
            Frame::Reader(reader) => reader.is_last_of_text(),
            Frame::Restore(_) => true,
            _ => false,
        });
        // dash stays until the command of its `-c` has ended.
        done && (self.child || (matches!(self.task, Task::Text(_)) && !self.shell.posix))
    }

    /// The text of a variable, or nothing.
    pub(super) fn variable(&self, name: &str) -> String {
        self.shell.variables.text(name).map_or_else(String::new, |text| text.to_string())
    }

    /// The clock and the identity, as expansions see them.
    pub(super) fn look_around(&mut self, sys: &Sys<'_>) {
        self.shell.now = sys.now();
        self.shell.own_pid = sys.pid;
        let me = sys.me();
        self.shell.ids = (me.ruid, me.cred.uid);
        self.shell.parent = if self.child { self.shell.parent } else { me.ppid };
    }
}
