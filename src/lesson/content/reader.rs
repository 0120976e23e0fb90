//! Reading TOML by hand: every value with its place, every key accounted for, every error collected.

use super::diagnostic::{Doc, Place};
use super::nearest::nearest;
use super::problem::{Problem, Want};
use crate::lesson::text::Text;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// A closed list of words, each of which stands for a value.
pub trait Word: Copy + 'static {
    /// The words and what they stand for.
    fn words() -> Vec<(&'static str, Self)>;
}

/// Lets course files use the words of enums that other layers have named.
macro_rules! words_of {
    ($($name:ty),+) => {
        $(impl $crate::lesson::content::reader::Word for $name {
            fn words() -> Vec<(&'static str, Self)> {
                <$name>::ALL.iter().map(|v| (v.as_str(), *v)).collect()
            }
        })+
    };
}
pub(crate) use words_of;

/// Declares an enum whose values are words of course files.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }
        impl $name {
            /// The word that stands for this value in course files.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }
        impl $crate::lesson::content::reader::Word for $name {
            fn words() -> Vec<(&'static str, Self)> {
                vec![$(($word, $name::$variant)),+]
            }
        }
    };
}
pub(crate) use words;

/// Whether a text has the characters of an id, and no others.
pub fn is_id(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// A table being read. When it is dropped, every key that nobody asked for is reported.
#[derive(Debug)]
pub struct Table<'d> {
    /// The file.
    pub doc: &'d Doc<'d>,
    /// Where the table stands.
    pub span: Range<usize>,
    map: &'d DeTable<'d>,
    asked: RefCell<Vec<&'static str>>,
    free: Cell<bool>,
}

impl<'d> Table<'d> {
    /// The root table of `doc`, given as `root`.
    pub fn root(doc: &'d Doc<'d>, root: &'d Spanned<DeTable<'d>>) -> Table<'d> {
        Table { doc, span: 0..0, map: root.get_ref(), asked: RefCell::default(), free: Cell::default() }
    }

    /// Where the table stands.
    pub fn place(&self) -> Place {
        self.doc.place(self.span.start)
    }

    /// The value of `key`, if it is there.
    pub fn get(&self, key: &'static str) -> Option<Node<'d>> {
        self.asked.borrow_mut().push(key);
        let (_, value) = self.map.iter().find(|(k, _)| k.get_ref() == key)?;
        Some(Node { doc: self.doc, value: value.get_ref(), span: value.span() })
    }

    /// The value of `key`; its absence is an error.
    pub fn need(&self, key: &'static str) -> Option<Node<'d>> {
        let found = self.get(key);
        if found.is_none() {
            self.doc.report(&self.span, Problem::MissingKey(key.to_owned()));
        }
        found
    }

    /// The value of `key` as a text that must be there; empty when it is not, which is reported.
    pub fn need_string(&self, key: &'static str) -> String {
        self.need(key).and_then(|n| n.filled()).unwrap_or_default()
    }

    /// The value of `key` as a text in both languages that must be there.
    pub fn need_text(&self, key: &'static str) -> Text {
        self.need(key).and_then(|n| n.text()).unwrap_or_default()
    }

    /// The texts `en` and `fr` of this table itself, or `same` for what no language changes, such as a command.
    pub fn own_text(&self) -> Text {
        if let Some(node) = self.get("same") {
            let same = node.filled().unwrap_or_default();
            return Text::new(same.clone(), same);
        }
        Text { en: self.need_string("en"), fr: self.need_string("fr") }
    }

    /// An id that must be there, under `id`.
    pub fn need_id(&self) -> String {
        let Some(node) = self.need("id") else { return String::new() };
        let id = node.filled().unwrap_or_default();
        if !is_id(&id) {
            node.report(Problem::BadId(id.clone()));
        }
        id
    }

    /// The tables of the list under `key`; none when it is not there.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'d>> {
        self.get(key).map(|n| n.list()).unwrap_or_default().into_iter().filter_map(|n| n.table()).collect()
    }

    /// The texts of the list under `key`, each with its node.
    pub fn strings(&self, key: &'static str) -> Vec<(String, Node<'d>)> {
        let list = self.get(key).map(|n| n.list()).unwrap_or_default();
        list.into_iter().filter_map(|n| Some((n.filled()?, n))).collect()
    }

    /// Checks `format = 1`.
    pub fn need_format(&self) {
        if let Some(node) = self.need("format")
            && let Some(n) = node.integer()
            && n != 1
        {
            node.report(Problem::Format(n));
        }
    }

    /// Every key of the table with its value, for tables whose keys are free.
    pub fn free_entries(&self) -> Vec<(String, Node<'d>)> {
        let entries = self.map.iter();
        entries
            .map(|(k, v)| (k.get_ref().to_string(), Node { doc: self.doc, value: v.get_ref(), span: v.span() }))
            .collect()
    }

    /// Whether the table has no other keys than `keys`.
    pub fn has_only_of(&self, keys: &[&str]) -> bool {
        self.map.iter().all(|(k, _)| keys.contains(&k.get_ref().as_ref()))
    }

    /// Forgets which keys were asked for but are not there: what was only probed is not a key that belongs here.
    pub fn forget_absent(&self) {
        self.asked.borrow_mut().retain(|key| self.map.iter().any(|(k, _)| k.get_ref() == *key));
    }

    /// Says that the table cannot be read further, so that its other keys are not reported.
    pub fn is_unreadable(&self) {
        self.free.set(true);
    }

    /// Says that the table's keys are free, so that none is reported as unknown.
    pub fn all_asked(self) {
        self.free.set(true);
        drop(self);
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        if self.free.get() {
            return;
        }
        let asked = self.asked.borrow();
        for (key, _) in self.map.iter().filter(|(k, _)| !asked.contains(&k.get_ref().as_ref())) {
            let mut known: Vec<String> = asked.iter().map(|k| (*k).to_owned()).collect();
            known.sort();
            known.dedup();
            let near = nearest(key.get_ref(), asked.iter().copied()).map(str::to_owned);
            self.doc.report(&key.span(), Problem::UnknownKey { key: key.get_ref().to_string(), near, known });
        }
    }
}

