//! An awk program at work: variables, rules, statements: awk(1p).

mod statement;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Value;
use super::ast::{Pattern, Program, SPECIAL, Var};
use super::output::Outputs;
use super::value::Array;
use crate::commands::text::regexp::Regexp;
use crate::world::{Cx, Rng, Time};

/// How a statement ended.
#[derive(Clone, Debug)]
pub(super) enum Flow {
    On,
    Break,
    Continue,
    Next,
    Exit,
    Return(Value),
}

/// What a variable holds.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Value(Value),
    /// An array by number.
    Array(u32),
    /// Nothing yet: it may become either; this is its number as an array.
    Open(u32),
}

impl Default for Cell {
    fn default() -> Self {
        Cell::Value(Value::Unset)
    }
}

/// Places of special variables among the globals.
pub(super) const NF: usize = 0;
pub(super) const NR: usize = 1;
pub(super) const FNR: usize = 2;
pub(super) const FS: usize = 3;
pub(super) const OFS: usize = 4;
pub(super) const ORS: usize = 5;
pub(super) const RS: usize = 6;
pub(super) const FILENAME: usize = 7;
pub(super) const SUBSEP: usize = 8;
pub(super) const RSTART: usize = 9;
pub(super) const RLENGTH: usize = 10;
pub(super) const CONVFMT: usize = 11;
pub(super) const OFMT: usize = 12;

/// More steps than this in one go are taken for an endless loop.
const MAX_STEPS: u64 = 3_000_000;
/// How deep functions may call one another.
const MAX_CALLS: usize = 100;

/// All of a running program.
#[derive(Clone)]
pub(super) struct Machine {
    program: Arc<Program>,
    pub globals: Vec<Cell>,
    pub frames: Vec<Vec<Cell>>,
    pub arrays: BTreeMap<u32, Array>,
    next_array: u32,
    ranges: Vec<bool>,
    /// The record, and its fields once somebody asked for them.
    pub record: Arc<[u8]>,
    pub fields: Option<Vec<Value>>,
    /// Input that has arrived after the present record.
    pub queue: Vec<u8>,
    pub regexps: BTreeMap<Arc<[u8]>, Regexp>,
    pub outputs: Outputs,
    /// What `getline < file` has read of each file.
    pub readers: BTreeMap<Arc<[u8]>, Vec<u8>>,
    pub rng: Rng,
    pub seed: f64,
    pub now: Time,
    steps: u64,
    pub status: u8,
    pub exited: bool,
    pub skip_file: bool,
}

impl Default for Machine {
    fn default() -> Self {
        Machine {
            program: Arc::default(),
            globals: Vec::new(),
            frames: Vec::new(),
            arrays: BTreeMap::new(),
            next_array: 0,
            ranges: Vec::new(),
            record: Arc::from(&b""[..]),
            fields: None,
            queue: Vec::new(),
            regexps: BTreeMap::new(),
            outputs: Outputs::default(),
            readers: BTreeMap::new(),
            rng: Rng::new(0),
            seed: 0.0,
            now: Time::default(),
            steps: 0,
            status: 0,
            exited: false,
            skip_file: false,
        }
    }
}

impl Machine {
    pub fn new(cx: &Cx<'_, '_>, program: Program, operands: &[String]) -> Self {
        let mut machine = Machine {
            globals: vec![Cell::default(); program.globals.len()],
            ranges: vec![false; program.ranges],
            rng: cx.world.rng.clone(),
            now: cx.now(),
            program: Arc::new(program),
            ..Machine::default()
        };
        for (at, text) in
            [(FS, " "), (OFS, " "), (ORS, "\n"), (RS, "\n"), (SUBSEP, "\x1c"), (CONVFMT, "%.6g"), (OFMT, "%.6g")]
        {
            machine.globals[at] = Cell::Value(Value::text(text.as_bytes()));
        }
        for at in [NF, NR, FNR, RSTART] {
            machine.globals[at] = Cell::Value(Value::Number(0.0));
        }
        machine.globals[RLENGTH] = Cell::Value(Value::Number(-1.0));
        let place = |name: &str| Var::Global(SPECIAL.iter().position(|n| *n == name).unwrap_or(0));
        if let Ok(array) = machine.array(place("ENVIRON")) {
            for pair in cx.me().env.iter() {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                *machine.item(array, &Arc::from(name.as_bytes())) = Value::input(value.as_bytes());
            }
        }
        if let Ok(array) = machine.array(place("ARGV")) {
            let words = std::iter::once("awk").chain(operands.iter().map(String::as_str));
            for (at, word) in words.enumerate() {
                *machine.item(array, &Arc::from(at.to_string().as_bytes())) = Value::input(word.as_bytes());
            }
        }
        machine.set_global("ARGC", Value::Number((operands.len() + 1) as f64));
        machine
    }

