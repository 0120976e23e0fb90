//! Forked copies of the shell: fork(2), setpgid(2).

use std::sync::Arc;

use crate::shell::bash::{Bash, Frame};
use crate::shell::jobs::{Job, JobId, JobProcess, ProcessState};
use crate::shell::syntax::ast::AndOr;
use crate::shell::syntax::print;
use crate::world::{Channel, Duration, Errno, OpenFlags, Pid, Signal, SignalSet, Sys, Wait};

/// How often bash tries again to fork: after 1, 2, 4 and 8 seconds.
const RETRIES: u32 = 4;

/// Signals that an interactive shell ignores or catches, and its children do not.
const INTERACTIVE: [Signal; 7] =
    [Signal::INT, Signal::QUIT, Signal::TERM, Signal::HUP, Signal::TSTP, Signal::TTIN, Signal::TTOU];

impl Bash {
    /// A copy of this shell that does `frames` and ends. Nothing when there can be no more processes.
    pub(in crate::shell) fn fork(&mut self, sys: &mut Sys<'_>, frames: Vec<Frame>) -> Option<Pid> {
        let file: Arc<str> = self.error_name().into();
        let own = std::mem::take(&mut self.frames);
        let output = std::mem::take(&mut self.output);
        let mut child = self.clone();
        self.frames = own;
        self.output = output;
        child.file = Some(file);
        child.frames = frames;
        child.child = true;
        child.fresh = false;
        child.job_control = false;
        child.parent_jobs = std::mem::take(&mut child.jobs);
        child.ended.clear();
        child.arrived.clear();
        child.interrupted = false;
        child.shell.subshell += 1;
        child.traps.inherit();
        let ignored = self.traps.ignored();
        match sys.fork(Box::new(child)) {
            Ok(pid) => {
                self.reset_signals(sys, pid, ignored);
                Some(pid)
            }
            Err(_) => {
                if !std::mem::replace(&mut self.fork_failed, true) {
                    self.fork_retries = 0;
                    if self.shell.posix {
                        self.complain("Cannot fork");
                    } else {
                        self.try_fork_again(sys);
                    }
                }
                None
            }
        }
    }

    /// Says that there is no process to be had, and naps. bash asks again after the nap; here nothing is freed in the
    /// meantime without a word: the end of a child cuts the nap short and with it the trying.
    fn try_fork_again(&mut self, sys: &mut Sys<'_>) {
        self.reap(sys);
        let text = format!("{}: fork: retry: {}\n", self.error_name(), Errno::EAGAIN.message());
        self.print(2, &text);
        self.nap_until = Some(sys.now() + Duration::from_secs(1 << self.fork_retries));
        self.fork_retries += 1;
    }

    /// The wait of a shell that wants to fork; `None` when it is over.
    pub(in crate::shell) fn fork_nap(&self, sys: &Sys<'_>) -> Option<Wait> {
        let until = self.nap_until.filter(|until| *until > sys.now())?;
        let ended = sys.world.processes().any(|p| p.ppid == sys.pid && p.is_zombie());
        (!ended).then(|| Wait::until(until).or_channel(Channel::Children(sys.pid)))
    }

    /// After a nap, or without one: whether the shell gives up. Its status is set and the reason told.
    pub(in crate::shell) fn gives_up_forking(&mut self, sys: &mut Sys<'_>) -> bool {
        let Some(until) = self.nap_until.take() else {
            self.shell.status = if self.shell.posix { 2 } else { 254 };
            return true;
        };
        let woken = until > sys.now();
        if !woken && self.fork_retries < RETRIES {
            self.try_fork_again(sys);
            return false;
        }
        let errno = if woken { Errno::EINTR } else { Errno::EAGAIN };
        let text = format!("{}: fork: {}\n", self.error_name(), errno.message());
        self.print(2, &text);
        self.shell.status = 254;
        true
    }

    /// A child does with its signals what the shell did before it changed anything.
    fn reset_signals(&self, sys: &mut Sys<'_>, pid: Pid, trapped: SignalSet) {
        let Some(process) = sys.world.process_mut(pid) else { return };
        process.signals.caught = SignalSet::default();
        if self.shell.interactive {
            for signal in INTERACTIVE {
                if !self.ignored.contains(signal) && !trapped.contains(signal) {
                    process.signals.ignored.remove(signal);
                }
            }
        }
    }

    /// Puts a child into a process group; the first of a job leads it.
    pub(in crate::shell) fn place(&mut self, sys: &mut Sys<'_>, pid: Pid, group: Option<Pid>, foreground: bool) {
        if !self.job_control {
            return;
        }
        let group = group.unwrap_or(pid);
        let _ = sys.world.setpgid(pid, group);
        if foreground {
            self.give_terminal(sys, group);
        }
    }

    /// The terminal's foreground group.
    pub(in crate::shell) fn give_terminal(&mut self, sys: &mut Sys<'_>, group: Pid) {
        if let Some(terminal) = self.tty.and_then(|tty| sys.world.terminals.get_mut(&tty)) {
            terminal.foreground = group;
        }
    }

    /// A job of these processes.
    pub(in crate::shell) fn add_job(
        &mut self,
        sys: &Sys<'_>,
        processes: Vec<(Pid, String)>,
        foreground: bool,
    ) -> JobId {
        let pgid = match self.job_control {
            true => processes.first().map_or(0, |(pid, _)| *pid),
            false => sys.me().pgid,
        };
        let processes =
            processes.into_iter().map(|(pid, text)| JobProcess { pid, text, state: ProcessState::Running }).collect();
        self.jobs.add(Job {
            id: 0,
            pgid,
            processes,
            foreground,
            told: false,
            no_hup: false,
            folder: sys.me().cwd.to_string(),
            controlled: self.job_control,
        })
    }

    /// `&`
    pub(in crate::shell) fn start_background(&mut self, sys: &mut Sys<'_>, and_or: &Arc<AndOr>) {
        self.shell.status = 0;
        if and_or.rest.is_empty() && and_or.first.commands.len() > 1 && and_or.first.timed.is_none() {
            self.start_members(sys, &and_or.first, false);
            return;
        }
        let Some(pid) = self.fork(sys, vec![Frame::AndOr(and_or.clone(), 0)]) else { return };
        self.place(sys, pid, None, false);
        self.quieten(sys, pid);
        let text = match and_or.rest.is_empty() {
            true => and_or.first.commands.first().map_or_else(String::new, |command| print::command(command)),
            false => print::and_or(and_or),
        };
        let id = self.add_job(sys, vec![(pid, text)], false);
        self.announce(id);
    }

    /// Tells of a job in the background.
    pub(in crate::shell) fn announce(&mut self, id: JobId) {
        let Some(pid) = self.jobs.get(id).map(Job::last_pid) else { return };
        self.shell.background = Some(pid);
        self.jobs.make_current(id);
        if self.job_control && self.shell.interactive {
            self.print(2, &format!("[{id}] {pid}\n"));
        }
    }

    /// Without job control a command in the background hears neither Ctrl-C nor the keyboard.
    pub(in crate::shell) fn quieten(&mut self, sys: &mut Sys<'_>, pid: Pid) {
        if self.job_control {
            return;
        }
        if let Some(process) = sys.world.process_mut(pid) {
            process.signals.ignored.insert(Signal::INT);
            process.signals.ignored.insert(Signal::QUIT);
        }
        if let Ok(file) = sys.open_file("/dev/null", OpenFlags::READ, 0) {
            sys.world.install(pid, 0, file, false);
        }
    }
}
