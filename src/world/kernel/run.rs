//! The scheduler: one event after the other, each process until it waits.

use std::sync::Arc;

use super::cost;
use crate::world::process::{Pid, Process, State};
use crate::world::program::{Channel, Step, Wait};
use crate::world::{Event, ExitStatus, Init, Notice, OpenKind, Resource, Signal, Sys, Time, UNLIMITED, World};

impl World {
    /// Handles the next event that is due at `deadline` or before; false when there is none (the clock stays).
    pub fn run_one(&mut self, init: &mut dyn Init, deadline: Time) -> bool {
        self.deliver(init);
        let Some((at, event)) = self.events.pop_until(deadline) else { return false };
        self.now = self.now.max(at);
        match event {
            Event::Run(pid) => self.run_process(init, pid),
            Event::Timeout(pid, number) => {
                if self.process(pid).is_some_and(|p| p.wait_number == number) {
                    self.wake(pid);
                }
            }
            Event::Init(token) => self.notices.push_back(Notice::Timer(token)),
        }
        self.deliver(init);
        true
    }

    /// Lets time pass until `deadline`.
    pub fn run_until(&mut self, init: &mut dyn Init, deadline: Time) {
        while self.run_one(init, deadline) {}
        self.now = self.now.max(deadline);
    }

    /// Tells PID 1 what it has not heard yet.
    pub fn deliver(&mut self, init: &mut dyn Init) {
        while let Some(notice) = self.notices.pop_front() {
            init.notice(self, notice);
        }
    }

    /// Files a notice for PID 1.
    pub fn tell_init(&mut self, notice: Notice) {
        self.notices.push_back(notice);
    }

    /// Puts a process into the run queue; one that is stopped gets its turn when it goes on.
    pub fn wake(&mut self, pid: Pid) {
        let now = self.now;
        let Some(process) = self.process_mut(pid) else { return };
        if process.queued || process.is_zombie() {
            return;
        }
        process.queued = true;
        let at = process.busy_until.max(now);
        self.events.push(at, Event::Run(pid));
    }

    /// Wakes all that wait for `channel`.
    pub fn wake_channel(&mut self, channel: Channel) {
        let waiting: Vec<Pid> = self.waiters.range((channel, 0)..=(channel, Pid::MAX)).map(|(_, pid)| *pid).collect();
        for pid in waiting {
            self.wake(pid);
        }
    }

    fn run_process(&mut self, init: &mut dyn Init, pid: Pid) {
        let now = self.now;
        let Some(process) = self.process_mut(pid) else { return };
        process.queued = false;
        if process.state != State::Alive {
            return;
        }
        if process.busy_until > now {
            self.wake(pid);
            return;
        }
        let Some(mut program) = process.program.take() else { return };
        self.current = pid;
        self.end_wait(pid);
        if let Some(process) = self.process_mut(pid) {
            process.busy_until = now + cost::TURN;
            process.cpu += cost::TURN;
        }
        let step = program.resume(&mut Sys { world: self, init, pid });
        let alive = self.process(pid).is_some_and(|p| !p.is_zombie());
        if !alive {
            return;
        }
        self.check_cpu_limit(pid);
        let large = self.process(pid).is_some_and(|p| p.rss > self.memory / 2);
        if (large || !self.cgroup_limits.is_empty()) && !matches!(step, Step::Exit(_)) {
            self.check_memory(pid);
            if self.process(pid).is_none_or(Process::is_zombie) {
                return;
            }
        }
        if let Some(process) = self.process_mut(pid) {
            process.program = Some(program);
        }
        match step {
            Step::Wait(wait) => self.begin_wait(pid, wait),
            Step::Yield => {
                self.charge(pid, cost::SLICE);
                self.wake(pid);
            }
            Step::Exit(code) => self.terminate(pid, ExitStatus::Exited(code)),
            Step::Crash(signal) => self.die_of(pid, signal),
            Step::Exec(program) => {
                if let Some(process) = self.process_mut(pid) {
                    process.program = Some(program);
                }
                self.charge(pid, cost::EXEC);
                self.wake(pid);
            }
        }
    }

