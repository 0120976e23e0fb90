//! Booleans, numbers, sizes, percentages, file modes and signals: systemd.syntax(7).

use crate::world::Errno;
use crate::world::Signal;

/// `1 yes y true t on` and `0 no n false f off`, in any case.
pub fn parse_boolean(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|w| w.eq_ignore_ascii_case(text));
    if is(&["1", "yes", "y", "true", "t", "on"]) {
        Some(true)
    } else if is(&["0", "no", "n", "false", "f", "off"]) {
        Some(false)
    } else {
        None
    }
}

/// How systemd writes a boolean.
pub fn format_boolean(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// A whole number as strtoul(3) with base 0 reads it: decimal, `0x…`, `0…`, `0b…` and `0o…`.
pub fn parse_u64(text: &str) -> Result<u64, Errno> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r']);
    if let Some(rest) = text.strip_prefix('-') {
        // The number after one sign must not have another.
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        return match if digits { parse_u64(rest) } else { Err(Errno::EINVAL) } {
            Ok(0) => Ok(0),
            Ok(_) => Err(Errno::ERANGE),
            Err(errno) => Err(errno),
        };
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', rest @ ..] if !rest.is_empty() => (&text[2..], 16),
        [b'0', b'b', rest @ ..] if !rest.is_empty() => (&text[2..], 2),
        [b'0', b'o', rest @ ..] if !rest.is_empty() => (&text[2..], 8),
        [b'0', _, ..] => (&text[1..], 8),
        _ => (text, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(Errno::EINVAL);
    }
    u64::from_str_radix(digits, radix).map_err(|_| Errno::ERANGE)
}

/// An unsigned number of 32 bits.
pub fn parse_unsigned(text: &str) -> Result<u32, Errno> {
    u32::try_from(parse_u64(text)?).map_err(|_| Errno::ERANGE)
}

/// A signed number of 32 bits.
pub fn parse_int(text: &str) -> Result<i32, Errno> {
    match text.strip_prefix('-') {
        Some(rest) if !rest.starts_with(['-', '+', ' ']) => {
            let value = i64::try_from(parse_u64(rest)?).map_err(|_| Errno::ERANGE)?;
            i32::try_from(-value).map_err(|_| Errno::ERANGE)
        }
        Some(_) => Err(Errno::EINVAL),
        None => i32::try_from(parse_u64(text)?).map_err(|_| Errno::ERANGE),
    }
}

/// A file mode in octal, at most 07777.
pub fn parse_mode(text: &str) -> Result<u32, Errno> {
    if text.is_empty() || !text.chars().all(|c| c.is_digit(8)) {
        return Err(Errno::EINVAL);
    }
    u32::from_str_radix(text, 8).ok().filter(|m| *m <= 0o7777).ok_or(Errno::ERANGE)
}

/// A signal by name (`SIGTERM`, `TERM`, `RTMIN+3`) or number.
pub fn parse_signal(text: &str) -> Option<i32> {
    Signal::parse(text).map(|s| i32::from(s.number()))
}

/// Size suffixes, largest first, for base 1024 and 1000.
const SUFFIXES: [(&str, u32); 7] = [("E", 6), ("P", 5), ("T", 4), ("G", 3), ("M", 2), ("K", 1), ("B", 0)];

/// A size such as `512M`, `1.5G` or `1G 500M` (suffixes from large to small); `base` is 1024 or 1000.
pub fn parse_size(text: &str, base: u64) -> Result<u64, Errno> {
    let mut rest = text.trim_start_matches([' ', '\t', '\n', '\r']);
    let mut total = 0u64;
    let mut smallest = usize::MAX;
    let mut first = true;
    while first || !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('-') {
            let digit = after.starts_with(|c: char| c.is_ascii_digit());
            return Err(if digit { Errno::ERANGE } else { Errno::EINVAL });
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let whole: u64 = rest[..digits].parse().map_err(|_| if digits == 0 { Errno::EINVAL } else { Errno::ERANGE })?;
        rest = &rest[digits..];
        let mut fraction = 0.0;
        if let Some(after) = rest.strip_prefix('.') {
            let places = after.bytes().take_while(u8::is_ascii_digit).count();
            fraction = format!("0.{}", &after[..places]).parse().unwrap_or(0.0);
            rest = &after[places..];
        }
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let found = SUFFIXES.iter().enumerate().find(|(_, (s, _))| rest.starts_with(s));
        let (index, power, length) = match found {
            Some((index, (_, power))) => (index, *power, 1),
            None if rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                (SUFFIXES.len(), 0, 0)
            }
            None => return Err(Errno::EINVAL),
        };
        if !first && index <= smallest {
            return Err(Errno::EINVAL);
        }
        let factor = base.pow(power);
        let value = whole.checked_mul(factor).ok_or(Errno::ERANGE)?.checked_add((fraction * factor as f64) as u64);
        total = value.and_then(|v| total.checked_add(v)).ok_or(Errno::ERANGE)?;
        smallest = index;
        first = false;
        rest = rest[length..].trim_start_matches([' ', '\t', '\n', '\r']);
    }
    Ok(total)
}

