//! Functions: bash(1), FUNCTIONS.

use std::sync::Arc;

use super::redirect::{Ready, SavedFds};
use crate::shell::assign::{Assigned, AssignedValue};
use crate::shell::bash::{Bash, CallEnd, Frame, Task, Unwind};
use crate::shell::state::{Call, Function};
use crate::shell::syntax::ast::FunctionDef;
use crate::shell::traps::Event;
use crate::shell::variables::Value;
use crate::world::Sys;

/// How deep functions may call one another; bash has no limit but its stack.
const DEPTH_LIMIT: usize = 1000;

impl Bash {
    pub(in crate::shell) fn define_function(&mut self, definition: &FunctionDef) {
        let name = &definition.name;
        self.shell.status = 0;
        if self.shell.functions.get(name).is_some_and(|function| function.readonly) {
            self.complain(&format!("{name}: readonly function"));
            self.shell.status = 1;
            return;
        }
        if name.contains(['$', '\'', '"', '`', '\\']) {
            self.complain(&format!("`{name}': not a valid identifier"));
            self.shell.status = 1;
            return;
        }
        let exported = self.shell.functions.get(name).is_some_and(|function| function.exported);
        let file = self.source_of_definitions();
        let function = Function { definition: Arc::new(definition.clone()), exported, readonly: false, file };
        self.shell.functions.insert(name.clone(), function);
    }

    pub(in crate::shell) fn call_function(
        &mut self,
        sys: &mut Sys<'_>,
        function: &Function,
        words: Vec<String>,
        redirects: &[Ready],
        assignments: &[Assigned],
    ) {
        let name = function.definition.name.clone();
        if self.shell.calls.len() >= DEPTH_LIMIT {
            self.complain(&format!("{name}: maximum function nesting level exceeded ({DEPTH_LIMIT})"));
            self.shell.status = 1;
            self.unwind(sys, Unwind::Line);
            return;
        }
        let mut saved = SavedFds::default();
        if self.redirect(sys, redirects, Some(&mut saved)).is_err() {
            self.restore(sys, saved);
            self.shell.status = 1;
            return;
        }
        self.push(Frame::Restore(saved));
        self.set_temporarily(assignments);
        let arguments = Arc::new(words.into_iter().skip(1).collect::<Vec<_>>());
        let positional = std::mem::replace(&mut self.shell.positional, arguments);
        let line = self.shell.line;
        let mut trap = None;
        if !self.shell.switches.is("functrace") {
            trap = self.traps.get(Event::Return);
            self.traps.remove(Event::Return);
        }
        self.push(Frame::Call(Box::new(CallEnd { positional, line, trap, trapped: false })));
        self.shell.calls.push(Call { name, line, file: function.file.clone() });
        self.shell.variables.push_scope();
        let body = function.definition.body.clone();
        self.start_command(sys, &body);
    }

    /// What `BASH_SOURCE` is in functions that are defined now: a file, or bash's word for what is none.
    fn source_of_definitions(&self) -> Option<Arc<str>> {
        let reader = self.frames.iter().rev().find_map(|frame| match frame {
            Frame::Reader(reader) => reader.file.clone(),
            _ => None,
        });
        let call = || self.shell.calls.last().and_then(|call| call.file.clone());
        let word = match self.task {
            Task::Text(_) => "environment",
            _ => "main",
        };
        reader.or_else(call).or_else(|| self.shell.script.clone()).or_else(|| Some(word.into()))
    }

    pub(in crate::shell) fn end_call(&mut self, end: CallEnd) {
        if let (Some(trap), None) = (&end.trap, self.traps.get(Event::Return)) {
            self.traps.set(Event::Return, trap);
        }
        self.shell.variables.pop_scope();
        self.shell.calls.pop();
        self.shell.positional = end.positional;
        self.shell.line = end.line;
    }

    /// Makes an array of what a declaration builtin is about to be given a compound value for.
    pub(in crate::shell) fn prepare_array(&mut self, words: &[String], array: &Assigned) {
        let letters: String = words.iter().filter(|word| word.starts_with('-')).map(String::as_str).collect();
        let is_local = words.first().is_some_and(|word| word == "local")
            || self.shell.variables.in_function()
                && !letters.contains('g')
                && words.first().is_some_and(|w| w == "declare");
        if is_local && !self.shell.calls.is_empty() {
            self.shell.variables.localize(&array.name);
        }
        if let AssignedValue::Array(_) = array.value
            && self.shell.variables.check(&array.name).is_ok()
        {
            let variable = self.shell.variables.entry(&array.name);
            if letters.contains('A') && !variable.is_associative() {
                variable.attributes.associative = true;
                variable.value = Some(Value::Associative(imbl::OrdMap::new()));
            }
        }
    }
}
