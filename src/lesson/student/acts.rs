//! What a student does to the machine, and what happens to a copy of it: faults, and the passing of time.

use super::Student;
use crate::lesson::content::action::{Action, Input};
use crate::lesson::content::condition::UnitId;
use crate::lesson::judge::facts::Machine;
use crate::world::{Duration, Pid, Rng, Signal, Time};

/// How long a line may hold the terminal when nobody says how long to wait.
const FOREGROUND: Duration = Duration::from_secs(30);
/// How long a program is given to react to a key.
const KEY: Duration = Duration::from_secs(5);
/// How long a command from another connection may take.
const COMMAND: Duration = Duration::from_secs(120);

impl Student {
    /// The main process of a service, or every process whose command line contains the text.
    fn targets(&self, name: &str) -> Vec<Pid> {
        if name.ends_with(".service") {
            let main = |name: &str| self.look_at(&UnitId::system(name), |unit, _| unit.service.as_ref()?.main_pid);
            return main(name).flatten().into_iter().collect();
        }
        self.living().filter(|p| p.argv.join(" ").contains(name)).map(|p| p.pid).collect()
    }

    fn signal(&mut self, name: &str, signal: Signal) -> bool {
        let targets = self.targets(name);
        for pid in &targets {
            self.vps.world.send_signal(*pid, signal);
        }
        self.vps.world.deliver(&mut self.vps.systemd);
        !targets.is_empty()
    }

    fn run_out_of_memory(&mut self, name: &str) -> bool {
        let victim = self.targets(name).first().copied();
        if let Some(pid) = victim {
            self.vps.world.kill_for_memory(pid);
            self.vps.world.deliver(&mut self.vps.systemd);
        }
        victim.is_some()
    }

    fn stop(&mut self, unit: &str) -> bool {
        let up = self.look_at(&UnitId::system(unit), |unit, _| !unit.is_inactive_or_failed());
        if up == Some(true) {
            self.vps.run_command("root", &format!("systemctl stop -- {}", super::facts::quoted(unit)), COMMAND);
        }
        up == Some(true)
    }

    /// Leaves as by `exit`, whatever runs in the foreground.
    fn log_out(&mut self) -> bool {
        if !self.is_inside() {
            return false;
        }
        // Twice: bash first warns about stopped jobs.
        for text in ["\u{3}", "exit\n", "exit\n"] {
            self.type_text(text);
            let deadline = self.vps.now() + KEY;
            self.run_until(deadline);
        }
        true
    }

    fn type_and_wait(&mut self, text: &str, until: Option<Time>, limit: Duration) {
        if !self.is_inside() && self.log_in().is_err() {
            return;
        }
        self.type_text(text);
        let deadline = until.unwrap_or_else(|| self.vps.now() + limit);
        self.run_until(deadline);
    }
}

impl Machine for Student {
    fn input(&mut self, input: &Input, until: Option<Time>) -> String {
        let mut shown = String::new();
        match input {
            Input::Type(line) => {
                // Enter at a closed terminal opens a new one, and is read by nobody.
                if self.is_inside() || (self.log_in().is_ok() && !line.is_empty()) {
                    self.enter(line);
                    self.run_until(until.unwrap_or_else(|| self.vps.now() + FOREGROUND));
                }
            }
            Input::Interrupt => self.type_and_wait("\u{3}", until, KEY),
            Input::EndOfFile => self.type_and_wait("\u{4}", until, KEY),
            Input::Suspend => self.type_and_wait("\u{1a}", until, KEY),
            Input::Edit(written) => {
                self.leave_editor(written.as_deref());
                self.run_until(until.unwrap_or_else(|| self.vps.now() + FOREGROUND));
            }
            Input::Terminal(number) => {
                shown = self.take_output();
                let _ = self.switch(*number);
            }
            Input::Advance(time) => self.vps.advance(*time),
            Input::Drop => {
                shown = self.take_output();
                self.cut();
            }
            Input::Reboot => {
                shown = self.take_output();
                self.reboot();
            }
        }
        shown.push_str(&self.take_output());
        if matches!(input, Input::Drop | Input::Reboot) && self.log_in().is_ok() {
            shown.push_str(&self.take_output());
        }
        shown
    }

    fn act(&mut self, action: &Action) -> bool {
        match action {
            Action::Crash(name) => self.signal(name, Signal::KILL),
            Action::Kill { signal, target } => Signal::parse(signal).is_some_and(|s| self.signal(target, s)),
            Action::Oom(name) => self.run_out_of_memory(name),
            Action::Stop(unit) => self.stop(unit),
            Action::Run(command) => self.vps.run_command(&self.user.clone(), command, COMMAND).status.is_some(),
            Action::DiskFull => {
                let used = self.vps.world.files.used();
                self.vps.world.files.set_limit(used);
                true
            }
            Action::ClockJump { back, by } => {
                let now = self.vps.now();
                self.vps.set_clock(if *back { now - *by } else { now + *by });
                true
            }
            Action::Logout => self.log_out(),
            Action::Drop => {
                let inside = self.is_inside();
                self.cut();
                inside
            }
            Action::Reboot => {
                self.reboot();
                true
            }
            Action::Advance(time) => {
                self.vps.advance(*time);
                true
            }
        }
    }

    fn fingerprint(&self) -> u64 {
        super::fingerprint::of(&self.vps)
    }

    fn reseed(&mut self, seed: u64) {
        let own = self.vps.world.rng.next_u64();
        self.vps.world.rng = Rng::new(own ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    }
}
