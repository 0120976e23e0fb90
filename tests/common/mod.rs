//! A test of the machine as a five-line sentence: set up, run, wait, run, expect.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::time::Duration;

use concierge::shell::console::{Answer, Console};
use concierge::shell::{TRANSCRIPT_CLOCK, baseline};
use concierge::vps::Vps;

/// The baseline VPS with `deploy` at a terminal.
pub struct VpsTest {
    /// The machine.
    pub vps: Vps,
    console: Console,
    command: String,
    answer: Answer,
}

/// How long a command may take before it counts as hanging.
const LIMIT: Duration = Duration::from_secs(600);

impl VpsTest {
    /// A fresh machine.
    pub fn new() -> Self {
        Self::on(baseline(TRANSCRIPT_CLOCK, 1))
    }

    /// Somebody at a terminal of `vps`.
    pub fn on(mut vps: Vps) -> Self {
        let console = Console::open(&mut vps, "deploy").expect("sshd of the baseline takes logins");
        let answer = Answer { output: String::new(), status: Some(0), closed: false };
        VpsTest { vps, console, command: String::new(), answer }
    }

    /// Writes a unit file into `/etc/systemd/system` (systemd hears of it by daemon-reload or on first use).
    pub fn unit(self, name: &str, text: &str) -> Self {
        self.file(&format!("/etc/systemd/system/{name}"), text, 0o644)
    }

    /// Writes a file of root's.
    pub fn file(mut self, path: &str, text: &str, mode: u16) -> Self {
        self.vps.write_file(path, format!("{text}\n").as_bytes(), mode, (0, 0));
        self
    }

    /// Types a command and waits for the prompt.
    pub fn run(mut self, command: &str) -> Self {
        self.command = command.to_owned();
        let lines: Vec<String> = command.lines().map(str::to_owned).collect();
        self.answer = self.console.run(&mut self.vps, &lines, None, LIMIT);
        self
    }

    /// Lets time pass: `500ms`, `3s`, `2min`, `1h`, `30d`.
    pub fn advance(mut self, time: &str) -> Self {
        self.vps.advance(duration(time));
        self
    }

    /// Reboots in order and logs in again.
    pub fn reboot(mut self) -> Self {
        self.vps.reboot(LIMIT);
        Self::on(self.vps)
    }

    /// Cuts the connection and logs in again.
    pub fn drop_connection(mut self) -> Self {
        self.vps.drop_connection(self.console.tty);
        self.vps.advance(Duration::from_secs(2));
        Self::on(self.vps)
    }

    /// What the last command printed.
    pub fn output(&self) -> &str {
        &self.answer.output
    }

    /// Expects exactly this output.
    #[track_caller]
    pub fn prints(self, output: &str) -> Self {
        assert_eq!(self.answer.output, output, "output of `{}`", self.command);
        self
    }

    /// Expects a part of the output.
    #[track_caller]
    pub fn shows(self, part: &str) -> Self {
        assert!(
            self.answer.output.contains(part),
            "`{}` printed:\n{}\nwithout {part:?}",
            self.command,
            self.answer.output
        );
        self
    }

    /// Expects that the output lacks something.
    #[track_caller]
    pub fn hides(self, part: &str) -> Self {
        assert!(
            !self.answer.output.contains(part),
            "`{}` printed:\n{}\nwith {part:?}",
            self.command,
            self.answer.output
        );
        self
    }

    /// Expects this exit status.
    #[track_caller]
    pub fn exits(self, status: u8) -> Self {
        assert_eq!(
            self.answer.status,
            Some(status),
            "status of `{}`, which printed:\n{}",
            self.command,
            self.answer.output
        );
        self
    }
}

fn duration(text: &str) -> Duration {
    let split = text.find(|c: char| c.is_ascii_alphabetic()).expect("a time has a unit");
    let number: u64 = text[..split].parse().expect("a time begins with a number");
    match &text[split..] {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "min" => Duration::from_secs(60 * number),
        "h" => Duration::from_secs(3600 * number),
        "d" => Duration::from_secs(86_400 * number),
        unit => panic!("no unit of time: {unit}"),
    }
}
