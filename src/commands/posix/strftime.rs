//! Moments written after a format: strftime(3), with what GNU date(1) adds to it. The zone is UTC, as on the VPS.

use crate::world::Time;

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A moment taken apart: broken-down time, tm(3type).
struct Parts {
    time: Time,
    at: jiff::civil::DateTime,
}

/// `time` after `format`; an unknown conversion stays as it is.
pub fn strftime(time: Time, format: &str) -> String {
    let at = time.timestamp().to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let mut out = String::new();
    Parts { time, at }.format(format, &mut out);
    out
}

impl Parts {
    fn format(&self, format: &str, out: &mut String) {
        let mut chars = format.chars().peekable();
        while let Some(letter) = chars.next() {
            if letter != '%' {
                out.push(letter);
                continue;
            }
            let mut text = String::from("%");
            let (mut pad, mut upper, mut width) = (None, false, String::new());
            while let Some(&c) = chars.peek() {
                match c {
                    '-' | '_' if width.is_empty() => pad = Some(c),
                    '0' if width.is_empty() => pad = Some('0'),
                    '^' | '#' => upper = true,
                    '0'..='9' if width.len() < 4 => width.push(c),
                    ':' => {}
                    _ => break,
                }
                text.push(c);
                chars.next();
            }
            let Some(letter) = chars.next() else {
                out.push_str(&text);
                break;
            };
            text.push(letter);
            let width: Option<usize> = width.parse().ok();
            let colons = text.matches(':').count();
            match self.field(letter, colons, pad, width) {
                Some(field) if upper => out.push_str(&field.to_uppercase()),
                Some(field) => out.push_str(&field),
                None => out.push_str(&text),
            }
        }
    }

    fn field(&self, letter: char, colons: usize, pad: Option<char>, width: Option<usize>) -> Option<String> {
        if let Some((value, digits, fill)) = self.numeric(letter) {
            let digits = width.unwrap_or(digits);
            return Some(match pad.unwrap_or(fill) {
                '-' => value.to_string(),
                '_' | ' ' => format!("{value:>digits$}"),
                _ => format!("{value:0>digits$}"),
            });
        }
        let text = self.words(letter, colons, width)?;
        let missing = width.unwrap_or(0).saturating_sub(text.chars().count());
        let fill = if pad == Some('0') { "0" } else { " " };
        Some(if letter == 'N' { text } else { fill.repeat(missing) + &text })
    }

    /// Value, digits, filling.
    fn numeric(&self, letter: char) -> Option<(i64, usize, char)> {
        let at = &self.at;
        let day = i64::from(at.date().day_of_year());
        let sunday = i64::from(at.date().weekday().to_sunday_zero_offset());
        let monday = i64::from(at.date().weekday().to_monday_zero_offset());
        let iso = at.date().iso_week_date();
        let hour = i64::from(at.hour());
        let year = i64::from(at.year());
        Some(match letter {
            'C' => (year.div_euclid(100), 2, '0'),
            'd' => (at.day().into(), 2, '0'),
            'e' => (at.day().into(), 2, ' '),
            'g' => (i64::from(iso.year()).rem_euclid(100), 2, '0'),
            'G' => (iso.year().into(), 1, '0'),
            'H' => (hour, 2, '0'),
            'k' => (hour, 2, ' '),
            'I' => ((hour + 11) % 12 + 1, 2, '0'),
            'l' => ((hour + 11) % 12 + 1, 2, ' '),
            'j' => (day, 3, '0'),
            'm' => (at.month().into(), 2, '0'),
            'M' => (at.minute().into(), 2, '0'),
            'q' => ((i64::from(at.month()) - 1) / 3 + 1, 1, '0'),
            's' => (i64::try_from(self.time.secs()).unwrap_or(i64::MAX), 1, '0'),
            'S' => (at.second().into(), 2, '0'),
            'u' => (monday + 1, 1, '0'),
            'w' => (sunday, 1, '0'),
            'U' => ((day + 6 - sunday) / 7, 2, '0'),
            'W' => ((day + 6 - monday) / 7, 2, '0'),
            'V' => (iso.week().into(), 2, '0'),
            'y' => (year.rem_euclid(100), 2, '0'),
            'Y' => (year, 4, '0'),
            _ => return None,
        })
    }

    fn words(&self, letter: char, colons: usize, width: Option<usize>) -> Option<String> {
        let mut out = String::new();
        let sunday = usize::try_from(self.at.date().weekday().to_sunday_zero_offset()).unwrap_or(0);
        let month = usize::try_from(self.at.month() - 1).unwrap_or(0);
        match letter {
            '%' => out.push('%'),
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'a' => out.push_str(&DAYS[sunday][..3]),
            'A' => out.push_str(DAYS[sunday]),
            'b' | 'h' => out.push_str(&MONTHS[month][..3]),
            'B' => out.push_str(MONTHS[month]),
            'c' => self.format("%a %b %e %H:%M:%S %Y", &mut out),
            'D' | 'x' => self.format("%m/%d/%y", &mut out),
            'F' => self.format("%Y-%m-%d", &mut out),
            'N' => {
                let nanos = format!("{:06}000", self.time.0 % 1_000_000);
                out.push_str(&nanos[..width.unwrap_or(9).clamp(1, 9)]);
            }
            'p' => out.push_str(if self.at.hour() < 12 { "AM" } else { "PM" }),
            'P' => out.push_str(if self.at.hour() < 12 { "am" } else { "pm" }),
            'r' => self.format("%I:%M:%S %p", &mut out),
            'R' => self.format("%H:%M", &mut out),
            'T' | 'X' => self.format("%H:%M:%S", &mut out),
            'z' => out.push_str(["+0000", "+00:00", "+00:00:00", "+00"].get(colons)?),
            'Z' => out.push_str("UTC"),
            _ => return None,
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_as_gnu_date() {
        let time = Time(1_793_239_205_123_456);
        for (format, text) in [
            ("%F %T.%N %s", "2026-10-29 02:00:05.123456000 1793239205"),
            ("%a %b %e %-d %_d %k|%l %p", "Thu Oct 29 29 29  2| 2 AM"),
            ("%j %U %W %V %u %w %y %C %q", "302 43 43 44 4 4 26 20 4"),
            ("%z %:z %Z %^a %3N %5S %", "+0000 +00:00 UTC THU 123 00005 %"),
            ("%Q %%", "%Q %"),
        ] {
            assert_eq!(strftime(time, format), text);
        }
    }
}
