//! Names with numbers in them, in the order of the numbers: GNU coreutils, Version sort ordering.

use std::cmp::Ordering;

/// Compares as `sort -V` and `ls -v` do.
pub fn version_compare(a: &[u8], b: &[u8]) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let rank = |name: &[u8]| match name {
        b"" => 0,
        b"." => 1,
        b".." => 2,
        name if name[0] == b'.' => 3,
        _ => 4,
    };
    let order = rank(a).cmp(&rank(b));
    if order != Ordering::Equal {
        return order;
    }
    let (left, right) = (stem(a), stem(b));
    let order = if left == right { verrevcmp(a, b) } else { verrevcmp(left, right) };
    order.then_with(|| a.cmp(b))
}

/// A name without what looks like suffixes: `(\.[A-Za-z~][A-Za-z0-9~]*)*$`.
fn stem(name: &[u8]) -> &[u8] {
    let mut end = name.len();
    while let Some(dot) = name[..end].iter().rposition(|b| !(b.is_ascii_alphanumeric() || *b == b'~')) {
        let first = name.get(dot + 1).copied().unwrap_or(b'0');
        if name[dot] != b'.' || dot == 0 || dot + 1 >= end || !(first.is_ascii_alphabetic() || first == b'~') {
            break;
        }
        end = dot;
    }
    &name[..end]
}

/// Debian's comparison: letters before other characters, `~` before everything, numbers by value.
fn verrevcmp(a: &[u8], b: &[u8]) -> Ordering {
    let weight = |byte: Option<&u8>| match byte {
        None => 0,
        Some(b) if b.is_ascii_digit() => 0,
        Some(b'~') => -1,
        Some(b) if b.is_ascii_alphabetic() => i32::from(*b),
        Some(b) => i32::from(*b) + 256,
    };
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        while (i < a.len() && !digit(a.get(i))) || (j < b.len() && !digit(b.get(j))) {
            let order = weight(a.get(i)).cmp(&weight(b.get(j)));
            if order != Ordering::Equal {
                return order;
            }
            i += usize::from(i < a.len());
            j += usize::from(j < b.len());
        }
        let number = |text: &[u8], at: usize| {
            let rest = text.get(at..).unwrap_or_default();
            let end = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
            let zeros = rest[..end].iter().position(|b| *b != b'0').unwrap_or(end);
            (at + end, (end - zeros, rest[zeros..end].to_vec()))
        };
        let (next_i, left) = number(a, i);
        let (next_j, right) = number(b, j);
        if left != right {
            return left.cmp(&right);
        }
        (i, j) = (next_i, next_j);
    }
    Ordering::Equal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers() {
        for pair in [["a2", "a10"], ["1.2.3", "1.10"], ["f1.tar.gz", "f10.tar.gz"], [".hid", "a"], ["a~", "a"]] {
            assert_eq!(version_compare(pair[0].as_bytes(), pair[1].as_bytes()), Ordering::Less, "{pair:?}");
        }
    }
}
