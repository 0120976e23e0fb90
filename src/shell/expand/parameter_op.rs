//! The operators of `${ … }`: bash(1), Parameter Expansion.

use std::sync::Arc;

use super::case::change_case;
use super::field::Fields;
use super::parameter::{Got, Target};
use super::pattern::{Pattern, Quoted};
use super::quote::{double_quoted, requoted};
use super::{Expanded, Expander, Failure, Halt, Manner, Reach, line_failure};
use crate::shell::syntax::ast::{Colon, Parameter, ParameterExpansion, ParameterOp, ReplaceKind, Subscript, Word};
use crate::shell::syntax::escape::decode_ansi;
use crate::shell::variables::Variable;

impl Expander<'_> {
    /// Applies the operator to what the parameter holds.
    pub(super) fn operate(
        &mut self,
        target: &Target,
        expansion: &ParameterExpansion,
        quoted: bool,
        fields: &mut Fields,
    ) -> Expanded<()> {
        let got = self.value(target)?;
        let missing = |colon: &Colon| match &got {
            Got::Unset => true,
            Got::One(text) => *colon == Colon::With && text.is_empty(),
            Got::Many(texts, _) => texts.is_empty() || *colon == Colon::With && texts.len() == 1 && texts[0].is_empty(),
        };
        match &expansion.op {
            ParameterOp::Default(colon, word) => match missing(colon) {
                true => self.operand(word, quoted, fields)?,
                false => self.give_value(&got, quoted, fields),
            },
            ParameterOp::Alternative(colon, word) => {
                if !missing(colon) {
                    self.operand(word, quoted, fields)?;
                }
            }
            ParameterOp::Assign(colon, word) => {
                if !missing(colon) {
                    self.give_value(&got, quoted, fields);
                } else {
                    let text = self.assign_default(target, word, quoted)?;
                    self.give(&text, quoted, fields);
                }
            }
            ParameterOp::Error(colon, word) => {
                if missing(colon) {
                    return Err(self.missing_error(target, *colon, word, quoted)?);
                }
                self.give_value(&got, quoted, fields);
            }
            _ => {
                let empty = matches!(&got, Got::Many(texts, _) if texts.is_empty());
                if got == Got::Unset {
                    self.refuse_unset(target)?;
                } else if let (ParameterOp::Length, Parameter::Variable(name), true) =
                    (&expansion.op, &target.parameter, empty && self.shell.switches.is("nounset"))
                    && self.shell.variable(name).is_none()
                {
                    return Err(line_failure(format!("{name}: unbound variable")));
                }
                let changed = self.change(target, &expansion.op, got)?;
                self.give_value(&changed, quoted, fields);
            }
        }
        Ok(())
    }

    /// The word after `:-` and its kin.
    fn operand(&mut self, word: &Word, quoted: bool, fields: &mut Fields) -> Expanded<()> {
        let parts = if quoted { word.parts.clone() } else { self.with_tilde(&word.parts, false) };
        self.parts(&parts, if quoted { Manner::Quoted } else { Manner::Operand }, fields)
    }

    fn operand_text(&mut self, word: &Word, quoted: bool) -> Expanded<String> {
        let mut fields = Fields::whole();
        self.operand(word, quoted, &mut fields)?;
        Ok(fields.finish_whole().text())
    }

    fn assign_default(&mut self, target: &Target, word: &Word, quoted: bool) -> Expanded<String> {
        let Parameter::Variable(name) = &target.parameter else {
            return Err(line_failure(format!("${}: cannot assign in this way", target.shown())));
        };
        let text = self.operand_text(word, quoted)?;
        let key = match &target.subscript {
            Some(Subscript::Index(word)) => {
                let subscript = self.string(word)?;
                Some(self.shell.key(name, &subscript).map_err(|error| line_failure(error.0))?)
            }
            _ => None,
        };
        self.shell.assign(name, key.as_ref(), &text, false).map_err(line_failure)?;
        Ok(self.shell.text(name).map_or(text, |text| text.to_string()))
    }

    fn missing_error(&mut self, target: &Target, colon: Colon, word: &Word, quoted: bool) -> Expanded<Halt> {
        let mut text = self.operand_text(word, quoted)?;
        if word.parts.is_empty() {
            text = match colon {
                Colon::With => "parameter null or not set".to_string(),
                Colon::Without => "parameter not set".to_string(),
            };
        }
        let message = format!("{}: {text}", target.shown());
        Ok(Halt::Fail(Failure { message, reach: Reach::Shell }))
    }

    fn change(&mut self, target: &Target, op: &ParameterOp, got: Got) -> Expanded<Got> {
        Ok(match op {
            ParameterOp::Length => {
                let length = match &got {
                    Got::Unset => 0,
                    Got::One(text) => text.chars().count(),
                    Got::Many(texts, _) => texts.len(),
                };
                Got::One(length.to_string().into())
            }
            ParameterOp::RemovePrefix(word, longest) => {
                let pattern = self.compiled(word)?;
                each(got, |text| remove_prefix(text, &pattern, *longest))
            }
            ParameterOp::RemoveSuffix(word, longest) => {
                let pattern = self.compiled(word)?.reversed();
                each(got, |text| reverse(&remove_prefix(&reverse(text), &pattern, *longest)))
            }
            ParameterOp::Replace(kind, pattern, with) => {
                let pattern = self.compiled(pattern)?;
                let with = match with {
                    Some(word) => self.pattern(word)?,
                    None => Vec::new(),
                };
                let whole_match = self.shell.switches.has("patsub_replacement");
                each(got, |text| replace(text, *kind, &pattern, &with, whole_match))
            }
            ParameterOp::Case(change, word) => {
                let pattern = if word.parts.is_empty() { None } else { Some(self.compiled(word)?) };
                each(got, |text| change_case(text, *change, pattern.as_ref()))
            }
            ParameterOp::Substring(offset, length) => self.substring(target, got, offset, length.as_ref())?,
            ParameterOp::Transform(letter) => self.transform(target, *letter, got)?,
            _ => got,
        })
    }

    fn compiled(&mut self, word: &Word) -> Expanded<Pattern> {
        let chars = self.pattern(word)?;
        Ok(Pattern::new(&chars, self.shell.switches.has("extglob")))
    }

    fn substring(&mut self, target: &Target, got: Got, offset: &Word, length: Option<&Word>) -> Expanded<Got> {
        let offset = self.arithmetic(offset)?;
        let length = match length {
            Some(word) => Some((self.arithmetic(word)?, word.raw.clone())),
            None => None,
        };
        let positional = matches!(target.parameter, Parameter::Special('@' | '*'));
        match got {
            Got::Unset => Ok(Got::Unset),
            Got::One(text) => {
                let chars: Vec<char> = text.chars().collect();
                let range = range(chars.len(), offset, length.as_ref(), true)?;
                Ok(Got::One(chars[range].iter().collect::<String>().into()))
            }
            Got::Many(mut texts, star) => {
                // `$0` is the member 0 of the positional parameters.
                if positional {
                    texts.insert(0, self.shell.name.clone());
                }
                let mut range = range(texts.len(), offset, length.as_ref(), false)?;
                if positional && offset < 0 && range.start == 0 && !range.is_empty() && texts.len() < 2 {
                    range.start = range.end;
                }
                Ok(Got::Many(texts[range].to_vec(), star))
            }
        }
    }

    fn transform(&mut self, target: &Target, letter: char, got: Got) -> Expanded<Got> {
        use crate::shell::syntax::ast::CaseChange::{LowerAll, UpperAll, UpperFirst};
        if matches!(letter, 'a' | 'A' | 'K' | 'k') {
            return Ok(self.described(target, letter, got));
        }
        Ok(each(got, |text| match letter {
            'U' => change_case(text, UpperAll, None),
            'u' => change_case(text, UpperFirst, None),
            'L' => change_case(text, LowerAll, None),
            'E' => decode_ansi(text),
            'Q' => requoted(text),
            _ => text.to_string(),
        }))
    }

    /// `@A`, `@a`, `@K`: what `declare` would print.
    fn described(&mut self, target: &Target, letter: char, got: Got) -> Got {
        let Parameter::Variable(name) = &target.parameter else { return got };
        let Some(variable) = self.shell.variable(name) else { return Got::Unset };
        let flags = flags(&variable);
        match letter {
            'a' => Got::One(flags.into()),
            'A' => {
                let text = match &got {
                    Got::Many(..) => format!("declare -{flags} {name}={}", compound(&variable)),
                    Got::One(text) if flags.is_empty() => format!("{name}={}", requoted(text)),
                    Got::One(text) => format!("declare -{flags} {name}={}", requoted(text)),
                    Got::Unset => return Got::Unset,
                };
                Got::One(text.into())
            }
            _ => match got {
                Got::Many(..) => Got::One(
                    compound(&variable).trim_matches(['(', ')', '[']).replace("]=", " ").replace(" [", " ").into(),
                ),
                other => each(other, requoted),
            },
        }
    }
}

