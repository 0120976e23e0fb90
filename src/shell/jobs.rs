//! The table of jobs, and how they are listed: bash(1), JOB CONTROL.

use crate::world::{ChildEvent, ExitStatus, Pid, Signal};

/// `%1`
pub type JobId = u32;

/// How wide the state is printed.
const STATE_WIDTH: usize = 24;

/// Whether a process of a job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessState {
    /// It runs.
    Running,
    /// A signal stopped it.
    Stopped(Signal),
    /// It ended.
    Ended(ExitStatus),
}

/// A process of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobProcess {
    /// Its id.
    pub pid: Pid,
    /// Its command as printed.
    pub text: String,
    /// Whether it runs.
    pub state: ProcessState,
}

/// A job: a pipeline, in the foreground or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// Its process group.
    pub pgid: Pid,
    /// Its processes, in the order of the pipeline.
    pub processes: Vec<JobProcess>,
    /// The shell waits for it.
    pub foreground: bool,
    /// Its present state has been told.
    pub told: bool,
    /// `disown -h`: no SIGHUP from the shell.
    pub no_hup: bool,
    /// Where it was started.
    pub folder: String,
    /// It has the terminal's process group to itself.
    pub controlled: bool,
}

impl Job {
    /// Whether all of its processes ended.
    pub fn is_done(&self) -> bool {
        self.processes.iter().all(|process| matches!(process.state, ProcessState::Ended(_)))
    }

    /// The signal that stopped it, if none of its processes runs.
    pub fn stopped(&self) -> Option<Signal> {
        if self.processes.iter().any(|process| process.state == ProcessState::Running) {
            return None;
        }
        self.processes.iter().rev().find_map(|process| match process.state {
            ProcessState::Stopped(signal) => Some(signal),
            _ => None,
        })
    }

    /// How its last process ended.
    pub fn status(&self) -> Option<ExitStatus> {
        match self.processes.last()?.state {
            ProcessState::Ended(status) => Some(status),
            _ => None,
        }
    }

    /// The id in `$!`.
    pub fn last_pid(&self) -> Pid {
        self.processes.last().map_or(0, |process| process.pid)
    }

    /// Its commands, joined.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.processes.iter().map(|process| process.text.as_str()).collect();
        texts.join(" | ")
    }

    /// The line of `jobs`.
    pub fn line(&self, marker: char, folder: &str) -> String {
        let shown = self.processes.iter().rev().find(|process| matches!(process.state, ProcessState::Stopped(_)));
        let running = self.processes.iter().any(|process| process.state == ProcessState::Running);
        let process = if running {
            self.processes.iter().find(|process| process.state == ProcessState::Running)
        } else {
            shown.or(self.processes.last())
        };
        let Some(process) = process else { return String::new() };
        let state = padded(process);
        let background = if running && !self.foreground { " &" } else { "" };
        let place = if folder == self.folder { String::new() } else { format!("  (wd: {})", self.folder) };
        format!("[{}]{marker}  {state}{}{background}{place}\n", self.id, self.text())
    }

    /// The lines of `jobs -l`, or with no number what a script says of a killed command.
    pub fn long_lines(&self, number: Option<char>, folder: &str) -> String {
        let mut out = String::new();
        let running = self.processes.iter().any(|process| process.state == ProcessState::Running);
        for (index, process) in self.processes.iter().enumerate() {
            let lead = match number {
                Some(marker) if index == 0 => format!("[{}]{marker} ", self.id),
                _ if index > 0 => "     ".to_string(),
                _ => String::new(),
            };
            let same = index > 0 && process.state == self.processes[0].state;
            let state = if same { " ".repeat(STATE_WIDTH - 2) } else { padded(process) };
            let bar = if index > 0 { "| " } else { "" };
            let last = index + 1 == self.processes.len();
            let background = if last && running && !self.foreground { " &" } else { "" };
            let place = if last && folder != self.folder { format!("  (wd: {})", self.folder) } else { String::new() };
            out.push_str(&format!("{lead}{:5} {state}{bar}{}{background}{place}\n", process.pid, process.text));
        }
        out
    }
}

/// `Running`, `Done`, `Exit 3`, `Killed`, …
fn state_text(process: &JobProcess) -> String {
    match process.state {
        ProcessState::Running => "Running".into(),
        ProcessState::Stopped(_) => "Stopped".into(),
        ProcessState::Ended(ExitStatus::Exited(0)) => "Done".into(),
        ProcessState::Ended(ExitStatus::Exited(code)) => format!("Exit {code}"),
        ProcessState::Ended(ExitStatus::Signaled(signal, _)) => signal.description(),
    }
}

