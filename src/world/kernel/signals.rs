//! Sending signals: kill(2), signal(7), and what stopping and going on mean.

use crate::world::capability::CapabilitySet;
use crate::world::errno::Errno;
use crate::world::process::{ChildEvent, ExitStatus, Pid, State};
use crate::world::program::Channel;
use crate::world::signal::{DefaultAction, Signal, SignalSet};
use crate::world::{Notice, Resource, Sender, World};

/// Signals that stop; SIGCONT throws them away.
const STOPS: [Signal; 4] = [Signal::STOP, Signal::TSTP, Signal::TTIN, Signal::TTOU];

/// How many senders of signals are remembered.
const SENDERS: usize = 64;

impl World {
    /// Remembers who sends a signal to whom, as `siginfo_t` tells it.
    pub(crate) fn note_sender(&mut self, from: Pid, to: Pid, signal: Signal) {
        if let Some(sender) = self.sender(from) {
            self.senders.push_back((to, signal, sender));
            if self.senders.len() > SENDERS {
                self.senders.pop_front();
            }
        }
    }

    /// Who sent this signal to that process last; `None` when no process did.
    pub fn killer(&self, pid: Pid, signal: Signal) -> Option<&Sender> {
        let found = self.senders.iter().rev().find(|(to, sent, _)| (*to, *sent) == (pid, signal));
        found.map(|(_, _, sender)| sender)
    }

    /// Sends a signal, asking nobody for permission. Nothing happens when the process is gone.
    pub fn send_signal(&mut self, pid: Pid, signal: Signal) {
        if pid == 1 {
            self.tell_init(Notice::Signal(signal));
            return;
        }
        let Some(process) = self.process_mut(pid) else { return };
        if process.is_zombie() {
            return;
        }
        if signal == Signal::CONT {
            STOPS.iter().for_each(|stop| process.signals.pending.remove(*stop));
            self.resume_stopped(pid);
        }
        let Some(process) = self.process_mut(pid) else { return };
        if signal.is_unstoppable() {
            self.default_action(pid, signal);
        } else if process.signals.blocked.contains(signal) {
            process.signals.pending.insert(signal);
        } else if process.signals.ignored.contains(signal) {
        } else if process.signals.caught.contains(signal) {
            process.signals.pending.insert(signal);
            if process.state == State::Alive {
                self.wake(pid);
            }
        } else {
            self.default_action(pid, signal);
        }
    }

    /// Sends a signal to every process of a group.
    pub fn signal_group(&mut self, pgid: Pid, signal: Signal) {
        for pid in self.group_members(pgid) {
            self.send_signal(pid, signal);
        }
    }

    /// The live processes of a group, by id.
    pub fn group_members(&self, pgid: Pid) -> Vec<Pid> {
        self.processes().filter(|p| p.pgid == pgid && !p.is_zombie()).map(|p| p.pid).collect()
    }

    /// Whether `sender` may signal `target`: kill(2). Errors: ESRCH, EPERM.
    pub fn may_signal(&self, sender: Pid, target: Pid, signal: Option<Signal>) -> Result<(), Errno> {
        let from = self.process(sender).ok_or(Errno::ESRCH)?;
        let to = self.process(target).ok_or(Errno::ESRCH)?;
        let same_user = from.cred.uid == to.cred.uid || from.ruid == to.ruid || from.cred.uid == to.ruid;
        let same_session = signal == Some(Signal::CONT) && from.sid == to.sid;
        if from.cred.can(CapabilitySet::KILL) || same_user || same_session { Ok(()) } else { Err(Errno::EPERM) }
    }

    /// Changes which signals are ignored and which are caught; pending ones that are now ignored are dropped.
    pub fn set_disposition(&mut self, pid: Pid, signal: Signal, ignored: bool, caught: bool) {
        let Some(process) = self.process_mut(pid) else { return };
        let signals = &mut process.signals;
        let set = |set: &mut SignalSet, member: bool| if member { set.insert(signal) } else { set.remove(signal) };
        set(&mut signals.ignored, ignored);
        set(&mut signals.caught, caught);
        if ignored {
            signals.pending.remove(signal);
        }
    }

    fn default_action(&mut self, pid: Pid, signal: Signal) {
        match signal.default_action() {
            DefaultAction::Ignore | DefaultAction::Continue => {}
            DefaultAction::Terminate | DefaultAction::Core => {
                let core = self.dumps_core(pid, signal);
                self.terminate(pid, ExitStatus::Signaled(signal, core));
            }
            // A terminal's stop signals do nothing to a group that nobody could wake up again.
            DefaultAction::Stop if signal != Signal::STOP && self.is_orphaned_group(pid) => {}
            DefaultAction::Stop => self.stop(pid, signal),
        }
    }

    /// Whether a process killed by `signal` leaves a core dump.
    pub(in crate::world) fn dumps_core(&self, pid: Pid, signal: Signal) -> bool {
        let allowed = self.process(pid).is_some_and(|p| p.limits.soft(Resource::Core) != 0);
        allowed && signal.default_action() == DefaultAction::Core
    }

    fn stop(&mut self, pid: Pid, signal: Signal) {
        let Some(process) = self.process_mut(pid) else { return };
        if process.state != State::Alive {
            return;
        }
        process.state = State::Stopped(signal);
        process.report = Some(ChildEvent::Stopped(signal));
        let parent = process.ppid;
        self.tell_parent(parent);
    }

    fn resume_stopped(&mut self, pid: Pid) {
        let Some(process) = self.process_mut(pid) else { return };
        let State::Stopped(_) = process.state else { return };
        process.state = State::Alive;
        process.report = Some(ChildEvent::Continued);
        let parent = process.ppid;
        self.tell_parent(parent);
        self.wake(pid);
    }

    /// Something happened to a child: SIGCHLD, and whoever waits for children wakes up.
    pub(in crate::world) fn tell_parent(&mut self, parent: Pid) {
        if parent > 1 {
            self.send_signal(parent, Signal::CHLD);
            self.wake_channel(Channel::Children(parent));
        }
    }

    /// Whether no process of `pid`'s group has a parent in the same session but another group.
    pub(in crate::world) fn is_orphaned_group(&self, pid: Pid) -> bool {
        let Some(process) = self.process(pid) else { return false };
        !self.processes().filter(|p| p.pgid == process.pgid && !p.is_zombie()).any(|member| {
            self.process(member.ppid).is_some_and(|parent| parent.sid == member.sid && parent.pgid != member.pgid)
        })
    }
}
