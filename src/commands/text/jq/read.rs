//! Reads JSON text, one value after the other: RFC 8259, as jq(1) takes it.

use super::value::{Json, Object};

/// How deep values may nest.
const DEPTH: usize = 256;

/// A reader of values.
pub struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads from a text.
    pub fn new(text: &'a [u8]) -> Self {
        Reader { text, at: 0 }
    }

    /// The next value; `None` at the end. Errors: a reason with its line and column, as jq words it.
    pub fn next_value(&mut self) -> Option<Result<Json, String>> {
        self.blanks();
        if self.at >= self.text.len() {
            return None;
        }
        let value = self.value(0);
        if value.is_err() {
            let reason = value.map_or_else(|reason| reason, |_| "");
            let before = &self.text[..self.at.min(self.text.len())];
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            let column = before.iter().rev().take_while(|b| **b != b'\n').count();
            self.at = self.text.len();
            return Some(Err(format!("{reason} at line {line}, column {column}")));
        }
        Some(value.map_err(str::to_owned))
    }

    /// The line on which the last value ended, counted from 1; 0 when nothing ends it.
    pub fn line(&self) -> usize {
        let end = self.text[self.at.min(self.text.len())..].iter().position(|b| *b == b'\n');
        let seen = end.map_or(self.text.len(), |end| self.at + end + 1);
        self.text[..seen].iter().filter(|b| **b == b'\n').count()
    }

    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0x1e)) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, &'static str> {
        if depth > DEPTH {
            return Err("Exceeds depth limit for parsing");
        }
        self.blanks();
        match self.text.get(self.at) {
            None => Err("Unfinished JSON term"),
            Some(b'"') => self.string().map(|text| Json::text(&text)),
            Some(b'[') => self.array(depth),
            Some(b'{') => self.object(depth),
            Some(_) => self.word(),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Json, &'static str> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blanks();
            match self.text.get(self.at) {
                Some(b']') if items.is_empty() => break,
                None => return Err("Unfinished JSON term"),
                _ => items.push(self.value(depth + 1)?),
            }
            self.blanks();
            match self.text.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                None => return Err("Unfinished JSON term"),
                Some(_) => return Err("Expected separator between values"),
            }
        }
        self.at += 1;
        Ok(Json::array(items))
    }

    fn object(&mut self, depth: usize) -> Result<Json, &'static str> {
        self.at += 1;
        let mut object = Object::default();
        let mut first = true;
        loop {
            self.blanks();
            match self.text.get(self.at) {
                Some(b'}') if first => break,
                Some(b'"') => {}
                None => return Err("Unfinished JSON term"),
                Some(_) => return Err("Object keys must be strings"),
            }
            first = false;
            let name = self.string()?;
            self.blanks();
            if self.text.get(self.at) != Some(&b':') {
                return Err("Objects must consist of key:value pairs");
            }
            self.at += 1;
            object.set(&name, self.value(depth + 1)?);
            self.blanks();
            match self.text.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                None => return Err("Unfinished JSON term"),
                Some(_) => return Err("Expected separator between values"),
            }
        }
        self.at += 1;
        Ok(Json::Object(object.into()))
    }

    fn string(&mut self) -> Result<String, &'static str> {
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            let byte = *self.text.get(self.at).ok_or("Unfinished string")?;
            self.at += 1;
            match byte {
                b'"' => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
                b'\\' => {
                    let c = self.escape()?;
                    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                byte => bytes.push(byte),
            }
        }
    }

    fn escape(&mut self) -> Result<char, &'static str> {
        let byte = *self.text.get(self.at).ok_or("Unfinished string")?;
        self.at += 1;
        Ok(match byte {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'"' | b'\\' | b'/' => byte as char,
            b'u' => {
                let high = self.hex()?;
                let pair = (0xd800..0xdc00).contains(&high) && self.text.get(self.at..self.at + 2) == Some(b"\\u");
                if pair {
                    self.at += 2;
                    let low = self.hex()?;
                    let code = 0x10000 + ((high - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff);
                    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
                } else {
                    char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER)
                }
            }
            _ => return Err("Invalid escape"),
        })
    }

    fn hex(&mut self) -> Result<u32, &'static str> {
        let digits = self.text.get(self.at..self.at + 4).ok_or("Invalid escape")?;
        self.at += 4;
        let text = std::str::from_utf8(digits).map_err(|_| "Invalid escape")?;
        u32::from_str_radix(text, 16).map_err(|_| "Invalid escape")
    }

    fn word(&mut self) -> Result<Json, &'static str> {
        let rest = &self.text[self.at..];
        let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"+-._".contains(b)).count();
        self.at += length.max(1);
        let word = std::str::from_utf8(&rest[..length]).unwrap_or_default();
        match word {
            "null" => Ok(Json::Null),
            "true" => Ok(Json::Bool(true)),
            "false" => Ok(Json::Bool(false)),
            "nan" | "NaN" => Ok(Json::Number(f64::NAN)),
            _ if word.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') => {
                word.parse().map(Json::Number).map_err(|_| "Invalid numeric literal")
            }
            "" => Err("Expected JSON value"),
            _ => Err("Invalid numeric literal"),
        }
    }
}