/// A value being read.
#[derive(Clone, Debug)]
pub struct Node<'d> {
    /// The file.
    pub doc: &'d Doc<'d>,
    /// Where the value stands.
    pub span: Range<usize>,
    value: &'d DeValue<'d>,
}

impl<'d> Node<'d> {
    /// Notes an error at this value.
    pub fn report(&self, problem: Problem) {
        self.doc.report(&self.span, problem);
    }

    /// Where the value stands.
    pub fn place(&self) -> Place {
        self.doc.place(self.span.start)
    }

    /// Notes that the value is not what is wanted; always `None`.
    pub fn not<T>(&self, want: Want) -> Option<T> {
        let found = match self.value {
            DeValue::String(text) => format!("\"{text}\""),
            other => other.type_str().to_owned(),
        };
        self.report(Problem::Type { want, found });
        None
    }

    /// Whether the value is a list.
    pub fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// Whether the value is a text.
    pub fn is_string(&self) -> bool {
        self.value.is_str()
    }

    /// The value as text.
    pub fn string(&self) -> Option<String> {
        match self.value.as_str() {
            Some(text) => Some(text.to_owned()),
            None => self.not(Want::Text),
        }
    }

    /// The value as text that is not blank.
    pub fn filled(&self) -> Option<String> {
        let text = self.string()?;
        if text.trim().is_empty() {
            self.report(Problem::Empty);
            return None;
        }
        Some(text)
    }

    /// The value as a whole number.
    pub fn integer(&self) -> Option<i64> {
        let digits = self.value.as_integer();
        match digits.and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok()) {
            Some(n) => Some(n),
            None => self.not(Want::Integer),
        }
    }

    /// The number's own digits when the value is a whole number, else `None` without an error.
    pub fn if_integer(&self) -> Option<i64> {
        let n = self.value.as_integer()?;
        i64::from_str_radix(n.as_str(), n.radix()).ok()
    }

    /// The value as `true` or `false`.
    pub fn boolean(&self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.not(Want::Boolean))
    }

    /// The elements of the list; an empty list is an error.
    pub fn list(&self) -> Vec<Node<'d>> {
        let Some(array) = self.value.as_array() else {
            self.not::<()>(Want::List);
            return Vec::new();
        };
        if array.iter().next().is_none() {
            self.report(Problem::Empty);
        }
        array.iter().map(|v| Node { doc: self.doc, span: v.span(), value: v.get_ref() }).collect()
    }

    /// The value as a table.
    pub fn table(&self) -> Option<Table<'d>> {
        match self.value.as_table() {
            Some(map) => Some(Table {
                doc: self.doc,
                span: self.span.clone(),
                map,
                asked: RefCell::default(),
                free: Cell::default(),
            }),
            None => self.not(Want::Table),
        }
    }

    /// The value as `{ en = "…", fr = "…" }`.
    pub fn text(&self) -> Option<Text> {
        Some(self.table()?.own_text())
    }

    /// The value as a structure that says itself how it is read; what is wrong with it is reported.
    pub fn read<T: serde::Deserialize<'d>>(&self) -> Option<T> {
        let value = Spanned::new(self.span.clone(), self.value.clone());
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(read) => Some(read),
            Err(error) => {
                let span = error.span().unwrap_or(self.span.clone());
                self.doc.report(&span, Problem::Declaration(error.message().to_owned()));
                None
            }
        }
    }

    /// The value as one of a closed list of words.
    pub fn word<W: Word>(&self) -> Option<W> {
        let word = self.filled()?;
        let words = W::words();
        let found = words.iter().find(|(w, _)| *w == word);
        if found.is_none() {
            let known: Vec<String> = words.iter().map(|(w, _)| (*w).to_owned()).collect();
            let near = nearest(&word, words.iter().map(|(w, _)| *w)).map(str::to_owned);
            self.report(Problem::UnknownWord { word, near, known });
        }
        found.map(|(_, value)| *value)
    }
}

/// Parses `text` and hands its root table to `read`; syntax errors are reported and then nothing is read, since half a
/// table would only give errors that are not there.
pub fn read_root<T>(doc: &Doc<'_>, read: impl FnOnce(Table<'_>) -> T) -> Option<T> {
    let (root, errors) = DeTable::parse_recoverable(doc.text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        doc.report(&span, Problem::Syntax(error.message().replace('\n', ", ")));
    }
    errors.is_empty().then(|| read(Table::root(doc, &root)))
}
