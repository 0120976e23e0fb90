//! The end of a process: _exit(2), wait(2), orphans, and the terminal of a session leader.

use std::collections::BTreeSet;

use crate::world::process::{ChildEvent, ExitStatus, Pid, State};
use crate::world::signal::Signal;
use crate::world::{Notice, TtyId, World};

impl World {
    /// Ends a process: descriptors closed, children handed on, session and parent told.
    pub fn terminate(&mut self, pid: Pid, status: ExitStatus) {
        let Some(process) = self.process_mut(pid) else { return };
        if process.is_zombie() {
            return;
        }
        process.state = State::Zombie(status);
        process.program = None;
        process.queued = false;
        let wait = std::mem::take(&mut process.wait);
        process.wait_number += 1;
        let (ppid, cgroup, leads) = (process.ppid, process.cgroup.clone(), process.sid == pid);
        let cpu = process.cpu;
        *self.cpu_ended.entry(cgroup.clone()).or_default() += cpu;
        for channel in wait.channels {
            self.waiters.remove(&(channel, pid));
        }
        self.close_all(pid);
        self.leave_view(pid);
        if leads {
            self.leave_terminal(pid);
        }
        let held: Vec<TtyId> = self.terminals.iter().filter(|(_, t)| t.holder == pid).map(|(id, _)| *id).collect();
        for tty in held {
            if let Some(terminal) = self.terminals.get_mut(&tty) {
                terminal.cut = !matches!(status, ExitStatus::Exited(_)) && !terminal.hung_up;
            }
            self.hang_up(tty);
        }
        let groups = self.groups_that_may_orphan(pid);
        self.hand_on_children(pid);
        for group in groups {
            self.hang_up_if_orphaned(group);
        }
        if self.cgroup_members(&cgroup, false).is_empty() {
            self.tell_init(Notice::CgroupEmpty(cgroup));
        }
        self.report_end(pid, ppid);
    }

    /// The last process that sees a view takes along the folders made for it.
    fn leave_view(&mut self, pid: Pid) {
        let Some(view) = self.process_mut(pid).and_then(|p| p.cred.mounts.take()) else { return };
        let shared =
            |p: &crate::world::Process| p.cred.mounts.as_ref().is_some_and(|other| other.made() == view.made());
        if !view.made().is_empty() && !self.processes().any(shared) {
            self.files.free_view(&view, self.now);
        }
    }

    /// Tells the parent of an ended process, or reaps it where nobody will ask.
    fn report_end(&mut self, pid: Pid, ppid: Pid) {
        let parent = self.process(ppid);
        let manager = ppid == 1 || parent.is_some_and(|p| p.manager);
        let careless = parent.is_none_or(|p| p.signals.ignored.contains(Signal::CHLD));
        if manager {
            let Some(process) = self.process(pid) else { return };
            let State::Zombie(status) = process.state else { return };
            let (comm, cgroup) = (process.comm.clone(), process.cgroup.clone());
            self.processes.remove(&pid);
            self.tell_init(Notice::Exited { pid, parent: ppid, status, comm, cgroup });
        } else if careless {
            self.processes.remove(&pid);
            self.tell_parent(ppid);
        } else {
            self.tell_parent(ppid);
        }
    }

    /// The first child of `parent` (or just `child`) that has something to tell; an ended one is reaped.
    pub fn wait_child(&mut self, parent: Pid, child: Option<Pid>) -> Option<(Pid, ChildEvent)> {
        let fits = |pid: Pid| child.is_none_or(|c| c == pid);
        let found =
            self.processes().find(|p| p.ppid == parent && fits(p.pid) && (p.is_zombie() || p.report.is_some()))?;
        let pid = found.pid;
        if let State::Zombie(status) = found.state {
            self.processes.remove(&pid);
            return Some((pid, ChildEvent::Ended(status)));
        }
        let event = self.process_mut(pid)?.report.take()?;
        Some((pid, event))
    }

    /// Whether `parent` has a child, or this child.
    pub fn has_child(&self, parent: Pid, child: Option<Pid>) -> bool {
        self.processes().any(|p| p.ppid == parent && child.is_none_or(|c| c == p.pid))
    }

    /// Orphans go to the nearest ancestor that is a subreaper, or to PID 1.
    fn hand_on_children(&mut self, pid: Pid) {
        let mut heir = self.process(pid).map_or(1, |p| p.ppid);
        while heir > 1 && !self.process(heir).is_some_and(|p| p.subreaper && !p.is_zombie()) {
            heir = self.process(heir).map_or(1, |p| p.ppid);
        }
        let heir = heir.max(1);
        let children: Vec<Pid> = self.processes().filter(|p| p.ppid == pid && p.pid != pid).map(|p| p.pid).collect();
        for child in children {
            let Some(process) = self.process_mut(child) else { continue };
            process.ppid = heir;
            if process.is_zombie() {
                self.report_end(child, heir);
            }
        }
    }

    /// The groups whose last tie to the session may be this process: its own and its children's.
    fn groups_that_may_orphan(&self, pid: Pid) -> BTreeSet<Pid> {
        let Some(process) = self.process(pid) else { return BTreeSet::new() };
        // Only a process in another group of the session ties a group to it.
        let tied = |other: &crate::world::Process| other.sid == process.sid && other.pgid != process.pgid;
        let own = self.process(process.ppid).filter(|parent| tied(parent)).map(|_| process.pgid);
        let children = self.processes().filter(|p| p.ppid == pid && tied(p)).map(|p| p.pgid);
        children.chain(own).collect()
    }

    /// An orphaned group with a stopped member is hung up and let go on: POSIX _exit().
    fn hang_up_if_orphaned(&mut self, pgid: Pid) {
        let members = self.group_members(pgid);
        let Some(&first) = members.first() else { return };
        let stopped =
            members.iter().any(|pid| self.process(*pid).is_some_and(|p| matches!(p.state, State::Stopped(_))));
        if stopped && self.is_orphaned_group(first) {
            self.signal_group(pgid, Signal::HUP);
            self.signal_group(pgid, Signal::CONT);
        }
    }
}
