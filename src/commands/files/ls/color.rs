//! The colours of ls: dir_colors(5).

use std::collections::BTreeMap;

use super::entry::Entry;
use crate::world::Cx;
use crate::world::fs::{Inode, Kind};

/// What ls has without `LS_COLORS`.
const BUILT_IN: &[(&str, &str)] = &[
    ("di", "01;34"),
    ("ln", "01;36"),
    ("pi", "33"),
    ("so", "01;35"),
    ("bd", "01;33"),
    ("cd", "01;33"),
    ("ex", "01;32"),
    ("su", "37;41"),
    ("sg", "30;43"),
    ("tw", "30;42"),
    ("ow", "34;42"),
    ("st", "37;44"),
];

/// The colours in use.
pub(super) struct Colors {
    on: bool,
    /// By two-letter kind, or by ending: `*.tar`.
    codes: BTreeMap<String, String>,
    begun: bool,
}

impl Colors {
    pub fn new(cx: &Cx<'_, '_>, on: bool) -> Self {
        let mut codes: BTreeMap<String, String> =
            BUILT_IN.iter().map(|(kind, code)| ((*kind).to_owned(), (*code).to_owned())).collect();
        let variable = cx.getenv("LS_COLORS").unwrap_or_default();
        codes.extend(variable.split(':').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.into(), v.into())));
        let terminal = cx.getenv("TERM").unwrap_or_default();
        let known = !variable.is_empty() || !["", "dumb"].contains(&terminal.as_str());
        Colors { on: on && (known || cx.getenv("COLORTERM").is_some()), codes, begun: false }
    }

    /// `text` in the colour of a file.
    pub fn paint(&mut self, entry: &Entry, text: &str) -> String {
        let broken = entry.node.is_symlink() && entry.target.is_none();
        let code = match self.codes.get("or") {
            Some(code) if broken && !code.is_empty() => Some(code.clone()),
            _ => self.code(&entry.node, &entry.name),
        };
        self.wrap(code, text)
    }

    /// `text` in the colour of what a link leads to; plain unless the colours tell broken links apart.
    pub fn paint_target(&mut self, entry: &Entry, text: &str) -> String {
        if !self.codes.contains_key("or") {
            return text.to_owned();
        }
        let code = match &entry.target {
            Some(target) => self.code(target, text),
            None => self.codes.get("mi").filter(|code| *code != "00").or(self.codes.get("or")).cloned(),
        };
        self.wrap(code, text)
    }

    fn wrap(&mut self, code: Option<String>, text: &str) -> String {
        let Some(code) = code.filter(|code| self.on && !["", "0", "00"].contains(&code.as_str())) else {
            return text.to_owned();
        };
        let begin = if self.begun { "" } else { "\x1b[0m" };
        self.begun = true;
        format!("{begin}\x1b[{code}m{text}\x1b[0m")
    }

    fn code(&self, node: &Inode, name: &str) -> Option<String> {
        let mode = node.mode;
        let kind = match &node.kind {
            Kind::Dir { .. } if mode & 0o1002 == 0o1002 => "tw",
            Kind::Dir { .. } if mode & 0o2 != 0 => "ow",
            Kind::Dir { .. } if mode & 0o1000 != 0 => "st",
            Kind::Dir { .. } => "di",
            Kind::Symlink(_) => "ln",
            Kind::Fifo => "pi",
            Kind::Socket => "so",
            Kind::Device(_) => "cd",
            Kind::File(_) if mode & 0o4000 != 0 => "su",
            Kind::File(_) if mode & 0o2000 != 0 => "sg",
            Kind::File(_) if mode & 0o111 != 0 => "ex",
            Kind::File(_) => {
                let ending = self.codes.iter().find(|(key, _)| {
                    key.strip_prefix('*').is_some_and(|ending| name.to_ascii_lowercase().ends_with(ending))
                });
                return ending.map(|(_, code)| code.clone());
            }
        };
        self.codes.get(kind).cloned()
    }

    /// Whether colours are used: then columns are set with blanks, not tabs.
    pub fn on(&self) -> bool {
        self.on
    }
}
