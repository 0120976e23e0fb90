//! Runs an awk program: variables, fields, statements. awk(1).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ast::{Binary, Expr, Output, Script, Statement};
use super::value::{Value, sprintf};
use crate::commands::text::regexp::{Flavor, Regexp};

/// How many steps a program may take for one record before it counts as endless.
const STEPS: u64 = 5_000_000;
/// How deep functions may call one another.
const CALLS: usize = 100;

/// Why running a statement ended early.
#[derive(Debug)]
pub enum Stop {
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `next`.
    Next,
    /// `return`.
    Return(Value),
    /// `exit`, with a status if one was given.
    Exit(Option<u8>),
    /// A mistake of the program.
    Error(String),
}

/// Something to be written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The file, and whether to append; `None` is standard output.
    pub file: Option<(String, bool)>,
    /// What.
    pub text: String,
}

/// The state of a running program.
#[derive(Clone)]
pub struct Machine {
    pub(super) script: Arc<Script>,
    variables: BTreeMap<String, Value>,
    arrays: BTreeMap<String, BTreeMap<String, Value>>,
    /// Parameters and locals of the running functions, innermost last.
    frames: Vec<Frame>,
    /// `$0`, then the fields.
    record: String,
    fields: Vec<Value>,
    split: bool,
    steps: u64,
    regexps: BTreeMap<String, Arc<Regexp>>,
    /// What was printed and not taken.
    pub written: Vec<Written>,
    /// The clock in seconds, for `systime()` and `srand()`.
    pub now: u64,
    pub(super) random: crate::world::Rng,
    pub(super) seed: f64,
}

/// One call of a function. An array argument is another name for the caller's array.
#[derive(Clone, Default)]
struct Frame {
    scalars: BTreeMap<String, Value>,
    arrays: BTreeMap<String, String>,
}

impl Machine {
    /// A program that has not begun.
    pub fn new(script: Script, now: u64) -> Machine {
        let mut variables = BTreeMap::new();
        for (name, value) in [
            ("FS", " "),
            ("OFS", " "),
            ("ORS", "\n"),
            ("RS", "\n"),
            ("CONVFMT", "%.6g"),
            ("OFMT", "%.6g"),
            ("SUBSEP", "\x1c"),
            ("FILENAME", ""),
        ] {
            variables.insert(name.to_owned(), Value::Text(value.into()));
        }
        for name in ["NR", "FNR", "NF", "RSTART"] {
            variables.insert(name.to_owned(), Value::Number(0.0));
        }
        variables.insert("RLENGTH".into(), Value::Number(-1.0));
        Machine {
            script: Arc::new(script),
            variables,
            arrays: BTreeMap::new(),
            frames: Vec::new(),
            record: String::new(),
            fields: Vec::new(),
            split: true,
            steps: 0,
            regexps: BTreeMap::new(),
            written: Vec::new(),
            now,
            random: crate::world::Rng::new(1),
            seed: 0.0,
        }
    }

    /// The value of a variable of the program.
    pub fn variable(&self, name: &str) -> Value {
        self.variables.get(name).cloned().unwrap_or_default()
    }

    /// Sets a variable from outside (`-v`, `NR`, an operand `a=b`).
    pub fn set_variable(&mut self, name: &str, value: Value) {
        self.variables.insert(name.to_owned(), value);
    }

    /// Puts a value into an array from outside (`ENVIRON`, `ARGV`).
    pub fn set_element(&mut self, array: &str, key: &str, value: Value) {
        self.arrays.entry(array.to_owned()).or_default().insert(key.to_owned(), value);
    }

    /// A new record; it is split into fields when one is asked for.
    pub fn set_record(&mut self, text: String) {
        self.record = text;
        self.split = false;
        self.steps = 0;
    }

    /// A string as `print` and concatenation make it.
    pub fn text(&self, value: &Value) -> String {
        value.text(&self.variable("CONVFMT").text("%.6g"))
    }

    /// Counts a step. Errors: the program does not end.
    pub(super) fn step(&mut self) -> Result<(), Stop> {
        self.steps += 1;
        if self.steps > STEPS {
            return Err(Stop::Error("a loop of more than 5 million steps for one record is not simulated".into()));
        }
        Ok(())
    }

