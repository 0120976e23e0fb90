//! Numbers and months in keys: sort(1) `-n -g -h -M`.

use std::cmp::Ordering;

use crate::commands::posix::number::parse_float;

/// A decimal number at the start of a key: sign, digits before and after the point, what follows.
struct Decimal<'a> {
    negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    rest: &'a [u8],
}

fn decimal(text: &[u8]) -> Decimal<'_> {
    let start = text.iter().position(|b| *b != b' ' && *b != b'\t').unwrap_or(text.len());
    let mut rest = &text[start..];
    let negative = rest.first() == Some(&b'-');
    if negative {
        rest = &rest[1..];
    }
    let digits = |text: &[u8]| text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (whole, after) = rest.split_at(digits(rest));
    let (mut fraction, mut rest) = (&after[..0], after);
    if after.first() == Some(&b'.') {
        let end = digits(&after[1..]);
        fraction = &after[1..=end];
        rest = &after[end + 1..];
    }
    let zeros = whole.iter().position(|b| *b != b'0').unwrap_or(whole.len());
    let end = fraction.iter().rposition(|b| *b != b'0').map_or(0, |at| at + 1);
    let (whole, fraction) = (&whole[zeros..], &fraction[..end]);
    Decimal { negative: negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction, rest }
}

fn compare(a: &Decimal<'_>, b: &Decimal<'_>) -> Ordering {
    let size = || (a.whole.len(), a.whole, a.fraction).cmp(&(b.whole.len(), b.whole, b.fraction));
    match (a.negative, b.negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => size(),
        (true, true) => size().reverse(),
    }
}

/// `-n`
pub(super) fn numeric(a: &[u8], b: &[u8]) -> Ordering {
    compare(&decimal(a), &decimal(b))
}

/// `-h`: the unit counts before the number.
pub(super) fn human(a: &[u8], b: &[u8]) -> Ordering {
    let (a, b) = (decimal(a), decimal(b));
    let unit = |number: &Decimal<'_>| {
        let letter = number.rest.first().map_or(0, |b| if *b == b'k' { b'K' } else { *b });
        let order = b"KMGTPEZY".iter().position(|unit| *unit == letter).map_or(0, |at| at as i32 + 1);
        let zero = number.whole.is_empty() && number.fraction.is_empty();
        let order = if zero { 0 } else { order };
        if number.negative { -order } else { order }
    };
    unit(&a).cmp(&unit(&b)).then_with(|| compare(&a, &b))
}

/// `-g`: what is no number comes first.
pub(super) fn general(a: &[u8], b: &[u8]) -> Ordering {
    let value = |text: &[u8]| {
        let text = String::from_utf8_lossy(text);
        let (number, rest) = parse_float(&text);
        if rest.len() == text.len() { None } else { Some(number) }
    };
    match (value(a), value(b)) {
        (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// `-M`: the number of a month's English abbreviation, 0 when there is none.
pub(super) fn month(key: &[u8]) -> usize {
    let start = key.iter().position(|b| *b != b' ' && *b != b'\t').unwrap_or(key.len());
    let name = key[start..].get(..3).unwrap_or_default().to_ascii_uppercase();
    let names = b"JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    names.chunks(3).position(|month| month == name).map_or(0, |at| at + 1)
}
