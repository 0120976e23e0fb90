//! Points in time: reading what `--since` takes, and writing them: systemd.time(7) "Parsing Timestamps".

use crate::systemd::calendar::{WEEKDAYS, strip_prefix_no_case, strip_suffix_no_case};
use crate::systemd::span::{DAY, HOUR, MINUTE, MONTH, MSEC, SEC, Usec, WEEK, YEAR, parse_sec};
use crate::world::Errno;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Midnight after the last day that can be printed, microseconds since the epoch (the end of the year 9999).
pub const FORMATTABLE_MAX: Usec = 253_402_214_399_000_000;

/// The zone of an IANA name, spelt exactly.
pub fn zone_by_name(name: &str) -> Option<TimeZone> {
    if name == "UTC" {
        return Some(TimeZone::UTC);
    }
    let zone = jiff::tz::db().get(name).ok()?;
    (zone.iana_name() == Some(name)).then_some(zone)
}

/// A time as a calendar and a clock show it; parts may be out of range until [`Civil::normalized`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    /// From 1.
    pub month: i64,
    /// From 1.
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    /// Microseconds in the minute.
    pub usec: i64,
}

impl Civil {
    /// The civil time in a zone at a point in time.
    pub fn from_usec(usec: Usec, zone: &TimeZone) -> Option<Self> {
        let stamp = Timestamp::from_microsecond(i64::try_from(usec).ok()?).ok()?;
        Some(Self::from_datetime(zone.to_datetime(stamp)))
    }

    fn from_datetime(at: DateTime) -> Self {
        Self {
            year: at.year().into(),
            month: at.month().into(),
            day: at.day().into(),
            hour: at.hour().into(),
            minute: at.minute().into(),
            usec: i64::from(at.second()) * 1_000_000 + i64::from(at.subsec_nanosecond()) / 1000,
        }
    }

    /// Carries parts that are out of range over (November 31 is December 1); `None` beyond the years -9999 to 9999.
    fn datetime(&self) -> Option<DateTime> {
        let months = self.year.checked_mul(12)?.checked_add(self.month - 1)?;
        let year = i16::try_from(months.div_euclid(12)).ok()?;
        let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
        let first = DateTime::new(year, month, 1, 0, 0, 0, 0).ok()?;
        let minutes = self.hour.checked_mul(60)?.checked_add(self.minute)?;
        let usec = minutes.checked_mul(60_000_000)?.checked_add(self.usec)?;
        let span = jiff::SignedDuration::from_hours((self.day - 1).checked_mul(24)?);
        first.checked_add(span).ok()?.checked_add(jiff::SignedDuration::from_micros(usec)).ok()
    }

    /// Microseconds since the epoch; a time that the clock skips counts as the one after the gap. `None` before 1970.
    pub fn to_usec(self, zone: &TimeZone) -> Option<Usec> {
        let stamp = zone.to_ambiguous_timestamp(self.datetime()?).compatible().ok()?;
        u64::try_from(stamp.as_microsecond()).ok()
    }

    /// The time as the zone's clock shows it.
    pub fn normalized(self, zone: &TimeZone) -> Option<Self> {
        let plain = self.datetime()?;
        let stamp = zone.to_ambiguous_timestamp(plain).compatible().ok()?;
        Some(Self::from_datetime(zone.to_datetime(stamp)))
    }

    /// 0 is Monday.
    pub fn weekday(&self) -> u8 {
        self.datetime().map_or(0, |at| at.weekday().to_monday_zero_offset().unsigned_abs())
    }

    /// How many days a month (1 to 12) has.
    pub fn days_in_month(year: i64, month: i64) -> i64 {
        let first = Civil { year, month, day: 1, hour: 0, minute: 0, usec: 0 };
        first.datetime().map_or(31, |at| at.date().days_in_month().into())
    }
}

/// Reads a point in time: `now`, `today`, `yesterday`, `tomorrow`, `-1h`, `+5min`, `10 min ago`, `@1234`, a date, a time or
/// both, with a day of the week before and `UTC` behind (systemd 252 refuses the names of other zones). Gives microseconds
/// since the epoch.
pub fn parse_timestamp(text: &str, now: Usec, local: &TimeZone) -> Result<Usec, Errno> {
    let plain = strip_suffix_no_case(text, " UTC");
    if let Some(seconds) = text.strip_prefix('@') {
        return parse_sec(seconds).map_err(|_| Errno::EINVAL);
    }
    let span = |text: &str| parse_sec(text).map_err(|_| Errno::EINVAL);
    if text == "now" {
        return Ok(now);
    } else if let Some(rest) = text.strip_prefix('+').or(text.strip_suffix(" left")) {
        return now.checked_add(span(rest)?).ok_or(Errno::EINVAL);
    } else if let Some(rest) = text.strip_prefix('-').or(text.strip_suffix(" ago")) {
        return now.checked_sub(span(rest)?).ok_or(Errno::EINVAL);
    }
    match plain {
        Some(rest) => absolute(rest, now, &TimeZone::UTC),
        None => absolute(text, now, local),
    }
}

