//! Values of awk's expressions: awk(1p), Expressions in awk.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Value;
use super::ast::{Expr, Place, Source, Var};
use super::machine::{CONVFMT, Cell, Machine, NF, SUBSEP};
use crate::world::Cx;

impl Machine {
    pub fn eval(&mut self, cx: &mut Cx<'_, '_>, expr: &Expr) -> Result<Value, String> {
        let truth = |value: bool| Ok(Value::Number(f64::from(u8::from(value))));
        match expr {
            Expr::Number(number) => Ok(Value::Number(*number)),
            Expr::Text(text) => Ok(Value::Text(text.clone())),
            Expr::Regexp(regexp) => truth(regexp.is_match(&self.record)),
            Expr::Place(place) => self.get(cx, place),
            Expr::Assign(place, operator, right) => self.assignment(cx, place, *operator, right),
            Expr::Conditional(condition, yes, no) => {
                let chosen = if self.eval(cx, condition)?.is_true() { yes } else { no };
                self.eval(cx, chosen)
            }
            Expr::And(left, right) => truth(self.eval(cx, left)?.is_true() && self.eval(cx, right)?.is_true()),
            Expr::Or(left, right) => truth(self.eval(cx, left)?.is_true() || self.eval(cx, right)?.is_true()),
            Expr::Not(inner) => truth(!self.eval(cx, inner)?.is_true()),
            Expr::In(index, var) => {
                let key = self.key(cx, index)?;
                let array = self.array(*var)?;
                truth(self.arrays.entry(array).or_default().contains(&key))
            }
            Expr::Match(left, right, negated) => {
                let text = self.eval(cx, left)?;
                let text = self.text(&text);
                truth(self.pattern(cx, right)?.is_match(&text) != *negated)
            }
            Expr::Compare(operator, left, right) => {
                let (left, right) = (self.eval(cx, left)?, self.eval(cx, right)?);
                truth(compares(operator, left.compare(&right, &self.format(CONVFMT))))
            }
            Expr::Concat(left, right) => {
                let left = self.eval(cx, left)?;
                let right = self.eval(cx, right)?;
                let (left, right) = (self.text(&left), self.text(&right));
                if left.len() + right.len() > MAX_TEXT {
                    return Err("program limit exceeded: text too long".into());
                }
                Ok(Value::text([&left[..], &right[..]].concat()))
            }
            Expr::Arithmetic(operator, left, right) => {
                let (left, right) = (self.eval(cx, left)?.number(), self.eval(cx, right)?.number());
                Ok(Value::Number(arithmetic(*operator, left, right)))
            }
            Expr::Negative(inner) => {
                let number = -self.eval(cx, inner)?.number();
                Ok(Value::Number(if number == 0.0 { 0.0 } else { number }))
            }
            Expr::Positive(inner) => Ok(Value::Number(self.eval(cx, inner)?.number())),
            Expr::Step(place, change, after) => {
                let place = self.resolved(cx, place)?;
                let before = self.get(cx, &place)?.number();
                self.put(cx, &place, Value::Number(before + change))?;
                Ok(Value::Number(if *after { before } else { before + change }))
            }
            Expr::Call(index, arguments) => {
                let cells = arguments.iter().map(|argument| match argument {
                    Expr::Place(Place::Var(var)) => Ok(self.open(*var)),
                    other => self.eval(cx, other).map(Cell::Value),
                });
                let cells = cells.collect::<Result<Vec<_>, String>>()?;
                self.call(cx, *index, cells)
            }
            Expr::Builtin(name, arguments) => self.builtin(cx, name, arguments),
            Expr::Getline(place, source) => self.getline(cx, place.as_ref(), source),
            Expr::Grouping(inner) => self.eval(cx, inner),
            Expr::List(list) => {
                let key = self.key(cx, list)?;
                Ok(Value::Text(key))
            }
        }
    }

    /// A subscript: its parts joined by `SUBSEP`.
    pub fn key(&mut self, cx: &mut Cx<'_, '_>, index: &[Expr]) -> Result<Arc<[u8]>, String> {
        let mut parts = Vec::new();
        for part in index {
            let value = self.eval(cx, part)?;
            parts.push(self.text(&value));
        }
        if let [only] = &parts[..] {
            return Ok(only.clone());
        }
        Ok(parts.join(&self.global_text(SUBSEP)[..]).into())
    }

    /// An operand that is meant as a regular expression.
    pub fn pattern(
        &mut self,
        cx: &mut Cx<'_, '_>,
        expr: &Expr,
    ) -> Result<crate::commands::text::regexp::Regexp, String> {
        if let Expr::Regexp(regexp) = expr {
            return Ok((**regexp).clone());
        }
        let value = self.eval(cx, expr)?;
        let text = self.text(&value);
        self.regexp(&text)
    }

