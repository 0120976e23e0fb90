//! The statements of an awk program at work: awk(1p).

use super::{Array, Flow, Machine, Value};
use crate::commands::text::awk::ast::{Expr, Statement};
use crate::world::Cx;

impl Machine {
    pub fn statement(&mut self, cx: &mut Cx<'_, '_>, statement: &Statement) -> Result<Flow, String> {
        self.step()?;
        match statement {
            Statement::Expr(expr) => drop(self.eval(cx, expr)?),
            Statement::Print(values, redirect) => self.print(cx, values, redirect.as_ref())?,
            Statement::Printf(values, redirect) => self.printf(cx, values, redirect.as_ref())?,
            Statement::If(condition, then, other) => {
                if self.eval(cx, condition)?.is_true() {
                    return self.statement(cx, then);
                }
                if let Some(other) = other {
                    return self.statement(cx, other);
                }
            }
            Statement::Block(statements) => {
                for statement in statements {
                    match self.statement(cx, statement)? {
                        Flow::On => {}
                        flow => return Ok(flow),
                    }
                }
            }
            Statement::While(..) | Statement::Do(..) | Statement::For(..) | Statement::ForIn(..) => {
                return self.repeat(cx, statement);
            }
            Statement::Next => return Ok(Flow::Next),
            Statement::NextFile => {
                self.skip_file = true;
                return Ok(Flow::Next);
            }
            Statement::Break => return Ok(Flow::Break),
            Statement::Continue => return Ok(Flow::Continue),
            Statement::Exit(status) => {
                if let Some(status) = status {
                    self.status = self.eval(cx, status)?.number() as i64 as u8;
                }
                return Ok(Flow::Exit);
            }
            Statement::Return(value) => {
                let value = match value {
                    Some(value) => self.eval(cx, value)?,
                    None => Value::Unset,
                };
                return Ok(Flow::Return(value));
            }
            Statement::Delete(var, index) => {
                let array = self.array(*var)?;
                let key = if index.is_empty() { None } else { Some(self.key(cx, index)?) };
                let array = self.arrays.entry(array).or_default();
                match key {
                    Some(key) => array.remove(&key),
                    None => array.clear(),
                }
            }
        }
        Ok(Flow::On)
    }

    pub(super) fn repeat(&mut self, cx: &mut Cx<'_, '_>, statement: &Statement) -> Result<Flow, String> {
        match statement {
            Statement::While(condition, body) => {
                while self.eval(cx, condition)?.is_true() {
                    match self.statement(cx, body)? {
                        Flow::Break => break,
                        Flow::On | Flow::Continue => {}
                        flow => return Ok(flow),
                    }
                }
            }
            Statement::Do(body, condition) => loop {
                match self.statement(cx, body)? {
                    Flow::Break => break,
                    Flow::On | Flow::Continue => {}
                    flow => return Ok(flow),
                }
                if !self.eval(cx, condition)?.is_true() {
                    break;
                }
            },
            Statement::For(start, condition, step, body) => {
                if let Some(start) = start {
                    self.statement(cx, start)?;
                }
                while self.holds(cx, condition.as_ref())? {
                    match self.statement(cx, body)? {
                        Flow::Break => break,
                        Flow::On | Flow::Continue => {}
                        flow => return Ok(flow),
                    }
                    if let Some(step) = step {
                        self.statement(cx, step)?;
                    }
                }
            }
            Statement::ForIn(var, array, body) => {
                let array = self.array(*array)?;
                let keys = self.arrays.get(&array).map(Array::keys).unwrap_or_default();
                for key in keys {
                    self.set(*var, Value::input(&key))?;
                    match self.statement(cx, body)? {
                        Flow::Break => break,
                        Flow::On | Flow::Continue => {}
                        flow => return Ok(flow),
                    }
                }
            }
            _ => {}
        }
        Ok(Flow::On)
    }

    pub(super) fn holds(&mut self, cx: &mut Cx<'_, '_>, condition: Option<&Expr>) -> Result<bool, String> {
        self.step()?;
        condition.map_or(Ok(true), |condition| Ok(self.eval(cx, condition)?.is_true()))
    }
}