    /// Runs statements in order.
    pub fn run(&mut self, body: &[Statement]) -> Result<(), Stop> {
        body.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Stop> {
        self.step()?;
        match statement {
            Statement::Expr(expr) => self.eval(expr).map(|_| ()),
            Statement::Print(items, output) => self.print(items, output),
            Statement::Printf(items, output) => {
                let values = items.iter().map(|item| self.eval(item)).collect::<Result<Vec<_>, _>>()?;
                let format = values.first().map(|v| self.text(v)).unwrap_or_default();
                let text = sprintf(&format, values.get(1..).unwrap_or_default());
                self.write(output, text)
            }
            Statement::If(condition, then, otherwise) => match (self.eval(condition)?.truth(), otherwise) {
                (true, _) => self.statement(then),
                (false, Some(otherwise)) => self.statement(otherwise),
                (false, None) => Ok(()),
            },
            Statement::While(condition, body) => self.repeat(Some(condition), body, None),
            Statement::Do(body, condition) => match self.statement(body) {
                Err(Stop::Break) => Ok(()),
                Ok(()) | Err(Stop::Continue) => self.repeat(Some(condition), body, None),
                Err(stop) => Err(stop),
            },
            Statement::For(start, condition, step, body) => {
                if let Some(start) = start {
                    self.statement(start)?;
                }
                self.repeat(condition.as_ref(), body, step.as_deref())
            }
            Statement::ForIn(key, array, body) => self.for_in(key, array, body),
            Statement::Block(body) => self.run(body),
            Statement::Next => Err(Stop::Next),
            Statement::Exit(status) => {
                let status = status.as_ref().map(|s| self.eval(s)).transpose()?;
                Err(Stop::Exit(status.map(|s| s.number() as i64 as u8)))
            }
            Statement::Return(value) => {
                let value = value.as_ref().map(|v| self.eval(v)).transpose()?;
                Err(Stop::Return(value.unwrap_or_default()))
            }
            Statement::Break => Err(Stop::Break),
            Statement::Continue => Err(Stop::Continue),
            Statement::Delete(array, None) => {
                let array = self.array_name(array);
                self.arrays.remove(&array);
                Ok(())
            }
            Statement::Delete(array, Some(index)) => {
                let key = self.key(index)?;
                let array = self.array_name(array);
                if let Some(array) = self.arrays.get_mut(&array) {
                    array.remove(&key);
                }
                Ok(())
            }
        }
    }

    fn repeat(&mut self, condition: Option<&Expr>, body: &Statement, step: Option<&Statement>) -> Result<(), Stop> {
        loop {
            self.step()?;
            if let Some(condition) = condition {
                if !self.eval(condition)?.truth() {
                    return Ok(());
                }
            }
            match self.statement(body) {
                Err(Stop::Break) => return Ok(()),
                Ok(()) | Err(Stop::Continue) => {}
                Err(stop) => return Err(stop),
            }
            if let Some(step) = step {
                self.statement(step)?;
            }
        }
    }

    fn for_in(&mut self, key: &str, array: &str, body: &Statement) -> Result<(), Stop> {
        let name = self.array_name(array);
        let keys: Vec<String> = self.arrays.get(&name).map(|a| a.keys().cloned().collect()).unwrap_or_default();
        for item in keys {
            self.set_name(key, Value::Input(item));
            match self.statement(body) {
                Err(Stop::Break) => break,
                Ok(()) | Err(Stop::Continue) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    fn print(&mut self, items: &[Expr], output: &Output) -> Result<(), Stop> {
        let format = self.variable("OFMT").text("%.6g");
        let mut texts = Vec::new();
        for item in items {
            texts.push(self.eval(item)?.text(&format));
        }
        let ofs = self.variable("OFS").text(&format);
        let line = if items.is_empty() { self.field(0).text(&format) } else { texts.join(&ofs) };
        let ors = self.variable("ORS").text(&format);
        self.write(output, line + &ors)
    }

    fn write(&mut self, output: &Output, text: String) -> Result<(), Stop> {
        let file = match output {
            Output::Standard => None,
            Output::File(name, append) => {
                let name = self.eval(name)?;
                Some((self.text(&name), *append))
            }
        };
        match self.written.last_mut() {
            Some(last) if last.file == file => last.text.push_str(&text),
            _ => self.written.push(Written { file, text }),
        }
        Ok(())
    }

    /// Whether a pattern holds for the record.
    pub fn holds(&mut self, expr: &Expr) -> Result<bool, Stop> {
        Ok(self.eval(expr)?.truth())
    }

    /// A field; 0 is the record.
    pub fn field(&mut self, number: usize) -> Value {
        if number == 0 {
            return Value::Input(self.record.clone());
        }
        self.split_record();
        self.fields.get(number - 1).cloned().unwrap_or_default()
    }

    fn split_record(&mut self) {
        if self.split {
            return;
        }
        self.split = true;
        let separator = self.variable("FS").text("%.6g");
        let record = self.record.clone();
        let pieces = self.pieces(&record, &separator).unwrap_or_default();
        self.fields = pieces.into_iter().map(Value::Input).collect();
        self.variables.insert("NF".into(), Value::Number(self.fields.len() as f64));
    }

    /// Splits a text: at blanks for `" "`, at a character, or where an expression matches.
    pub(super) fn pieces(&mut self, text: &str, separator: &str) -> Result<Vec<String>, Stop> {
        if separator == " " {
            return Ok(text.split_whitespace().map(str::to_owned).collect());
        }
        if text.is_empty() {
            return Ok(Vec::new());
        }
        if separator.is_empty() {
            return Ok(text.chars().map(String::from).collect());
        }
        let mut letters = separator.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            if letter != '\\' {
                return Ok(text.split(letter).map(str::to_owned).collect());
            }
        }
        let regexp = self.regexp(separator)?;
        let (bytes, mut out, mut from, mut at) = (text.as_bytes(), Vec::new(), 0, 0);
        while let Some(Some((start, end))) = regexp.find_at(bytes, at).and_then(|spans| spans.first().copied()) {
            if end == start {
                at = end + 1;
                if at > bytes.len() {
                    break;
                }
                continue;
            }
            out.push(String::from_utf8_lossy(&bytes[from..start]).into_owned());
            (from, at) = (end, end);
        }
        out.push(String::from_utf8_lossy(&bytes[from..]).into_owned());
        Ok(out)
    }

    /// A compiled expression. Errors: what is wrong with it.
    pub(super) fn regexp(&mut self, pattern: &str) -> Result<Arc<Regexp>, Stop> {
        if let Some(found) = self.regexps.get(pattern) {
            return Ok(found.clone());
        }
        let flavor = Flavor { extended: true, strict: true, controls: true, ..Flavor::default() };
        let compiled = Regexp::new(pattern, flavor)
            .map_err(|_| Stop::Error(format!("regular expression compile failed: {pattern}")))?;
        let compiled = Arc::new(compiled);
        self.regexps.insert(pattern.to_owned(), compiled.clone());
        Ok(compiled)
    }

    fn set_field(&mut self, number: usize, value: Value) {
        let text = self.text(&value);
        if number == 0 {
            self.set_record_text(text);
            return;
        }
        self.split_record();
        if self.fields.len() < number {
            self.fields.resize(number, Value::Unset);
        }
        self.fields[number - 1] = Value::Input(text);
        self.variables.insert("NF".into(), Value::Number(self.fields.len() as f64));
        self.join();
    }

    fn set_record_text(&mut self, text: String) {
        self.record = text;
        self.split = false;
    }

    fn join(&mut self) {
        let ofs = self.variable("OFS").text("%.6g");
        self.record = self.fields.iter().map(|f| f.text("%.6g")).collect::<Vec<_>>().join(&ofs);
    }

    /// The variable that a name means: a parameter of the running function, or a global one.
    pub(super) fn name(&mut self, name: &str) -> Value {
        if name == "NF" {
            self.split_record();
        }
        let local = self.frames.last().and_then(|frame| frame.scalars.get(name));
        local.or_else(|| self.variables.get(name)).cloned().unwrap_or_default()
    }

    fn set_name(&mut self, name: &str, value: Value) {
        if let Some(slot) = self.frames.last_mut().and_then(|frame| frame.scalars.get_mut(name)) {
            *slot = value;
            return;
        }
        if name == "NF" {
            self.split_record();
            let count = (value.number().max(0.0) as usize).min(1 << 16);
            self.fields.resize(count, Value::Unset);
            self.variables.insert("NF".into(), Value::Number(count as f64));
            self.join();
            return;
        }
        self.variables.insert(name.to_owned(), value);
    }

    pub(super) fn array_name(&self, name: &str) -> String {
        self.frames.last().and_then(|frame| frame.arrays.get(name)).cloned().unwrap_or_else(|| name.to_owned())
    }

    pub(super) fn array(&mut self, name: &str) -> &mut BTreeMap<String, Value> {
        let name = self.array_name(name);
        self.arrays.entry(name).or_default()
    }

    pub(super) fn key(&mut self, index: &[Expr]) -> Result<String, Stop> {
        let separator = self.variable("SUBSEP").text("%.6g");
        let mut parts = Vec::new();
        for part in index {
            let value = self.eval(part)?;
            parts.push(self.text(&value));
        }
        Ok(parts.join(&separator))
    }

    /// Puts a value where an expression stands: a variable, an element, a field.
    pub(super) fn assign(&mut self, target: &Expr, value: Value) -> Result<(), Stop> {
        match target {
            Expr::Name(name) => self.set_name(name, value),
            Expr::Element(name, index) => {
                let key = self.key(index)?;
                self.array(name).insert(key, value);
            }
            Expr::Field(number) => {
                let number = self.field_number(number)?;
                self.set_field(number, value);
            }
            _ => return Err(Stop::Error("assignment to something that is no variable".into())),
        }
        Ok(())
    }

    pub(super) fn field_number(&mut self, expr: &Expr) -> Result<usize, Stop> {
        let number = self.eval(expr)?.number();
        if !(0.0..=65_536.0).contains(&number) {
            return Err(Stop::Error(format!("negative field index ${number}")));
        }
        Ok(number as usize)
    }

    /// Calls a function of the program.
    pub(super) fn call(&mut self, name: &str, arguments: &[Expr]) -> Result<Value, Stop> {
        let script = self.script.clone();
        let Some(function) = script.functions.get(name) else {
            return Err(Stop::Error(format!("function {name} never defined")));
        };
        if self.frames.len() >= CALLS {
            return Err(Stop::Error("function calls are nested more than 100 deep: not simulated".into()));
        }
        let mut frame = Frame::default();
        for (n, parameter) in function.parameters.iter().enumerate() {
            let value = match arguments.get(n) {
                // A bare name may be an array: then the parameter is another name for it.
                Some(Expr::Name(argument)) => {
                    let array = self.array_name(argument);
                    frame.arrays.insert(parameter.clone(), array);
                    self.name(argument)
                }
                Some(argument) => self.eval(argument)?,
                None => {
                    frame.arrays.insert(parameter.clone(), format!("{name}/{parameter}/{}", self.frames.len()));
                    Value::Unset
                }
            };
            frame.scalars.insert(parameter.clone(), value);
        }
        self.frames.push(frame);
        let result = self.run(&function.body);
        self.frames.pop();
        let depth = self.frames.len();
        self.arrays
            .retain(|array, _| !array.ends_with(&format!("/{depth}")) || !array.starts_with(&format!("{name}/")));
        match result {
            Ok(()) => Ok(Value::Unset),
            Err(Stop::Return(value)) => Ok(value),
            Err(stop) => Err(stop),
        }
    }

    /// The result of an arithmetic operator. Errors: division by zero.
    pub(super) fn arithmetic(op: Binary, a: f64, b: f64) -> Result<f64, Stop> {
        Ok(match op {
            Binary::Add => a + b,
            Binary::Subtract => a - b,
            Binary::Multiply => a * b,
            Binary::Divide if b == 0.0 => return Err(Stop::Error("division by zero".into())),
            Binary::Divide => a / b,
            Binary::Modulo if b == 0.0 => return Err(Stop::Error("division by zero in %".into())),
            Binary::Modulo => a % b,
            _ => a.powf(b),
        })
    }
}
