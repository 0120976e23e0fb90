//! What the reader of one value knows, and the warnings that many values share.

use crate::systemd::unit_file::specifier::{ARG_MAX, NAME_MAX, PATH_MAX, Scope, Specifiers};
use crate::systemd::unit_file::{LOG_ERR, Log};
use crate::systemd::value::names::{is_normalized, is_path, simplify_path};
use crate::world::Errno;

/// One assignment that is being read.
pub struct Context<'a, 'l> {
    pub specifiers: &'a Specifiers<'a>,
    pub key: &'a str,
    pub line: u32,
    pub log: &'a mut Log<'l>,
}

/// What a path must be, and how bad it is if it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathCheck {
    /// Absolute, or the value is ignored.
    Absolute,
    /// Absolute; the message does not say "ignoring".
    AbsoluteFatal,
    /// Relative, or the value is ignored.
    Relative,
}

impl Context<'_, '_> {
    /// A warning about this line.
    pub fn warn(&mut self, text: String) {
        self.log.warn(self.line, text);
    }

    /// An error about this line.
    pub fn error(&mut self, text: String) {
        self.log.add(self.line, LOG_ERR, text);
    }

    /// The usual warning: what could not be parsed, and the value.
    pub fn ignoring(&mut self, what: &str, value: &str) {
        self.warn(format!("Failed to parse {what}, ignoring: {value}"));
    }

    /// Resolves the specifiers of a value.
    pub fn resolve(&self, text: &str) -> Result<String, Errno> {
        self.specifiers.resolve(text, Scope::Full, ARG_MAX)
    }

    /// Resolves the specifiers of a path.
    pub fn resolve_path(&self, text: &str) -> Result<String, Errno> {
        self.specifiers.resolve(text, Scope::Full, PATH_MAX)
    }

    /// Resolves the specifiers of a unit name.
    pub fn resolve_name(&self, text: &str) -> Result<String, Errno> {
        self.specifiers.resolve(text, Scope::Name, NAME_MAX)
    }

    /// Takes a resolved value, or warns with the text in quotes.
    pub fn or_warn(&mut self, resolved: Result<String, Errno>, text: &str) -> Option<String> {
        self.or_warn_as(resolved, &format!("'{text}'"))
    }

    /// Takes a resolved value, or warns; `shown` is the text as the message has it.
    pub fn or_warn_as(&mut self, resolved: Result<String, Errno>, shown: &str) -> Option<String> {
        match resolved {
            Ok(value) => Some(value),
            Err(errno) => {
                self.warn(format!("Failed to resolve unit specifiers in {shown}, ignoring: {errno}"));
                None
            }
        }
    }

    /// The path without needless slashes, or a warning and `None`.
    pub fn simplify(&mut self, path: &str, check: PathCheck) -> Option<String> {
        let key = self.key;
        let fatal = check == PathCheck::AbsoluteFatal;
        let end = if fatal { "" } else { ", ignoring" };
        let priority = if fatal { LOG_ERR } else { crate::systemd::unit_file::LOG_WARNING };
        let absolute = path.starts_with('/');
        let simple = simplify_path(path);
        let text = if check == PathCheck::Relative && absolute {
            format!("{key}= path is absolute{end}: {path}")
        } else if check != PathCheck::Relative && !absolute {
            format!("{key}= path is not absolute{end}: {path}")
        } else if !is_path(&simple) {
            format!("{key}= path has invalid length ({} bytes){end}.", simple.len())
        } else if !is_normalized(&simple) {
            format!("{key}= path is not normalized{end}: {simple}")
        } else {
            return Some(simple);
        };
        self.log.add(self.line, priority, text);
        None
    }
}
