//! What a shell knows: variables, functions, aliases, options, parameters. Pure: bash(1), PARAMETERS.

use std::sync::Arc;

use imbl::OrdMap;

use super::options::Switches;
use super::syntax::arithmetic::{self, ArithmeticError};
use super::syntax::ast::CommandKind;
use super::syntax::ast::{Command, FunctionDef};
use super::syntax::print;
use super::variables::{Key, Refused, Value, Variable, Variables};
use crate::world::{Pid, Rng, Time};

/// How long a value may be, in bytes; bash has no limit but the memory.
const VALUE_LIMIT: usize = 4 * 1024 * 1024;

/// A function that was defined.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its text.
    pub definition: Arc<FunctionDef>,
    /// `export -f`
    pub exported: bool,
    /// `readonly -f`
    pub readonly: bool,
    /// Where it was defined, as `BASH_SOURCE` shows it.
    pub file: Option<Arc<str>>,
}

/// A function at work, or a file that is sourced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `FUNCNAME`: of a sourced file, `source`.
    pub name: Arc<str>,
    /// The line of the call.
    pub line: u32,
    /// The file that is at work, if it is one.
    pub file: Option<Arc<str>>,
}

/// The state of a shell that expansions see and change. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Variables.
    pub variables: Variables,
    /// Functions.
    pub functions: OrdMap<Arc<str>, Function>,
    /// Aliases.
    pub aliases: OrdMap<Arc<str>, Arc<str>>,
    /// Options.
    pub switches: Switches,
    /// `$0`
    pub name: Arc<str>,
    /// `$1`, `$2`, …
    pub positional: Arc<Vec<String>>,
    /// `$?`
    pub status: u8,
    /// `$$`
    pub pid: Pid,
    /// `$BASHPID`
    pub own_pid: Pid,
    /// `$!`
    pub background: Option<Pid>,
    /// `$LINENO`
    pub line: u32,
    /// The letters of `$-` that say how the shell was called.
    pub called: &'static str,
    /// It reads commands from a person.
    pub interactive: bool,
    /// `sh`: the messages are dash's.
    pub posix: bool,
    /// `$BASH_SUBSHELL`
    pub subshell: u32,
    /// The clock.
    pub now: Time,
    /// Where `SECONDS` begins.
    pub started: Time,
    /// `RANDOM`
    pub rng: Rng,
    /// Functions at work, the innermost last.
    pub calls: Vec<Call>,
    /// The script that the shell was started for.
    pub script: Option<Arc<str>>,
    /// The simple command that runs, or ran before a trap: `BASH_COMMAND`.
    pub command: Option<Arc<Command>>,
    /// `PIPESTATUS`
    pub pipe_status: Arc<Vec<u8>>,
    /// `GROUPS`, and the real and the effective user.
    pub ids: (u32, u32),
    /// The parent's id.
    pub parent: Pid,
}

impl Shell {
    /// A shell that knows nothing yet.
    pub fn new(name: &str, pid: Pid, now: Time, seed: u64) -> Self {
        Self {
            variables: Variables::default(),
            functions: OrdMap::new(),
            aliases: OrdMap::new(),
            switches: Switches::default(),
            name: name.into(),
            positional: Arc::default(),
            status: 0,
            pid,
            own_pid: pid,
            background: None,
            line: 1,
            called: "",
            interactive: false,
            posix: false,
            subshell: 0,
            now,
            started: now,
            rng: Rng::new(seed),
            calls: Vec::new(),
            script: None,
            command: None,
            pipe_status: Arc::new(vec![0]),
            ids: (0, 0),
            parent: 0,
        }
    }

    /// The text of a variable, computed ones included.
    pub fn text(&mut self, name: &str) -> Option<Arc<str>> {
        match self.computed(name) {
            Some(variable) => variable.text(),
            None => self.variables.text(name),
        }
    }

    /// The variable, computed ones included.
    pub fn variable(&mut self, name: &str) -> Option<Variable> {
        self.computed(name).or_else(|| self.variables.get(name).cloned())
    }

    /// Variables whose value the shell computes.
    fn computed(&mut self, name: &str) -> Option<Variable> {
        let text = match name {
            "RANDOM" | "SRANDOM" | "SECONDS" | "EPOCHSECONDS" | "LINENO" | "FUNCNAME" | "BASH_SOURCE"
                if self.posix && name != "LINENO" =>
            {
                return None;
            }
            "RANDOM" => (self.rng.next_u64() >> 33 & 0x7fff).to_string(),
            "SRANDOM" => (self.rng.next_u64() >> 32).to_string(),
            "SECONDS" => self.now.since(self.started).as_secs().to_string(),
            "EPOCHSECONDS" => self.now.secs().to_string(),
            "EPOCHREALTIME" => format!("{}.{:06}", self.now.secs(), self.now.0 % 1_000_000),
            "LINENO" => self.line.to_string(),
            "BASHPID" => self.own_pid.to_string(),
            "PPID" => self.parent.to_string(),
            "UID" => self.ids.0.to_string(),
            "EUID" => self.ids.1.to_string(),
            "BASH_SUBSHELL" => self.subshell.to_string(),
            "PIPESTATUS" => return Some(array(self.pipe_status.iter().map(u8::to_string))),
            // A file that is sourced is no function by itself.
            "FUNCNAME" if self.calls.iter().any(|call| &*call.name != "source") => {
                let main = self.script.iter().map(|_| "main".to_string());
                return Some(array(self.calls.iter().rev().map(|call| call.name.to_string()).chain(main)));
            }
            "BASH_SOURCE" => {
                let files = self.calls.iter().rev().map(|call| call.file.as_deref().unwrap_or("").to_string());
                return Some(array(files.chain(self.script.iter().map(|file| file.to_string()))));
            }
            "BASH_LINENO" => {
                let main = self.script.iter().map(|_| "0".to_string());
                return Some(array(self.calls.iter().rev().map(|call| call.line.to_string()).chain(main)));
            }
            "BASH_COMMAND" => {
                let text = self.command.as_ref().map(|command| print::command(command))?;
                // Of a compound command, its first line.
                let text = text.split(";\ndo\n").next().unwrap_or_default();
                let case = matches!(self.command.as_ref()?.kind, CommandKind::Case(_));
                if case { text.lines().next().unwrap_or_default().to_string() } else { text.to_string() }
            }
            "HISTCMD" if !self.interactive => "0".to_string(),
            _ => return None,
        };
        Some(Variable::scalar(&text))
    }

