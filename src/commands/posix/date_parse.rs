//! Dates as people write them: `2026-01-05 10:00`, `2 hours ago`, `next friday`: GNU coreutils, Date input formats.

use crate::world::Time;

const UNITS: &[(&str, Unit)] = &[
    ("year", Unit::Months(12)),
    ("month", Unit::Months(1)),
    ("fortnight", Unit::Days(14)),
    ("week", Unit::Days(7)),
    ("day", Unit::Days(1)),
    ("hour", Unit::Seconds(3600)),
    ("minute", Unit::Seconds(60)),
    ("min", Unit::Seconds(60)),
    ("second", Unit::Seconds(1)),
    ("sec", Unit::Seconds(1)),
];
const ORDINALS: &[(&str, i64)] = &[
    ("last", -1),
    ("this", 0),
    ("next", 1),
    ("first", 1),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("eleventh", 11),
    ("twelfth", 12),
];
const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

#[derive(Clone, Copy, Debug)]
enum Unit {
    Months(i64),
    Days(i64),
    Seconds(i64),
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    date: Option<(i64, i64, i64)>,
    /// Microseconds of the day.
    time: Option<i64>,
    zone: i64,
    weekday: Option<(i64, i64)>,
    months: i64,
    days: i64,
    micros: i64,
    relative: bool,
}

/// The moment that `text` names, seen from `now`; `None` when it names none, or one before 1970. The zone is UTC.
pub fn parse(text: &str, now: Time) -> Option<Time> {
    let lower = text.trim().to_lowercase();
    if let Some(epoch) = lower.strip_prefix('@') {
        let (seconds, fraction) = epoch.split_once('.').unwrap_or((epoch, "0"));
        return Some(Time(seconds.parse::<u64>().ok()?.checked_mul(1_000_000)? + micros(fraction)?));
    }
    let mut reading = Reading::default();
    let mut words = words(&lower).into_iter().peekable();
    while let Some(word) = words.next() {
        reading.word(&word, &mut words)?;
    }
    reading.moment(now)
}

/// Words apart; letters after digits begin a new one (`5days`), but dates and times stay whole.
fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in text.split([' ', '\t', ',']).filter(|part| !part.is_empty()) {
        let digits = part.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit());
        let cut = part.find(|c: char| c.is_ascii_alphabetic()).filter(|_| digits);
        let joined = part.matches('-').count() >= 2;
        match cut {
            Some(cut) if part.as_bytes()[cut] == b't' && part[..cut].contains('-') => {
                out.push(part[..cut].to_owned());
                out.extend(words(&part[cut + 1..]));
            }
            Some(cut) if !joined => {
                out.push(part[..cut].to_owned());
                out.push(part[cut..].to_owned());
            }
            _ => out.push(part.to_owned()),
        }
    }
    out
}

type Words = std::iter::Peekable<std::vec::IntoIter<String>>;

impl Reading {
    /// Takes a word in; `None`: it means nothing here.
    fn word(&mut self, word: &str, rest: &mut Words) -> Option<()> {
        if word.contains(':') {
            return self.time(word, rest);
        }
        if let Some(date) = numeric_date(word) {
            self.date = Some(date);
            return Some(());
        }
        if let Ok(number) = word.parse::<i64>() {
            return self.number(word, number, rest);
        }
        if let Some((_, ordinal)) = ORDINALS.iter().find(|(name, _)| *name == word) {
            let next = rest.next()?;
            if let Some(day) = named(&DAYS, &next) {
                self.weekday = Some((*ordinal, day));
                return Some(());
            }
            return self.add(*ordinal, &next);
        }
        match word {
            "now" | "today" => self.relative = true,
            "yesterday" => self.add(-1, "day")?,
            "tomorrow" => self.add(1, "day")?,
            "midnight" => self.time = Some(0),
            "noon" => self.time = Some(12 * 3_600_000_000),
            "ago" => (self.months, self.days, self.micros) = (-self.months, -self.days, -self.micros),
            "utc" | "gmt" | "z" | "at" | "on" => {}
            _ if named(&DAYS, word).is_some() => self.weekday = named(&DAYS, word).map(|day| (0, day)),
            _ if named(&MONTHS, word).is_some() => return self.month(named(&MONTHS, word)? + 1, rest),
            _ => return self.add(1, word),
        }
        Some(())
    }

