//! Numbers as printf(1) and test(1) read them from their arguments: strtol(3), strtod(3).

/// The code of the character after a quote: `'A` is 65.
pub fn character_code(text: &str) -> Option<i128> {
    let rest = text.strip_prefix(['\'', '"'])?;
    Some(rest.chars().next().map_or(0, |c| i128::from(u32::from(c))))
}

/// An integer at the start of `text` in C's notation (`0x1f`, `017`, `-5`), and what stands after it.
pub fn parse_integer(text: &str) -> (i128, &str) {
    let trimmed = text.trim_start();
    let (negative, digits) = match trimmed.as_bytes().first() {
        Some(b'-') => (true, &trimmed[1..]),
        Some(b'+') => (false, &trimmed[1..]),
        _ => (false, trimmed),
    };
    let hex = digits.len() > 2 && (digits.starts_with("0x") || digits.starts_with("0X"));
    let (radix, body) = match digits.as_bytes().first() {
        _ if hex => (16, &digits[2..]),
        Some(b'0') => (8, digits),
        _ => (10, digits),
    };
    let end = body.find(|c: char| !c.is_digit(radix)).unwrap_or(body.len());
    if end == 0 {
        return (0, text);
    }
    let fold = |value: i128, c: char| {
        value.saturating_mul(i128::from(radix)).saturating_add(i128::from(c.to_digit(radix).unwrap_or(0)))
    };
    let value = body[..end].chars().fold(0i128, fold);
    (if negative { -value } else { value }, &body[end..])
}

/// A decimal number at the start of `text`, and what stands after it.
pub fn parse_float(text: &str) -> (f64, &str) {
    let start = text.len() - text.trim_start().len();
    let bytes = text.as_bytes();
    let mut at = start;
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    if matches!(bytes.get(at), Some(b'+' | b'-')) {
        at += 1;
    }
    let first = at;
    at = digits(at);
    let mut count = at - first;
    if bytes.get(at) == Some(&b'.') {
        let after = digits(at + 1);
        count += after - at - 1;
        at = after;
    }
    if count == 0 {
        return (0.0, text);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(at + 1 + sign);
        if end > at + 1 + sign {
            at = end;
        }
    }
    (text[start..at].parse().unwrap_or(0.0), &text[at..])
}

/// A size with a unit as coreutils take it: `10`, `4K` (1024), `2MB` (1000²), `1G`.
pub fn size(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let number: u64 = if digits.is_empty() && !unit.is_empty() { 1 } else { digits.parse().ok()? };
    let (letter, rest) = match unit.chars().next() {
        None => return Some(number),
        Some(letter) => (letter, &unit[letter.len_utf8()..]),
    };
    if letter == 'b' && rest.is_empty() {
        return number.checked_mul(512);
    }
    if letter == 'c' && rest.is_empty() {
        return Some(number);
    }
    let power = "KMGTPE".find(letter.to_ascii_uppercase())? + 1;
    let base: u64 = match rest {
        "" | "iB" => 1024,
        "B" => 1000,
        _ => return None,
    };
    number.checked_mul(base.checked_pow(u32::try_from(power).ok()?)?)
}

/// A size for people, rounded up: `512`, `1.5K`, `12M`. `base` is 1024 or 1000 (`k` then).
pub fn human(size: u64, base: u64) -> String {
    if size < base {
        return size.to_string();
    }
    let units = if base == 1000 { "kMGTPE" } else { "KMGTPE" };
    let mut unit = 1;
    let mut scale = u128::from(base);
    let size = u128::from(size);
    while size.div_ceil(scale) >= u128::from(base) && unit < units.len() {
        scale *= u128::from(base);
        unit += 1;
    }
    let letter = &units[unit - 1..unit];
    let tenths = (size * 10).div_ceil(scale);
    if tenths < 100 {
        return format!("{}.{}{letter}", tenths / 10, tenths % 10);
    }
    format!("{}{letter}", size.div_ceil(scale))
}
