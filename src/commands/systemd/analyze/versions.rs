//! `compare-versions`: which of two versions is newer: systemd-analyze(1), "Version Format Specification".

use std::cmp::Ordering;

use crate::commands::options::Parsed;
use crate::world::Cx;

/// An operator: whether it holds for an order.
type Holds = fn(Ordering) -> bool;

/// The operators by their names.
const OPERATORS: &[(&[&str], Holds)] = &[
    (&["lt", "<"], |order| order.is_lt()),
    (&["le", "<="], |order| order.is_le()),
    (&["eq", "=="], |order| order.is_eq()),
    (&["ne", "!="], |order| order.is_ne()),
    (&["ge", ">="], |order| order.is_ge()),
    (&["gt", ">"], |order| order.is_gt()),
];

/// The verb: with two versions it prints the order, with an operator between them the status answers.
pub fn run(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    match words {
        [first, second] => {
            let (sign, status) = match compare(first, second) {
                Ordering::Less => ("<", 12),
                Ordering::Equal => ("==", 0),
                Ordering::Greater => (">", 11),
            };
            cx.outln(&format!("{first} {sign} {second}"));
            status
        }
        [first, operator, second] => {
            let found = OPERATORS.iter().find(|(names, _)| names.contains(&operator.as_str()));
            let Some((_, holds)) = found else {
                cx.errln(&format!("Unknown operator \"{operator}\"."));
                return 1;
            };
            u8::from(!holds(compare(first, second)))
        }
        _ => 1,
    }
}

/// The order of two versions: letters and numbers by turns; `~` is older than the end, `^`, `-` and `.` newer.
pub fn compare(first: &str, second: &str) -> Ordering {
    let (mut a, mut b) = (first.as_bytes(), second.as_bytes());
    loop {
        a = significant(a);
        b = significant(b);
        if first_is(a, b'~') || first_is(b, b'~') {
            match turn(&mut a, &mut b, b'~', Ordering::Less) {
                Some(order) => return order,
                None => continue,
            }
        }
        if a.is_empty() || b.is_empty() {
            return a.len().min(1).cmp(&b.len().min(1));
        }
        let mut skipped = false;
        // A separator that only one has makes that one older, in this order.
        for sign in [b'-', b'^', b'.'] {
            if first_is(a, sign) || first_is(b, sign) {
                match turn(&mut a, &mut b, sign, Ordering::Less) {
                    Some(order) => return order,
                    None => {
                        skipped = true;
                        break;
                    }
                }
            }
        }
        if skipped {
            continue;
        }
        let numbers = a[0].is_ascii_digit() || b[0].is_ascii_digit();
        let order = if numbers { by_number(&mut a, &mut b) } else { by_letters(&mut a, &mut b) };
        if order.is_ne() {
            return order;
        }
    }
}

/// Without the characters that do not count.
fn significant(text: &[u8]) -> &[u8] {
    let counts = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'~' | b'-' | b'^' | b'.');
    let start = text.iter().position(counts).unwrap_or(text.len());
    &text[start..]
}

fn first_is(text: &[u8], sign: u8) -> bool {
    text.first() == Some(&sign)
}

/// Takes the sign from both, or tells what it means that only one has it.
fn turn(a: &mut &[u8], b: &mut &[u8], sign: u8, alone: Ordering) -> Option<Ordering> {
    match (first_is(a, sign), first_is(b, sign)) {
        (true, true) => {
            *a = &a[1..];
            *b = &b[1..];
            None
        }
        (true, false) => Some(alone),
        _ => Some(alone.reverse()),
    }
}

fn take<'a>(text: &mut &'a [u8], wanted: fn(&u8) -> bool) -> &'a [u8] {
    let end = text.iter().position(|c| !wanted(c)).unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    *text = rest;
    head
}

fn by_number(a: &mut &[u8], b: &mut &[u8]) -> Ordering {
    let strip = |digits: &[u8]| {
        let start = digits.iter().position(|c| *c != b'0').unwrap_or(digits.len());
        digits[start..].to_vec()
    };
    let first = take(a, u8::is_ascii_digit);
    let second = take(b, u8::is_ascii_digit);
    // A number is newer than letters.
    let present = (!first.is_empty()).cmp(&!second.is_empty());
    let (first, second) = (strip(first), strip(second));
    present.then(first.len().cmp(&second.len())).then(first.cmp(&second))
}

fn by_letters(a: &mut &[u8], b: &mut &[u8]) -> Ordering {
    let first = take(a, u8::is_ascii_alphabetic);
    let second = take(b, u8::is_ascii_alphabetic);
    let common = first.len().min(second.len());
    first[..common].cmp(&second[..common]).then(first.len().cmp(&second.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_an_order() {
        let older = ["~1", "", "ab", "abb", "abc", "0001", "002", "12", "122", "122.9", "123~rc1", "123", "123-a"];
        for pair in older.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(compare(pair[1], pair[0]), Ordering::Greater, "{pair:?}");
        }
        assert_eq!(compare("1.0", "1.0"), Ordering::Equal);
        assert_eq!(compare("1.2", "1.10"), Ordering::Less);
        assert_eq!(compare("123.a-1", "123a-1"), Ordering::Less);
        assert_eq!(compare("1_", "1"), Ordering::Equal);
    }
}
