//! How much of a transcript agrees with another: steps whose output and status are the same once times, process ids,
//! ids, memory and processor figures are masked.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::format::{Line, Transcript};

/// How many steps agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Steps with the same output and status.
    pub same: usize,
    /// Steps compared; those that varied between two recordings are not.
    pub total: usize,
    /// The numbers of the steps that differ, from 1.
    pub different: Vec<usize>,
}

/// What is masked, in order: a pattern and what takes its place.
const MASKS: &[(&str, &str)] = &[
    (r"\x1b\[[0-9;?]*[A-Za-z]", ""),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d{2}:?\d{2}|Z)?", "<TIME>"),
    (r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? UTC", "<TIME>"),
    (
        r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+ \d\d:\d\d:\d\d( (AM|PM))?( UTC)? \d{4}",
        "<TIME>",
    ),
    (r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+ \d\d:\d\d(:\d\d(\.\d+)?)?", "<TIME>"),
    (r"\b\d{4}-\d\d-\d\d[ _]\d\d:\d\d(:\d\d([.,]\d+)?)?", "<TIME>"),
    (r"\b\d{2}:\d\d:\d\d(\.\d+)?\b", "<TIME>"),
    (r"\b\d{15,17}\b", "<USEC>"),
    (r"\b[0-9a-f]{32}\b", "<ID>"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<UUID>"),
    (r"<TIME>; .*? (ago|left)", "<TIME>; <SPAN> $1"),
    (r"(\d+(\.\d+)?(us|ms|s|min|h|d|day|days|week|weeks|month|months|y|year|years) ?)+(ago|left)\b", "<SPAN> $4"),
    (r"(CPU: ).*", "${1}<CPU>"),
    (r"(Consumed ).*( CPU time)", "${1}<CPU>$2"),
    (r"(Memory: )\S+( \(.*\))?", "${1}<MEM>$2"),
    (r"(limit: )\d+", "${1}<N>"),
    (r"(Startup finished in |Duration: ).*", "${1}<SPAN>"),
    (r"(Main PID: |Process: |Control PID: |Cntrl PID: )\d+", "${1}<PID>"),
    (r"([├└]─ *)\d+( |$)", "${1}<PID>$2"),
    (r"([A-Za-z0-9_@.)-])\[([02-9]|\d\d+)\]", "${1}[<PID>]"),
    (r"\b(process|PID|pid|Pid=|PID=|main process|control process) ?\(?\d+", "$1 <PID>"),
    (r"^(\[\d+\][+-]?) +\d+$", "$1 <PID>"),
    (r"((Main|Exec|Control)?[A-Za-z]*PID=)\d{2,}", "${1}<PID>"),
    (r"\bsession-c?\d+\.scope", "session-<N>.scope"),
    (r"^ *\d{2,} +(?:(1)|\d+) +(pts/\d+|tty\w+|\?)", "<PID> <PPID$1> $2"),
    (r"^(\S+) +\d+ +[\d.]+ +[\d.]+ +\d+ +\d+ (\S+) +(\S+) +\S+ +[\d:]+ ", "$1 <PID> $2 $3 "),
    (r"^ *\d{2,} (pts/\d+|tty\w+|\?) +[\d:]+ ", "<PID> $1 <CPU> "),
    (r"^ *\d{2,5}$", "<PID>"),
    (r"^ *\d{2,5} +(pts/\d+|tty\w+|\?) ", "<PID> $1 "),
    (r"^(\[\d+\][+-]?) +\d+ +", "$1 <PID> "),
    (r"\bpid=\d+", "pid=<PID>"),
    (r"(Killed \w+)\(\d+\)", "$1(<PID>)"),
    (r"(line \d+:) +\d+ ", "$1 <PID> "),
    (r"(Leader: )\d+", "${1}<PID>"),
    (r"^ *\d+ +(\S+\.\w+ +(start|stop|restart|reload|verify-active|nop)\b)", "<JOB> $1"),
    (r"(Service runtime|CPU time consumed): .*", "$1: <SPAN>"),
    (r"(uptime )\d+:\d\d:\d\d", "${1}<SPAN>"),
];

static COMPILED: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    MASKS.iter().map(|(pattern, with)| (Regex::new(pattern).expect("the masks are valid patterns"), *with)).collect()
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern is valid")
}

/// Commands about times: in their output times count.
static ABOUT_TIME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"systemd-analyze (--\S+ )*(calendar|timespan|timestamp)|^date\b"));
static FROM_NOW: LazyLock<Regex> = LazyLock::new(|| pattern(r"(From now: ).*"));
/// Properties that are sets: their order is that of systemd's hash table.
static SETS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(Requires|Requisite|Wants|BindsTo|PartOf|Upholds|RequiredBy|WantedBy|BoundBy|Conflicts|ConflictedBy|Before|After|OnFailure|Triggers|TriggeredBy|Names)=(.*)$",
    )
});
static BLANKS: LazyLock<Regex> = LazyLock::new(|| pattern("[ \t]+"));

