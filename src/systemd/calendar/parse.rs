//! Reading calendar events: systemd.time(7).

use super::{CalendarSpec, Chain, Component, USEC, Zone};
use crate::systemd::timestamp::zone_by_name;
use crate::world::Errno;

/// How many elements a list may have.
const COMPONENTS_MAX: usize = 240;

/// Days by name, longest first.
pub const WEEKDAYS: [(&str, u8); 14] = [
    ("Monday", 0),
    ("Mon", 0),
    ("Tuesday", 1),
    ("Tue", 1),
    ("Wednesday", 2),
    ("Wed", 2),
    ("Thursday", 3),
    ("Thu", 3),
    ("Friday", 4),
    ("Fri", 4),
    ("Saturday", 5),
    ("Sat", 5),
    ("Sunday", 6),
    ("Sun", 6),
];

/// The words that stand for a whole event.
const SHORTHANDS: &[(&str, &str)] = &[
    ("minutely", "*-*-* *:*:00"),
    ("hourly", "*-*-* *:00:00"),
    ("daily", "*-*-* 00:00:00"),
    ("monthly", "*-*-01 00:00:00"),
    ("annually", "*-01-01 00:00:00"),
    ("yearly", "*-01-01 00:00:00"),
    ("anually", "*-01-01 00:00:00"),
    ("weekly", "Mon *-*-* 00:00:00"),
    ("quarterly", "*-01,04,07,10-01 00:00:00"),
    ("biannually", "*-01,07-01 00:00:00"),
    ("bi-annually", "*-01,07-01 00:00:00"),
    ("semiannually", "*-01,07-01 00:00:00"),
    ("semi-annually", "*-01,07-01 00:00:00"),
];

/// `text` without `prefix`, whatever the case.
pub fn strip_prefix_no_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// `text` without `suffix`, whatever the case.
pub fn strip_suffix_no_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    let tail = text.get(at..)?;
    tail.eq_ignore_ascii_case(suffix).then(|| &text[..at])
}

impl CalendarSpec {
    /// Reads an event and puts it in normal form; `EINVAL` or `ERANGE` if it is none.
    pub fn parse(text: &str) -> Result<Self, Errno> {
        let (mut text, zone) = split_zone(text);
        if text.is_empty() {
            return Err(Errno::EINVAL);
        }
        if let Some((_, long)) = SHORTHANDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)) {
            text = long;
        }
        let mut spec = CalendarSpec {
            weekdays: None,
            end_of_month: false,
            zone,
            year: Chain::new(),
            month: Chain::new(),
            day: Chain::new(),
            hour: Chain::new(),
            minute: Chain::new(),
            microsecond: Chain::new(),
        };
        let mut cursor = Cursor { rest: text };
        cursor.weekdays(&mut spec)?;
        if !cursor.date(&mut spec)? {
            cursor.time(&mut spec)?;
        }
        if !cursor.rest.is_empty() {
            return Err(Errno::EINVAL);
        }
        spec.normalize();
        if spec.is_valid() { Ok(spec) } else { Err(Errno::EINVAL) }
    }

    fn normalize(&mut self) {
        self.weekdays = self.weekdays.filter(|bits| (1..0x7F).contains(bits));
        self.end_of_month &= !self.day.is_empty();
        for part in &mut self.year {
            for value in [&mut part.start, &mut part.stop] {
                match *value {
                    0..70 => *value += 2000,
                    70..100 => *value += 1900,
                    _ => {}
                }
            }
        }
        let chains =
            [&mut self.year, &mut self.month, &mut self.day, &mut self.hour, &mut self.minute, &mut self.microsecond];
        chains.into_iter().for_each(normalize_chain);
    }

    fn is_valid(&self) -> bool {
        chain_valid(&self.year, 1970, 2199, false)
            && chain_valid(&self.month, 1, 12, false)
            && chain_valid(&self.day, 1, 31, self.end_of_month)
            && chain_valid(&self.hour, 0, 23, false)
            && chain_valid(&self.minute, 0, 59, false)
            && chain_valid(&self.microsecond, 0, 60 * USEC - 1, false)
    }
}

