//! Runs filters: each input may give any number of outputs: jq(1).

use std::cell::Cell;
use std::rc::Rc;

use super::syntax::{Expr, Piece};
use super::value::{Json, Object};
use super::{builtins, operate};

/// Why a filter stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// An error with its value.
    Error(Json),
    /// Whoever takes the outputs wants no more.
    Enough,
    /// It would take too long.
    TooMuch,
}

impl Stop {
    /// An error with a text.
    pub fn error(text: impl AsRef<str>) -> Self {
        Stop::Error(Json::text(text.as_ref()))
    }
}

/// Where outputs go.
pub type Sink<'a> = &'a mut dyn FnMut(Json) -> Result<(), Stop>;

/// How many steps a filter may take for all its inputs.
const BUDGET: u64 = 5_000_000;

/// Variables, and what is left of the budget.
#[derive(Clone, Default)]
pub struct Scope {
    names: Option<Rc<Binding>>,
    steps: Rc<Cell<u64>>,
}

struct Binding {
    name: String,
    value: Json,
    outer: Option<Rc<Binding>>,
}

impl Scope {
    /// The same with one more variable.
    pub fn with(&self, name: &str, value: Json) -> Self {
        let binding = Binding { name: name.to_owned(), value, outer: self.names.clone() };
        Scope { names: Some(binding.into()), steps: self.steps.clone() }
    }

    fn get(&self, name: &str) -> Option<Json> {
        let mut binding = self.names.as_ref();
        while let Some(found) = binding {
            if found.name == name {
                return Some(found.value.clone());
            }
            binding = found.outer.as_ref();
        }
        None
    }

    /// Counts a step. Errors: too many.
    pub fn step(&self) -> Result<(), Stop> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() < BUDGET { Ok(()) } else { Err(Stop::TooMuch) }
    }
}

/// Gives every output of `expr` for `input` to `sink`.
pub fn eval(expr: &Expr, input: &Json, scope: &Scope, sink: Sink<'_>) -> Result<(), Stop> {
    scope.step()?;
    match expr {
        Expr::Identity => sink(input.clone()),
        Expr::Recurse => recurse(input, scope, sink),
        Expr::Literal(value) => sink(value.clone()),
        Expr::Index(target, key) => {
            eval(key, input, scope, &mut |key| eval(target, input, scope, &mut |target| sink(index(&target, &key)?)))
        }
        Expr::Slice(target, from, to) => {
            let null = Box::new(Expr::Literal(Json::Null));
            eval(to.as_ref().unwrap_or(&null), input, scope, &mut |to| {
                eval(from.as_ref().unwrap_or(&null), input, scope, &mut |from| {
                    eval(target, input, scope, &mut |target| sink(slice(&target, &from, &to)?))
                })
            })
        }
        Expr::Each(target) => eval(target, input, scope, &mut |target| each(&target, sink)),
        Expr::Text(format, pieces) => text(format.as_deref(), pieces, String::new(), input, scope, sink),
        Expr::Format(name) => sink(Json::text(&operate::format(name, input)?)),
        Expr::Array(None) => sink(Json::array(Vec::new())),
        Expr::Array(Some(inner)) => sink(Json::array(collect(inner, input, scope)?)),
        Expr::Object(members) => object(members, Object::default(), input, scope, sink),
        Expr::Pipe(left, right) => eval(left, input, scope, &mut |value| eval(right, &value, scope, sink)),
        Expr::Comma(left, right) => {
            eval(left, input, scope, sink)?;
            eval(right, input, scope, sink)
        }
        Expr::Binary(sign, left, right) => binary(sign, left, right, input, scope, sink),
        Expr::If(test, then, otherwise) => eval(test, input, scope, &mut |test| {
            eval(if test.is_true() { then } else { otherwise }, input, scope, sink)
        }),
        Expr::Try(body, handler) => match eval(body, input, scope, sink) {
            Err(Stop::Error(value)) => match handler {
                Some(handler) => eval(handler, &value, scope, sink),
                None => Ok(()),
            },
            other => other,
        },
        Expr::Call(name, arguments) => builtins::call(name, arguments, input, scope, sink),
        Expr::Variable(name) => match scope.get(name) {
            Some(value) => sink(value),
            None => Err(Stop::error(format!("${name} is not defined"))),
        },
        Expr::Bind(source, name, body) => {
            eval(source, input, scope, &mut |value| eval(body, input, &scope.with(name, value), sink))
        }
        Expr::Reduce(source, name, init, update) => {
            let mut state = collect(init, input, scope)?.pop().unwrap_or(Json::Null);
            eval(source, input, scope, &mut |value| {
                state = collect(update, &state, &scope.with(name, value))?.pop().unwrap_or(Json::Null);
                Ok(())
            })?;
            sink(state)
        }
    }
}

/// All outputs.
pub fn collect(expr: &Expr, input: &Json, scope: &Scope) -> Result<Vec<Json>, Stop> {
    let mut all = Vec::new();
    eval(expr, input, scope, &mut |value| {
        all.push(value);
        Ok(())
    })?;
    Ok(all)
}

