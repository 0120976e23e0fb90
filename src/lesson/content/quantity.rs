//! Numbers with units, as courses write them and as people type them in either language: `5s`, `1 h 30`, `2,5 Go`, `99,9 %`.

use crate::lesson::quiz::normal::normal;

/// What a number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Seconds.
    Time,
    /// Bytes.
    Size,
    /// Parts of a hundred.
    Share,
    /// Anything that is counted.
    Count,
}

/// A number in the base unit of what it measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// What it measures.
    pub measure: Measure,
    /// How much, in seconds, bytes, hundredths or pieces.
    pub value: f64,
    /// The unit in which it was written, in base units: 60 for minutes.
    pub unit: f64,
}

/// How far an estimate may be off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// By this part of the answer: 0.1 is a tenth.
    Relative(f64),
    /// By this much, in base units.
    Absolute(f64),
}

impl Default for Tolerance {
    /// A tenth.
    fn default() -> Tolerance {
        Tolerance::Relative(0.1)
    }
}

impl Tolerance {
    /// Reads `20%`, `1s`, `2` or `0`. `None` for anything else.
    pub fn parse(text: &str) -> Option<Tolerance> {
        let quantity = Quantity::parse(text).filter(|q| q.value >= 0.0)?;
        Some(match quantity.measure {
            Measure::Share => Tolerance::Relative(quantity.value / 100.0),
            _ => Tolerance::Absolute(quantity.value),
        })
    }

    /// Whether `value` is near enough to `answer`.
    pub fn takes(self, value: f64, answer: f64) -> bool {
        let room = match self {
            Tolerance::Relative(part) => answer.abs() * part,
            Tolerance::Absolute(room) => room,
        };
        (value - answer).abs() <= room + answer.abs() * 1e-9
    }
}

const DAY: f64 = 86_400.0;

/// The units that are known, in both languages, without accents, with what each is worth in base units.
const UNITS: &[(&[&str], Measure, f64)] = &[
    (&["us", "µs", "microsecond", "microseconds", "microseconde", "microsecondes"], Measure::Time, 1e-6),
    (&["ms", "millisecond", "milliseconds", "milliseconde", "millisecondes"], Measure::Time, 1e-3),
    (&["s", "sec", "secs", "second", "seconds", "seconde", "secondes"], Measure::Time, 1.0),
    (&["m", "min", "mins", "minute", "minutes", "mn"], Measure::Time, 60.0),
    (&["h", "hr", "hour", "hours", "heure", "heures"], Measure::Time, 3600.0),
    (&["d", "day", "days", "j", "jour", "jours"], Measure::Time, DAY),
    (&["w", "week", "weeks", "semaine", "semaines", "sem"], Measure::Time, 7.0 * DAY),
    (&["month", "months", "mois"], Measure::Time, 30.44 * DAY),
    (&["y", "year", "years", "an", "ans", "annee", "annees"], Measure::Time, 365.25 * DAY),
    (&["b", "byte", "bytes", "o", "octet", "octets"], Measure::Size, 1.0),
    (&["k", "kb", "kib", "ko", "kio"], Measure::Size, 1024.0),
    (&["mb", "mib", "mo", "mio"], Measure::Size, 1_048_576.0),
    (&["g", "gb", "gib", "go", "gio"], Measure::Size, 1_073_741_824.0),
    (&["%", "percent", "pour cent", "pourcent", "per cent"], Measure::Share, 1.0),
];

impl Quantity {
    /// A bare count.
    pub fn count(value: f64) -> Quantity {
        Quantity { measure: Measure::Count, value, unit: 1.0 }
    }

    /// Reads a number with its unit, as courses write it: `5s`, `1h 30min`, `24M`, `99.9%`, `12`.
    pub fn parse(text: &str) -> Option<Quantity> {
        read(text, None).into_iter().next()
    }

    /// Every way to read what was typed for a quantity like this one: a bare number has its unit, `1,500` may be one and
    /// a half or fifteen hundred. Words that are no unit are left out.
    pub fn typed(&self, text: &str) -> Vec<f64> {
        let like = |q: &Quantity| q.measure == self.measure || q.measure == Measure::Count;
        let found = read(text, Some(self.measure)).into_iter().filter(like);
        found.map(|q| if q.measure == self.measure { q.value } else { q.value * self.unit }).collect()
    }
}

/// Reads numbers each followed by its unit. With `want`, a word that is no unit of that measure is passed over.
fn read(text: &str, want: Option<Measure>) -> Vec<Quantity> {
    let plain = normal(text).trim_start_matches(['~', '≈']).to_owned();
    let mut sums: Vec<Quantity> = Vec::new();
    let mut rest = plain.as_str();
    let mut last_unit = None;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let negative = sums.is_empty() && rest[..start].trim_end().ends_with('-');
        rest = &rest[start..];
        let end =
            rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\''))).unwrap_or(rest.len());
        let readings = numbers(rest[..end].trim_end_matches([' ', '.', ',', '\'']));
        rest = &rest[end..];
        let after = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let word = rest[..after].trim();
        let unit = unit_of(word, want).or_else(|| below(last_unit, word));
        if unit.is_none() && want.is_none() && !word.is_empty() {
            return Vec::new();
        }
        let (measure, worth) = unit.unwrap_or((Measure::Count, 1.0));
        last_unit = unit;
        rest = &rest[after..];
        let sign = if negative { -1.0 } else { 1.0 };
        let parts = readings.into_iter().map(|n| Quantity { measure, value: sign * n * worth, unit: worth });
        sums = add(sums, parts.collect());
    }
    sums
}

