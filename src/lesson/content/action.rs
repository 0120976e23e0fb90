//! What can be done to a machine: typed lines and coach's words (`run = […]`), and the faults of a fork (`do = […]`).

use super::measure::parse_duration;
use super::problem::Want;
use super::reader::Node;
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
}

impl Input {
    /// Reads what a student would type: `:drop`, `:reboot`, `:advance 10s`, `^C`, `^D`, anything else is a line.
    /// `None` for another word that begins with a colon and a letter.
    pub fn parse(text: &str) -> Option<Input> {
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("^C"), None, _) => Some(Input::Interrupt),
            (Some("^D"), None, _) => Some(Input::EndOfFile),
            (Some(":drop"), None, _) => Some(Input::Drop),
            (Some(":reboot"), None, _) => Some(Input::Reboot),
            (Some(":advance"), Some(_), _) => {
                parse_duration(text.trim_start().strip_prefix(":advance")?).map(Input::Advance)
            }
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
            Input::Advance(time) => format!(":advance {}", super::measure::Span(*time)),
            Input::Interrupt => "^C".to_owned(),
            Input::EndOfFile => "^D".to_owned(),
        }
    }
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
    /// Reads `crash NAME`, `kill SIGNAL NAME`, `logout`, `drop`, `reboot` or `advance TIME`.
    pub fn parse(text: &str) -> Option<Action> {
        let (verb, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let rest = rest.trim();
        match (verb, rest) {
            ("logout", "") => Some(Action::Logout),
            ("drop", "") => Some(Action::Drop),
            ("reboot", "") => Some(Action::Reboot),
            ("advance", time) => parse_duration(time).map(Action::Advance),
            ("crash", name) if !name.is_empty() => Some(Action::Crash(name.to_owned())),
            ("kill", rest) => {
                let (signal, target) = rest.split_once(char::is_whitespace)?;
                let known =
                    signal.starts_with("SIG") && signal.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
                known.then(|| Action::Kill { signal: signal.to_owned(), target: target.trim().to_owned() })
            }
            _ => None,
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
        for text in ["ls -l", ":drop", ":reboot", ":advance 10s", "^C", "^D", ": > file"] {
            assert_eq!(Input::parse(text).map(|i| i.typed()), Some(text.to_owned()), "{text}");
        }
        assert_eq!(Input::parse(":dorp"), None);
        assert_eq!(Input::parse(":advance soon"), None);
    }

    #[test]
    fn actions_read() {
        assert_eq!(Action::parse("crash a.service"), Some(Action::Crash("a.service".into())));
        assert_eq!(
            Action::parse("kill SIGTERM messenger:consume async"),
            Some(Action::Kill { signal: "SIGTERM".into(), target: "messenger:consume async".into() })
        );
        assert_eq!(Action::parse("advance 10s"), Some(Action::Advance(Duration::from_secs(10))));
        assert_eq!(Action::parse("crash"), None);
        assert_eq!(Action::parse("explode"), None);
    }
}