/// The state, as wide as it is printed.
fn padded(process: &JobProcess) -> String {
    let core = match process.state {
        ProcessState::Ended(ExitStatus::Signaled(_, true)) => "(core dumped) ",
        _ => "",
    };
    format!("{:STATE_WIDTH$}{core}", state_text(process))
}

/// All jobs of a shell.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    jobs: Vec<Job>,
    /// Most recent last: the current job and those before it.
    order: Vec<JobId>,
}

/// Why a job was not found; the text follows the argument.
pub const NO_JOB: &str = "no such job";

impl Jobs {
    /// Adds a job; gives its number.
    pub fn add(&mut self, mut job: Job) -> JobId {
        let id = self.jobs.iter().map(|job| job.id).max().unwrap_or(0) + 1;
        job.id = id;
        self.jobs.push(job);
        id
    }

    /// The job with this number.
    pub fn get(&self, id: JobId) -> Option<&Job> {
        self.jobs.iter().find(|job| job.id == id)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, id: JobId) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.id == id)
    }

    /// The job with this process.
    pub fn of_pid(&self, pid: Pid) -> Option<&Job> {
        self.jobs.iter().find(|job| job.processes.iter().any(|process| process.pid == pid))
    }

    /// All jobs by number.
    pub fn iter(&self) -> impl Iterator<Item = &Job> {
        self.jobs.iter()
    }

    /// All jobs, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Job> {
        self.jobs.iter_mut()
    }

    /// Removes a job.
    pub fn remove(&mut self, id: JobId) {
        self.jobs.retain(|job| job.id != id);
        self.order.retain(|other| *other != id);
    }

    /// A forked copy has no jobs.
    pub fn clear(&mut self) {
        self.jobs.clear();
        self.order.clear();
    }

    /// Makes a job the current one.
    pub fn make_current(&mut self, id: JobId) {
        self.order.retain(|other| *other != id);
        self.order.push(id);
    }

    /// The current job: the one stopped last, else the one started last in the background.
    pub fn current(&self) -> Option<JobId> {
        self.ranked().next()
    }

    /// The job before the current one.
    pub fn previous(&self) -> Option<JobId> {
        self.ranked().nth(1)
    }

    fn ranked(&self) -> impl Iterator<Item = JobId> {
        let known = |stopped: bool| {
            self.order.iter().rev().copied().filter(move |id| {
                self.get(*id).is_some_and(|job| !job.foreground && job.stopped().is_some() == stopped)
            })
        };
        known(true).chain(known(false))
    }

    /// `+`, `-` or a blank.
    pub fn marker(&self, id: JobId) -> char {
        match id {
            id if self.current() == Some(id) => '+',
            id if self.previous() == Some(id) => '-',
            _ => ' ',
        }
    }

    /// Notes what happened to a process; true if it belongs to a job.
    pub fn note(&mut self, pid: Pid, event: ChildEvent) -> bool {
        let Some(job) = self.jobs.iter_mut().find(|job| job.processes.iter().any(|process| process.pid == pid)) else {
            return false;
        };
        let Some(process) = job.processes.iter_mut().find(|process| process.pid == pid) else { return false };
        process.state = match event {
            ChildEvent::Ended(status) => ProcessState::Ended(status),
            ChildEvent::Stopped(signal) => ProcessState::Stopped(signal),
            ChildEvent::Continued => ProcessState::Running,
        };
        job.told = matches!(event, ChildEvent::Continued);
        if job.stopped().is_some() {
            let id = job.id;
            self.make_current(id);
        }
        true
    }

    /// The job that `%1`, `%+`, `%-`, `%name`, `%?text` name. The error is what bash says of it.
    pub fn find(&self, text: &str) -> Result<JobId, &'static str> {
        let rest = text.strip_prefix('%').unwrap_or(text);
        let found = match rest {
            "" | "%" | "+" => self.current(),
            "-" => self.previous().or(self.current()),
            _ => match rest.parse::<JobId>() {
                Ok(id) => self.get(id).map(|job| job.id),
                Err(_) => {
                    let fits = |job: &&Job| match rest.strip_prefix('?') {
                        Some(part) => job.text().contains(part),
                        None => job.text().starts_with(rest),
                    };
                    let mut several = self.jobs.iter().filter(fits);
                    let first = several.next().map(|job| job.id);
                    if several.next().is_some() {
                        return Err("ambiguous job spec");
                    }
                    first
                }
            },
        };
        found.ok_or(NO_JOB)
    }
}