/// `1 h 30`: a number without unit after hours or minutes counts the unit below.
fn below(last: Option<(Measure, f64)>, word: &str) -> Option<(Measure, f64)> {
    match last {
        Some((Measure::Time, worth)) if word.is_empty() && worth == 3600.0 => Some((Measure::Time, 60.0)),
        Some((Measure::Time, worth)) if word.is_empty() && worth == 60.0 => Some((Measure::Time, 1.0)),
        _ => None,
    }
}

fn add(sums: Vec<Quantity>, parts: Vec<Quantity>) -> Vec<Quantity> {
    if sums.is_empty() {
        return parts;
    }
    let both =
        |a: &Quantity, b: &Quantity| (a.measure == b.measure).then_some(Quantity { value: a.value + b.value, ..*b });
    sums.iter().flat_map(|a| parts.iter().filter_map(move |b| both(a, b))).collect()
}

fn unit_of(word: &str, want: Option<Measure>) -> Option<(Measure, f64)> {
    let first = word.split([' ', '/']).next().unwrap_or_default().trim_end_matches(['.', ',']);
    // `m` alone is a minute, or a megabyte where a size is meant.
    if first == "m" && want == Some(Measure::Size) {
        return Some((Measure::Size, 1_048_576.0));
    }
    let fits = |measure: Measure| want.is_none_or(|want| want == measure);
    let found =
        UNITS.iter().find(|(names, measure, _)| fits(*measure) && (names.contains(&first) || names.contains(&word)));
    found.map(|(_, measure, worth)| (*measure, *worth))
}

/// The numbers that digits with marks may mean: a comma or a point before exactly three digits may group thousands.
fn numbers(digits: &str) -> Vec<f64> {
    let joined: String = digits.chars().filter(|c| !matches!(c, ' ' | '\'')).collect();
    let marks = joined.matches(['.', ',']).count();
    let mut found = Vec::new();
    if marks <= 1 {
        found.extend(joined.replace(',', ".").parse::<f64>().ok());
    }
    let groups: Vec<&str> = joined.split(['.', ',']).collect();
    let grouped = groups.len() > 1 && groups[1..].iter().all(|g| g.len() == 3) && !joined.starts_with('0');
    if grouped && groups[0].len() <= 3 {
        found.extend(groups.concat().parse::<f64>().ok());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(key: &str, typed: &str) -> bool {
        let key = Quantity::parse(key).expect("a key");
        key.typed(typed).iter().any(|value| Tolerance::Relative(0.001).takes(*value, key.value))
    }

    #[test]
    fn what_people_type_in_either_language_is_read() {
        for (key, typed) in [
            ("5s", "5"),
            ("5s", "5 secondes"),
            ("5s", "about 5 seconds."),
            ("90min", "1 h 30"),
            ("90min", "1h30min"),
            ("90min", "1,5 heure"),
            ("90min", "5400 s"),
            ("36min", "36\u{a0}min"),
            ("24M", "24"),
            ("2G", "2\u{202f}Go"),
            ("2G", "2048 Mo"),
            ("512M", "512M"),
            ("99.9%", "99,9\u{a0}%"),
            ("99.9%", "99.9"),
            ("1500", "1 500"),
            ("1500", "1,500"),
            ("1500", "environ 1\u{202f}500 messages"),
            ("12", "12 redémarrages"),
            ("365d", "8766 heures"),
            ("-1", "−1"),
        ] {
            let off = key == "365d";
            assert!(takes(if off { "8766h" } else { key }, typed), "{key} <- {typed}");
        }
        for (key, typed) in [("5s", "5 min"), ("5s", "many"), ("1.5h", "1500 h"), ("99.9%", "9.99"), ("12", "-12")] {
            assert!(!takes(key, typed), "{key} <- {typed}");
        }
    }

    #[test]
    fn keys_and_tolerances_are_read_strictly() {
        assert_eq!(Quantity::parse("5 parsecs"), None);
        assert_eq!(Quantity::parse("soon"), None);
        assert_eq!(Quantity::parse("1h 30min").map(|q| q.value), Some(5400.0));
        assert_eq!(Tolerance::parse("20%"), Some(Tolerance::Relative(0.2)));
        assert_eq!(Tolerance::parse("1s"), Some(Tolerance::Absolute(1.0)));
        assert_eq!(Tolerance::parse("-1"), None);
        assert!(Tolerance::Absolute(0.0).takes(3.0, 3.0));
        assert!(!Tolerance::Relative(0.1).takes(111.0, 100.0));
    }
}