    /// SIGXCPU above the limit of processor time, and SIGKILL at the hard one.
    fn check_cpu_limit(&mut self, pid: Pid) {
        let Some(process) = self.process(pid) else { return };
        let (soft, hard) = process.limits.get(Resource::Cpu);
        if soft == UNLIMITED && hard == UNLIMITED {
            return;
        }
        let used = process.cpu.as_secs();
        if used >= hard {
            self.send_signal(pid, Signal::KILL);
        } else if used >= soft {
            self.send_signal(pid, Signal::XCPU);
        }
    }

    /// The processor is busy with `pid` for this much longer.
    pub fn charge(&mut self, pid: Pid, time: std::time::Duration) {
        let now = self.now;
        let taken = match self.process(pid) {
            Some(process) if !self.cgroup_limits.is_empty() => self.stretched(&process.cgroup.clone(), time),
            _ => time,
        };
        if let Some(process) = self.process_mut(pid) {
            process.busy_until = process.busy_until.max(now) + taken;
            process.cpu += time;
        }
    }

    fn end_wait(&mut self, pid: Pid) {
        let Some(process) = self.process_mut(pid) else { return };
        let wait = std::mem::take(&mut process.wait);
        process.wait_number += 1;
        for channel in wait.channels {
            self.waiters.remove(&(channel, pid));
        }
    }

    /// A process waits. Descriptors become the channels behind them; one that is always ready ends the wait at once.
    fn begin_wait(&mut self, pid: Pid, mut wait: Wait) {
        let mut ready = false;
        for fd in std::mem::take(&mut wait.fds) {
            match self.channels_of(pid, fd) {
                Some(channels) => wait.channels.extend(channels),
                None => ready = true,
            }
        }
        for channel in &wait.channels {
            self.waiters.insert((*channel, pid));
        }
        let until = wait.until;
        let Some(process) = self.process_mut(pid) else { return };
        process.wait = wait;
        let number = process.wait_number;
        let signals = &process.signals;
        ready |= signals.pending.0 & signals.caught.0 & !signals.blocked.0 != 0;
        if let Some(at) = until {
            self.events.push(at, Event::Timeout(pid, number));
        }
        if ready {
            self.wake(pid);
        }
    }

    /// The channels on which something can happen to a descriptor; `None` when it never blocks.
    fn channels_of(&self, pid: Pid, fd: u32) -> Option<Vec<Channel>> {
        let descriptor = self.process(pid)?.fds.get(&fd)?;
        match &self.open_files.get(descriptor.file)?.kind {
            OpenKind::PipeRead(id) | OpenKind::PipeWrite(id) => Some(vec![Channel::Pipe(*id)]),
            OpenKind::Socket { input, output } => Some(vec![Channel::Pipe(*input), Channel::Pipe(*output)]),
            OpenKind::Tty(tty) => Some(vec![Channel::Tty(*tty)]),
            OpenKind::Listener(id) => Some(vec![Channel::Listener(*id)]),
            OpenKind::File { .. } | OpenKind::Device(_) | OpenKind::Stream(_) => None,
        }
    }

    /// Makes PID 1, which has no code of its own here: it is the [`Init`].
    pub fn start_init(&mut self, path: &str, argv: &[&str]) {
        let process = Process {
            pid: 1,
            manager: true,
            comm: "systemd".into(),
            exe: path.into(),
            argv: Arc::new(argv.iter().map(|a| (*a).to_owned()).collect()),
            rss: 12 * 1024 * 1024,
            cgroup: "/init.scope".into(),
            pgid: 1,
            sid: 1,
            ..self.blank_process(1)
        };
        self.processes.insert(1, Arc::new(process));
        self.next_pid = 2;
    }
}
