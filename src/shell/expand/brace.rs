//! Brace expansion: bash(1), Brace Expansion. It comes first and knows nothing of what the words mean.

use std::sync::Arc;

use crate::shell::syntax::ast::{Parameter, ParameterExpansion, Word, WordPart};

/// How many words one word may become.
const LIMIT: usize = 100_000;

/// A character outside quotes, or anything else that a word is made of.
#[derive(Clone)]
enum Atom {
    Char(char),
    Part(WordPart),
}

/// The words that a word stands for.
pub fn expand_braces(word: &Word) -> Vec<Word> {
    let has_brace = word.parts.iter().any(|part| matches!(part, WordPart::Literal(text) if text.contains('{')));
    if !has_brace || word.assignment.is_some() {
        return vec![word.clone()];
    }
    let mut atoms = Vec::new();
    for part in &word.parts {
        match part {
            WordPart::Literal(text) => atoms.extend(text.chars().map(Atom::Char)),
            other => atoms.push(Atom::Part(other.clone())),
        }
    }
    let words = expand(&atoms, 0);
    if words.len() == 1 {
        return vec![word.clone()];
    }
    words.into_iter().map(|atoms| Word { parts: parts(atoms), ..word.clone() }).collect()
}

fn parts(atoms: Vec<Atom>) -> Vec<WordPart> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    for atom in atoms {
        match atom {
            Atom::Char(c) => literal.push(c),
            Atom::Part(part) => {
                push_literal(&mut parts, &mut literal);
                parts.push(part);
            }
        }
    }
    push_literal(&mut parts, &mut literal);
    parts
}

/// Adds letters to the parts. Braces come before parameters: in `$name{a,b}` they lengthen the name.
fn push_literal(parts: &mut Vec<WordPart>, literal: &mut String) {
    let mut text = std::mem::take(literal);
    if let Some(WordPart::Parameter(expansion)) = parts.last_mut()
        && !expansion.raw.contains('{')
        && let Parameter::Variable(name) = &expansion.parameter
    {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        let longer = ParameterExpansion {
            parameter: Parameter::Variable(format!("{name}{}", &text[..end]).into()),
            ..(**expansion).clone()
        };
        *expansion = longer.into();
        text.drain(..end);
    }
    if !text.is_empty() {
        parts.push(WordPart::Literal(Arc::from(text)));
    }
}

fn is(atom: Option<&Atom>, c: char) -> bool {
    matches!(atom, Some(Atom::Char(found)) if *found == c)
}

fn expand(atoms: &[Atom], depth: u32) -> Vec<Vec<Atom>> {
    if depth > 40 {
        return vec![atoms.to_vec()];
    }
    let mut from = 0;
    while let Some(open) = (from..atoms.len()).find(|at| is(atoms.get(*at), '{')) {
        if let Some((choices, close)) = choices(atoms, open, depth) {
            let before = &atoms[..open];
            let rest = expand(&atoms[close + 1..], depth + 1);
            let mut out = Vec::new();
            for choice in &choices {
                for rest in &rest {
                    if out.len() >= LIMIT {
                        return out;
                    }
                    out.push([before, choice, rest].concat());
                }
            }
            return out;
        }
        from = open + 1;
    }
    vec![atoms.to_vec()]
}

/// What stands between the brace at `open` and its match, if that is a brace expression.
fn choices(atoms: &[Atom], open: usize, depth: u32) -> Option<(Vec<Vec<Atom>>, usize)> {
    let mut level = 0usize;
    let mut commas = Vec::new();
    let mut close = None;
    for at in open..atoms.len() {
        if is(atoms.get(at), '{') {
            level += 1;
        } else if is(atoms.get(at), '}') {
            level -= 1;
            if level == 0 {
                close = Some(at);
                break;
            }
        } else if level == 1 && is(atoms.get(at), ',') {
            commas.push(at);
        }
    }
    let close = close?;
    if commas.is_empty() {
        let inside: Option<String> =
            atoms[open + 1..close].iter().map(|atom| if let Atom::Char(c) = atom { Some(*c) } else { None }).collect();
        let words = sequence(&inside?)?;
        return Some((words.into_iter().map(|word| word.chars().map(Atom::Char).collect()).collect(), close));
    }
    let mut out = Vec::new();
    let mut start = open + 1;
    for end in commas.into_iter().chain([close]) {
        out.extend(expand(&atoms[start..end], depth + 1));
        start = end + 1;
        if out.len() > LIMIT {
            break;
        }
    }
    Some((out, close))
}

/// `1..5`, `a..e`, `1..9..2`.
fn sequence(text: &str) -> Option<Vec<String>> {
    let mut ends = text.split("..");
    let (first, last, step) = (ends.next()?, ends.next()?, ends.next());
    if ends.next().is_some() {
        return None;
    }
    let step: i64 = step.map_or(Some(1), |step| step.parse().ok())?;
    let step = step.unsigned_abs().max(1);
    if let (Ok(low), Ok(high)) = (first.parse::<i64>(), last.parse::<i64>()) {
        let padded =
            |text: &str| text.trim_start_matches('-').len() > 1 && text.trim_start_matches('-').starts_with('0');
        let width = if padded(first) || padded(last) { first.len().max(last.len()) } else { 0 };
        let numbers = steps(low, high, step);
        return Some(
            numbers
                .map(|n| if n < 0 && width > 0 { format!("-{:0>1$}", -n, width - 1) } else { format!("{n:0>width$}") })
                .collect(),
        );
    }
    let letter = |text: &str| -> Option<char> {
        let mut chars = text.chars();
        let c = chars.next().filter(char::is_ascii_alphabetic)?;
        chars.next().is_none().then_some(c)
    };
    let (low, high) = (letter(first)?, letter(last)?);
    Some(
        steps(low as i64, high as i64, step)
            .filter_map(|n| u32::try_from(n).ok().and_then(char::from_u32))
            .map(String::from)
            .collect(),
    )
}

fn steps(low: i64, high: i64, step: u64) -> impl Iterator<Item = i64> {
    let count = (low.abs_diff(high) / step).min(LIMIT as u64);
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let sign = if low <= high { 1 } else { -1 };
    (0..=count).map(move |n| low.wrapping_add(sign * step.wrapping_mul(n as i64)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::syntax::{Options, ast::CommandKind, parse};

    fn words(text: &str) -> Vec<String> {
        let commands = parse(text, Options::default()).expect("valid");
        let command = &commands[0].items[0].and_or.first.commands[0];
        let CommandKind::Simple(simple) = &command.kind else { panic!("a simple command") };
        let literal = |part: &WordPart| if let WordPart::Literal(text) = part { text.to_string() } else { "#".into() };
        let text = |word: Word| word.parts.iter().map(literal).collect::<String>();
        simple.words.iter().flat_map(expand_braces).map(text).collect()
    }

    #[test]
    fn braces() {
        assert_eq!(words("{a,b}{1..3}"), ["a1", "a2", "a3", "b1", "b2", "b3"]);
        assert_eq!(
            words("x{,y} {1..3..2} {c..a} {a} {} {a,{b,c}}"),
            ["x", "xy", "1", "3", "c", "b", "a", "{a}", "{}", "a", "b", "c"]
        );
        assert_eq!(
            words("{01..3} {-1..1} {x {a,'b,c'} {a..}"),
            ["01", "02", "03", "-1", "0", "1", "{x", "a", "#", "{a..}"]
        );
    }
}
