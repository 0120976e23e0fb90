//! Matching names and paths against shell patterns: glob(7).

use crate::world::World;
use crate::world::fs::Cred;

/// Whether a whole text matches a pattern of `*`, `?` and `[…]`.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (p, t): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut i, mut j) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while j < t.len() {
        let step = match p.get(i) {
            Some('*') => {
                star = Some((i, j));
                i += 1;
                continue;
            }
            Some('?') => Some(i + 1),
            Some('[') => class(&p, i, t[j]),
            Some('\\') if p.get(i + 1) == Some(&t[j]) => Some(i + 2),
            Some(c) if *c == t[j] => Some(i + 1),
            _ => None,
        };
        match (step, star) {
            (Some(next), _) => (i, j) = (next, j + 1),
            (None, Some((at, from))) => {
                star = Some((at, from + 1));
                (i, j) = (at + 1, from + 1);
            }
            (None, None) => return false,
        }
    }
    p[i..].iter().all(|c| *c == '*')
}

/// The position after a class that holds `c`; `None` when it does not hold it.
fn class(p: &[char], start: usize, c: char) -> Option<usize> {
    let mut i = start + 1;
    let negate = matches!(p.get(i), Some('!' | '^'));
    i += usize::from(negate);
    let first = i;
    let mut found = false;
    loop {
        let low = *p.get(i)?;
        if low == ']' && i > first {
            return (found != negate).then_some(i + 1);
        }
        match (p.get(i + 1), p.get(i + 2)) {
            (Some('-'), Some(high)) if *high != ']' => {
                found |= (low..=*high).contains(&c);
                i += 3;
            }
            _ => {
                found |= low == c;
                i += 1;
            }
        }
    }
}

/// The paths that match an absolute pattern, in byte order, as the superuser sees them.
pub fn expand(world: &World, pattern: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let mut next = Vec::new();
        for folder in found {
            if !part.contains(['*', '?', '[']) {
                next.push(format!("{folder}/{part}"));
                continue;
            }
            let path = if folder.is_empty() { "/" } else { &folder };
            for (name, _) in world.files.list(&Cred::root(), "/", path).unwrap_or_default() {
                if matches(part, &name) && (!name.starts_with('.') || part.starts_with('.')) {
                    next.push(format!("{folder}/{name}"));
                }
            }
        }
        found = next;
    }
    found.retain(|path| world.files.get(path).is_some());
    found
}

/// Whether any path matches an absolute pattern.
pub fn any_match(world: &World, pattern: &str) -> bool {
    !expand(world, pattern).is_empty()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("*.service", "a.service", true),
            ("w?rk*[0-9]", "worker12", true),
            ("w[!a-n]rk", "work", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("[", "[", false),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