    fn set_global(&mut self, name: &str, value: Value) {
        if let Some(at) = self.program.globals.iter().position(|global| global == name) {
            let _ = self.set(Var::Global(at), value);
        }
    }

    /// `name=value` from the command line; escapes are read.
    pub fn assign(&mut self, assignment: &str) {
        let Some((name, value)) = assignment.split_once('=') else { return };
        let (bytes, _) =
            crate::commands::posix::escape::unescape(value, crate::commands::posix::escape::Dialect::Format);
        self.set_global(name, Value::input(&bytes));
    }

    /// Whether anything but BEGIN is there.
    pub fn reads_input(&self) -> bool {
        self.program.rules.iter().any(|(pattern, _)| !matches!(pattern, Pattern::Begin))
    }

    pub fn begin_file(&mut self, name: &str) {
        self.globals[FILENAME] = Cell::Value(Value::text(name.as_bytes()));
        self.globals[FNR] = Cell::Value(Value::Number(0.0));
    }

    pub fn begin(&mut self, cx: &mut Cx<'_, '_>) -> Result<Flow, String> {
        self.run_all(cx, |pattern| matches!(pattern, Pattern::Begin))
    }

    pub fn end(&mut self, cx: &mut Cx<'_, '_>) -> Result<Flow, String> {
        self.run_all(cx, |pattern| matches!(pattern, Pattern::End))
    }

    fn run_all(&mut self, cx: &mut Cx<'_, '_>, which: impl Fn(&Pattern) -> bool) -> Result<Flow, String> {
        let program = self.program.clone();
        for (_, action) in program.rules.iter().filter(|(pattern, _)| which(pattern)) {
            self.steps = 0;
            let Some(action) = action else { continue };
            if let Flow::Exit = self.statement(cx, action)? {
                return Ok(Flow::Exit);
            }
        }
        Ok(Flow::On)
    }

    /// Runs the rules on a record.
    pub fn record(&mut self, cx: &mut Cx<'_, '_>, record: &[u8]) -> Result<Flow, String> {
        self.now = cx.now();
        self.count_record();
        self.set_record(record.into());
        let program = self.program.clone();
        self.steps = 0;
        for (pattern, action) in &program.rules {
            let applies = match pattern {
                Pattern::Begin | Pattern::End => false,
                Pattern::Always => true,
                Pattern::Expr(expr) => self.eval(cx, expr)?.is_true(),
                Pattern::Range(from, to, at) => {
                    let inside = self.ranges[*at] || self.eval(cx, from)?.is_true();
                    self.ranges[*at] = inside && !self.eval(cx, to)?.is_true();
                    inside
                }
            };
            if !applies {
                continue;
            }
            let flow = match action {
                Some(action) => self.statement(cx, action)?,
                None => {
                    let line = [&self.record[..], &self.global_text(ORS)[..]].concat();
                    cx.print(1, &line);
                    Flow::On
                }
            };
            match flow {
                Flow::Next => break,
                Flow::Exit => return Ok(Flow::Exit),
                _ => {}
            }
        }
        Ok(Flow::On)
    }

    pub(super) fn count_record(&mut self) {
        for at in [NR, FNR] {
            let number = self.global(at).number();
            self.globals[at] = Cell::Value(Value::Number(number + 1.0));
        }
    }

    fn step(&mut self) -> Result<(), String> {
        self.steps += 1;
        match self.steps > MAX_STEPS {
            true => Err("a program that does not end is not simulated".into()),
            false => Ok(()),
        }
    }