/// A line of output with everything masked that differs between two runs of the same truth.
pub fn canonical(line: &str, command: &str) -> String {
    let mut text = Cow::Borrowed(line);
    if ABOUT_TIME.is_match(command) {
        text = Cow::Owned(FROM_NOW.replace_all(&text, "${1}<SPAN>").into_owned());
    } else {
        for (mask, with) in COMPILED.iter() {
            if let Cow::Owned(new) = mask.replace_all(&text, *with) {
                text = Cow::Owned(new);
            }
        }
    }
    let sorted = SETS.replace(&text, |groups: &Captures<'_>| {
        let mut words: Vec<&str> = groups[2].split_whitespace().collect();
        words.sort_unstable();
        format!("{}={}", &groups[1], words.join(" "))
    });
    BLANKS.replace_all(&sorted, " ").trim_end().to_owned()
}

/// The steps of a transcript: what was typed, the masked output, the status.
fn steps(transcript: &Transcript) -> Vec<(String, Vec<String>, &str)> {
    let mut steps = Vec::new();
    for line in &transcript.lines {
        let Line::Command { typed, output, status } = line else { continue };
        let command = typed.join("\n");
        let output = output.iter().map(|line| canonical(line, &command));
        // A fast machine stays under the second of processor time from which systemd reports it.
        let output = output.filter(|line| !line.contains(": Consumed <CPU> CPU time")).collect();
        steps.push((command, output, status.as_str()));
    }
    steps
}

/// Compares what a machine answered with what was expected.
pub fn compare(expected: &Transcript, actual: &Transcript) -> Score {
    let (expected, actual) = (steps(expected), steps(actual));
    let mut score = Score::default();
    for (index, step) in expected.iter().enumerate() {
        if step.2.ends_with('~') {
            continue;
        }
        score.total += 1;
        if actual.get(index) == Some(step) {
            score.same += 1;
        } else {
            score.different.push(index + 1);
        }
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_hide_what_varies_and_nothing_else() {
        let same = |a, b| canonical(a, "x") == canonical(b, "x");
        assert!(same(
            "Active: active since Fri 2026-11-20 10:34:36 UTC; 711ms ago",
            "Active: active since Mon 2026-01-05 02:40:00 UTC; 3min 2s ago"
        ));
        assert!(same("Nov 20 10:34:36 vps sh[416]: hi", "Nov  2 11:00:00 vps sh[1234]: hi"));
        assert!(!same("vps systemd[1]: hi", "vps systemd[7]: hi"));
        assert!(same("After=a b", "After=b a"));
        assert!(!same("exit 1", "exit 2"));
    }

    #[test]
    fn a_wrong_step_is_counted_and_a_varying_one_is_not() {
        let expected = Transcript::parse("$ a\n| x\n? 0\n$ b\n? 1 ~\n$ c\n? 2\n").unwrap();
        let actual = Transcript::parse("$ a\n| x\n? 0\n$ b\n? 0\n$ c\n? 3\n").unwrap();
        assert_eq!(compare(&expected, &actual), Score { same: 1, total: 2, different: vec![3] });
    }
}
