//! Prompts, and what happens before one: bash(1), PROMPTING and JOB CONTROL.

use super::bash::{Bash, Frame, Unwind};
use super::expand::Expander;
use super::run::shown_folder;
use super::run::substitution::Machine;
use super::syntax::parse_prompt;
use super::traps::Event;
use crate::world::{Duration, ExitStatus, Signal, Sys};

/// How long a signalled process takes to end, as its shell sees it.
const DYING: Duration = Duration::from_millis(2);

impl Bash {
    /// Tells of jobs. False: `PROMPT_COMMAND` is to run first.
    pub(super) fn before_prompt(&mut self, sys: &mut Sys<'_>) -> bool {
        if let Some(tty) = self.tty
            && sys.me().tty == Some(tty)
        {
            let group = sys.me().pgid;
            self.give_terminal(sys, group);
        }
        if !std::mem::replace(&mut self.readied, true) && !self.variable("PROMPT_COMMAND").is_empty() {
            return false;
        }
        self.readied = false;
        // A process that was signalled a moment ago has not ended yet: the next prompt tells of it.
        if self.signalled.is_none_or(|at| sys.now().since(at) > DYING) {
            self.reap(sys);
        }
        self.tell_of_known(sys);
        true
    }

    pub(super) fn push_prompt_command(&mut self) {
        let command = self.variable("PROMPT_COMMAND");
        self.push(Frame::TrapEnd(self.shell.status));
        self.push_text(&command, None);
    }

    /// Tells of every job whose state changed since it was told.
    pub(super) fn tell_of_jobs(&mut self, sys: &mut Sys<'_>) {
        self.reap(sys);
        self.tell_of_known(sys);
    }

    /// The same for what is known already.
    pub(super) fn tell_of_known(&mut self, sys: &mut Sys<'_>) {
        let folder = sys.me().cwd.to_string();
        let ids: Vec<u32> = self.jobs.iter().map(|job| job.id).collect();
        for id in ids {
            let Some(job) = self.jobs.get(id) else { continue };
            let (done, stopped) = (job.is_done(), job.stopped().is_some());
            if job.foreground || job.told || !done && !stopped {
                continue;
            }
            let line = job.line(self.jobs.marker(id), &folder);
            let line = if stopped { format!("\n{line}") } else { line };
            if self.shell.interactive && !self.child {
                self.print(2, &line);
            }
            if done {
                self.forget_job(id);
            } else if let Some(job) = self.jobs.get_mut(id) {
                job.told = true;
            }
        }
    }

    /// A script is told only of jobs that a signal killed; the others are forgotten in silence.
    pub(super) fn tell_of_killed(&mut self, sys: &mut Sys<'_>) {
        self.reap(sys);
        let done: Vec<u32> =
            self.jobs.iter().filter(|job| job.is_done() && !job.foreground).map(|job| job.id).collect();
        let folder = sys.me().cwd.to_string();
        for id in done {
            let Some(job) = self.jobs.get(id) else { continue };
            if let Some(ExitStatus::Signaled(signal, _)) = job.status()
                && !matches!(signal, Signal::INT | Signal::PIPE | Signal::TERM)
                && self.traps.get(Event::Signal(signal.number())).is_none()
                && !self.child
            {
                let line = format!("{}{}", self.prefix(), job.long_lines(None, &folder));
                self.print(2, &line);
            }
            self.forget_job(id);
        }
    }

    /// Removes a job that ended; `wait` can still ask how.
    pub(super) fn forget_job(&mut self, id: u32) {
        let Some(job) = self.jobs.get(id).cloned() else { return };
        if let Some(status) = job.status() {
            self.ended.insert(job.last_pid(), status);
        }
        self.jobs.remove(id);
    }

    pub(super) fn print_prompt(&mut self, sys: &mut Sys<'_>, continued: bool) {
        let name = if continued { "PS2" } else { "PS1" };
        let text = self.variable(name);
        let prompt = self.prompt(sys, &text);
        self.print(2, &prompt);
    }

    /// The text of a prompt: backslash escapes, then expansions. A command substitution gives nothing.
    pub(super) fn prompt(&mut self, sys: &mut Sys<'_>, text: &str) -> String {
        let decoded = self.decode_prompt(sys, text);
        if !self.shell.switches.has("promptvars") {
            return decoded;
        }
        let word = parse_prompt(&decoded);
        let mut machine = Machine(sys);
        let none = [String::new(), String::new(), String::new(), String::new()];
        let mut expander = Expander::new(self.shell.clone(), &mut machine, &none);
        expander.quoted_text(&word).unwrap_or(decoded)
    }

