//! What can be done to a machine: typed lines and coach's words (`run = […]`), and the faults of a fork (`do = […]`).

use super::measure::{Span, parse_duration};
use super::problem::Want;
use super::reader::Node;
use crate::world::Signal;
use std::fmt;
use std::time::Duration;

/// One thing that a student does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Types a line (or several, a here-document) and Enter.
    Type(String),
    /// The connection is cut; a new one is opened.
    Drop,
    /// The machine reboots; a new connection is opened.
    Reboot,
    /// Lets time pass.
    Advance(Duration),
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D.
    EndOfFile,
    /// Ctrl-Z.
    Suspend,
    /// Goes to the terminal with this number, from 1; one more than there are opens a new one.
    Terminal(usize),
    /// Leaves the editor that a program opened: with this text written, or without writing.
    Edit(Option<String>),
}

impl Input {
    /// Reads what a student would type: `:drop`, `:reboot`, `:advance 10s`, `:term 2`, `^C`, `^D`, `^Z`, anything else is a line.
    /// `None` for another word that begins with a colon and a letter.
    pub fn parse(text: &str) -> Option<Input> {
        if let Some(written) = text.strip_prefix(":edit\n") {
            return Some(Input::Edit(Some(written.to_owned())));
        }
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some(":edit"), None, _) => Some(Input::Edit(None)),
            (Some("^C"), None, _) => Some(Input::Interrupt),
            (Some("^D"), None, _) => Some(Input::EndOfFile),
            (Some("^Z"), None, _) => Some(Input::Suspend),
            (Some(":term"), Some(number), None) => number.parse().ok().filter(|n| *n > 0).map(Input::Terminal),
            (Some(":drop"), None, _) => Some(Input::Drop),
            (Some(":reboot"), None, _) => Some(Input::Reboot),
            (Some(":advance"), Some(_), _) => bounded(text.trim_start().strip_prefix(":advance")?).map(Input::Advance),
            (Some(word), ..) if is_coach_word(word) => None,
            _ => Some(Input::Type(text.to_owned())),
        }
    }

    /// The input as a student would type it; [`Input::parse`] reads it back.
    pub fn typed(&self) -> String {
        match self {
            Input::Type(line) => line.clone(),
            Input::Drop => ":drop".to_owned(),
            Input::Reboot => ":reboot".to_owned(),
            Input::Advance(time) => format!(":advance {}", Span(*time)),
            Input::Interrupt => "^C".to_owned(),
            Input::EndOfFile => "^D".to_owned(),
            Input::Suspend => "^Z".to_owned(),
            Input::Edit(None) => ":edit".to_owned(),
            Input::Edit(Some(written)) => format!(":edit\n{written}"),
            Input::Terminal(number) => format!(":term {number}"),
        }
    }
}

/// The longest time that passes at once.
const LONGEST: Duration = Duration::from_secs(2 * 366 * 86_400);

/// A duration that a machine may be asked to live through: two years at most.
fn bounded(text: &str) -> Option<Duration> {
    parse_duration(text).filter(|time| *time <= LONGEST)
}

fn is_coach_word(word: &str) -> bool {
    word.strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// One fault or passage of time on a copy of the student's machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// SIGKILL to the main process of a unit, or to every process whose command line contains the text.
    Crash(String),
    /// A signal to the same.
    Kill {
        /// With its prefix: `SIGTERM`.
        signal: String,
        /// A unit, or part of a command line.
        target: String,
    },
    /// The kernel finds no memory left and kills the main process of a unit, or the same by command line.
    Oom(String),
    /// A unit is stopped by its administrator: a dependency goes down.
    Stop(String),
    /// A command is run as the scenario's user, from another connection.
    Run(String),
    /// From now on nothing more can be written to the disk.
    DiskFull,
    /// The clock is set forward, or back, while the machine runs.
    ClockJump {
        /// Back instead of forward.
        back: bool,
        /// By how much.
        by: Duration,
    },
    /// Every session of the student ends as by `exit`.
    Logout,
    /// Every connection of the student is cut.
    Drop,
    /// The machine reboots.
    Reboot,
    /// Time passes.
    Advance(Duration),
}