/// A date, a time, or a day by name.
fn absolute(text: &str, now: Usec, zone: &TimeZone) -> Result<Usec, Errno> {
    let today = Civil::from_usec(now, zone).ok_or(Errno::EINVAL)?;
    let midnight = Civil { hour: 0, minute: 0, usec: 0, ..today };
    let usec = |at: Civil| at.to_usec(zone).filter(|u| *u <= FORMATTABLE_MAX).ok_or(Errno::EINVAL);
    match text {
        "today" => return usec(midnight),
        "yesterday" => return usec(Civil { day: midnight.day - 1, ..midnight }),
        "tomorrow" => return usec(Civil { day: midnight.day + 1, ..midnight }),
        _ => {}
    }
    let day = WEEKDAYS.iter().find_map(|(name, day)| {
        let rest = strip_prefix_no_case(text, name)?.strip_prefix(' ')?;
        Some((*day, rest))
    });
    let (weekday, rest) = day.map_or((None, text), |(day, rest)| (Some(day), rest));
    let at = date_and_time(rest, midnight).ok_or(Errno::EINVAL)?;
    if weekday.is_some_and(|day| at.weekday() != day) {
        return Err(Errno::EINVAL);
    }
    usec(at)
}

/// `[YY]YY-MM-DD [HH:MM[:SS[.ffffff]]]`, or a time of today.
fn date_and_time(text: &str, today: Civil) -> Option<Civil> {
    if let Some((date, rest)) = date(text, today) {
        return if rest.is_empty() { Some(date) } else { time(rest.trim_start(), date) };
    }
    time(text, today)
}

fn date(text: &str, today: Civil) -> Option<(Civil, &str)> {
    let (year, rest) = number(text, 4)?;
    let digits = text.trim_start().len() - rest.len();
    let year = match (digits, year) {
        (..=2, 0..69) => year + 2000,
        (..=2, _) => year + 1900,
        _ => year,
    };
    let (month, rest) = number(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day);
    valid.then_some((Civil { year, month, day, ..today }, rest))
}

fn time(text: &str, date: Civil) -> Option<Civil> {
    let (hour, rest) = number(text, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    if hour > 23 || minute > 59 {
        return None;
    }
    let at = Civil { hour, minute, usec: 0, ..date };
    let Some(rest) = rest.strip_prefix(':') else { return rest.is_empty().then_some(at) };
    let (second, rest) = number(rest, 2)?;
    if second > 61 {
        return None;
    }
    let fraction = match rest.strip_prefix('.') {
        None if rest.is_empty() => 0,
        None => return None,
        Some(digits) if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) => return None,
        Some(digits) => {
            let six: String = digits.chars().chain("000000".chars()).take(6).collect();
            six.parse::<i64>().ok()? + i64::from(digits.as_bytes().get(6).is_some_and(|d| *d >= b'5'))
        }
    };
    Some(Civil { usec: second * 1_000_000 + fraction, ..at })
}

/// Up to `max` digits, after blanks.
fn number(text: &str, max: usize) -> Option<(i64, &str)> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r']);
    let digits = text.bytes().take(max).take_while(u8::is_ascii_digit).count();
    Some((text.get(..digits)?.parse().ok()?, &text[digits..]))
}

const DAY_NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// `Fri 2026-11-20 10:52:26 UTC`; `None` for 0 and what lies beyond the year 9999 ("n/a").
pub fn format_timestamp(usec: Usec, zone: &TimeZone) -> Option<String> {
    format_parts(usec, zone, false)
}

/// The same with six decimals: `Fri 2026-11-20 10:52:26.123456 UTC`.
pub fn format_timestamp_us(usec: Usec, zone: &TimeZone) -> Option<String> {
    format_parts(usec, zone, true)
}

