//! What awk prints, and where: awk(1p), Output Statements.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Value;
use super::ast::{Expr, Redirect};
use super::machine::{Machine, OFMT, OFS, ORS};
use crate::commands::posix::conversion::Conversion;
use crate::world::{Cx, Fd, OpenFlags};

/// Files that were opened for printing.
pub(super) type Outputs = BTreeMap<Arc<[u8]>, Fd>;

impl Machine {
    pub fn print(&mut self, cx: &mut Cx<'_, '_>, values: &[Expr], to: Option<&Redirect>) -> Result<(), String> {
        let mut line = Vec::new();
        if values.is_empty() {
            line.extend_from_slice(&self.record);
        }
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                line.extend_from_slice(&self.global_text(OFS));
            }
            match self.eval(cx, value)? {
                Value::Number(number) => line.extend(super::value::show(number, &self.format(OFMT)).bytes()),
                other => line.extend_from_slice(&self.text(&other)),
            }
        }
        line.extend_from_slice(&self.global_text(ORS));
        self.emit(cx, &line, to)
    }

    pub fn printf(&mut self, cx: &mut Cx<'_, '_>, values: &[Expr], to: Option<&Redirect>) -> Result<(), String> {
        let text = self.formatted(cx, values, "printf")?;
        self.emit(cx, &text, to)
    }

    fn emit(&mut self, cx: &mut Cx<'_, '_>, bytes: &[u8], to: Option<&Redirect>) -> Result<(), String> {
        let (target, flags) = match to {
            None => {
                cx.print(1, bytes);
                return Ok(());
            }
            Some(Redirect::Pipe) => return Err("output to a command is not simulated".into()),
            Some(Redirect::Write(target)) => (target, OpenFlags::WRITE),
            Some(Redirect::Append(target)) => (target, OpenFlags::APPEND),
        };
        let name = self.eval(cx, target)?;
        let name = self.text(&name);
        let path = String::from_utf8_lossy(&name).into_owned();
        let fd = match path.as_str() {
            "/dev/stdout" | "-" => 1,
            "/dev/stderr" => 2,
            path => match self.outputs.get(&name) {
                Some(fd) => *fd,
                None => {
                    let opened = cx.open(path, flags, 0o666);
                    let fd =
                        opened.map_err(|errno| format!("cannot open \"{path}\" for output ({})", errno.message()))?;
                    self.outputs.insert(name, fd);
                    fd
                }
            },
        };
        cx.print(fd, bytes);
        Ok(())
    }

    /// `close(name)`: 0 when something of that name was open.
    pub fn close(&mut self, name: &Arc<[u8]>) -> f64 {
        let reader = self.readers.remove(name).is_some();
        let writer = self.outputs.remove(name).is_some();
        if reader || writer { 0.0 } else { -1.0 }
    }

    /// A format and its values.
    pub fn formatted(&mut self, cx: &mut Cx<'_, '_>, values: &[Expr], name: &str) -> Result<Vec<u8>, String> {
        let mut all = Vec::new();
        for value in match values {
            [Expr::List(list)] => list,
            values => values,
        } {
            all.push(self.eval(cx, value)?);
        }
        let mut values = all.into_iter();
        let format = values.next().unwrap_or_default();
        let format = self.text(&format);
        let shown = String::from_utf8_lossy(&format).into_owned();
        let place = self.place_of_error();
        let mut next = || {
            let message = format!("run time error: not enough arguments passed to {name}(\"{shown}\"){place}");
            values.next().ok_or(message)
        };
        let mut out = Vec::new();
        let mut bytes = format.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            if byte != b'%' || bytes.next_if_eq(&b'%').is_some() {
                out.push(byte);
                continue;
            }
            let mut spec = Conversion::default();
            while bytes.next_if(|b| spec.flag(char::from(*b))).is_some() {}
            match bytes.next_if_eq(&b'*') {
                Some(_) => spec.set_width(next()?.number() as i64),
                None => spec.width = digits(&mut bytes),
            }
            if bytes.next_if_eq(&b'.').is_some() {
                match bytes.next_if_eq(&b'*') {
                    Some(_) => spec.set_precision(next()?.number() as i64),
                    None => spec.precision = Some(digits(&mut bytes)),
                }
            }
            while bytes.next_if(|b| b"hlL".contains(b)).is_some() {}
            match bytes.next() {
                None => out.push(b'%'),
                Some(letter) if b"cdiouxXeEfFgGs".contains(&letter) => {
                    let value = next()?;
                    out.extend(self.converted(&spec, char::from(letter), &value));
                }
                Some(_) => return Err(format!("run time error: bad conversion in {name}(\"{shown}\"){place}")),
            }
        }
        Ok(out)
    }

    fn converted(&self, spec: &Conversion, letter: char, value: &Value) -> Vec<u8> {
        match letter {
            'c' => match value {
                Value::Number(number) => spec.string(&[*number as i64 as u8]),
                other => {
                    let text = self.text(other);
                    spec.string(text.get(..1).unwrap_or_default())
                }
            },
            'd' | 'i' => spec.signed(value.number() as i64),
            'o' | 'u' | 'x' | 'X' => {
                let number = value.number();
                spec.unsigned(if number < 0.0 { number as i64 as u64 } else { number as u64 }, letter)
            }
            's' => spec.string(&self.text(value)),
            letter => spec.float(value.number(), letter),
        }
    }
}

fn digits(bytes: &mut std::iter::Peekable<impl Iterator<Item = u8>>) -> usize {
    let mut number = 0usize;
    while let Some(digit) = bytes.next_if(u8::is_ascii_digit) {
        number = (number * 10 + usize::from(digit - b'0')).min(65_536);
    }
    number
}
