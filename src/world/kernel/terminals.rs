//! Terminals and sessions: setsid(2), tty_ioctl(4), and what a hang-up does.

use crate::world::errno::Errno;
use crate::world::fs::{Cred, Device, Kind};
use crate::world::process::Pid;
use crate::world::program::Channel;
use crate::world::signal::Signal;
use crate::world::tty::{Terminal, TtyId};
use crate::world::{Event, World};

impl World {
    /// A new pseudo-terminal `/dev/pts/N` whose other end `holder` holds, owned by the user.
    pub fn open_terminal(&mut self, holder: Pid, uid: u32) -> TtyId {
        let id = (0..).find(|id| self.is_free(*id)).unwrap_or(0);
        let name = format!("pts/{id}");
        let path = format!("/dev/{name}");
        self.terminals.insert(id, Terminal::new(name, holder));
        self.files.mkdir_all("/dev/pts", self.now);
        if let Ok(found) = self.files.find(&Cred::root(), "/", &path, false) {
            let made = self.files.create(&Cred::root(), &found, Kind::Device(Device::Terminal(id)), 0o620, self.now);
            if let Ok(ino) = made {
                self.files.set_owner(ino, uid, 5, self.now);
            }
        }
        id
    }

    /// Types bytes at a terminal; Ctrl-C and its kin signal the foreground group.
    pub fn type_at(&mut self, tty: TtyId, bytes: &[u8]) {
        let Some(terminal) = self.terminals.get_mut(&tty) else { return };
        let signals = terminal.type_bytes(bytes);
        let foreground = terminal.foreground;
        for signal in signals {
            self.signal_group(foreground, signal);
        }
        self.wake_channel(Channel::Tty(tty));
    }

    /// The other end of a terminal is gone. Its session leader gets SIGHUP; the rest of the session loses the terminal.
    pub fn hang_up(&mut self, tty: TtyId) {
        let Some(terminal) = self.terminals.get_mut(&tty) else { return };
        if terminal.hung_up {
            return;
        }
        terminal.hung_up = true;
        let leader = terminal.session;
        let path = format!("/dev/{}", terminal.name);
        self.files.remove_all(&path, self.now);
        let session: Vec<Pid> = self.processes().filter(|p| p.tty == Some(tty)).map(|p| p.pid).collect();
        for pid in session {
            if let Some(process) = self.process_mut(pid) {
                process.tty = None;
            }
        }
        if let Some(leader) = leader {
            self.send_signal(leader, Signal::HUP);
            self.send_signal(leader, Signal::CONT);
        }
        self.wake_channel(Channel::Tty(tty));
        self.wake_channel(Channel::Screen(tty));
    }

    /// A session leader ended: its foreground group gets SIGHUP, and the terminal belongs to nobody.
    pub(in crate::world) fn leave_terminal(&mut self, leader: Pid) {
        let held = self.terminals.iter().find(|(_, t)| t.session == Some(leader)).map(|(id, t)| (*id, t.foreground));
        let Some((tty, foreground)) = held else { return };
        if let Some(terminal) = self.terminals.get_mut(&tty) {
            terminal.session = None;
        }
        self.wake_channel(Channel::Screen(tty));
        self.signal_group(foreground, Signal::HUP);
        self.signal_group(foreground, Signal::CONT);
        let session: Vec<Pid> = self.processes().filter(|p| p.sid == leader).map(|p| p.pid).collect();
        for pid in session {
            if let Some(process) = self.process_mut(pid) {
                process.tty = None;
            }
        }
    }

    /// Whether a terminal's number can be given out again: hung up, and nobody has it open.
    fn is_free(&self, tty: TtyId) -> bool {
        let gone = self.terminals.get(&tty).is_none_or(|t| t.hung_up && t.session.is_none());
        gone && !self.open_files.any(|file| file.kind == crate::world::OpenKind::Tty(tty))
    }

    /// Makes a process the leader of a new session and group without a terminal. Errors: EPERM (it leads a group).
    pub fn setsid(&mut self, pid: Pid) -> Result<(), Errno> {
        if self.processes().any(|p| p.pgid == pid) {
            return Err(Errno::EPERM);
        }
        let process = self.process_mut(pid).ok_or(Errno::ESRCH)?;
        (process.sid, process.pgid, process.tty) = (pid, pid, None);
        Ok(())
    }

    /// Gives a session leader its controlling terminal: TIOCSCTTY. Errors: EPERM.
    pub fn set_controlling_terminal(&mut self, pid: Pid, tty: TtyId) -> Result<(), Errno> {
        let process = self.process(pid).ok_or(Errno::ESRCH)?;
        if process.sid != pid || process.tty.is_some() {
            return Err(Errno::EPERM);
        }
        let terminal = self.terminals.get_mut(&tty).ok_or(Errno::EIO)?;
        if terminal.session.is_some() {
            return Err(Errno::EPERM);
        }
        (terminal.session, terminal.foreground) = (Some(pid), pid);
        if let Some(process) = self.process_mut(pid) {
            process.tty = Some(tty);
        }
        Ok(())
    }

    /// Moves a process into a group: setpgid(2). Errors: ESRCH, EPERM (another session).
    pub fn setpgid(&mut self, pid: Pid, pgid: Pid) -> Result<(), Errno> {
        let sid = self.process(pid).ok_or(Errno::ESRCH)?.sid;
        if sid == pid {
            return Err(Errno::EPERM);
        }
        if pgid != pid && !self.processes().any(|p| p.pgid == pgid && p.sid == sid) {
            return Err(Errno::EPERM);
        }
        if let Some(process) = self.process_mut(pid) {
            process.pgid = pgid;
        }
        Ok(())
    }

    /// Switches everything off: no process, no terminal, no open file, no event. Files stay.
    pub fn power_off(&mut self) {
        self.processes = Default::default();
        self.cpu_ended = Default::default();
        self.pipes = Default::default();
        self.open_files = Default::default();
        self.net = Default::default();
        self.waiters.clear();
        self.watched.clear();
        self.notices.clear();
        self.events.clear();
        for terminal in self.terminals.values_mut() {
            terminal.hung_up = true;
        }
        self.next_pid = 1;
    }

    /// Switches on at `self.now`: the clocks start, the machine gets a new boot id.
    pub fn power_on(&mut self) {
        self.booted = self.now;
        self.boot_id = self.rng.id128();
        self.terminals.clear();
    }

    /// Files an event that comes back to PID 1 as [`crate::world::Notice::Timer`].
    pub fn wake_init_at(&mut self, at: crate::world::Time, token: u64) -> crate::world::EventId {
        self.events.push(at, Event::Init(token))
    }
}