/// The zone named at the end, and what stands before it.
fn split_zone(text: &str) -> (&str, Zone) {
    if let Some(rest) = strip_suffix_no_case(text, " UTC") {
        return (rest, Zone::Utc);
    }
    match text.rsplit_once(' ') {
        Some((rest, name)) if zone_by_name(name).is_some() => (rest, Zone::Named(name.to_owned())),
        _ => (text, Zone::Local),
    }
}

/// Cuts ranges to whole repetitions, sorts, and drops what stands twice.
fn normalize_chain(chain: &mut Chain) {
    for part in chain.iter_mut() {
        if part.stop > part.start && part.repeat > 0 {
            part.stop -= (part.stop - part.start) % part.repeat;
        }
        let never_repeats = part.stop > part.start && part.repeat > 0 && part.start + part.repeat > part.stop;
        if never_repeats || part.start == part.stop {
            part.repeat = 0;
            part.stop = -1;
        }
    }
    chain.sort_unstable();
    chain.dedup();
}

/// Whether each part lies between `from` and `to`. Counted from the end of the month the limit falls by three with each
/// part, as systemd's own check has it.
fn chain_valid(chain: &[Component], from: i64, to: i64, end_of_month: bool) -> bool {
    let mut to = to;
    chain.iter().all(|part| {
        to -= if end_of_month { 3 } else { 0 };
        let repeats = if part.stop >= 0 {
            (from..=to).contains(&part.stop) && part.start + part.repeat <= part.stop
        } else if end_of_month {
            part.start - part.repeat >= from
        } else {
            part.start + part.repeat <= to
        };
        (from..=to).contains(&part.start) && part.repeat <= to - from && repeats
    })
}

struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.rest.bytes().next()
    }

    fn advance(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or("");
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    /// `Mon..Fri,Sun`, if the text begins with a day.
    fn weekdays(&mut self, spec: &mut CalendarSpec) -> Result<(), Errno> {
        let mut from: Option<u8> = None;
        let mut first = true;
        loop {
            let found = WEEKDAYS.iter().find(|(name, _)| strip_prefix_no_case(self.rest, name).is_some());
            let Some((name, day)) = found else {
                return if first { Ok(()) } else { Err(Errno::EINVAL) };
            };
            if !matches!(self.rest.as_bytes().get(name.len()), None | Some(b'-' | b'.' | b',' | b' ')) {
                return Err(Errno::EINVAL);
            }
            let start = from.unwrap_or(*day);
            if start > *day {
                return Err(Errno::EINVAL);
            }
            let bits = (start..=*day).fold(0u8, |bits, d| bits | (1 << d));
            spec.weekdays = Some(spec.weekdays.unwrap_or(0) | bits);
            self.advance(name.len());
            match self.peek() {
                None => return Ok(()),
                Some(b' ') => {
                    self.skip_blanks();
                    return Ok(());
                }
                Some(b',') => {
                    from = None;
                    self.advance(1);
                }
                Some(c) => {
                    let length = if c == b'-' { 1 } else { 2 };
                    if from.is_some() || (c == b'.' && !self.rest.starts_with("..")) {
                        return Err(Errno::EINVAL);
                    }
                    from = Some(*day);
                    self.advance(length);
                }
            }
            if matches!(self.peek(), None | Some(b' ')) {
                self.skip_blanks();
                return if from.is_none() { Ok(()) } else { Err(Errno::EINVAL) };
            }
            first = false;
        }
    }

    /// A date, if there is one; true when the time is already known too.
    fn date(&mut self, spec: &mut CalendarSpec) -> Result<bool, Errno> {
        if self.rest.is_empty() {
            return Ok(false);
        }
        if let Some(seconds) = self.rest.strip_prefix('@') {
            self.rest = seconds;
            let seconds = self.number()?;
            spec.set_instant(seconds)?;
            return Ok(true);
        }
        let saved = self.rest;
        let first = self.chain(false)?;
        if matches!(self.peek(), None | Some(b':')) {
            self.rest = saved;
            return Ok(false);
        }
        let mut end_of_month = self.date_separator()?;
        let second = self.chain(false)?;
        if matches!(self.peek(), None | Some(b' ')) {
            self.skip_blanks();
            (spec.month, spec.day, spec.end_of_month) = (first, second, end_of_month);
            return Ok(false);
        }
        if end_of_month {
            return Err(Errno::EINVAL);
        }
        end_of_month = self.date_separator()?;
        let third = self.chain(false)?;
        if !matches!(self.peek(), None | Some(b' ')) {
            return Err(Errno::EINVAL);
        }
        self.skip_blanks();
        (spec.year, spec.month, spec.day, spec.end_of_month) = (first, second, third, end_of_month);
        Ok(false)
    }

    /// `-`, or `~` for days from the end of the month.
    fn date_separator(&mut self) -> Result<bool, Errno> {
        let tilde = match self.peek() {
            Some(b'~') => true,
            Some(b'-') => false,
            _ => return Err(Errno::EINVAL),
        };
        self.advance(1);
        Ok(tilde)
    }

    fn time(&mut self, spec: &mut CalendarSpec) -> Result<(), Errno> {
        let zero = || vec![Component { start: 0, stop: -1, repeat: 0 }];
        if self.rest.is_empty() {
            (spec.hour, spec.minute, spec.microsecond) = (zero(), zero(), zero());
            return Ok(());
        }
        spec.hour = self.chain(false)?;
        self.colon()?;
        spec.minute = self.chain(false)?;
        if self.rest.is_empty() {
            spec.microsecond = zero();
            return Ok(());
        }
        self.colon()?;
        spec.microsecond = self.chain(true)?;
        Ok(())
    }

    fn colon(&mut self) -> Result<(), Errno> {
        self.rest = self.rest.strip_prefix(':').ok_or(Errno::EINVAL)?;
        Ok(())
    }

    /// A list of components, or `*`.
    fn chain(&mut self, usec: bool) -> Result<Chain, Errno> {
        if let Some(rest) = self.rest.strip_prefix('*') {
            self.rest = rest;
            let every = Component { start: 0, stop: -1, repeat: USEC };
            return Ok(if usec { vec![every] } else { Chain::new() });
        }
        let mut chain = Chain::new();
        loop {
            if chain.len() > COMPONENTS_MAX {
                return Err(Errno::ENOBUFS);
            }
            chain.push(self.component(usec)?);
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => return Ok(chain),
            }
        }
    }

    fn component(&mut self, usec: bool) -> Result<Component, Errno> {
        let mut part = Component { start: self.decimal(usec)?, stop: -1, repeat: 0 };
        if let Some(rest) = self.rest.strip_prefix("..") {
            self.rest = rest;
            part.stop = self.decimal(usec)?;
            part.repeat = if usec { USEC } else { 1 };
        }
        if let Some(rest) = self.rest.strip_prefix('/') {
            self.rest = rest;
            part.repeat = self.decimal(usec)?;
            if part.repeat == 0 {
                return Err(Errno::ERANGE);
            }
        } else if usec && part.stop >= 0 && part.start + part.repeat > part.stop {
            return Err(Errno::EINVAL);
        }
        match self.peek() {
            None | Some(b' ' | b',' | b'-' | b'~' | b':') => Ok(part),
            _ => Err(Errno::EINVAL),
        }
    }

    /// Digits only.
    fn number(&mut self) -> Result<i64, Errno> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return Err(Errno::EINVAL);
        }
        let value = self.rest[..digits].parse().map_err(|_| Errno::ERANGE)?;
        self.advance(digits);
        Ok(value)
    }

    /// A number; with `usec` seconds, perhaps with decimals, in microseconds.
    fn decimal(&mut self, usec: bool) -> Result<i64, Errno> {
        let mut value = self.number()?;
        if usec {
            value = value.checked_mul(USEC).ok_or(Errno::ERANGE)?;
            if self.rest.starts_with('.') && !self.rest.starts_with("..") {
                self.advance(1);
                let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
                let mut place = USEC / 10;
                for digit in self.rest[..digits].bytes().take(6) {
                    value += i64::from(digit - b'0') * place;
                    place /= 10;
                }
                if digits == 0 {
                    return Err(Errno::EINVAL);
                }
                if self.rest.as_bytes()[..digits].get(6).is_some_and(|d| *d >= b'5') {
                    value += 1;
                }
                self.advance(digits);
            }
        }
        if value > i64::from(i32::MAX) { Err(Errno::ERANGE) } else { Ok(value) }
    }
}
