//! Records and fields of awk: awk(1p), Variables and Special Variables.

use std::sync::Arc;

use super::Value;
use super::machine::{Cell, FS, Machine, NF, OFS, RS};
use super::value::FLAVOR;
use crate::commands::text::regexp::Regexp;

/// More fields than this a record may not be given.
const MAX_FIELDS: usize = 32_767;

impl Machine {
    /// Takes the first record out of the input; with `last` what is left is a record even without its end.
    pub fn next_record(&mut self, input: &mut Vec<u8>, last: bool) -> Option<Vec<u8>> {
        let separator = self.global_text(RS);
        if separator.is_empty() {
            let start = input.iter().position(|b| *b != b'\n').unwrap_or(input.len());
            input.drain(..start);
        }
        if input.is_empty() {
            return None;
        }
        let found = match &separator[..] {
            [] => input.windows(2).position(|pair| pair == b"\n\n").map(|at| (at, at + 2)),
            [byte] => input.iter().position(|b| b == byte).map(|at| (at, at + 1)),
            _ => self.regexp(&separator).ok()?.find_at(input, 0).and_then(|spans| spans[0]).filter(|(_, to)| *to > 0),
        };
        match found {
            Some((at, after)) => {
                let record = input[..at].to_vec();
                input.drain(..after);
                Some(record)
            }
            None if last => {
                let mut record = std::mem::take(input);
                if separator.is_empty() {
                    record.truncate(record.iter().rposition(|b| *b != b'\n').map_or(0, |at| at + 1));
                }
                Some(record)
            }
            None => None,
        }
    }

    pub fn set_record(&mut self, record: Arc<[u8]>) {
        self.record = record;
        self.fields = None;
    }

    /// The compiled form of a pattern. Errors: mawk's message.
    pub fn regexp(&mut self, pattern: &Arc<[u8]>) -> Result<Regexp, String> {
        if let Some(regexp) = self.regexps.get(pattern) {
            return Ok(regexp.clone());
        }
        let text = String::from_utf8_lossy(pattern).into_owned();
        let compiled = Regexp::new(&text, FLAVOR)
            .map_err(|wrong| format!("regular expression compile failed ({})\n{text}", wrong.message()))?;
        if self.regexps.len() >= 200 {
            self.regexps.clear();
        }
        self.regexps.insert(pattern.clone(), compiled.clone());
        Ok(compiled)
    }

    /// Splits text as `FS` or the argument of `split` says.
    pub fn split(&mut self, text: &[u8], separator: &Arc<[u8]>, paragraph: bool) -> Result<Vec<Vec<u8>>, String> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let newline = |byte: u8| paragraph && byte == b'\n';
        match &separator[..] {
            b" " => {
                let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 11 | 12);
                Ok(text.split(blank).filter(|part| !part.is_empty()).map(<[u8]>::to_vec).collect())
            }
            [] => Ok(text.iter().map(|b| vec![*b]).collect()),
            [byte] if !b"\\^$.|?*+()[{".contains(byte) => {
                Ok(text.split(|b| b == byte || newline(*b)).map(<[u8]>::to_vec).collect())
            }
            [byte] if b"|?*+.$^({[".contains(byte) => {
                Ok(text.split(|b| b == byte || newline(*b)).map(<[u8]>::to_vec).collect())
            }
            _ => {
                let regexp = self.regexp(separator)?;
                let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
                while let Some((start, end)) = regexp.find_at(text, at).and_then(|spans| spans[0]) {
                    if end == start {
                        at = end + 1;
                        if at > text.len() {
                            break;
                        }
                        continue;
                    }
                    parts.push(text[from..start].to_vec());
                    (from, at) = (end, end);
                }
                parts.push(text[from..].to_vec());
                Ok(parts)
            }
        }
    }

    /// The fields, split now if nobody asked before.
    pub fn fields(&mut self) -> Result<&mut Vec<Value>, String> {
        if self.fields.is_none() {
            let (separator, record) = (self.global_text(FS), self.record.clone());
            let paragraph = self.global_text(RS).is_empty();
            let fields = self.split(&record, &separator, paragraph)?;
            self.globals[NF] = Cell::Value(Value::Number(fields.len() as f64));
            self.fields = Some(fields.iter().map(|field| Value::input(field)).collect());
        }
        Ok(self.fields.get_or_insert_default())
    }

    fn field_number(&self, number: f64) -> Result<usize, String> {
        if number < 0.0 {
            let shown = super::value::show(number, "%.6g");
            return Err(format!("run time error: negative field index ${shown}{}", self.place_of_error()));
        }
        if number > MAX_FIELDS as f64 {
            return Err(format!("program limit exceeded: maximum number of fields size={MAX_FIELDS}"));
        }
        Ok(number as usize)
    }

    pub fn field(&mut self, number: f64) -> Result<Value, String> {
        let number = self.field_number(number)?;
        if number == 0 {
            return Ok(Value::input(&self.record));
        }
        Ok(self.fields()?.get(number - 1).cloned().unwrap_or_default())
    }

    pub fn set_field(&mut self, number: f64, value: Value) -> Result<(), String> {
        let number = self.field_number(number)?;
        let text = self.text(&value);
        if number == 0 {
            self.set_record(text);
            return Ok(());
        }
        let fields = self.fields()?;
        if fields.len() < number {
            fields.resize(number, Value::Unset);
        }
        fields[number - 1] = match value {
            Value::Number(_) | Value::Input(..) | Value::Unset => value,
            Value::Text(_) => Value::Text(text),
        };
        self.rebuild();
        Ok(())
    }

    /// `NF` was set: fields are cut off or added.
    pub fn set_count(&mut self, count: f64) -> Result<(), String> {
        let count = self.field_number(count)?;
        self.fields()?.resize(count, Value::Unset);
        self.rebuild();
        Ok(())
    }

    fn rebuild(&mut self) {
        let fields = self.fields.take().unwrap_or_default();
        let parts: Vec<Arc<[u8]>> = fields.iter().map(|field| self.text(field)).collect();
        self.record = parts.join(&self.global_text(OFS)[..]).into();
        self.globals[NF] = Cell::Value(Value::Number(fields.len() as f64));
        self.fields = Some(fields);
    }
}
