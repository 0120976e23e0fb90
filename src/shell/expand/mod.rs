//! Expansion of words, as a transaction: bash(1), EXPANSION.
//!
//! When a command substitution is met whose result is not known yet, the expansion stops and says which; the shell runs
//! it and expands again with one result more. Until then nothing has changed: the expander works on a copy.

pub mod brace;
mod case;
pub mod field;
pub mod glob;
mod parameter;
mod parameter_op;
pub mod pattern;
mod quote;
mod tilde;

use std::sync::Arc;

use self::field::{Field, Fields};
use self::glob::{Folders, GlobOptions, expand_path};
use self::pattern::{Pattern, Quoted};
use super::state::Shell;
use super::syntax::ast::{CommandSubstitution, ProcessSubstitution, Word, WordPart};
use super::syntax::print::substitution;

pub use parameter_op::{compound, flags};
pub use quote::{ansi_quoted, double_quoted, requoted, traced};

/// A substitution to run.
#[derive(Clone, Debug, PartialEq)]
pub enum Substitution {
    /// `$( … )`: its output without the newlines at its end.
    Command(Arc<CommandSubstitution>),
    /// `` `…` ``, not parsed yet.
    Text(Arc<str>),
    /// `<( … )`: the name of a file.
    Process(Arc<ProcessSubstitution>),
}

impl Substitution {
    /// What runs, as text.
    pub fn text(&self) -> String {
        match self {
            Substitution::Command(command) => substitution(&command.body),
            Substitution::Text(text) => text.to_string(),
            Substitution::Process(process) => substitution(&process.body),
        }
    }
}

/// What a shell does after an error in an expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The command is not run.
    Command,
    /// The rest of the command line is dropped.
    Line,
    /// A shell that is not interactive ends.
    Shell,
}

/// An expansion failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is printed after the shell's name.
    pub message: String,
    /// What it ends.
    pub reach: Reach,
}

/// Why an expansion stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum Halt {
    /// The result of this substitution is needed next; the state is what the substitution sees.
    Need(Substitution, Box<Shell>),
    /// It failed.
    Fail(Failure),
}

impl PartialEq for Shell {
    /// States are never compared: two halts are equal when they need the same.
    fn eq(&self, _: &Shell) -> bool {
        true
    }
}

/// The result of an expansion.
pub type Expanded<T> = Result<T, Halt>;

/// Expands words over a shell's state.
pub struct Expander<'a> {
    /// The copy that is changed; the caller keeps it when all went well.
    pub shell: Shell,
    folders: &'a mut dyn Folders,
    results: &'a [String],
    used: usize,
}

/// How the text of a part is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Of a word outside quotes.
    Bare,
    /// In double quotes.
    Quoted,
    /// The operand of `${name:-…}` outside quotes: text is split like the value of a variable.
    Operand,
}

impl<'a> Expander<'a> {
    /// Expands over `shell`, knowing the results of the first substitutions.
    pub fn new(shell: Shell, folders: &'a mut dyn Folders, results: &'a [String]) -> Self {
        Self { shell, folders, results, used: 0 }
    }

    /// A condition of test(1) on files.
    pub fn file_test(&mut self, words: &[&str]) -> bool {
        self.folders.file_test(words)
    }

    /// How many substitutions were met.
    pub fn substitutions(&self) -> usize {
        self.used
    }

    /// The words that words become: braces, all other expansions, splitting, file names.
    pub fn words(&mut self, words: &[Word]) -> Expanded<Vec<String>> {
        let mut out = Vec::new();
        for word in words {
            if word.assignment.is_some() {
                out.push(self.declared(word)?);
                continue;
            }
            let braces = self.shell.switches.is("braceexpand") && !self.shell.posix;
            let several = if braces { brace::expand_braces(word) } else { vec![word.clone()] };
            for word in several {
                self.word(&word, &mut out)?;
            }
        }
        Ok(out)
    }

    fn word(&mut self, word: &Word, out: &mut Vec<String>) -> Expanded<()> {
        let ifs = self.shell.ifs();
        let mut fields = Fields::splitting(&ifs);
        let parts = self.with_tilde(&word.parts, false);
        self.parts(&parts, Manner::Bare, &mut fields)?;
        for field in fields.finish() {
            self.files(&field, out)?;
        }
        Ok(())
    }

    /// The file names that a field stands for.
    fn files(&mut self, field: &Field, out: &mut Vec<String>) -> Expanded<()> {
        let switches = self.shell.switches;
        if switches.is("noglob") {
            out.push(field.text());
            return Ok(());
        }
        let ignored = self.shell.variables.text("GLOBIGNORE").filter(|patterns| !patterns.is_empty());
        let options = GlobOptions {
            dotglob: switches.has("dotglob") || ignored.is_some(),
            extglob: switches.has("extglob"),
            globstar: switches.has("globstar"),
            nocaseglob: switches.has("nocaseglob"),
        };
        let mut found = expand_path(field, options, self.folders);
        if let (Some(names), Some(ignored)) = (&mut found, ignored) {
            let patterns: Vec<Vec<Quoted>> =
                ignored.split(':').map(|pattern| pattern.chars().map(|c| (c, false)).collect()).collect();
            names.retain(|name| !patterns.iter().any(|p| Pattern::new(p, options.extglob).matches(name)));
        }
        match found {
            None => out.push(field.text()),
            Some(names) if !names.is_empty() => out.extend(names),
            Some(_) if switches.has("failglob") => return Err(line_failure(format!("no match: {}", field.text()))),
            Some(_) if switches.has("nullglob") => {}
            Some(_) => out.push(field.text()),
        }
        Ok(())
    }

