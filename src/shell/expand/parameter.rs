//! Parameters: what they hold, and how it becomes words: bash(1), PARAMETERS.

use std::sync::Arc;

use super::field::Fields;
use super::{Expanded, Expander, Failure, Halt, Reach, line_failure};
use crate::shell::syntax::ast::{Parameter, ParameterExpansion, ParameterOp, Subscript};
use crate::shell::syntax::is_name;

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Got {
    /// It has none.
    Unset,
    /// One string.
    One(Arc<str>),
    /// Several; with a star they are one word in quotes.
    Many(Vec<Arc<str>>, bool),
}

/// A parameter and its subscript, names resolved.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    pub(super) parameter: Parameter,
    pub(super) subscript: Option<Subscript>,
}

impl Target {
    /// How messages name it.
    pub(super) fn shown(&self) -> String {
        match (&self.parameter, &self.subscript) {
            (Parameter::Variable(name), None) => name.to_string(),
            (Parameter::Variable(name), Some(Subscript::At)) => format!("{name}[@]"),
            (Parameter::Variable(name), Some(Subscript::Star)) => format!("{name}[*]"),
            (Parameter::Variable(name), Some(Subscript::Index(word))) => format!("{name}[{}]", word.raw),
            (Parameter::Positional(number), _) => number.to_string(),
            (Parameter::Special(c), _) => c.to_string(),
        }
    }
}

