//! Time spans: reading `1min 30s` and writing it back, systemd.time(7).

/// Microseconds, the unit of every time in systemd.
pub type Usec = u64;

/// The span that never ends.
pub const INFINITY: Usec = u64::MAX;
pub const MSEC: Usec = 1_000;
pub const SEC: Usec = 1_000_000;
pub const MINUTE: Usec = 60 * SEC;
pub const HOUR: Usec = 60 * MINUTE;
pub const DAY: Usec = 24 * HOUR;
pub const WEEK: Usec = 7 * DAY;
/// A mean month, 30.4375 days.
pub const MONTH: Usec = 2_629_800 * SEC;
/// A mean year, 365.25 days.
pub const YEAR: Usec = 31_557_600 * SEC;

/// Why a text is not a time span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanError {
    /// `EINVAL`: not the syntax of a span.
    Invalid,
    /// `ERANGE`: negative, or longer than can be counted.
    Range,
}

/// Suffixes in the order they are tried: the first that is a prefix of the rest wins.
const SUFFIXES: &[(&str, Usec)] = &[
    ("seconds", SEC),
    ("second", SEC),
    ("sec", SEC),
    ("s", SEC),
    ("minutes", MINUTE),
    ("minute", MINUTE),
    ("min", MINUTE),
    ("months", MONTH),
    ("month", MONTH),
    ("M", MONTH),
    ("msec", MSEC),
    ("ms", MSEC),
    ("m", MINUTE),
    ("hours", HOUR),
    ("hour", HOUR),
    ("hr", HOUR),
    ("h", HOUR),
    ("days", DAY),
    ("day", DAY),
    ("d", DAY),
    ("weeks", WEEK),
    ("week", WEEK),
    ("w", WEEK),
    ("years", YEAR),
    ("year", YEAR),
    ("y", YEAR),
    ("usec", 1),
    ("us", 1),
    ("μs", 1),
    ("µs", 1),
];