fn format_parts(usec: Usec, zone: &TimeZone, decimals: bool) -> Option<String> {
    if usec == 0 || usec > FORMATTABLE_MAX {
        return None;
    }
    let at = Civil::from_usec(usec, zone)?;
    let stamp = Timestamp::from_microsecond(i64::try_from(usec).ok()?).ok()?;
    let info = zone.to_offset_info(stamp);
    let fraction = if decimals { format!(".{:06}", at.usec % 1_000_000) } else { String::new() };
    Some(format!(
        "{} {:04}-{:02}-{:02} {:02}:{:02}:{:02}{fraction} {}",
        DAY_NAMES[usize::from(at.weekday()) % 7],
        at.year,
        at.month,
        at.day,
        at.hour,
        at.minute,
        at.usec / 1_000_000,
        info.abbreviation()
    ))
}

/// `5s ago`, `2min 3s left`, `now`: the distance between two points in time.
pub fn format_relative(usec: Usec, now: Usec) -> String {
    let distance = now.abs_diff(usec);
    let end = if now > usec { " ago" } else { " left" };
    let plural = |n: u64, word: &str| if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") };
    let (d, text) = (distance, |text: String| format!("{text}{end}"));
    match d {
        YEAR.. => text(format!("{} {}", plural(d / YEAR, "year"), plural(d % YEAR / MONTH, "month"))),
        MONTH.. => text(format!("{} {}", plural(d / MONTH, "month"), plural(d % MONTH / DAY, "day"))),
        WEEK.. => text(format!("{} {}", plural(d / WEEK, "week"), plural(d % WEEK / DAY, "day"))),
        _ if d >= 2 * DAY => text(format!("{} days", d / DAY)),
        _ if d >= 25 * HOUR => text(format!("1 day {}h", (d - DAY) / HOUR)),
        _ if d >= 6 * HOUR => text(format!("{}h", d / HOUR)),
        HOUR.. => text(format!("{}h {}min", d / HOUR, d % HOUR / MINUTE)),
        _ if d >= 5 * MINUTE => text(format!("{}min", d / MINUTE)),
        MINUTE.. => text(format!("{}min {}s", d / MINUTE, d % MINUTE / SEC)),
        SEC.. => text(format!("{}s", d / SEC)),
        MSEC.. => text(format!("{}ms", d / MSEC)),
        1.. => text(format!("{d}us")),
        0 => "now".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fri 2026-11-20 10:00:00 UTC.
    const NOW: Usec = 1_795_168_800_000_000;

    #[test]
    fn points_in_time() {
        for (text, expected) in [
            ("now", Some("Fri 2026-11-20 10:00:00 UTC")),
            ("today", Some("Fri 2026-11-20 00:00:00 UTC")),
            ("yesterday", Some("Thu 2026-11-19 00:00:00 UTC")),
            ("10 min ago", Some("Fri 2026-11-20 09:50:00 UTC")),
            ("-1h", Some("Fri 2026-11-20 09:00:00 UTC")),
            ("2026-11-31", Some("Tue 2026-12-01 00:00:00 UTC")),
            ("26-1-2 3:04", Some("Fri 2026-01-02 03:04:00 UTC")),
            ("12:34:56", Some("Fri 2026-11-20 12:34:56 UTC")),
            ("Fri 2026-11-20 09:00:00", Some("Fri 2026-11-20 09:00:00 UTC")),
            ("2026-11-20 09:00:00 Europe/Paris", None),
            ("2026-11-20 09:00 UTC", Some("Fri 2026-11-20 09:00:00 UTC")),
            ("Mon 2026-11-20", None),
            ("@60", Some("Thu 1970-01-01 00:01:00 UTC")),
            ("yesterdey", None),
            ("2026-13-01", None),
            ("25:00", None),
            ("", None),
        ] {
            let parsed = parse_timestamp(text, NOW, &TimeZone::UTC).ok();
            let shown = parsed.and_then(|usec| format_timestamp(usec, &TimeZone::UTC));
            assert_eq!(shown.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn distances() {
        for (distance, expected) in [
            (5 * SEC, "5s ago"),
            (64 * SEC, "1min 4s ago"),
            (10 * MINUTE, "10min ago"),
            (2 * HOUR + 3 * MINUTE, "2h 3min ago"),
            (26 * HOUR, "1 day 2h ago"),
            (3 * DAY, "3 days ago"),
            (8 * DAY, "1 week 1 day ago"),
            (2 * YEAR, "2 years 0 months ago"),
        ] {
            assert_eq!(format_relative(NOW - distance, NOW), expected);
        }
        assert_eq!(format_relative(NOW + 250 * MSEC, NOW), "250ms left");
    }
}