    pub fn get(&mut self, cx: &mut Cx<'_, '_>, place: &Place) -> Result<Value, String> {
        match place {
            Place::Var(Var::Global(NF)) => {
                self.fields()?;
                Ok(self.global(NF))
            }
            Place::Var(var) => match self.cell(*var) {
                Some(Cell::Value(value)) => Ok(value.clone()),
                Some(Cell::Open(_)) | None => Ok(Value::Unset),
                Some(Cell::Array(_)) => Err("line 1: illegal reference to array".into()),
            },
            Place::Field(number) => {
                let number = self.eval(cx, number)?.number();
                self.field(number)
            }
            Place::Element(var, index) => {
                let key = self.key(cx, index)?;
                let array = self.array(*var)?;
                Ok(self.item(array, &key).clone())
            }
        }
    }

    /// The place with its subscript or field number worked out, so that it is not worked out twice.
    fn resolved(&mut self, cx: &mut Cx<'_, '_>, place: &Place) -> Result<Place, String> {
        Ok(match place {
            Place::Var(_) => place.clone(),
            Place::Field(number) => Place::Field(Box::new(Expr::Number(self.eval(cx, number)?.number()))),
            Place::Element(var, index) => Place::Element(*var, vec![Expr::Text(self.key(cx, index)?)]),
        })
    }

    pub fn put(&mut self, cx: &mut Cx<'_, '_>, place: &Place, value: Value) -> Result<(), String> {
        match place {
            Place::Var(var) => self.set(*var, value),
            Place::Field(number) => {
                let number = self.eval(cx, number)?.number();
                self.set_field(number, value)
            }
            Place::Element(var, index) => {
                let key = self.key(cx, index)?;
                let array = self.array(*var)?;
                *self.item(array, &key) = value;
                Ok(())
            }
        }
    }

    pub fn set(&mut self, var: Var, value: Value) -> Result<(), String> {
        if var == Var::Global(NF) {
            return self.set_count(value.number());
        }
        match self.cell(var) {
            Some(Cell::Array(_)) => Err("run time error: type error: array used as a value".into()),
            Some(cell) => {
                *cell = Cell::Value(value);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn assignment(
        &mut self,
        cx: &mut Cx<'_, '_>,
        place: &Place,
        operator: Option<char>,
        right: &Expr,
    ) -> Result<Value, String> {
        let place = self.resolved(cx, place)?;
        let value = match operator {
            None => self.eval(cx, right)?,
            Some(operator) => {
                let right = self.eval(cx, right)?.number();
                Value::Number(arithmetic(operator, self.get(cx, &place)?.number(), right))
            }
        };
        self.put(cx, &place, value.clone())?;
        Ok(value)
    }

    fn getline(&mut self, cx: &mut Cx<'_, '_>, place: Option<&Place>, source: &Source) -> Result<Value, String> {
        let record = match source {
            Source::Command => return Err("getline from a command is not simulated".into()),
            Source::Main => {
                let mut queue = std::mem::take(&mut self.queue);
                let record = self.next_record(&mut queue, false);
                self.queue = queue;
                let Some(record) = record else {
                    return Err("getline from input that has not arrived is not simulated".into());
                };
                self.count_record();
                record
            }
            Source::File(file) => {
                let name = self.eval(cx, file)?;
                let name = self.text(&name);
                let path = String::from_utf8_lossy(&name).into_owned();
                if !self.readers.contains_key(&name) {
                    match cx.read_file(&path) {
                        Ok(bytes) => drop(self.readers.insert(name.clone(), bytes.to_vec())),
                        Err(_) => return Ok(Value::Number(-1.0)),
                    }
                }
                let mut rest = self.readers.remove(&name).unwrap_or_default();
                let record = self.next_record(&mut rest, true);
                self.readers.insert(name, rest);
                match record {
                    Some(record) => record,
                    None => return Ok(Value::Number(0.0)),
                }
            }
        };
        match place {
            Some(place) => self.put(cx, place, Value::input(&record))?,
            None => self.set_record(record.into()),
        }
        Ok(Value::Number(1.0))
    }
}

/// Longer texts are not made.
const MAX_TEXT: usize = 16 * 1024 * 1024;

fn arithmetic(operator: char, left: f64, right: f64) -> f64 {
    match operator {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => left / right,
        '%' => left % right,
        _ => left.powf(right),
    }
}

/// Whether values in this order satisfy a comparison.
fn compares(operator: &str, order: Ordering) -> bool {
    match operator {
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        ">=" => order != Ordering::Less,
        "!=" => order != Ordering::Equal,
        _ => order == Ordering::Equal,
    }
}
