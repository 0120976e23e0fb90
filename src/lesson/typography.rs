//! French typography: no-break spaces with `; : ! ? « »`, the curled apostrophe, the ellipsis. Outside code.
//!
//! The rules are those of the Imprimerie nationale, as far as a machine can see them. A narrow no-break space
//! (U+202F) and a no-break space (U+00A0) are both accepted everywhere; [`set`] writes the usual one of the two.

/// The no-break space.
pub const NBSP: char = '\u{a0}';
/// The narrow no-break space.
pub const NNBSP: char = '\u{202f}';

/// What is wrong at one place of a French text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    /// `mot:` or `mot !` : the mark wants a no-break space before it.
    SpaceBefore(char),
    /// `«mot` or `« mot` with a plain space: the opening guillemet wants a no-break space after it.
    SpaceAfterGuillemet,
    /// `l'eau` instead of `l’eau`.
    Apostrophe,
    /// `...` instead of `…`.
    Ellipsis,
    /// `"mot"` instead of `« mot »`.
    Quotes,
}

/// All slips in the Markdown `text`, each with its offset in bytes. Code spans and fenced code are not looked at.
pub fn slips(text: &str) -> Vec<(usize, Slip)> {
    let code = code_mask(text);
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map(|&(_, c)| c);
    let mut found = Vec::new();
    for (i, &(offset, c)) in chars.iter().enumerate() {
        if code.get(offset).copied().unwrap_or(false) {
            continue;
        }
        let before = if i == 0 { None } else { at(i - 1) };
        let next = at(i + 1);
        let slip = match c {
            ';' | '!' | '?' | ':' | '»' => before_is_wrong(c, before, next).then_some(Slip::SpaceBefore(c)),
            '«' => next.is_some_and(|n| !is_nbsp(n)).then_some(Slip::SpaceAfterGuillemet),
            '\'' => (before.is_some_and(char::is_alphabetic) && next.is_some_and(char::is_alphanumeric))
                .then_some(Slip::Apostrophe),
            '.' => (next == Some('.') && at(i + 2) == Some('.') && before != Some('.')).then_some(Slip::Ellipsis),
            '"' => Some(Slip::Quotes),
            _ => None,
        };
        found.extend(slip.map(|slip| (offset, slip)));
    }
    found
}

fn is_nbsp(c: char) -> bool {
    c == NBSP || c == NNBSP
}

/// Whether the mark `c`, between `before` and `next`, lacks its no-break space. A colon inside a word, a time or an
/// address (`12:30`, `https://`) is not a mark, nor is a mark that opens a line or follows another mark.
fn before_is_wrong(c: char, before: Option<char>, next: Option<char>) -> bool {
    let Some(before) = before else { return false };
    if is_nbsp(before) {
        return false;
    }
    if before == ' ' {
        return c != ':' || next.is_none_or(|n| !n.is_alphanumeric());
    }
    if c == '»' {
        return true;
    }
    if c == ':' && next.is_some_and(|n| !n.is_whitespace() && n != '*') {
        return false;
    }
    before.is_alphanumeric() || matches!(before, '»' | ')' | '`' | '*' | '…')
}

/// For each byte of the Markdown `text`, whether it is code.
fn code_mask(text: &str) -> Vec<bool> {
    let mut mask = vec![false; text.len()];
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] != b'`' {
            i += 1;
            continue;
        }
        let ticks = bytes[i..].iter().take_while(|&&b| b == b'`').count();
        let body = i + ticks;
        let close = closing_ticks(&bytes[body..], ticks).map(|n| body + n);
        let end = close.map_or(if ticks >= 3 { bytes.len() } else { body }, |c| c);
        mask[i..end].fill(true);
        i = close.map_or(end, |c| c + ticks);
        // The closing backticks themselves stay unmasked: what follows them is judged as after a word.
    }
    mask
}

/// Offset of the run of exactly `ticks` backticks that closes a code span.
fn closing_ticks(bytes: &[u8], ticks: usize) -> Option<usize> {
    let mut i = 0;
    while i < bytes.len() {
        let run = bytes[i..].iter().take_while(|&&b| b == b'`').count();
        if run == ticks {
            return Some(i);
        }
        i += run.max(1);
    }
    None
}

/// The Markdown `text` with every slip that has one remedy repaired: spaces, apostrophes and ellipses, not quotes.
pub fn set(text: &str) -> String {
    let slips: std::collections::BTreeMap<usize, Slip> = slips(text).into_iter().collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut skip_until = 0;
    for (offset, c) in text.char_indices() {
        if offset < skip_until {
            continue;
        }
        match slips.get(&offset) {
            Some(Slip::SpaceBefore(_)) => {
                if out.ends_with(' ') {
                    out.pop();
                }
                out.push(if matches!(c, ':' | '»') { NBSP } else { NNBSP });
                out.push(c);
            }
            Some(Slip::SpaceAfterGuillemet) => {
                out.push(c);
                out.push(NBSP);
                if text[offset + c.len_utf8()..].starts_with(' ') {
                    skip_until = offset + c.len_utf8() + 1;
                }
            }
            Some(Slip::Apostrophe) => out.push('’'),
            Some(Slip::Ellipsis) => {
                out.push('…');
                skip_until = offset + 3;
            }
            Some(Slip::Quotes) | None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_can_fail() {
        let kinds = |t: &str| slips(t).into_iter().map(|(_, s)| s).collect::<Vec<_>>();
        assert_eq!(kinds("Et alors ?"), [Slip::SpaceBefore('?')]);
        assert_eq!(kinds("Et alors?"), [Slip::SpaceBefore('?')]);
        assert_eq!(kinds("`nohup` :"), [Slip::SpaceBefore(':')]);
        assert_eq!(kinds("« mot\u{a0}»"), [Slip::SpaceAfterGuillemet]);
        assert_eq!(kinds("l'eau..."), [Slip::Apostrophe, Slip::Ellipsis]);
        assert_eq!(kinds("le \"mot\""), [Slip::Quotes, Slip::Quotes]);
    }

    #[test]
    fn code_times_and_addresses_are_left_alone() {
        assert_eq!(slips("à 12:30, `a: b!` et https://x, `ls 'a'`"), []);
        assert_eq!(slips("```\na ? b : c\n```\nfini"), []);
        assert_eq!(slips("Tape :drop"), []);
    }

    #[test]
    fn setting_repairs_what_it_finds() {
        let text = set("Alors: « l'appli » meurt ! `a ? b`...");
        assert_eq!(text, "Alors\u{a0}: «\u{a0}l’appli\u{a0}» meurt\u{202f}! `a ? b`…");
        assert_eq!(slips(&text), []);
    }
}