impl Expander<'_> {
    /// Expands a parameter into the fields.
    pub(super) fn parameter(
        &mut self,
        expansion: &ParameterExpansion,
        quoted: bool,
        fields: &mut Fields,
    ) -> Expanded<()> {
        let unknown = matches!(
            expansion.op,
            ParameterOp::Replace(..) | ParameterOp::Case(..) | ParameterOp::Substring(..) | ParameterOp::Transform(_)
        );
        if self.shell.posix && (unknown || expansion.indirect || expansion.subscript.is_some()) {
            return Err(line_failure("Bad substitution".into()));
        }
        if expansion.op == ParameterOp::Bad {
            return Err(line_failure(format!("{}: bad substitution", expansion.raw)));
        }
        if let Some(names) = self.names(expansion)? {
            self.give_value(&names, quoted, fields);
            return Ok(());
        }
        let target = match expansion.indirect {
            true => self.indirect(expansion)?,
            false => Target { parameter: expansion.parameter.clone(), subscript: expansion.subscript.clone() },
        };
        self.operate(&target, expansion, quoted, fields)
    }

    /// `${!prefix*}` and `${!name[@]}`.
    fn names(&mut self, expansion: &ParameterExpansion) -> Expanded<Option<Got>> {
        let Parameter::Variable(name) = &expansion.parameter else { return Ok(None) };
        let (names, at) = match expansion.op {
            ParameterOp::Names(at) => {
                let all = self
                    .shell
                    .variables
                    .iter()
                    .filter(|(known, variable)| known.starts_with(&**name) && variable.value.is_some());
                (all.map(|(known, _)| known.clone()).collect(), at)
            }
            ParameterOp::Keys(at) => {
                let keys = self.shell.variable(name).map(|variable| variable.keys()).unwrap_or_default();
                (keys.into_iter().map(Arc::from).collect(), at)
            }
            _ => return Ok(None),
        };
        Ok(Some(Got::Many(names, !at)))
    }

    /// The parameter that the value of another one names.
    fn indirect(&mut self, expansion: &ParameterExpansion) -> Expanded<Target> {
        let holder = Target { parameter: expansion.parameter.clone(), subscript: expansion.subscript.clone() };
        let name = match self.value(&holder)? {
            Got::One(name) => name,
            Got::Many(names, _) => names.first().cloned().unwrap_or_default(),
            Got::Unset => return Err(line_failure(format!("{}: invalid indirect expansion", holder.shown()))),
        };
        let target = self.named(&name);
        target.ok_or_else(|| line_failure(format!("{name}: invalid variable name")))
    }

    /// The parameter that this text names.
    pub(super) fn named(&mut self, name: &str) -> Option<Target> {
        if let Ok(number) = name.parse::<usize>() {
            let parameter = if number == 0 { Parameter::Special('0') } else { Parameter::Positional(number) };
            return Some(Target { parameter, subscript: None });
        }
        let mut chars = name.chars();
        if let (Some(c), None) = (chars.next(), chars.next())
            && "@*#?-$!".contains(c)
        {
            return Some(Target { parameter: Parameter::Special(c), subscript: None });
        }
        let (name, subscript) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
            Some((name, "@")) => (name, Some(Subscript::At)),
            Some((name, "*")) => (name, Some(Subscript::Star)),
            Some((name, index)) => (name, Some(Subscript::Index(crate::shell::syntax::parse_prompt(index)))),
            None => (name, None),
        };
        is_name(name).then(|| Target { parameter: Parameter::Variable(name.into()), subscript })
    }

    /// What a parameter holds.
    pub(super) fn value(&mut self, target: &Target) -> Expanded<Got> {
        let one = |text: Option<String>| text.map_or(Got::Unset, |text| Got::One(text.into()));
        Ok(match &target.parameter {
            Parameter::Positional(number) => one(self.shell.positional.get(number - 1).cloned()),
            Parameter::Special(c @ ('@' | '*')) => {
                Got::Many(self.shell.positional.iter().map(|text| Arc::from(text.as_str())).collect(), *c == '*')
            }
            Parameter::Special(c) => one(self.special(*c)),
            Parameter::Variable(name) => match &target.subscript {
                None => self.shell.text(name).map_or(Got::Unset, Got::One),
                Some(Subscript::Index(word)) => {
                    let subscript = self.string(word)?;
                    let key = self.shell.key(name, &subscript).map_err(|error| line_failure(error.0))?;
                    let computed = self.shell.variable(name);
                    let value = match (computed.and_then(|variable| variable.value), &key) {
                        (
                            Some(crate::shell::variables::Value::Indexed(elements)),
                            crate::shell::variables::Key::Index(index @ 0..),
                        ) => elements.get(&index.unsigned_abs()).cloned(),
                        _ => self.shell.variables.element(name, &key),
                    };
                    value.map_or(Got::Unset, Got::One)
                }
                Some(several) => {
                    let elements = self.shell.variable(name).map(|variable| variable.elements()).unwrap_or_default();
                    Got::Many(elements, *several == Subscript::Star)
                }
            },
        })
    }

    fn special(&mut self, c: char) -> Option<String> {
        Some(match c {
            '#' => self.shell.positional.len().to_string(),
            '?' => self.shell.status.to_string(),
            '-' => self.shell.flags(),
            '$' => self.shell.pid.to_string(),
            '!' => self.shell.background?.to_string(),
            '0' => self.shell.name.to_string(),
            _ => return None,
        })
    }

    /// A value as words.
    pub(super) fn give_value(&mut self, got: &Got, quoted: bool, fields: &mut Fields) {
        match got {
            Got::Unset => {}
            Got::One(text) => self.give(text, quoted, fields),
            Got::Many(texts, true) if quoted || fields.is_whole() => {
                let ifs = self.shell.variables.text("IFS");
                let separator = ifs.map_or_else(|| " ".to_string(), |ifs| ifs.chars().take(1).collect());
                let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
                self.give(&texts.join(&separator), quoted, fields);
            }
            Got::Many(texts, _) => {
                for (index, text) in texts.iter().enumerate() {
                    if index > 0 {
                        fields.separate(quoted);
                    }
                    self.give(text, quoted, fields);
                }
            }
        }
    }

    /// The error of a parameter without a value, where `set -u` asks for it.
    pub(super) fn refuse_unset(&self, target: &Target) -> Expanded<()> {
        let list = matches!(target.parameter, Parameter::Special('@' | '*'))
            || matches!(target.subscript, Some(Subscript::At | Subscript::Star));
        if !self.shell.switches.is("nounset") || list {
            return Ok(());
        }
        let shown = match &target.parameter {
            Parameter::Positional(number) => format!("${number}"),
            Parameter::Special(c) => format!("${c}"),
            Parameter::Variable(_) => target.shown(),
        };
        Err(Halt::Fail(Failure { message: format!("{shown}: unbound variable"), reach: Reach::Shell }))
    }
}