    pub fn global(&self, at: usize) -> Value {
        match &self.globals[at] {
            Cell::Value(value) => value.clone(),
            _ => Value::Unset,
        }
    }

    pub fn global_text(&self, at: usize) -> Arc<[u8]> {
        self.global(at).bytes("%.6g")
    }

    /// `CONVFMT` or `OFMT`.
    pub fn format(&self, at: usize) -> String {
        String::from_utf8_lossy(&self.global_text(at)).into_owned()
    }

    pub fn text(&self, value: &Value) -> Arc<[u8]> {
        match value {
            Value::Number(number) => super::value::show(*number, &self.format(CONVFMT)).into_bytes().into(),
            other => other.bytes("%.6g"),
        }
    }

    pub(super) fn cell(&mut self, var: Var) -> Option<&mut Cell> {
        match var {
            Var::Global(at) => self.globals.get_mut(at),
            Var::Local(at) => self.frames.last_mut()?.get_mut(at),
        }
    }

    fn name(&self, var: Var) -> String {
        match var {
            Var::Global(at) => self.program.globals.get(at).cloned().unwrap_or_default(),
            Var::Local(_) => "parameter".into(),
        }
    }

    /// The number of an array; a variable without a value becomes one.
    pub fn array(&mut self, var: Var) -> Result<u32, String> {
        let fresh = self.next_array;
        let number = match self.cell(var) {
            Some(Cell::Array(number)) => return Ok(*number),
            Some(Cell::Open(number)) => *number,
            Some(Cell::Value(Value::Unset)) => fresh,
            _ => return Err(format!("run time error: type error in array reference to {}", self.name(var))),
        };
        if number == fresh {
            self.next_array += 1;
        }
        if let Some(cell) = self.cell(var) {
            *cell = Cell::Array(number);
        }
        self.arrays.entry(number).or_default();
        Ok(number)
    }

    /// A number for a variable that a function may make an array of.
    pub fn open(&mut self, var: Var) -> Cell {
        let fresh = self.next_array;
        match self.cell(var) {
            Some(cell @ Cell::Value(Value::Unset)) => {
                *cell = Cell::Open(fresh);
                self.next_array += 1;
                Cell::Open(fresh)
            }
            Some(cell) => cell.clone(),
            None => Cell::default(),
        }
    }

    pub fn item(&mut self, array: u32, key: &Arc<[u8]>) -> &mut Value {
        self.arrays.entry(array).or_default().item(key)
    }

    /// Calls a function whose arguments are ready.
    pub fn call(&mut self, cx: &mut Cx<'_, '_>, index: usize, mut cells: Vec<Cell>) -> Result<Value, String> {
        let program = self.program.clone();
        let function = &program.functions[index];
        if cells.len() > function.parameters {
            return Err(format!("run time error: too many arguments in call to {}", function.name));
        }
        if self.frames.len() >= MAX_CALLS {
            return Err("program limit exceeded: eval stack size=1024".into());
        }
        self.step()?;
        let given = cells.len();
        cells.resize_with(function.parameters, Cell::default);
        self.frames.push(cells);
        let flow = match &function.body {
            Some(body) => self.statement(cx, body),
            None => Ok(Flow::On),
        };
        let frame = self.frames.pop().unwrap_or_default();
        for cell in frame.into_iter().skip(given) {
            if let Cell::Array(number) = cell {
                self.arrays.remove(&number);
            }
        }
        match flow? {
            Flow::Return(value) => Ok(value),
            Flow::Exit => Err(EXIT_IN_FUNCTION.into()),
            _ => Ok(Value::Unset),
        }
    }

    /// What a message about a mistake at run time ends with.
    pub fn place_of_error(&self) -> String {
        let (file, fnr, nr) = (self.global_text(FILENAME), self.global(FNR).number(), self.global(NR).number());
        format!("\n\tFILENAME=\"{}\" FNR={fnr} NR={nr}", String::from_utf8_lossy(&file))
    }
}

/// `exit` inside a function that an expression calls.
const EXIT_IN_FUNCTION: &str = "exit inside a function is not simulated";
