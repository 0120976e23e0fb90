//! One conversion of a printf format, applied to a value: printf(3). Shared by printf, awk and stat.

/// Flags, width and precision between `%` and the letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// `-`: to the left.
    pub left: bool,
    /// `+`: always a sign.
    pub plus: bool,
    /// A space where a plus would be.
    pub space: bool,
    /// `#`: the other form.
    pub alternate: bool,
    /// `0`: filled with zeros.
    pub zero: bool,
    /// The least width.
    pub width: usize,
    /// Digits, or the most characters.
    pub precision: Option<usize>,
}

/// Wider fields are not made.
const MAX_WIDTH: usize = 65_536;
/// More digits after the point than any double has.
const MAX_DIGITS: usize = 1_100;

impl Conversion {
    /// Takes note of a flag letter; false when it is none.
    pub fn flag(&mut self, letter: char) -> bool {
        match letter {
            '-' => self.left = true,
            '+' => self.plus = true,
            ' ' => self.space = true,
            '#' => self.alternate = true,
            '0' => self.zero = true,
            '\'' | 'I' => {}
            _ => return false,
        }
        true
    }

    /// Sets the width from an argument: a negative one is to the left.
    pub fn set_width(&mut self, width: i64) {
        self.left |= width < 0;
        self.width = usize::try_from(width.unsigned_abs()).unwrap_or(MAX_WIDTH).min(MAX_WIDTH);
    }

    /// Sets the precision from an argument: a negative one is none.
    pub fn set_precision(&mut self, precision: i64) {
        self.precision = usize::try_from(precision).ok().map(|p| p.min(MAX_WIDTH));
    }

    fn pad(&self, bytes: &[u8], shown: usize) -> Vec<u8> {
        let fill = vec![b' '; self.width.min(MAX_WIDTH).saturating_sub(shown)];
        if self.left { [bytes, &fill].concat() } else { [&fill, bytes].concat() }
    }

    /// `%s`, counting bytes as C does.
    pub fn string(&self, bytes: &[u8]) -> Vec<u8> {
        let end = self.precision.map_or(bytes.len(), |p| p.min(bytes.len()));
        self.pad(&bytes[..end], end)
    }

    /// Sign and digits, filled with zeros if asked for.
    fn number(&self, sign: &str, digits: &str, zeros: bool) -> Vec<u8> {
        let mut text = format!("{sign}{digits}");
        let shown = text.chars().count();
        if zeros && self.zero && !self.left && shown < self.width {
            let fill = "0".repeat(self.width.min(MAX_WIDTH) - shown);
            text = format!("{sign}{fill}{digits}");
        }
        let shown = text.chars().count();
        self.pad(text.as_bytes(), shown)
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    fn digits(&self, digits: String) -> String {
        match self.precision {
            Some(0) if digits == "0" => String::new(),
            Some(p) if digits.len() < p => "0".repeat(p.min(MAX_WIDTH) - digits.len()) + &digits,
            _ => digits,
        }
    }

    /// `%d` and `%i`.
    pub fn signed(&self, value: i64) -> Vec<u8> {
        let digits = self.digits(value.unsigned_abs().to_string());
        self.number(self.sign(value < 0), &digits, self.precision.is_none())
    }

    /// `%u %o %x %X`.
    pub fn unsigned(&self, value: u64, letter: char) -> Vec<u8> {
        let (digits, prefix) = match letter {
            'o' => (format!("{value:o}"), ""),
            'x' => (format!("{value:x}"), "0x"),
            'X' => (format!("{value:X}"), "0X"),
            _ => (value.to_string(), ""),
        };
        let mut digits = self.digits(digits);
        if self.alternate && letter == 'o' && !digits.starts_with('0') {
            digits.insert(0, '0');
        }
        let prefix = if self.alternate && value != 0 { prefix } else { "" };
        self.number(prefix, &digits, self.precision.is_none())
    }

    /// `%e %f %g` and their capitals.
    pub fn float(&self, value: f64, letter: char) -> Vec<u8> {
        let sign = self.sign(value.is_sign_negative());
        let upper = letter.is_ascii_uppercase();
        if !value.is_finite() {
            let name = if value.is_nan() { "nan" } else { "inf" };
            let name = if upper { name.to_ascii_uppercase() } else { name.to_owned() };
            return self.number(sign, &name, false);
        }
        let value = value.abs();
        let precision = self.precision.unwrap_or(6).min(MAX_DIGITS);
        let mut digits = match letter.to_ascii_lowercase() {
            'e' => exponent(value, precision),
            'g' => general(value, precision, self.alternate),
            _ => format!("{value:.precision$}"),
        };
        if upper {
            digits = digits.to_ascii_uppercase();
        }
        if self.alternate && precision == 0 && !digits.contains('.') {
            digits.push('.');
        }
        self.number(sign, &digits, true)
    }
}

/// `d.ddde+XX` as C writes it.
fn exponent(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

fn general(value: f64, precision: usize, keep_zeros: bool) -> String {
    let precision = precision.max(1);
    let scientific = exponent(value, precision - 1);
    let power: i32 = scientific.rsplit('e').next().and_then(|e| e.parse().ok()).unwrap_or(0);
    let limit = i32::try_from(precision).unwrap_or(i32::MAX);
    if power < -4 || power >= limit {
        let (mantissa, tail) = scientific.split_once('e').unwrap_or((&scientific, "+00"));
        let mantissa = if keep_zeros { mantissa } else { trim_zeros(mantissa) };
        return format!("{mantissa}e{tail}");
    }
    let after = usize::try_from(limit - 1 - power).unwrap_or(0).min(MAX_DIGITS);
    let text = format!("{value:.after$}");
    if keep_zeros { text } else { trim_zeros(&text).to_owned() }
}

fn trim_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(spec: &str, value: f64) -> String {
        let mut conversion = Conversion::default();
        let letter = spec.chars().last().unwrap();
        let body = &spec[..spec.len() - 1];
        let (flags, precision) = body.split_once('.').unwrap_or((body, ""));
        let digits = flags.trim_start_matches(|c| conversion.flag(c));
        conversion.width = digits.parse().unwrap_or(0);
        conversion.precision = precision.parse().ok();
        String::from_utf8(conversion.float(value, letter)).unwrap()
    }

    #[test]
    fn doubles_look_as_in_c() {
        for (spec, value, text) in [
            ("f", 1.5, "1.500000"),
            ("e", 1234.5, "1.234500e+03"),
            ("g", 0.00001, "1e-05"),
            ("g", 100000.0, "100000"),
            ("g", 1000000.0, "1e+06"),
            (".3g", 39.66666, "39.7"),
            ("08.2f", -3.125, "-0003.12"),
            ("-8.1f", 2.25, "2.2     "),
            ("G", 1e20, "1E+20"),
            ("f", f64::INFINITY, "inf"),
        ] {
            assert_eq!(show(spec, value), text, "%{spec} of {value}");
        }
    }
}
