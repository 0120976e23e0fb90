//! Calendar events such as `Mon..Fri *-*-* 09:00`: systemd.time(7) "Calendar Events".

mod next;
mod parse;

pub(super) use parse::{WEEKDAYS, strip_prefix_no_case, strip_suffix_no_case};

use std::fmt;

/// Microseconds a second, the unit of the seconds part.
const USEC: i64 = 1_000_000;

/// One element of a list: a value, a range or a repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Component {
    start: i64,
    /// -1: none.
    stop: i64,
    /// 0: none.
    repeat: i64,
}

/// A list of components; an empty one is `*`.
type Chain = Vec<Component>;

/// A calendar event in normal form. Its `Display` is the form that systemd prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarSpec {
    /// Bit 0 is Monday; `None`: any day.
    weekdays: Option<u8>,
    /// Days are counted from the end of the month (`~`).
    end_of_month: bool,
    zone: Zone,
    year: Chain,
    month: Chain,
    day: Chain,
    hour: Chain,
    minute: Chain,
    /// Microseconds in the minute.
    microsecond: Chain,
}

/// In which time zone an event is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Zone {
    /// The machine's.
    Local,
    Utc,
    /// An IANA name.
    Named(String),
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl fmt::Display for CalendarSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(bits) = self.weekdays {
            write_weekdays(f, bits)?;
            f.write_str(" ")?;
        }
        write_chain(f, 4, &self.year, false)?;
        f.write_str("-")?;
        write_chain(f, 2, &self.month, false)?;
        f.write_str(if self.end_of_month { "~" } else { "-" })?;
        write_chain(f, 2, &self.day, false)?;
        f.write_str(" ")?;
        write_chain(f, 2, &self.hour, false)?;
        f.write_str(":")?;
        write_chain(f, 2, &self.minute, false)?;
        f.write_str(":")?;
        write_chain(f, 2, &self.microsecond, true)?;
        match &self.zone {
            Zone::Local => Ok(()),
            Zone::Utc => f.write_str(" UTC"),
            Zone::Named(name) => write!(f, " {name}"),
        }
    }
}

/// `Mon..Wed,Fri`; runs of two have a comma.
fn write_weekdays(f: &mut fmt::Formatter<'_>, bits: u8) -> fmt::Result {
    let mut day = 0;
    let mut comma = "";
    while day < 7 {
        if bits & (1 << day) == 0 {
            day += 1;
            continue;
        }
        let first = day;
        while day < 7 && bits & (1 << day) != 0 {
            day += 1;
        }
        write!(f, "{comma}{}", DAYS[first])?;
        if day > first + 1 {
            f.write_str(if day > first + 2 { ".." } else { "," })?;
            f.write_str(DAYS[day - 1])?;
        }
        comma = ",";
    }
    Ok(())
}

fn write_chain(f: &mut fmt::Formatter<'_>, width: usize, chain: &[Component], usec: bool) -> fmt::Result {
    let unit = if usec { USEC } else { 1 };
    let every = [Component { start: 0, stop: -1, repeat: USEC }];
    if chain.is_empty() || (usec && chain == every) {
        return f.write_str("*");
    }
    for (index, part) in chain.iter().enumerate() {
        if index > 0 {
            f.write_str(",")?;
        }
        write!(f, "{:0width$}", part.start / unit)?;
        write_fraction(f, part.start % unit)?;
        if part.stop > 0 {
            write!(f, "..{:0width$}", part.stop / unit)?;
            write_fraction(f, part.stop % unit)?;
        }
        if part.repeat > 0 && !(part.stop > 0 && part.repeat == unit) {
            write!(f, "/{}", part.repeat / unit)?;
        }
        write_fraction(f, part.repeat % unit)?;
    }
    Ok(())
}

fn write_fraction(f: &mut fmt::Formatter<'_>, fraction: i64) -> fmt::Result {
    if fraction > 0 { write!(f, ".{fraction:06}") } else { Ok(()) }
}

#[cfg(test)]
mod tests;