    fn decode_prompt(&self, sys: &Sys<'_>, text: &str) -> String {
        let mut out = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            let Some(letter) = chars.next() else {
                out.push('\\');
                break;
            };
            if letter == 'D' && chars.peek() == Some(&'{') {
                chars.next();
                let format: String = chars.by_ref().take_while(|c| *c != '}').collect();
                let format = if format.is_empty() { "%H:%M:%S" } else { &format };
                out.push_str(&crate::commands::posix::strftime::strftime(sys.now(), format));
            } else if let Some(first) = letter.to_digit(8) {
                let mut code = first;
                for _ in 0..2 {
                    let Some(digit) = chars.peek().and_then(|c| c.to_digit(8)) else { break };
                    code = code * 8 + digit;
                    chars.next();
                }
                out.extend(char::from_u32(code & 0xff));
            } else {
                self.prompt_escape(sys, letter, &mut out);
            }
        }
        out
    }

    fn prompt_escape(&self, sys: &Sys<'_>, letter: char, out: &mut String) {
        let folder = shown_folder(&self.variable("PWD"), &self.variable("HOME"));
        let time = |format: &str| sys.now().strftime(format);
        let host = &sys.world.hostname;
        match letter {
            'u' => out.push_str(&crate::world::accounts::user_name(&sys.world.files, sys.me().cred.uid)),
            'h' => out.push_str(host.split('.').next().unwrap_or(host)),
            'H' => out.push_str(host),
            'w' => out.push_str(&folder),
            'W' => out.push_str(match folder.rsplit('/').next() {
                Some("") | None => "/",
                Some(last) => last,
            }),
            '$' => out.push(if sys.me().cred.uid == 0 { '#' } else { '$' }),
            's' => out.push_str(self.shell.name.trim_start_matches('-').rsplit('/').next().unwrap_or("bash")),
            'v' => out.push_str("5.2"),
            'V' => out.push_str("5.2.15"),
            'j' => out.push_str(&self.jobs.iter().count().to_string()),
            'l' => out.push_str(&self.tty.map_or_else(|| "tty".to_string(), |tty| tty.to_string())),
            '!' | '#' => out.push_str(&(self.history.len() + 1).to_string()),
            't' => out.push_str(&time("%H:%M:%S")),
            'T' => out.push_str(&time("%I:%M:%S")),
            '@' => out.push_str(&time("%I:%M %p")),
            'A' => out.push_str(&time("%H:%M")),
            'd' => out.push_str(&time("%a %b %d")),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            'e' => out.push('\x1b'),
            'a' => out.push('\x07'),
            '[' | ']' => {}
            '\\' => out.push_str("\\\\"),
            other => out.extend(['\\', other]),
        }
    }

    /// Whether `exit` has to be refused once because of jobs; then it says so.
    pub(super) fn leaves_jobs(&mut self) -> bool {
        if !self.shell.interactive || self.child || std::mem::replace(&mut self.exit_warned, true) {
            return false;
        }
        let stopped = self.jobs.iter().any(|job| job.stopped().is_some());
        let running = self.shell.switches.has("checkjobs") && self.jobs.iter().any(|job| !job.is_done());
        if stopped {
            self.print(2, "There are stopped jobs.\n");
        } else if running {
            self.print(2, "There are running jobs.\n");
        } else {
            return false;
        }
        if self.shell.switches.has("checkjobs") {
            let lines: Vec<String> =
                self.jobs.iter().map(|job| job.line(self.jobs.marker(job.id), &job.folder)).collect();
            self.print(2, &lines.concat());
        }
        true
    }

    /// Leaves a login shell: `~/.bash_logout` runs first.
    pub(super) fn run_logout(&mut self, sys: &mut Sys<'_>, status: u8) {
        let file = format!("{}/.bash_logout", self.variable("HOME"));
        let text = if self.login && self.shell.interactive && !self.child { sys.read_file(&file).ok() } else { None };
        self.unwind(sys, Unwind::Exit(status));
        if let Some(text) = text {
            self.push_file(&String::from_utf8_lossy(&text), &file, None);
        }
    }
}