/// The letters of `declare` for a variable.
pub fn flags(variable: &Variable) -> String {
    let attributes = variable.attributes;
    let letters = [
        (variable.is_array() && !variable.is_associative(), 'a'),
        (variable.is_associative(), 'A'),
        (attributes.integer, 'i'),
        (attributes.lower, 'l'),
        (attributes.readonly, 'r'),
        (attributes.upper, 'u'),
        (attributes.exported, 'x'),
    ];
    letters.into_iter().filter(|(on, _)| *on).map(|(_, letter)| letter).collect()
}

/// `([0]="a" [1]="b")`
pub fn compound(variable: &Variable) -> String {
    let pairs: Vec<String> = variable
        .keys()
        .iter()
        .zip(variable.elements())
        .map(|(key, text)| format!("[{}]={}", key_text(key), double_quoted(&text)))
        .collect();
    let space = if variable.is_associative() && !pairs.is_empty() { " " } else { "" };
    format!("({}{space})", pairs.join(" "))
}

fn key_text(key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-./:+,%@".contains(c));
    if plain { key.to_string() } else { double_quoted(key) }
}

fn each(got: Got, change: impl Fn(&str) -> String) -> Got {
    match got {
        Got::Unset => Got::Unset,
        Got::One(text) => Got::One(change(&text).into()),
        Got::Many(texts, star) => Got::Many(texts.iter().map(|text| Arc::from(change(text))).collect(), star),
    }
}

