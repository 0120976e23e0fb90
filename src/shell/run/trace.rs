//! `set -x`, and small texts that several messages share: bash(1), SHELL BUILTIN COMMANDS, set.

use crate::shell::assign::{Assigned, AssignedValue};
use crate::shell::bash::Bash;
use crate::shell::expand::{double_quoted, traced};
use crate::shell::syntax::ast::ForClause;

impl Bash {
    /// What stands before a traced command.
    fn trace_prefix(&self) -> String {
        let text = self.shell.variables.text("PS4").map_or_else(|| "+ ".to_string(), |text| text.to_string());
        let first: String = text.chars().take(1).collect();
        format!("{}{text}", first.repeat(self.trace_depth))
    }

    /// Traces a line.
    pub(in crate::shell) fn trace_text(&mut self, text: &str) {
        if self.shell.switches.is("xtrace") {
            let line = format!("{}{text}\n", self.trace_prefix());
            self.print(2, &line);
        }
    }

    /// Traces a simple command: each assignment on a line of its own, then the words.
    pub(in crate::shell) fn trace_simple(&mut self, words: &[String], assignments: &[Assigned]) {
        if !self.shell.switches.is("xtrace") {
            return;
        }
        for assigned in assignments {
            let value = match &assigned.value {
                AssignedValue::Scalar(text) if text.is_empty() => String::new(),
                AssignedValue::Scalar(text) => traced(text),
                AssignedValue::Array(members) => {
                    let members: Vec<String> = members
                        .iter()
                        .map(|(key, _, text)| match key {
                            Some(key) => format!("[{key}]={}", double_quoted(text)),
                            None => traced(text),
                        })
                        .collect();
                    format!("({})", members.join(" "))
                }
            };
            let subscript = assigned.subscript.as_ref().map_or(String::new(), |text| format!("[{text}]"));
            let operator = if assigned.append { "+=" } else { "=" };
            self.trace_text(&format!("{}{subscript}{operator}{value}", assigned.name));
        }
        if !words.is_empty() {
            let words: Vec<String> = words.iter().map(|word| traced(word)).collect();
            self.trace_text(&words.join(" "));
        }
    }

    /// Traces a turn of `for`.
    pub(in crate::shell) fn trace_for(&mut self, clause: &ForClause, _: &[String]) {
        if self.shell.switches.is("xtrace") {
            let words = match &clause.words {
                Some(words) => words.iter().map(|word| &*word.raw).collect::<Vec<_>>().join(" "),
                None => "\"$@\"".to_string(),
            };
            self.trace_text(&format!("for {} in {words}", clause.name.raw));
        }
    }
}

/// A folder with the home at its beginning written as `~`.
pub(in crate::shell) fn shown_folder(folder: &str, home: &str) -> String {
    match folder.strip_prefix(home) {
        Some("") if !home.is_empty() => "~".to_string(),
        Some(rest) if rest.starts_with('/') && home != "/" && !home.is_empty() => format!("~{rest}"),
        _ => folder.to_string(),
    }
}
