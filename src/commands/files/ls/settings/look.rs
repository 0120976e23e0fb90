//! How an entry looks under the settings: quoted, sized, marked, in its place among the others. ls(1).

use std::cmp::Ordering;

use unicode_width::UnicodeWidthStr;

use super::{Format, Quoting, Settings, Sort};
use crate::commands::files::glob;
use crate::commands::files::ls::color::Colors;
use crate::commands::files::ls::entry::Entry;
use crate::commands::posix::number::human;
use crate::commands::posix::quote;
use crate::commands::text::sort::version_compare;
use crate::world::Time;
use crate::world::fs::Kind;

impl Settings {
    pub fn long(&self) -> bool {
        self.format == Format::Long
    }

    pub fn quotes(&self) -> bool {
        self.quoting != Quoting::Literal
    }

    /// Whether a name in a folder is listed.
    pub fn shows(&self, name: &str) -> bool {
        let style = glob::Style::default();
        (self.hidden || !name.starts_with('.')) && !self.ignore.iter().any(|p| glob::matches(p, name, style))
    }

    /// The moment that is shown and sorted by.
    pub fn moment(&self, entry: &Entry) -> Time {
        match self.time {
            'u' => entry.node.atime,
            'c' => entry.node.ctime,
            _ => entry.node.mtime,
        }
    }

    pub fn sort(&self, entries: &mut [Entry]) {
        let by_name = |a: &Entry, b: &Entry| a.name.cmp(&b.name);
        let extension = |entry: &Entry| entry.name.rfind('.').map(|at| entry.name[at..].to_owned()).unwrap_or_default();
        let compare = |a: &Entry, b: &Entry| -> Ordering {
            match self.sort {
                Sort::None => Ordering::Equal,
                Sort::Name => by_name(a, b),
                Sort::Time => self.moment(b).cmp(&self.moment(a)).then_with(|| by_name(a, b)),
                Sort::Size => b.node.size().cmp(&a.node.size()).then_with(|| by_name(a, b)),
                Sort::Extension => extension(a).cmp(&extension(b)).then_with(|| by_name(a, b)),
                Sort::Version => version_compare(a.name.as_bytes(), b.name.as_bytes()),
            }
        };
        entries.sort_by(compare);
        if self.reverse {
            entries.reverse();
        }
        if self.folders_first {
            let folder = |e: &Entry| e.node.is_dir() || e.target.as_ref().is_some_and(|target| target.is_dir());
            entries.sort_by_key(|entry| !folder(entry));
        }
    }

    /// A name as it is shown.
    pub fn quoted(&self, name: &str) -> String {
        match self.quoting {
            Quoting::Literal => name.to_owned(),
            Quoting::Shell => quote::shell_escape(name),
            Quoting::C => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")),
            Quoting::Escape => name.replace('\\', "\\\\").replace(' ', "\\ ").replace('\n', "\\n"),
        }
    }

    /// A size in bytes, or in kibibytes for blocks.
    pub fn size(&self, bytes: u64, in_blocks: bool) -> String {
        match self.human {
            Some(base) => human(bytes, base),
            None if in_blocks => (bytes / 1024).to_string(),
            None => bytes.to_string(),
        }
    }

    /// How wide the inode numbers and the block counts of these entries are.
    pub fn prefix_width(&self, entries: &[Entry]) -> (usize, usize) {
        let widest = |text: &dyn Fn(&Entry) -> String| entries.iter().map(|e| text(e).len()).max().unwrap_or(0);
        (widest(&|e| e.ino.to_string()), widest(&|e| self.size(e.blocks() * 1024, true)))
    }

    /// Inode number and blocks where asked for, and the name with colour and mark; and how wide that is.
    /// With `pad` an unquoted name is moved one column to stand under quoted ones.
    pub fn cell(&self, paint: &mut Colors, entry: &Entry, width: (usize, usize), pad: bool) -> (String, usize) {
        let mut text = String::new();
        if self.inode {
            text.push_str(&format!("{:>1$} ", entry.ino, width.0));
        }
        if self.blocks {
            text.push_str(&format!("{:>1$} ", self.size(entry.blocks() * 1024, true), width.1));
        }
        if self.context {
            text.push_str("? ");
        }
        let (name, mut columns) = self.name(paint, entry, pad);
        columns += text.len();
        (text + &name, columns)
    }

    /// The name with colour and mark, and how wide that is.
    pub fn name(&self, paint: &mut Colors, entry: &Entry, pad: bool) -> (String, usize) {
        let quoted = self.quoted(&entry.name);
        let mut columns = quoted.width();
        let mut text = String::new();
        if pad && quoted == entry.name {
            text.push(' ');
            columns += 1;
        }
        text.push_str(&paint.paint(entry, &quoted));
        if let Some(mark) = self.mark(&entry.node.kind, entry.node.mode) {
            text.push(mark);
            columns += 1;
        }
        (text, columns)
    }

    /// The letter after a name that tells its kind.
    pub fn mark(&self, kind: &Kind, mode: u16) -> Option<char> {
        match (kind, self.kind) {
            (_, '\0') => None,
            (Kind::Dir { .. }, _) => Some('/'),
            (_, 'p') => None,
            (Kind::Symlink(_), _) if self.long() => None,
            (Kind::Symlink(_), _) => Some('@'),
            (Kind::Fifo, _) => Some('|'),
            (Kind::Socket, _) => Some('='),
            (Kind::File(_), 'F') if mode & 0o111 != 0 => Some('*'),
            _ => None,
        }
    }

    /// Whether some of these names are quoted and the others have to be moved a column.
    pub fn pads(&self, entries: &[Entry]) -> bool {
        self.quoting == Quoting::Shell && entries.iter().any(|entry| self.quoted(&entry.name) != entry.name)
    }
}