/// systemd's white space: blank, tab, newline, carriage return.
fn trim_start(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

/// Reads a span whose bare numbers are seconds, as most `…Sec=` settings are.
pub fn parse_sec(text: &str) -> Result<Usec, SpanError> {
    parse_time(text, SEC)
}

/// Reads a span for a setting where 0 means "no limit": 0 becomes [`INFINITY`].
pub fn parse_sec_fix_0(text: &str) -> Result<Usec, SpanError> {
    parse_sec(text).map(|span| if span == 0 { INFINITY } else { span })
}

/// Reads a span whose bare numbers are in `default_unit` microseconds.
pub fn parse_time(text: &str, default_unit: Usec) -> Result<Usec, SpanError> {
    let mut rest = trim_start(text);
    if let Some(after) = rest.strip_prefix("infinity") {
        return if trim_start(after).is_empty() { Ok(INFINITY) } else { Err(SpanError::Invalid) };
    }
    let mut total: Usec = 0;
    let mut something = false;
    loop {
        rest = trim_start(rest);
        if rest.is_empty() {
            return if something { Ok(total) } else { Err(SpanError::Invalid) };
        }
        let (term, after) = parse_term(rest, default_unit)?;
        total = total.checked_add(term).filter(|sum| *sum < INFINITY).ok_or(SpanError::Range)?;
        something = true;
        rest = after;
    }
}

/// One number with its optional fraction and unit.
fn parse_term(text: &str, default_unit: Usec) -> Result<(Usec, &str), SpanError> {
    if text.starts_with('-') {
        return Err(SpanError::Range);
    }
    let unsigned = text.strip_prefix('+').filter(|t| t.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(text);
    let digits = count_digits(unsigned);
    let whole: i64 = match digits {
        0 => 0,
        _ => unsigned[..digits].parse().map_err(|_| SpanError::Range)?,
    };
    let mut rest = &unsigned[digits..];
    let mut fraction = None;
    if let Some(after) = rest.strip_prefix('.') {
        let length = count_digits(after);
        fraction = Some(&after[..length]);
        rest = &after[length..];
    } else if digits == 0 {
        return Err(SpanError::Invalid);
    }
    let unit_text = trim_start(rest);
    let found = SUFFIXES.iter().find_map(|(suffix, unit)| unit_text.strip_prefix(suffix).map(|after| (*unit, after)));
    let (unit, after) = found.unwrap_or((default_unit, unit_text));
    if found.is_none() && unit_text.len() == rest.len() && !rest.is_empty() {
        return Err(SpanError::Invalid);
    }
    let mut value = (whole as Usec).checked_mul(unit).filter(|v| *v < INFINITY).ok_or(SpanError::Range)?;
    if let Some(decimals) = fraction {
        if decimals.is_empty() {
            return Err(SpanError::Invalid);
        }
        let mut place = unit / 10;
        for digit in decimals.bytes() {
            value = value.checked_add(Usec::from(digit - b'0') * place).ok_or(SpanError::Range)?;
            place /= 10;
        }
    }
    Ok((value, after))
}

fn count_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Suffixes in the order they are written.
const PRINTED: &[(&str, Usec)] = &[
    ("y", YEAR),
    ("month", MONTH),
    ("w", WEEK),
    ("d", DAY),
    ("h", HOUR),
    ("min", MINUTE),
    ("s", SEC),
    ("ms", MSEC),
    ("us", 1),
];

/// Writes a span as systemd does: `1min 30s`, `100ms`, `infinity`, `0`; parts below `accuracy` microseconds are dropped.
pub fn format_timespan(span: Usec, accuracy: Usec) -> String {
    if span == INFINITY {
        return "infinity".to_owned();
    }
    if span == 0 {
        return "0".to_owned();
    }
    let mut out = String::new();
    let mut left = span;
    for (suffix, unit) in PRINTED {
        if left == 0 || (left < accuracy && !out.is_empty()) {
            break;
        }
        if left < *unit {
            continue;
        }
        let (whole, mut part) = (left / unit, left % unit);
        if !out.is_empty() {
            out.push(' ');
        }
        if left < MINUTE && part > 0 {
            let mut places = decimal_places(*unit);
            let dropped = decimal_places(accuracy);
            for _ in 0..dropped {
                part /= 10;
            }
            places = places.saturating_sub(dropped);
            if places > 0 {
                out.push_str(&format!("{whole}.{part:0places$}{suffix}"));
                break;
            }
        }
        out.push_str(&format!("{whole}{suffix}"));
        left %= unit;
    }
    out
}

/// How many decimal digits a power of ten of microseconds stands for.
fn decimal_places(mut unit: Usec) -> usize {
    let mut places = 0;
    while unit > 1 {
        unit /= 10;
        places += 1;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_systemd_reads_them() {
        for (text, expected) in [
            ("5s", Ok(5 * SEC)),
            ("5", Ok(5 * SEC)),
            ("5sec", Ok(5 * SEC)),
            ("1min 30s", Ok(90 * SEC)),
            ("1min30s", Ok(90 * SEC)),
            ("1h 2m 3s 4ms 5us", Ok(HOUR + 2 * MINUTE + 3 * SEC + 4 * MSEC + 5)),
            ("1.5h", Ok(90 * MINUTE)),
            (".5", Ok(500 * MSEC)),
            ("12.34 .56", Ok(12_900_000)),
            ("12.34.56", Err(SpanError::Invalid)),
            ("2.s", Err(SpanError::Invalid)),
            (" infinity ", Ok(INFINITY)),
            ("infinityx", Err(SpanError::Invalid)),
            ("1M", Ok(MONTH)),
            ("10 minutes", Ok(10 * MINUTE)),
            ("-1s", Err(SpanError::Range)),
            ("99999999999999999999", Err(SpanError::Range)),
            ("", Err(SpanError::Invalid)),
            ("five", Err(SpanError::Invalid)),
            ("3 apples", Err(SpanError::Invalid)),
            ("1e3", Err(SpanError::Invalid)),
        ] {
            assert_eq!(parse_sec(text), expected, "{text:?}");
        }
    }

    #[test]
    fn spans_are_written_as_systemd_writes_them() {
        for (span, accuracy, expected) in [
            (0, 1, "0"),
            (100 * MSEC, 1, "100ms"),
            (90 * SEC, 1, "1min 30s"),
            (INFINITY, 1, "infinity"),
            (1_234_567, 1, "1.234567s"),
            (1_234_567, MSEC, "1.234s"),
            (1_234_567, SEC, "1s"),
            (5 * SEC + 20 * MSEC, MSEC, "5.020s"),
            (YEAR + MONTH + DAY, 1, "1y 1month 1d"),
            (61_500_000, 1, "1min 1.500000s"),
            (3 * DAY + 5, SEC, "3d"),
        ] {
            assert_eq!(format_timespan(span, accuracy), expected, "{span}");
        }
    }
}