    /// Sets a variable as an assignment does: `-i`, `-l` and `-u` apply, `set -a` exports.
    pub fn assign(&mut self, name: &str, key: Option<&Key>, text: &str, append: bool) -> Result<(), Refused> {
        self.variables.check(name)?;
        if name == "SECONDS" && key.is_none() {
            let seconds: u64 = text.parse().unwrap_or(0);
            self.started = self.now - crate::world::Duration::from_secs(seconds);
            return Ok(());
        }
        if name == "RANDOM" && key.is_none() {
            self.rng = Rng::new(text.parse().unwrap_or(0));
            return Ok(());
        }
        let attributes = self.variables.get(name).map(|variable| variable.attributes).unwrap_or_default();
        let old = || match key {
            Some(key) => self.variables.element(name, key),
            None => self.variables.text(name),
        };
        let old = if append { old().unwrap_or_default() } else { Arc::from("") };
        let text = if attributes.integer {
            let sum = if append && !old.is_empty() { format!("{old}+({text})") } else { text.to_string() };
            self.evaluate(&sum).map_err(|error| error.0)?.to_string()
        } else {
            format!("{old}{text}")
        };
        let text = match attributes {
            attributes if attributes.lower => text.to_lowercase(),
            attributes if attributes.upper => text.to_uppercase(),
            _ => text,
        };
        if text.len() > VALUE_LIMIT {
            return Err(format!("xrealloc: cannot allocate {} bytes", text.len()));
        }
        match key {
            Some(key) => self.variables.set_element(name, key, &text)?,
            None => self.variables.set(name, &text)?,
        }
        if self.switches.is("allexport") {
            self.variables.entry(name).attributes.exported = true;
        }
        Ok(())
    }

    /// Sets a variable that nothing protects.
    pub fn set(&mut self, name: &str, text: &str) {
        let _ = self.variables.set(name, text);
    }

    /// Sets a variable and exports it.
    pub fn export(&mut self, name: &str, text: &str) {
        self.set(name, text);
        self.variables.entry(name).attributes.exported = true;
    }

    /// The value of an arithmetic expression.
    pub fn evaluate(&mut self, text: &str) -> Result<i64, ArithmeticError> {
        arithmetic::evaluate(text, self)
    }

    /// The characters that separate words.
    pub fn ifs(&self) -> String {
        self.variables.text("IFS").map_or_else(|| " \t\n".to_string(), |text| text.to_string())
    }

    /// The key that the text between brackets names.
    pub fn key(&mut self, name: &str, subscript: &str) -> Result<Key, ArithmeticError> {
        self.key_at(name, subscript, 0)
    }

    fn key_at(&mut self, name: &str, subscript: &str, depth: u32) -> Result<Key, ArithmeticError> {
        if self.variables.get(name).is_some_and(Variable::is_associative) {
            return Ok(Key::Text(subscript.into()));
        }
        arithmetic::evaluate_at(subscript, self, depth).map(Key::Index)
    }

    /// `$-`
    pub fn flags(&self) -> String {
        let letters = self.switches.letters();
        let (small, capital) = letters.split_at(letters.find(char::is_uppercase).unwrap_or(letters.len()));
        let interactive = if self.interactive { "i" } else { "" };
        let mut small: Vec<char> = format!("{small}{interactive}").chars().collect();
        small.sort_unstable();
        format!("{}{capital}{}", small.into_iter().collect::<String>(), self.called)
    }
}

fn array(elements: impl Iterator<Item = String>) -> Variable {
    let elements = elements.enumerate().map(|(index, text)| (index as u64, Arc::from(text))).collect();
    Variable { value: Some(Value::Indexed(elements)), ..Variable::default() }
}

impl arithmetic::Variables for Shell {
    fn get(&mut self, name: &str, subscript: Option<&str>, depth: u32) -> Result<Option<String>, ArithmeticError> {
        let value = match subscript {
            None => self.text(name),
            Some(subscript) => {
                let key = self.key_at(name, subscript, depth)?;
                match (self.variable(name), &key) {
                    (Some(Variable { value: Some(Value::Indexed(elements)), .. }), Key::Index(index @ 0..)) => {
                        elements.get(&index.unsigned_abs()).cloned()
                    }
                    _ => self.variables.element(name, &key),
                }
            }
        };
        if value.is_none() && self.switches.is("nounset") {
            return Err(ArithmeticError(format!("{name}: unbound variable")));
        }
        Ok(value.map(|text| text.to_string()))
    }

    fn set(&mut self, name: &str, subscript: Option<&str>, value: i64, depth: u32) -> Result<(), ArithmeticError> {
        let key = match subscript {
            Some(subscript) => Some(self.key_at(name, subscript, depth)?),
            None => None,
        };
        self.assign(name, key.as_ref(), &value.to_string(), false).map_err(ArithmeticError)
    }
}