    /// `10:30`, `10:30:15.5`, then perhaps `pm` and a zone.
    fn time(&mut self, word: &str, rest: &mut Words) -> Option<()> {
        let cut = word.rfind(['+', '-']).filter(|at| *at > 0).unwrap_or(word.len());
        let (clock, zone) = word.split_at(cut);
        let parts: Vec<&str> = clock.split(':').collect();
        let (hour, minute, second) = match parts[..] {
            [h, m] => (h, m, "0"),
            [h, m, s] => (h, m, s),
            _ => return None,
        };
        let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
        let mut hour: i64 = hour.parse().ok()?;
        let (minute, second): (i64, i64) = (minute.parse().ok()?, second.parse().ok()?);
        if let Some(half) = rest.next_if(|next| next == "am" || next == "pm") {
            hour = half_day(hour, &half)?;
        }
        if !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0..=60).contains(&second) {
            return None;
        }
        self.time = Some(((hour * 60 + minute) * 60 + second) * 1_000_000 + i64::try_from(micros(fraction)?).ok()?);
        if !zone.is_empty() {
            self.zone = zone_offset(zone)?;
        } else if let Some(zone) = rest.next_if(|next| zone_offset(next).is_some()) {
            self.zone = zone_offset(&zone)?;
        }
        Some(())
    }

    /// A bare number: an amount, a day of a month, a year, an hour.
    fn number(&mut self, word: &str, number: i64, rest: &mut Words) -> Option<()> {
        let next = rest.peek().cloned().unwrap_or_default();
        if next == "am" || next == "pm" {
            rest.next();
            self.time = Some(half_day(number, &next)? * 3_600_000_000);
            return Some(());
        }
        if unit(&next).is_some() {
            rest.next();
            return self.add(number, &next);
        }
        if let Some(month) = named(&MONTHS, &next) {
            rest.next();
            let year = rest.next_if(|next| next.len() == 4 && next.parse::<i64>().is_ok());
            self.date = Some((year.and_then(|y| y.parse().ok()).unwrap_or(0), month + 1, number));
            return Some(());
        }
        if word.len() == 4
            && number > 1000
            && let Some(date) = &mut self.date
        {
            date.0 = number;
            return Some(());
        }
        None
    }

    /// A month's name: a day follows, and perhaps a year.
    fn month(&mut self, month: i64, rest: &mut Words) -> Option<()> {
        let day: i64 = rest.next()?.parse().ok()?;
        let year = rest.next_if(|next| next.len() == 4 && next.parse::<i64>().is_ok());
        self.date = Some((year.and_then(|y| y.parse().ok()).unwrap_or(0), month, day));
        Some(())
    }

    fn add(&mut self, count: i64, name: &str) -> Option<()> {
        self.relative = true;
        match unit(name)? {
            Unit::Months(n) => self.months = self.months.checked_add(count.checked_mul(n)?)?,
            Unit::Days(n) => self.days = self.days.checked_add(count.checked_mul(n)?)?,
            Unit::Seconds(n) => {
                let micros = count.checked_mul(n)?.checked_mul(1_000_000)?;
                self.micros = self.micros.checked_add(micros)?;
            }
        }
        Some(())
    }

    fn moment(&self, now: Time) -> Option<Time> {
        const DAY: i64 = 86_400_000_000;
        let now = i64::try_from(now.0).ok()?;
        let today = now.div_euclid(DAY);
        let (year, month, day) = civil(today);
        let (mut y, m, d) = self.date.unwrap_or((year, month, day));
        if y == 0 {
            y = year;
        }
        if !(1..=12).contains(&m) || d < 1 || d > month_length(y, m) {
            return None;
        }
        let keep = self.relative && self.date.is_none() && self.weekday.is_none();
        let clock = self.time.unwrap_or(if keep { now.rem_euclid(DAY) } else { 0 });
        let months = (y * 12 + m - 1).checked_add(self.months)?;
        if months.abs() > 1_000_000 || self.days.abs() > 100_000_000 {
            return None;
        }
        let mut days = days_from_civil(months.div_euclid(12), months.rem_euclid(12) + 1, 1) + d - 1 + self.days;
        if let (Some((ordinal, weekday)), None) = (self.weekday, self.date) {
            let present = (days + 4).rem_euclid(7);
            days += (weekday - present).rem_euclid(7);
            days += 7 * (ordinal - i64::from(ordinal > 0 && present != weekday));
        }
        let micros = days.checked_mul(DAY)?.checked_add(clock)?.checked_add(self.micros)? - self.zone * 1_000_000;
        Some(Time(u64::try_from(micros).ok()?))
    }
}

/// A fraction of a second in microseconds.
fn micros(digits: &str) -> Option<u64> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{digits:0<6}")[..6].parse().ok()
}

fn half_day(hour: i64, half: &str) -> Option<i64> {
    (1..=12).contains(&hour).then_some(hour % 12 + if half == "pm" { 12 } else { 0 })
}