    /// An argument of a declaration builtin that has the form of an assignment: as one word.
    fn declared(&mut self, word: &Word) -> Expanded<String> {
        let Some(assignment) = &word.assignment else { return self.string(word) };
        let mut out = assignment.name.clone();
        if let Some(subscript) = &assignment.subscript {
            out.push_str(&format!("[{}]", self.string(subscript)?));
        }
        out.push_str(if assignment.append { "+=" } else { "=" });
        match &assignment.value {
            super::syntax::ast::AssignmentValue::Scalar(value) => out.push_str(&self.assigned(value)?),
            super::syntax::ast::AssignmentValue::Array(_) => out.push_str("()"),
        }
        Ok(out)
    }

    /// A word as one string: neither split nor matched with files.
    pub fn string(&mut self, word: &Word) -> Expanded<String> {
        Ok(self.whole(word, false)?.text())
    }

    /// The value of an assignment: like [`Expander::string`], with tildes after colons.
    pub fn assigned(&mut self, word: &Word) -> Expanded<String> {
        Ok(self.whole(word, true)?.text())
    }

    /// Text as if in double quotes: a here-document, an arithmetic expression.
    pub fn quoted_text(&mut self, word: &Word) -> Expanded<String> {
        let mut fields = Fields::whole();
        self.parts(&word.parts, Manner::Quoted, &mut fields)?;
        Ok(fields.finish_whole().text())
    }

    /// A word as a pattern: what was quoted stands for itself.
    pub fn pattern(&mut self, word: &Word) -> Expanded<Vec<Quoted>> {
        Ok(self.whole(word, false)?.chars)
    }

    /// A word as a regular expression: what was quoted stands for itself.
    pub fn regex(&mut self, word: &Word) -> Expanded<String> {
        let mut out = String::new();
        for (c, quoted) in self.whole(word, false)?.chars {
            if quoted && !c.is_alphanumeric() && c != '_' {
                out.push('\\');
            }
            out.push(c);
        }
        Ok(out)
    }

    /// The value of an arithmetic expression.
    pub fn arithmetic(&mut self, word: &Word) -> Expanded<i64> {
        let text = self.quoted_text(word)?;
        self.shell.evaluate(&text).map_err(|error| {
            let reach = if error.0.ends_with(": unbound variable") { Reach::Shell } else { Reach::Line };
            Halt::Fail(Failure { message: error.0, reach })
        })
    }

    fn whole(&mut self, word: &Word, assignment: bool) -> Expanded<Field> {
        let mut fields = Fields::whole();
        let parts = self.with_tilde(&word.parts, assignment);
        self.parts(&parts, Manner::Bare, &mut fields)?;
        Ok(fields.finish_whole())
    }

    fn parts(&mut self, parts: &[WordPart], manner: Manner, fields: &mut Fields) -> Expanded<()> {
        for part in parts {
            self.part(part, manner, fields)?;
        }
        Ok(())
    }

    fn part(&mut self, part: &WordPart, manner: Manner, fields: &mut Fields) -> Expanded<()> {
        let quoted = manner == Manner::Quoted;
        match part {
            WordPart::Literal(text) => match manner {
                Manner::Bare => fields.literal(text),
                Manner::Quoted => fields.quoted(text),
                Manner::Operand => fields.expanded(text),
            },
            WordPart::Escaped(c) => fields.quoted(c.encode_utf8(&mut [0; 4])),
            WordPart::SingleQuoted(text) | WordPart::AnsiQuoted(text) => fields.quoted(text),
            WordPart::DoubleQuoted(inner) => {
                let (mark, was_quoted) = (fields.mark(), fields.is_quoted());
                fields.quoted("");
                self.parts(inner, Manner::Quoted, fields)?;
                if only_list(inner) {
                    fields.forget_quotes(mark, was_quoted);
                }
            }
            WordPart::Parameter(parameter) => self.parameter(parameter, quoted, fields)?,
            WordPart::Arithmetic(word) => {
                let value = self.arithmetic(word)?.to_string();
                self.give(&value, quoted, fields);
            }
            WordPart::CommandSubstitution(command) => {
                let text = self.result(|| Substitution::Command(command.clone()))?;
                self.give(&text, quoted, fields);
            }
            WordPart::Backquoted(text) => {
                let text = self.result(|| Substitution::Text(text.clone()))?;
                self.give(&text, quoted, fields);
            }
            WordPart::ProcessSubstitution(process) => {
                let path = self.result(|| Substitution::Process(process.clone()))?;
                fields.quoted(&path);
            }
        }
        Ok(())
    }

    /// The text of an expansion.
    fn give(&mut self, text: &str, quoted: bool, fields: &mut Fields) {
        if quoted { fields.quoted(text) } else { fields.expanded(text) }
    }

    fn result(&mut self, substitution: impl FnOnce() -> Substitution) -> Expanded<String> {
        match self.results.get(self.used) {
            Some(text) => {
                self.used += 1;
                Ok(text.clone())
            }
            None => Err(Halt::Need(substitution(), Box::new(self.shell.clone()))),
        }
    }
}

/// Whether quotes hold nothing but `$@` or `${name[@]}`, which may be no word at all.
fn only_list(parts: &[WordPart]) -> bool {
    use super::syntax::ast::{Parameter, Subscript};
    let [WordPart::Parameter(expansion)] = parts else { return false };
    expansion.parameter == Parameter::Special('@') || expansion.subscript == Some(Subscript::At)
}

/// A failure that drops the command line.
fn line_failure(message: String) -> Halt {
    Halt::Fail(Failure { message, reach: Reach::Line })
}