fn recurse(value: &Json, scope: &Scope, sink: Sink<'_>) -> Result<(), Stop> {
    scope.step()?;
    sink(value.clone())?;
    match value {
        Json::Array(items) => items.iter().try_for_each(|item| recurse(item, scope, sink)),
        Json::Object(object) => object.members().try_for_each(|(_, item)| recurse(item, scope, sink)),
        _ => Ok(()),
    }
}

/// Every item or member's value.
pub fn each(target: &Json, sink: Sink<'_>) -> Result<(), Stop> {
    match target {
        Json::Array(items) => items.iter().try_for_each(|item| sink(item.clone())),
        Json::Object(object) => object.members().try_for_each(|(_, value)| sink(value.clone())),
        other => Err(Stop::error(format!("Cannot iterate over {}", described(other)))),
    }
}

/// A value as error messages name it: `number (5)`, `null`.
pub fn described(value: &Json) -> String {
    match value {
        Json::Null => "null".into(),
        other => {
            let text = other.compact();
            let short =
                if text.len() > 11 { format!("{}...", text.chars().take(10).collect::<String>()) } else { text };
            format!("{} ({short})", other.kind())
        }
    }
}

/// `target[key]`
pub fn index(target: &Json, key: &Json) -> Result<Json, Stop> {
    match (target, key) {
        (Json::Object(object), Json::String(name)) => Ok(object.get(name).cloned().unwrap_or(Json::Null)),
        (Json::Null, Json::String(_) | Json::Number(_) | Json::Null) => Ok(Json::Null),
        (Json::Array(items), Json::Number(number)) => {
            let at = number.floor() as i64;
            let at = if at < 0 { at + i64::try_from(items.len()).unwrap_or(0) } else { at };
            Ok(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().unwrap_or(Json::Null))
        }
        (other, Json::String(name)) => Err(Stop::error(format!("Cannot index {} with \"{name}\"", other.kind()))),
        (other, key) => Err(Stop::error(format!("Cannot index {} with {}", other.kind(), key.kind()))),
    }
}

fn slice(target: &Json, from: &Json, to: &Json) -> Result<Json, Stop> {
    let length = match target {
        Json::Null => return Ok(Json::Null),
        Json::Array(items) => items.len(),
        Json::String(text) => text.chars().count(),
        other => return Err(Stop::error(format!("Cannot index {} with object", other.kind()))),
    };
    let place = |value: &Json, default: usize| match value {
        Json::Number(n) if *n < 0.0 => length.saturating_sub((-n) as usize),
        Json::Number(n) => (*n as usize).min(length),
        _ => default,
    };
    let (from, to) = (place(from, 0), place(to, length));
    let count = to.saturating_sub(from);
    Ok(match target {
        Json::Array(items) => Json::array(items.iter().skip(from).take(count).cloned().collect()),
        Json::String(text) => Json::text(&text.chars().skip(from).take(count).collect::<String>()),
        _ => Json::Null,
    })
}

fn text(
    format: Option<&str>,
    pieces: &[Piece],
    done: String,
    input: &Json,
    scope: &Scope,
    sink: Sink<'_>,
) -> Result<(), Stop> {
    let Some((piece, rest)) = pieces.split_first() else { return sink(Json::text(&done)) };
    match piece {
        Piece::Plain(plain) => text(format, rest, done + plain, input, scope, sink),
        Piece::Filter(filter) => eval(filter, input, scope, &mut |value| {
            let value = operate::format(format.unwrap_or("text"), &value)?;
            text(format, rest, format!("{done}{value}"), input, scope, sink)
        }),
    }
}

fn object(members: &[(Expr, Expr)], done: Object, input: &Json, scope: &Scope, sink: Sink<'_>) -> Result<(), Stop> {
    let Some(((key, value), rest)) = members.split_first() else { return sink(Json::Object(done.into())) };
    eval(key, input, scope, &mut |key| {
        let Json::String(name) = &key else {
            return Err(Stop::error(format!("Object keys must be strings, not {}", described(&key))));
        };
        eval(value, input, scope, &mut |value| {
            let mut more = done.clone();
            more.set(name, value);
            object(rest, more, input, scope, sink)
        })
    })
}

fn binary(sign: &str, left: &Expr, right: &Expr, input: &Json, scope: &Scope, sink: Sink<'_>) -> Result<(), Stop> {
    match sign {
        "and" | "or" => eval(left, input, scope, &mut |left| {
            if left.is_true() == (sign == "or") {
                return sink(Json::Bool(sign == "or"));
            }
            eval(right, input, scope, &mut |right| sink(Json::Bool(right.is_true())))
        }),
        "//" => {
            let mut found = false;
            let mut all = |value: Json| {
                if value.is_true() {
                    found = true;
                    return sink(value);
                }
                Ok(())
            };
            match eval(left, input, scope, &mut all) {
                Ok(()) | Err(Stop::Error(_)) => {}
                other => return other,
            }
            if found { Ok(()) } else { eval(right, input, scope, sink) }
        }
        _ => eval(right, input, scope, &mut |right| {
            eval(left, input, scope, &mut |left| sink(operate::operate(sign, &left, &right)?))
        }),
    }
}