/// `+02`, `+0200`, `-05:30`, in seconds.
fn zone_offset(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits = text[1..].replace(':', "");
    let number: i64 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    (hours < 25 && digits.len() <= 4).then_some(sign * (hours * 3600 + minutes * 60))
}

/// `2026-01-05`, `2026/1/5`, `1/5/2026`, `1/5`, `20260105`, `5-jan-2026`.
fn numeric_date(word: &str) -> Option<(i64, i64, i64)> {
    let mark = if word.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = word.split(mark).collect();
    let number = |text: &str| text.parse::<i64>().ok().filter(|_| !text.starts_with(['+', '-']));
    match parts[..] {
        [y, m, d] if y.len() == 4 => Some((number(y)?, number(m)?, number(d)?)),
        [m, d, y] if mark == '/' => Some((full_year(y)?, number(m)?, number(d)?)),
        [d, m, y] if mark == '-' => Some((full_year(y)?, named(&MONTHS, m)? + 1, number(d)?)),
        [m, d] if mark == '/' => Some((0, number(m)?, number(d)?)),
        [all] if all.len() == 8 => Some((number(&all[..4])?, number(&all[4..6])?, number(&all[6..])?)),
        _ => None,
    }
}

fn full_year(text: &str) -> Option<i64> {
    let year: i64 = text.parse().ok()?;
    Some(match year {
        0..=68 if text.len() == 2 => year + 2000,
        69..=99 if text.len() == 2 => year + 1900,
        _ => year,
    })
}

fn unit(name: &str) -> Option<Unit> {
    let singular = name.strip_suffix('s').filter(|s| !s.is_empty()).unwrap_or(name);
    UNITS.iter().find(|(unit, _)| *unit == singular || *unit == name).map(|(_, unit)| *unit)
}

/// The place of a name, whole or by its first three letters.
fn named(names: &[&str], word: &str) -> Option<i64> {
    let word = word.trim_end_matches('.');
    let word = if word == "sept" { "sep" } else { word };
    let at = names.iter().position(|name| *name == word || (word.len() == 3 && name.starts_with(word)))?;
    i64::try_from(at).ok()
}

fn month_length(year: i64, month: i64) -> i64 {
    days_from_civil(year + month / 12, month % 12 + 1, 1) - days_from_civil(year, month, 1)
}

/// Days since 1970-01-01 of a date in the Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let m = (5 * of_year + 2) / 153;
    let month = if m < 10 { m + 3 } else { m - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * m + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::posix::strftime::strftime;

    #[test]
    fn dates_are_read_as_gnu_date_reads_them() {
        // A Friday.
        let now = Time::from_secs(1_795_168_800);
        for (text, shown) in [
            ("2026-01-05 10:00", "2026-01-05 10:00:00"),
            ("2026-01-05T10:00:30Z", "2026-01-05 10:00:30"),
            ("2026-01-05 10:00 +0200", "2026-01-05 08:00:00"),
            ("@1767607200", "2026-01-05 10:00:00"),
            ("now", "2026-11-20 10:00:00"),
            ("today", "2026-11-20 10:00:00"),
            ("yesterday", "2026-11-19 10:00:00"),
            ("tomorrow 02:45", "2026-11-21 02:45:00"),
            ("2 hours ago", "2026-11-20 08:00:00"),
            ("-1 day", "2026-11-19 10:00:00"),
            ("+5min", "2026-11-20 10:05:00"),
            ("1 week", "2026-11-27 10:00:00"),
            ("last month", "2026-10-20 10:00:00"),
            ("next monday", "2026-11-23 00:00:00"),
            ("friday", "2026-11-20 00:00:00"),
            ("last friday", "2026-11-13 00:00:00"),
            ("Jan 5 2026", "2026-01-05 00:00:00"),
            ("5 January", "2026-01-05 00:00:00"),
            ("1/31/2026 +1 month", "2026-03-03 00:00:00"),
            ("10:00 pm", "2026-11-20 22:00:00"),
            ("", "2026-11-20 00:00:00"),
            ("20260105", "2026-01-05 00:00:00"),
            ("2026-11-20 10:00:00.5 2 days ago", "2026-11-18 10:00:00"),
        ] {
            let time = parse(text, now).map(|time| strftime(time, "%F %T"));
            assert_eq!(time.as_deref(), Some(shown), "{text}");
        }
        for text in ["foo", "2026-02-30", "25:00", "2026-13-01", "10 10 10", "99999999999999999999 days"] {
            assert_eq!(parse(text, now), None, "{text}");
        }
    }
}
