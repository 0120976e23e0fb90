//! How values of properties are written: systemctl(1), `show`.

use super::super::times::format_timestamp_style;
use super::Look;
use crate::systemd::config::{ExecCommand, MemoryLimit};
use crate::systemd::escaping::shell_quote;
use crate::systemd::manager::ExecStatus;
use crate::systemd::span::{Usec, format_timespan};
use crate::world::{ExitStatus, Time};

/// A property's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// The unit has no such property, or not now.
    Absent,
    /// One line.
    Text(String),
    /// One line that says "not set", left out unless it was asked for.
    Unset(String),
    /// A line for each element; none at all when there is none.
    Lines(Vec<String>),
}

/// A word.
pub fn word(text: impl ToString) -> Value {
    Value::Text(text.to_string())
}

/// `yes` or `no`.
pub fn yes_no(yes: bool) -> Value {
    word(if yes { "yes" } else { "no" })
}

/// A text that may be missing.
pub fn text(text: &Option<String>) -> Value {
    word(text.as_deref().unwrap_or_default())
}

/// A list in one line; an element that a shell would not take as one word stands in quotes.
pub fn list<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> Value {
    Value::Text(items.into_iter().map(|item| shell_quote(item.as_ref())).collect::<Vec<_>>().join(" "))
}

/// A span of time.
pub fn span(span: Usec) -> Value {
    Value::Text(format_timespan(span, 1))
}

/// A point in time; nothing when it never was.
pub fn stamp(look: &Look<'_>, time: Option<Time>) -> Value {
    Value::Text(time.map_or(String::new(), |time| format_timestamp_style(time, look.args.timestamp)))
}

/// A point on the monotonic clock, in microseconds.
pub fn monotonic(look: &Look<'_>, time: Option<Time>) -> Value {
    word(time.map_or(0, |time| time.0.saturating_sub(look.booted.0)))
}

/// A mode: `0022`.
pub fn octal(mode: u32) -> Value {
    Value::Text(format!("{mode:04o}"))
}

/// A limit of bytes or tasks.
pub fn limit(limit: Option<MemoryLimit>, unset: &str, whole: u64) -> Value {
    match limit {
        None => word(unset),
        Some(MemoryLimit::Infinity) => word("infinity"),
        Some(MemoryLimit::Value(value)) => word(value),
        Some(MemoryLimit::Permyriad(share)) => {
            word(u64::try_from(u128::from(whole) * u128::from(share) / 10_000).unwrap_or(u64::MAX))
        }
    }
}

/// A number that may be unknown.
pub fn known(number: Option<u64>) -> Value {
    number.map_or_else(|| word("[not set]"), word)
}

/// A list of commands with how each went, a line each.
pub fn commands(look: &Look<'_>, commands: &[ExecCommand], statuses: &[ExecStatus], extended: bool) -> Value {
    let blank = ExecStatus::default();
    let line = |(index, command): (usize, &ExecCommand)| {
        let status = statuses.get(index).unwrap_or(&blank);
        let time = |time: Option<Time>| {
            time.map_or("n/a".to_owned(), |time| format_timestamp_style(time, look.args.timestamp))
        };
        let (code, number) = match status.status {
            None => ("(null)", "0/0".to_owned()),
            Some(ExitStatus::Exited(status)) => ("exited", status.to_string()),
            Some(ExitStatus::Signaled(signal, dumped)) => {
                let name = signal.name();
                let name = name.trim_start_matches("SIG");
                (if dumped { "dumped" } else { "killed" }, format!("{}/{name}", signal.number()))
            }
        };
        let manner = if extended {
            format!("flags={}", flags(command))
        } else {
            format!("ignore_errors={}", if command.ignore_failure { "yes" } else { "no" })
        };
        format!(
            "{{ path={} ; argv[]={} ; {manner} ; start_time=[{}] ; stop_time=[{}] ; pid={} ; code={code} ; status={number} }}",
            command.path,
            command.argv.join(" "),
            time(status.start),
            time(status.exit),
            status.pid.unwrap_or(0),
        )
    };
    Value::Lines(commands.iter().enumerate().map(line).collect())
}

fn flags(command: &ExecCommand) -> String {
    let flags = [
        (command.ignore_failure, "ignore-failure"),
        (command.fully_privileged, "privileged"),
        (command.no_setuid, "no-setuid"),
        (command.ambient_magic, "ambient"),
        (command.no_env_expand, "no-env-expand"),
    ];
    flags.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_quoted_where_they_must_be() {
        assert_eq!(list(["A=1", "B=two words"]), Value::Text("A=1 \"B=two words\"".into()));
        assert_eq!(list(["https://example.com/svc", "man:sleep(1)"]), word("https://example.com/svc \"man:sleep(1)\""));
        assert_eq!(list(Vec::<String>::new()), word(""));
        assert_eq!(limit(Some(MemoryLimit::Permyriad(2_500)), "infinity", 1000), word(250));
    }
}
