//! JSON values: read, ordered and printed as jq does: jq(1), RFC 8259.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    String(Arc<str>),
    Array(Arc<Vec<Json>>),
    Object(Arc<Object>),
}

/// Members in the order in which they were set.
#[derive(Clone, Debug, Default)]
pub struct Object {
    members: Vec<(Arc<str>, Json)>,
    index: BTreeMap<Arc<str>, usize>,
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.members.len() == other.members.len() && self.members.iter().all(|(k, v)| other.get(k) == Some(v))
    }
}

impl Object {
    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.index.get(name).map(|at| &self.members[*at].1)
    }

    /// Sets a member.
    pub fn set(&mut self, name: &str, value: Json) {
        if let Some(at) = self.index.get(name) {
            self.members[*at].1 = value;
            return;
        }
        let name: Arc<str> = name.into();
        self.index.insert(name.clone(), self.members.len());
        self.members.push((name, value));
    }

    /// Members in the order of setting.
    pub fn members(&self) -> impl Iterator<Item = (&Arc<str>, &Json)> {
        self.members.iter().map(|(name, value)| (name, value))
    }

    /// Names in the order of their characters.
    pub fn keys(&self) -> impl Iterator<Item = &Arc<str>> {
        self.index.keys()
    }
}

impl Json {
    /// A string.
    pub fn text(text: &str) -> Self {
        Json::String(text.into())
    }

    /// An array.
    pub fn array(items: Vec<Json>) -> Self {
        Json::Array(items.into())
    }

    /// `number`, `string`, …
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "boolean",
            Json::Number(_) => "number",
            Json::String(_) => "string",
            Json::Array(_) => "array",
            Json::Object(_) => "object",
        }
    }

    /// All but `null` and `false` are true.
    pub fn is_true(&self) -> bool {
        !matches!(self, Json::Null | Json::Bool(false))
    }

    fn rank(&self) -> u8 {
        match self {
            Json::Null => 0,
            Json::Bool(false) => 1,
            Json::Bool(true) => 2,
            Json::Number(_) => 3,
            Json::String(_) => 4,
            Json::Array(_) => 5,
            Json::Object(_) => 6,
        }
    }

    /// jq's order of all values.
    pub fn order(&self, other: &Json) -> Ordering {
        match (self, other) {
            (Json::Number(a), Json::Number(b)) => a.partial_cmp(b).unwrap_or(Ordering::Less),
            (Json::String(a), Json::String(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Json::Array(a), Json::Array(b)) => {
                let different = a.iter().zip(b.iter()).map(|(a, b)| a.order(b)).find(|o| o.is_ne());
                different.unwrap_or_else(|| a.len().cmp(&b.len()))
            }
            (Json::Object(a), Json::Object(b)) => a.keys().cmp(b.keys()).then_with(|| {
                let values = a.keys().map(|k| match (a.get(k), b.get(k)) {
                    (Some(a), Some(b)) => a.order(b),
                    _ => Ordering::Equal,
                });
                let mut values = values;
                values.find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
            }),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// On one line without blanks.
    pub fn compact(&self) -> String {
        let mut out = String::new();
        self.print(&mut out, &Layout { indent: None, sorted: false }, 0);
        out
    }

    /// Appends the value as text.
    pub fn print(&self, out: &mut String, layout: &Layout, depth: usize) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Json::Number(number) => out.push_str(&number_text(*number)),
            Json::String(text) => quote(text, out),
            Json::Array(items) => {
                let items: Vec<(Option<&str>, &Json)> = items.iter().map(|item| (None, item)).collect();
                layout.list(out, depth, ['[', ']'], &items);
            }
            Json::Object(object) => {
                let members: Vec<(Option<&str>, &Json)> = match layout.sorted {
                    true => object.keys().filter_map(|k| Some((Some(&**k), object.get(k)?))).collect(),
                    false => object.members().map(|(k, v)| (Some(&**k), v)).collect(),
                };
                layout.list(out, depth, ['{', '}'], &members);
            }
        }
    }
}

/// How values are laid out.
pub struct Layout {
    /// Blanks or tabs of one level; `None`: everything on one line.
    pub indent: Option<String>,
    /// `-S`: members by name.
    pub sorted: bool,
}

impl Layout {
    fn list(&self, out: &mut String, depth: usize, [open, close]: [char; 2], items: &[(Option<&str>, &Json)]) {
        out.push(open);
        for (number, (name, item)) in items.iter().enumerate() {
            if number > 0 {
                out.push(',');
            }
            self.line(out, depth + 1);
            if let Some(name) = name {
                quote(name, out);
                out.push_str(if self.indent.is_some() { ": " } else { ":" });
            }
            item.print(out, self, depth + 1);
        }
        if !items.is_empty() {
            self.line(out, depth);
        }
        out.push(close);
    }

    fn line(&self, out: &mut String, depth: usize) {
        if let Some(indent) = &self.indent {
            out.push('\n');
            for _ in 0..depth {
                out.push_str(indent);
            }
        }
    }
}

/// A number as jq 1.6 prints it: 17 significant digits, no more than needed.
fn number_text(number: f64) -> String {
    if number.is_nan() {
        return "null".into();
    }
    let number = number.clamp(f64::MIN, f64::MAX);
    if number.fract() == 0.0 && number.abs() < 1e17 {
        return format!("{number:.0}");
    }
    if number.abs() >= 1e17 || number.abs() < 1e-5 {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    format!("{number}")
}

/// Appends a JSON string.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
