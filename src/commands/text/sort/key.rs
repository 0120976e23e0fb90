//! Keys of sort: which part of a line counts, and how it is compared: sort(1) `-k`.

use std::cmp::Ordering;

use super::compare;

/// How two keys compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum Kind {
    #[default]
    Bytes,
    Numeric,
    General,
    Human,
    Month,
    Version,
}

/// The ordering options of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    pub kind: Kind,
    pub reverse: bool,
    pub fold: bool,
    pub dictionary: bool,
    pub printable: bool,
    pub blanks: bool,
}

impl Order {
    /// Takes note of an option letter; false when it is none.
    pub fn set(&mut self, letter: char) -> bool {
        match letter {
            'n' => self.kind = Kind::Numeric,
            'g' => self.kind = Kind::General,
            'h' => self.kind = Kind::Human,
            'M' => self.kind = Kind::Month,
            'V' => self.kind = Kind::Version,
            'r' => self.reverse = true,
            'f' => self.fold = true,
            'd' => self.dictionary = true,
            'i' => self.printable = true,
            'b' => self.blanks = true,
            _ => return false,
        }
        true
    }

    /// Whether nothing but the direction was asked for.
    pub fn is_plain(&self) -> bool {
        *self == Order { reverse: self.reverse, ..Order::default() }
    }

    pub fn compare(&self, a: &[u8], b: &[u8]) -> Ordering {
        let (a, b) = if self.blanks { (skip_blanks(a), skip_blanks(b)) } else { (a, b) };
        let order = match self.kind {
            Kind::Bytes if !(self.fold || self.dictionary || self.printable) => a.cmp(b),
            Kind::Bytes => self.reduced(a).cmp(&self.reduced(b)),
            Kind::Numeric => compare::numeric(a, b),
            Kind::General => compare::general(a, b),
            Kind::Human => compare::human(a, b),
            Kind::Month => compare::month(a).cmp(&compare::month(b)),
            Kind::Version => super::version_compare(a, b),
        };
        if self.reverse { order.reverse() } else { order }
    }

    /// What of a key counts after -d, -f and -i.
    fn reduced(&self, key: &[u8]) -> Vec<u8> {
        let counts = |b: &&u8| {
            let dictionary = b.is_ascii_alphanumeric() || **b == b' ' || **b == b'\t';
            (!self.dictionary || dictionary) && (!self.printable || b.is_ascii_graphic() || **b == b' ')
        };
        key.iter().filter(counts).map(|b| if self.fold { b.to_ascii_uppercase() } else { *b }).collect()
    }
}

fn skip_blanks(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|b| *b != b' ' && *b != b'\t').unwrap_or(text.len());
    &text[start..]
}

/// A place in a line: fields to skip, characters to skip or take, blanks before them skipped.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    field: usize,
    char: usize,
    blanks: bool,
}

/// `-k START[,END]`.
#[derive(Clone, Debug)]
pub(super) struct Key {
    start: Place,
    end: Option<Place>,
    pub order: Order,
    own: bool,
}

impl Key {
    /// Parses what follows `-k`. Errors: sort's message.
    pub fn parse(text: &str) -> Result<Key, String> {
        let mut key = Key { start: Place::default(), end: None, order: Order::default(), own: false };
        let (start, end) = match text.split_once(',') {
            Some((start, end)) => (start, Some(end)),
            None => (text, None),
        };
        key.start = key.place(start, text, "field start")?;
        key.start.field -= 1;
        key.start.char = key.start.char.saturating_sub(1);
        if let Some(end) = end {
            key.end = Some(key.place(end, text, "after ','")?);
        }
        Ok(key)
    }

    fn place(&mut self, part: &str, whole: &str, at: &str) -> Result<Place, String> {
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let end = digits(part);
        let wrong = |text: &str| Err(format!("invalid number at {at}: invalid count at start of ‘{text}’"));
        if end == 0 {
            return wrong(part);
        }
        let mut place = Place { field: part[..end].parse().unwrap_or(usize::MAX / 2), ..Place::default() };
        if place.field == 0 {
            return Err(format!("field number is zero: invalid field specification ‘{whole}’"));
        }
        let mut rest = &part[end..];
        if let Some(after) = rest.strip_prefix('.') {
            let end = digits(after);
            if end == 0 {
                return Err(format!("invalid number after '.': invalid count at start of ‘{after}’"));
            }
            place.char = after[..end].parse().unwrap_or(usize::MAX / 2);
            if place.char == 0 && at == "field start" {
                return Err(format!("character offset is zero: invalid field specification ‘{whole}’"));
            }
            rest = &after[end..];
        }
        for letter in rest.chars() {
            if !self.order.set(letter) {
                return Err(format!("stray character in field spec: invalid field specification ‘{whole}’"));
            }
            self.own = true;
            place.blanks |= letter == 'b';
        }
        // Blanks are skipped when the place is looked for, not when keys are compared.
        self.order.blanks = false;
        Ok(place)
    }

    /// A key without options of its own has the command's.
    pub fn inherit(&mut self, order: &Order) {
        if self.own {
            return;
        }
        self.order = Order { blanks: false, ..*order };
        self.start.blanks = order.blanks;
        if let Some(end) = &mut self.end {
            end.blanks = order.blanks;
        }
    }

    /// The part of a line that is this key.
    pub fn of<'a>(&self, line: &'a [u8], separator: Option<u8>) -> &'a [u8] {
        let mut from = skip_fields(line, self.start.field, separator, true);
        if self.start.blanks {
            from += line[from..].len() - skip_blanks(&line[from..]).len();
        }
        let from = from.saturating_add(self.start.char).min(line.len());
        let to = match self.end {
            None => line.len(),
            Some(Place { field, char: 0, .. }) => skip_fields(line, field, separator, false),
            Some(end) => {
                let mut at = skip_fields(line, end.field - 1, separator, true);
                if end.blanks {
                    at += line[at..].len() - skip_blanks(&line[at..]).len();
                }
                at.saturating_add(end.char).min(line.len())
            }
        };
        &line[from..to.max(from)]
    }
}

/// Where a line goes on after `count` fields; with `past` also after the separator that ends the last.
fn skip_fields(line: &[u8], count: usize, separator: Option<u8>, past: bool) -> usize {
    let mut at = 0;
    for done in 1..=count {
        if at >= line.len() {
            break;
        }
        match separator {
            Some(tab) => {
                at += line[at..].iter().position(|b| *b == tab).unwrap_or(line.len() - at);
                if at < line.len() && (past || done < count) {
                    at += 1;
                }
            }
            None => {
                at = line.len() - skip_blanks(&line[at..]).len();
                at += line[at..].iter().position(|b| *b == b' ' || *b == b'\t').unwrap_or(line.len() - at);
            }
        }
    }
    at.min(line.len())
}