impl Action {
    /// Reads a fault as course files write it: a verb and what it is done to.
    pub fn parse(text: &str) -> Option<Action> {
        let (verb, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let rest = rest.trim();
        match (verb, rest) {
            ("logout", "") => Some(Action::Logout),
            ("drop", "") => Some(Action::Drop),
            ("reboot", "") => Some(Action::Reboot),
            ("disk-full", "") => Some(Action::DiskFull),
            (_, "") => None,
            ("advance", time) => bounded(time).map(Action::Advance),
            ("clock-jump", time) => {
                let back = time.strip_prefix('-');
                let by = parse_duration(back.unwrap_or(time))?;
                Some(Action::ClockJump { back: back.is_some(), by })
            }
            ("crash", name) => Some(Action::Crash(name.to_owned())),
            ("oom", name) => Some(Action::Oom(name.to_owned())),
            ("stop", name) => name.contains('.').then(|| Action::Stop(name.to_owned())),
            ("run", command) => Some(Action::Run(command.to_owned())),
            ("kill", rest) => {
                let (signal, target) = rest.split_once(char::is_whitespace)?;
                let signal = Signal::parse(signal.trim_start_matches('-'))?;
                Some(Action::Kill { signal: format!("SIG{}", signal.name()), target: target.trim().to_owned() })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Crash(name) => write!(f, "crash {name}"),
            Action::Kill { signal, target } => write!(f, "kill {signal} {target}"),
            Action::Oom(name) => write!(f, "oom {name}"),
            Action::Stop(name) => write!(f, "stop {name}"),
            Action::Run(command) => write!(f, "run {command}"),
            Action::DiskFull => f.write_str("disk-full"),
            Action::ClockJump { back, by } => write!(f, "clock-jump {}{}", if *back { "-" } else { "" }, Span(*by)),
            Action::Logout => f.write_str("logout"),
            Action::Drop => f.write_str("drop"),
            Action::Reboot => f.write_str("reboot"),
            Action::Advance(time) => write!(f, "advance {}", Span(*time)),
        }
    }
}

impl Node<'_> {
    /// The value as one input.
    pub fn input(&self) -> Option<Input> {
        Input::parse(&self.filled()?).or_else(|| self.not(Want::Input))
    }

    /// The value as one action.
    pub fn action(&self) -> Option<Action> {
        Action::parse(&self.filled()?).or_else(|| self.not(Want::Action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_read_and_write() {
        for text in [
            "ls -l",
            ":drop",
            ":reboot",
            ":advance 10s",
            "^C",
            "^D",
            "^Z",
            ":term 2",
            ":edit",
            ":edit\na\n\n b\n",
            ": > file",
        ] {
            assert_eq!(Input::parse(text).map(|i| i.typed()), Some(text.to_owned()), "{text}");
        }
        assert_eq!(Input::parse(":dorp"), None);
        assert_eq!(Input::parse(":advance soon"), None);
        assert_eq!(Input::parse(":advance 3y"), None);
    }

    #[test]
    fn actions_read_and_write() {
        for text in [
            "crash a.service",
            "kill SIGTERM messenger:consume async",
            "oom worker",
            "stop redis-server.service",
            "run sudo systemctl restart worker",
            "disk-full",
            "clock-jump -2h",
            "logout",
            "drop",
            "reboot",
            "advance 10s",
        ] {
            assert_eq!(Action::parse(text).map(|a| a.to_string()), Some(text.to_owned()), "{text}");
        }
        let killed = Action::Kill { signal: "SIGKILL".into(), target: "a.service".into() };
        assert_eq!(Action::parse("kill -9 a.service"), Some(killed));
        for text in ["crash", "explode", "stop redis", "kill SIGNOPE a", "clock-jump soon", "reboot now", "kill -9"] {
            assert_eq!(Action::parse(text), None, "{text}");
        }
    }
}
