//! Lines of a crontab: when a command runs, and the environment: crontab(5).

use crate::world::Time;

/// When a job is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Once after the machine came up.
    Reboot,
    /// At the minutes that these sets hold.
    At(Fields),
}

/// The five fields as sets of bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// The day or the weekday began with `*`: both must fit, else one of them.
    both: bool,
}

/// A line that runs something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub when: When,
    /// The user's name, in system crontabs.
    pub user: Option<String>,
    /// The command, `%` and all.
    pub command: String,
    /// `NAME=value` lines above it.
    pub env: Vec<(String, String)>,
}

/// What is wrong in a crontab: the message, and the line as cron counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// `bad minute` and such.
    pub message: &'static str,
    /// The number that cron prints.
    pub line: usize,
}

/// Reads a whole crontab; `system` ones have a user field.
pub fn parse(text: &str, system: bool) -> Result<Vec<Entry>, Mistake> {
    let mut env: Vec<(String, String)> = Vec::new();
    let mut entries = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some((name, value)) = assignment(line) {
            env.retain(|(n, _)| *n != name);
            env.push((name, value));
            continue;
        }
        match entry(line, system) {
            Ok((when, user, command)) => entries.push(Entry { when, user, command, env: env.clone() }),
            // The line's newline was read when nothing of the line was left.
            Err((message, at_end)) => return Err(Mistake { message, line: number + usize::from(at_end) }),
        }
    }
    Ok(entries)
}

fn unquote(text: &str) -> String {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote)) {
            return inner.to_owned();
        }
    }
    text.to_owned()
}

fn assignment(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once('=')?;
    let name = unquote(name);
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (plain && !name.starts_with(|c: char| c.is_ascii_digit())).then(|| (name, unquote(value)))
}