fn reverse(text: &str) -> String {
    text.chars().rev().collect()
}

fn remove_prefix(text: &str, pattern: &Pattern, longest: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let ends = pattern.ends(&chars, 0);
    let end = if longest { ends.last() } else { ends.first() };
    chars[end.copied().unwrap_or(0)..].iter().collect()
}

/// The text with matches replaced; an unquoted `&` in the replacement is the match.
fn replace(text: &str, kind: ReplaceKind, pattern: &Pattern, with: &[Quoted], whole_match: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let put = |from: usize, to: usize, out: &mut String| {
        for (c, quoted) in with {
            if *c == '&' && !quoted && whole_match { out.extend(&chars[from..to]) } else { out.push(*c) }
        }
    };
    let mut at = 0;
    let mut done = false;
    while at <= chars.len() {
        let tried = !done && (kind != ReplaceKind::Prefix || at == 0);
        let ends = if tried { pattern.ends(&chars, at) } else { Vec::new() };
        let end = match kind {
            ReplaceKind::Suffix => ends.last().filter(|end| **end == chars.len()),
            _ => ends.last(),
        };
        match end {
            Some(&end) if end > at || (kind != ReplaceKind::All && end == at && kind != ReplaceKind::First) => {
                put(at, end, &mut out);
                done = kind != ReplaceKind::All;
                if end == at {
                    break;
                }
                at = end;
            }
            _ => {
                out.extend(chars.get(at));
                at += 1;
            }
        }
    }
    out.extend(chars.get(at..).unwrap_or_default());
    out
}

/// The places from `offset` on; a negative one counts from the end, a negative length too.
fn range(
    count: usize,
    offset: i64,
    length: Option<&(i64, Arc<str>)>,
    is_text: bool,
) -> Expanded<std::ops::Range<usize>> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let start = if offset < 0 { count.saturating_add(offset) } else { offset };
    if start < 0 || start > count {
        return Ok(0..0);
    }
    let end = match length {
        None => count,
        Some((length, raw)) if *length < 0 => {
            let end = count.saturating_add(*length);
            if !is_text || end < start {
                return Err(line_failure(format!("{}: substring expression < 0", raw.trim())));
            }
            end
        }
        Some((length, _)) => start.saturating_add(*length).min(count),
    };
    let place = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok(place(start)..place(end))
}
