//! Assignments, also of whole arrays: bash(1), PARAMETERS.

use super::expand::{Expanded, Expander};
use super::state::Shell;
use super::syntax::ast::{Assignment, AssignmentValue};
use super::variables::{Refused, Value};

/// An assignment with its words expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// The variable.
    pub name: String,
    /// The text between brackets.
    pub subscript: Option<String>,
    /// `+=`
    pub append: bool,
    /// What is assigned.
    pub value: AssignedValue,
}

/// The value of an [`Assigned`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignedValue {
    /// A string.
    Scalar(String),
    /// The members of an array: key, whether it is appended to, text.
    Array(Vec<(Option<String>, bool, String)>),
}

/// Expands the words of an assignment.
pub fn expand_assignment(expander: &mut Expander<'_>, assignment: &Assignment) -> Expanded<Assigned> {
    let subscript = match &assignment.subscript {
        Some(word) => Some(expander.string(word)?),
        None => None,
    };
    let value = match &assignment.value {
        AssignmentValue::Scalar(word) => AssignedValue::Scalar(expander.assigned(word)?),
        AssignmentValue::Array(elements) => {
            let mut members = Vec::new();
            for element in elements {
                match &element.subscript {
                    Some(word) => {
                        let key = expander.string(word)?;
                        members.push((Some(key), element.append, expander.assigned(&element.value)?));
                    }
                    None => {
                        let words = expander.words(std::slice::from_ref(&element.value))?;
                        members.extend(words.into_iter().map(|word| (None, false, word)));
                    }
                }
            }
            AssignedValue::Array(members)
        }
    };
    Ok(Assigned { name: assignment.name.clone(), subscript, append: assignment.append, value })
}

/// Makes an assignment.
///
/// # Errors
/// A read-only variable, a bad subscript: in bash's words.
pub fn assign(shell: &mut Shell, assigned: &Assigned) -> Result<(), Refused> {
    let name = assigned.name.as_str();
    match &assigned.value {
        AssignedValue::Scalar(text) => {
            let key = match &assigned.subscript {
                Some(subscript) => Some(shell.key(name, subscript).map_err(|error| error.0)?),
                None => None,
            };
            shell.assign(name, key.as_ref(), text, assigned.append)
        }
        AssignedValue::Array(_) if assigned.subscript.is_some() => {
            let subscript = assigned.subscript.as_deref().unwrap_or("");
            Err(format!("{name}[{subscript}]: cannot assign list to array member"))
        }
        AssignedValue::Array(members) => assign_array(shell, name, members, assigned.append),
    }
}

fn assign_array(
    shell: &mut Shell,
    name: &str,
    members: &[(Option<String>, bool, String)],
    append: bool,
) -> Result<(), Refused> {
    shell.variables.check(name)?;
    let associative = shell.variables.get(name).is_some_and(|variable| variable.is_associative());
    let variable = shell.variables.entry(name);
    match (&variable.value, append) {
        (Some(Value::Indexed(_) | Value::Associative(_)), true) => {}
        (Some(Value::Scalar(text)), true) => variable.value = Some(Value::Indexed(imbl::OrdMap::unit(0, text.clone()))),
        _ if associative => variable.value = Some(Value::Associative(imbl::OrdMap::new())),
        _ => variable.value = Some(Value::Indexed(imbl::OrdMap::new())),
    }
    let mut next = match &variable.value {
        Some(Value::Indexed(elements)) => elements.get_max().map_or(0, |(last, _)| last + 1) as i64,
        _ => 0,
    };
    let mut pending_key: Option<&str> = None;
    for (key, add, text) in members {
        if associative && key.is_none() {
            // `a=(key value key value)`
            match pending_key.take() {
                None => pending_key = Some(text),
                Some(key) => {
                    let key = shell.key(name, key).map_err(|error| error.0)?;
                    shell.assign(name, Some(&key), text, false)?;
                }
            }
            continue;
        }
        let key = match key {
            Some(key) => shell.key(name, key).map_err(|error| error.0)?,
            None => super::variables::Key::Index(next),
        };
        shell.assign(name, Some(&key), text, *add)?;
        if let super::variables::Key::Index(index) = key {
            next = index.saturating_add(1);
        }
    }
    Ok(())
}