type Bad = (&'static str, bool);

/// Name, least and greatest value, names of values, and the message for a wrong one.
const FIELDS: [(u32, u32, &[&str], &str); 5] = [
    (0, 59, &[], "bad minute"),
    (0, 23, &[], "bad hour"),
    (1, 31, &[], "bad day-of-month"),
    (1, 12, &["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], "bad month"),
    (0, 7, &["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"], "bad day-of-week"),
];

/// What the `@` words stand for.
const SPECIAL: &[(&str, &str)] = &[
    ("yearly", "0 0 1 1 *"),
    ("annually", "0 0 1 1 *"),
    ("monthly", "0 0 1 * *"),
    ("weekly", "0 0 * * 0"),
    ("daily", "0 0 * * *"),
    ("midnight", "0 0 * * *"),
    ("hourly", "0 * * * *"),
];

fn entry(line: &str, system: bool) -> Result<(When, Option<String>, String), Bad> {
    let (when, rest) = match line.strip_prefix('@') {
        Some(special) => {
            let (word, rest) = special.split_once([' ', '\t']).unwrap_or((special, ""));
            let when = match SPECIAL.iter().find(|(name, _)| *name == word) {
                _ if word == "reboot" => When::Reboot,
                Some((_, fields)) => When::At(fields_of(fields)?.0),
                None => return Err(("bad time specifier", rest.is_empty())),
            };
            (when, rest)
        }
        None => {
            let (fields, rest) = fields_of(line)?;
            (When::At(fields), rest)
        }
    };
    let mut rest = rest.trim_start_matches([' ', '\t']);
    let mut user = None;
    if system {
        let (name, tail) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
        if name.is_empty() {
            return Err(("bad username", true));
        }
        user = Some(name.to_owned());
        rest = tail.trim_start_matches([' ', '\t']);
    }
    if rest.is_empty() || rest.starts_with('*') {
        return Err(("bad command", rest.is_empty()));
    }
    Ok((when, user, rest.to_owned()))
}

fn fields_of(line: &str) -> Result<(Fields, &str), Bad> {
    let mut rest = line;
    let mut sets = [0_u64; 5];
    let mut both = false;
    for (at, (low, high, names, message)) in FIELDS.iter().enumerate() {
        rest = rest.trim_start_matches([' ', '\t']);
        let (word, tail) = match rest.find([' ', '\t']) {
            Some(end) => rest.split_at(end),
            None => (rest, ""),
        };
        let set = field(word, *low, *high, names).ok_or((*message, word.is_empty()))?;
        both |= (at == 2 || at == 4) && word.starts_with('*');
        sets[at] = set;
        rest = tail;
    }
    let [minutes, hours, days, months, mut weekdays] = sets;
    if weekdays & (1 << 7) != 0 {
        weekdays |= 1;
    }
    Ok((Fields { minutes, hours, days, months, weekdays, both }, rest))
}

fn field(word: &str, low: u32, high: u32, names: &[&str]) -> Option<u64> {
    let mut set = 0;
    for part in word.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<u32>().ok().filter(|s| *s > 0)?),
            None => (part, 1),
        };
        let value = |text: &str| {
            let name = names.iter().position(|n| !n.is_empty() && n.eq_ignore_ascii_case(text));
            let digits =
                (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten();
            digits.or(name.and_then(|n| u32::try_from(n).ok())).filter(|n| (low..=high).contains(n))
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (low, high),
            Some((a, b)) => (value(a)?, value(b)?),
            // A step needs a range to step through.
            None if part.contains('/') => return None,
            None => (value(range)?, value(range)?),
        };
        if first > last {
            return None;
        }
        let mut n = first;
        while n <= last {
            set |= 1 << n;
            n += step;
        }
    }
    Some(set)
}

impl Fields {
    /// Whether the job is due in the minute that begins at `time`.
    pub fn is_due(&self, time: Time) -> bool {
        let t = time.timestamp().to_zoned(jiff::tz::TimeZone::UTC);
        let has = |set: u64, n: i8| u32::try_from(n).is_ok_and(|n| set & (1 << n) != 0);
        has(self.minutes, t.minute()) && has(self.hours, t.hour()) && self.fits_day(&t)
    }

    fn fits_day(&self, t: &jiff::Zoned) -> bool {
        let has = |set: u64, n: i8| u32::try_from(n).is_ok_and(|n| set & (1 << n) != 0);
        let day = has(self.days, t.day());
        let weekday = has(self.weekdays, t.weekday().to_sunday_zero_offset());
        has(self.months, t.month()) && if self.both { day && weekday } else { day || weekday }
    }

    /// The first whole minute after `now` in which the job is due; looks five years ahead.
    pub fn next(&self, now: Time) -> Option<Time> {
        const MINUTE: u64 = 60_000_000;
        let mut at = Time((now.0 / MINUTE + 1) * MINUTE);
        for _ in 0..5 * 366 {
            let t = at.timestamp().to_zoned(jiff::tz::TimeZone::UTC);
            let left = 1440 - (u64::from(t.hour().unsigned_abs()) * 60 + u64::from(t.minute().unsigned_abs()));
            if self.fits_day(&t) {
                let found = (0..left).map(|n| Time(at.0 + n * MINUTE)).find(|m| self.is_due(*m));
                if found.is_some() {
                    return found;
                }
            }
            at = Time(at.0 + left * MINUTE);
        }
        None
    }
}

/// A command's own part and what `%` makes its standard input.
pub fn split_percent(command: &str) -> (String, Option<String>) {
    let (mut own, mut input) = (String::new(), None::<String>);
    let mut letters = command.chars().peekable();
    while let Some(c) = letters.next() {
        let target = input.as_mut().unwrap_or(&mut own);
        match c {
            '\\' if letters.peek() == Some(&'%') => {
                target.push('%');
                letters.next();
            }
            '%' => match input.as_mut() {
                Some(text) => text.push('\n'),
                None => input = Some(String::new()),
            },
            c => target.push(c),
        }
    }
    if let Some(text) = input.as_mut() {
        text.push('\n');
    }
    (own, input)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(text: &str) -> (&'static str, usize) {
        let mistake = parse(text, false).unwrap_err();
        (mistake.message, mistake.line)
    }

    #[test]
    fn mistakes_are_named_and_counted_as_by_cron() {
        assert_eq!(bad("61 * * * * /bin/true\n"), ("bad minute", 0));
        assert_eq!(bad("# x\nevery minute do it\n"), ("bad minute", 1));
        assert_eq!(bad("* * * * /bin/true\n"), ("bad day-of-week", 0));
        assert_eq!(bad("* * * *\n"), ("bad day-of-week", 1));
        assert_eq!(bad("* * * * *\n"), ("bad command", 1));
        assert_eq!(bad("@often true\n"), ("bad time specifier", 0));
    }

    #[test]
    fn the_next_time_is_found() {
        // 2026-11-20 10:00:00 is a Friday.
        let now = Time::from_secs(1_795_168_800);
        let next = |line: &str| match &parse(line, false).unwrap()[0].when {
            When::At(fields) => fields.next(now).map(|t| t.strftime("%a %d %b %H:%M")),
            When::Reboot => None,
        };
        assert_eq!(next("* * * * * x").unwrap(), "Fri 20 Nov 10:01");
        assert_eq!(next("*/15 * * * * x").unwrap(), "Fri 20 Nov 10:15");
        assert_eq!(next("30 4 * * 1 x").unwrap(), "Mon 23 Nov 04:30");
        assert_eq!(next("0 0 1 * 6 x").unwrap(), "Sat 21 Nov 00:00");
        assert_eq!(next("@monthly x").unwrap(), "Tue 01 Dec 00:00");
        assert_eq!(next("0 0 30 2 * x"), None);
    }

    #[test]
    fn a_percent_sign_begins_the_input() {
        assert_eq!(split_percent("date +\\%F"), ("date +%F".into(), None));
        assert_eq!(split_percent("cat%a%b"), ("cat".into(), Some("a\nb\n".into())));
    }

    #[test]
    fn lines_above_set_the_environment() {
        let entries = parse("PATH=/opt:/bin\nMAILTO=\"\"\n@reboot a\n", false).unwrap();
        assert_eq!(entries[0].env, [("PATH".into(), "/opt:/bin".into()), ("MAILTO".into(), String::new())]);
        let entries = parse("0 * * * * root run x\n", true).unwrap();
        assert_eq!((entries[0].user.as_deref(), entries[0].command.as_str()), (Some("root"), "run x"));
    }
}