/// `50%`: a whole percentage, at most 100 unless `unbounded`.
pub fn parse_percent(text: &str, unbounded: bool) -> Option<u32> {
    let value: u32 = text.strip_suffix('%')?.parse().ok()?;
    (unbounded || value <= 100).then_some(value)
}

/// `12.34%`, `5‰` or `7‱`, in hundredths of a percent; at most 100 % unless `unbounded`.
pub fn parse_permyriad(text: &str, unbounded: bool) -> Option<u32> {
    let (digits, decimals, unit) = if let Some(n) = text.strip_suffix('‱') {
        (n, 0, 1)
    } else if let Some(n) = text.strip_suffix('‰') {
        (n, 1, 10)
    } else {
        (text.strip_suffix('%')?, 2, 100)
    };
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(w, p)| (w, Some(p)));
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut value = whole.parse::<u32>().ok()?.checked_mul(unit)?;
    if let Some(part) = part {
        if part.is_empty() || part.len() > decimals || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let scale = unit / 10u32.pow(part.len() as u32);
        value = value.checked_add(part.parse::<u32>().ok()? * scale)?;
    }
    (unbounded || value <= 10_000).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans() {
        for (text, value) in [("yes", Some(true)), ("ON", Some(true)), ("f", Some(false)), ("maybe", None), ("", None)]
        {
            assert_eq!(parse_boolean(text), value, "{text}");
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(parse_unsigned("0x10"), Ok(16));
        assert_eq!(parse_unsigned("010"), Ok(8));
        assert_eq!(parse_unsigned("5000000000"), Err(Errno::ERANGE));
        assert_eq!(parse_unsigned("-1"), Err(Errno::ERANGE));
        assert_eq!(parse_unsigned("lots"), Err(Errno::EINVAL));
        assert_eq!(parse_unsigned(&"-".repeat(1 << 20)), Err(Errno::EINVAL));
        assert_eq!(parse_int("-20"), Ok(-20));
        assert_eq!(parse_mode("0755"), Ok(0o755));
        assert_eq!(parse_mode("8"), Err(Errno::EINVAL));
        assert_eq!(parse_signal("SIGUSR1"), Some(10));
        assert_eq!(parse_signal("NOPE"), None);
    }

    #[test]
    fn sizes() {
        for (text, base, value) in [
            ("512M", 1024, Ok(512 << 20)),
            ("1.5G", 1024, Ok(3 << 29)),
            ("1G 500M", 1000, Ok(1_500_000_000)),
            ("1M 1G", 1024, Err(Errno::EINVAL)),
            ("100", 1024, Ok(100)),
            ("1KB", 1024, Err(Errno::EINVAL)),
            ("lots", 1024, Err(Errno::EINVAL)),
            ("-1", 1024, Err(Errno::ERANGE)),
            ("99999999E", 1024, Err(Errno::ERANGE)),
            ("", 1024, Err(Errno::EINVAL)),
        ] {
            assert_eq!(parse_size(text, base), value, "{text}");
        }
    }

    #[test]
    fn shares() {
        assert_eq!(parse_percent("20%", false), Some(20));
        assert_eq!(parse_percent("120%", false), None);
        assert_eq!(parse_permyriad("12.34%", false), Some(1234));
        assert_eq!(parse_permyriad("5‰", false), Some(50));
        assert_eq!(parse_permyriad("150%", true), Some(15_000));
        assert_eq!(parse_permyriad("50", true), None);
    }
}
