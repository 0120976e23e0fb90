//! Values of awk, and how text and numbers become one another: awk(1p), Expressions in awk.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::commands::posix::conversion::Conversion;
use crate::commands::posix::number::{parse_float, parse_integer};
use crate::commands::text::regexp::Flavor;

/// How awk's regular expressions are written.
pub(super) const FLAVOR: Flavor =
    Flavor { extended: true, strict: true, controls: true, ignore_case: false, multiline: false, whole: false };

/// A value.
#[derive(Clone, Debug, Default)]
pub(super) enum Value {
    #[default]
    Unset,
    Number(f64),
    Text(Arc<[u8]>),
    /// Input that looks like a number is both.
    Input(Arc<[u8]>, f64),
}

impl Value {
    pub fn text(bytes: impl Into<Arc<[u8]>>) -> Value {
        Value::Text(bytes.into())
    }

    /// A piece of input: a number too when it looks like one.
    pub fn input(bytes: &[u8]) -> Value {
        match looks_numeric(bytes) {
            Some(number) => Value::Input(bytes.into(), number),
            None => Value::Text(bytes.into()),
        }
    }

    pub fn number(&self) -> f64 {
        match self {
            Value::Unset => 0.0,
            Value::Number(number) | Value::Input(_, number) => *number,
            Value::Text(text) => leading_number(text),
        }
    }

    /// The text, numbers written after `format` (`CONVFMT` or `OFMT`).
    pub fn bytes(&self, format: &str) -> Arc<[u8]> {
        match self {
            Value::Unset => Arc::from(&b""[..]),
            Value::Text(text) | Value::Input(text, _) => text.clone(),
            Value::Number(number) => show(*number, format).into_bytes().into(),
        }
    }

    pub fn is_true(&self) -> bool {
        match self {
            Value::Unset => false,
            Value::Number(number) | Value::Input(_, number) => *number != 0.0,
            Value::Text(text) => !text.is_empty(),
        }
    }

    /// Compares as numbers when both are, as text otherwise.
    pub fn compare(&self, other: &Value, format: &str) -> Ordering {
        if matches!(self, Value::Text(_)) || matches!(other, Value::Text(_)) {
            return self.bytes(format).cmp(&other.bytes(format));
        }
        self.number().partial_cmp(&other.number()).unwrap_or(Ordering::Greater)
    }
}

/// A number as text: whole ones of up to 31 bits in full.
pub(super) fn show(number: f64, format: &str) -> String {
    if number == number.trunc() && number.abs() < 2_147_483_648.0 {
        return format!("{}", number as i64);
    }
    let spec = format.strip_prefix('%').unwrap_or(".6g");
    let letter = spec.chars().last().unwrap_or('g');
    let digits = spec.trim_start_matches(|c: char| "-+ #0".contains(c));
    let (width, precision) = digits.trim_end_matches(letter).split_once('.').unwrap_or((digits, "6"));
    let conversion =
        Conversion { width: width.parse().unwrap_or(0), precision: precision.parse().ok(), ..Conversion::default() };
    let text = conversion.float(number, if "eEfFgGdi".contains(letter) { letter } else { 'g' });
    String::from_utf8_lossy(&text).into_owned()
}

/// The number at the start of a text; 0 when there is none.
fn leading_number(text: &[u8]) -> f64 {
    let text = String::from_utf8_lossy(&text[..text.len().min(400)]).into_owned();
    let bare = text.trim_start().trim_start_matches(['+', '-']);
    if bare.starts_with("0x") || bare.starts_with("0X") {
        return parse_integer(&text).0 as f64;
    }
    parse_float(&text).0
}

fn looks_numeric(bytes: &[u8]) -> Option<f64> {
    let first = bytes.iter().find(|b| **b != b' ' && **b != b'\t')?;
    if bytes.len() > 400 || !(first.is_ascii_digit() || b"+-.".contains(first)) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let (number, rest) = parse_float(text);
    (rest.len() < text.len() && rest.trim().is_empty()).then_some(number)
}

/// An array. Its order in `for (… in …)` is mawk's: by hash, what was touched last first.
#[derive(Clone, Debug, Default)]
pub(super) struct Array {
    items: BTreeMap<Arc<[u8]>, (Value, u64)>,
    touched: u64,
    buckets: u32,
}

/// Buckets of a small array, and how many items they hold each before there are twice as many.
const BUCKETS: u32 = 64;
const PER_BUCKET: usize = 12;

impl Array {
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn contains(&mut self, key: &[u8]) -> bool {
        self.touched += 1;
        match self.items.get_mut(key) {
            Some(item) => {
                item.1 = self.touched;
                true
            }
            None => false,
        }
    }

    /// The item, made when missing.
    pub fn item(&mut self, key: &Arc<[u8]>) -> &mut Value {
        self.touched += 1;
        if !self.items.contains_key(key) && self.items.len() >= (self.buckets.max(BUCKETS) as usize) * PER_BUCKET {
            self.buckets = self.buckets.max(BUCKETS) * 2;
        }
        let item = self.items.entry(key.clone()).or_default();
        item.1 = self.touched;
        &mut item.0
    }

    pub fn remove(&mut self, key: &[u8]) {
        self.items.remove(key);
    }

    pub fn clear(&mut self) {
        self.items.clear();
        self.buckets = BUCKETS;
    }

    pub fn keys(&self) -> Vec<Arc<[u8]>> {
        let mask = self.buckets.max(BUCKETS) - 1;
        let mut keys: Vec<(u32, u64, Arc<[u8]>)> =
            self.items.iter().map(|(key, (_, at))| (hash(key) & mask, u64::MAX - at, key.clone())).collect();
        keys.sort();
        keys.into_iter().map(|(_, _, key)| key).collect()
    }
}

/// FNV-1a.
fn hash(key: &[u8]) -> u32 {
    key.iter().fold(2_166_136_261, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(16_777_619))
}
