//! When a calendar event happens next: systemd.time(7).

use super::{CalendarSpec, Chain, Component, USEC, Zone};
use crate::systemd::span::Usec;
use crate::systemd::timestamp::{Civil, zone_by_name};
use crate::world::Errno;
use jiff::tz::TimeZone;

/// After so many attempts there is no next time.
const MAX_ITERATIONS: usize = 1000;
/// The last year that is looked at.
const MAX_YEAR: i64 = 2199;

impl CalendarSpec {
    /// The first time after `after` (microseconds since the epoch) at which the event happens; `None`: never again.
    pub fn next_elapse(&self, after: Usec, local: &TimeZone) -> Option<Usec> {
        let zone = match &self.zone {
            Zone::Local => local.clone(),
            Zone::Utc => TimeZone::UTC,
            Zone::Named(name) => zone_by_name(name)?,
        };
        let start = Civil::from_usec(after.checked_add(1)?, &zone)?;
        let search = Search { spec: self, zone: &zone };
        search.run(start)?.to_usec(&zone)
    }

    /// Sets every part to one instant in UTC, seconds since the epoch.
    pub(super) fn set_instant(&mut self, seconds: i64) -> Result<(), Errno> {
        let usec = u64::try_from(seconds).ok().and_then(|s| s.checked_mul(USEC as u64)).ok_or(Errno::ERANGE)?;
        let at = Civil::from_usec(usec, &TimeZone::UTC).ok_or(Errno::ERANGE)?;
        let only = |start: i64| -> Chain { vec![Component { start, stop: -1, repeat: 0 }] };
        self.zone = Zone::Utc;
        (self.year, self.month, self.day) = (only(at.year), only(at.month), only(at.day));
        (self.hour, self.minute, self.microsecond) = (only(at.hour), only(at.minute), only(at.usec));
        Ok(())
    }
}

/// What fitting one part of a time to the event did.
enum Fit {
    /// It fitted as it was.
    Same,
    /// It was moved forward: the smaller parts begin anew.
    Moved,
    /// Nothing later fits: the next larger part must move.
    Never,
}

struct Search<'a> {
    spec: &'a CalendarSpec,
    zone: &'a TimeZone,
}

impl Search<'_> {
    /// The first fitting time from `at` on.
    fn run(&self, mut at: Civil) -> Option<Civil> {
        for _ in 0..MAX_ITERATIONS {
            at = at.normalized(self.zone)?;
            match fit(&self.spec.year, &mut at.year) {
                Fit::Same => {}
                Fit::Moved => at = Civil { year: at.year, month: 1, day: 1, hour: 0, minute: 0, usec: 0 },
                Fit::Never => return None,
            }
            if at.year > MAX_YEAR || !self.settled(&mut at) {
                return None;
            }
            if self.month(&mut at) && self.day(&mut at) && self.hour(&mut at) && self.minute(&mut at) {
                return Some(at);
            }
        }
        None
    }

    /// Whether the time is one that the clock shows; otherwise it is replaced by the one that the clock shows instead.
    fn settled(&self, at: &mut Civil) -> bool {
        let Some(normal) = at.normalized(self.zone) else { return false };
        let same = normal == *at;
        *at = normal;
        same
    }

    /// These four fit one part each and say whether to go on with the next smaller one.
    fn month(&self, at: &mut Civil) -> bool {
        let fitted = fit(&self.spec.month, &mut at.month);
        if matches!(fitted, Fit::Moved) {
            *at = Civil { day: 1, hour: 0, minute: 0, usec: 0, ..*at };
        }
        if matches!(fitted, Fit::Never) || at.normalized(self.zone) != Some(*at) {
            *at = Civil { year: at.year + 1, month: 1, day: 1, hour: 0, minute: 0, usec: 0 };
            return false;
        }
        true
    }

    fn day(&self, at: &mut Civil) -> bool {
        let from_end = if self.spec.end_of_month { Some((at.year, at.month)) } else { None };
        let fitted = fit_day(&self.spec.day, &mut at.day, from_end);
        if matches!(fitted, Fit::Moved) {
            *at = Civil { hour: 0, minute: 0, usec: 0, ..*at };
        }
        // A day that the month does not have is never carried over into the next month.
        if matches!(fitted, Fit::Never) || at.normalized(self.zone) != Some(*at) {
            *at = Civil { month: at.month + 1, day: 1, hour: 0, minute: 0, usec: 0, ..*at };
            return false;
        }
        if self.spec.weekdays.is_some_and(|bits| bits & (1 << at.weekday()) == 0) {
            *at = Civil { day: at.day + 1, hour: 0, minute: 0, usec: 0, ..*at };
            return false;
        }
        true
    }

    fn hour(&self, at: &mut Civil) -> bool {
        let fitted = fit(&self.spec.hour, &mut at.hour);
        if matches!(fitted, Fit::Moved) {
            *at = Civil { minute: 0, usec: 0, ..*at };
        }
        if matches!(fitted, Fit::Never) || at.hour > 23 {
            *at = Civil { day: at.day + 1, hour: 0, minute: 0, usec: 0, ..*at };
            return false;
        }
        // An hour that the clock skips: the search goes on at the one it shows instead.
        self.settled(at)
    }

    fn minute(&self, at: &mut Civil) -> bool {
        let fitted = fit(&self.spec.minute, &mut at.minute);
        if matches!(fitted, Fit::Moved) {
            at.usec = 0;
        }
        if matches!(fitted, Fit::Never) || at.minute > 59 {
            *at = Civil { hour: at.hour + 1, minute: 0, usec: 0, ..*at };
            return false;
        }
        if !self.settled(at) {
            return false;
        }
        let fitted = fit(&self.spec.microsecond, &mut at.usec);
        if matches!(fitted, Fit::Never) || at.usec >= 60 * USEC {
            *at = Civil { minute: at.minute + 1, usec: 0, ..*at };
            return false;
        }
        self.settled(at)
    }
}

fn fit(chain: &[Component], value: &mut i64) -> Fit {
    fit_day(chain, value, None)
}

/// Moves `value` to the first value of the list that is not before it; with `from_end` the list counts from the end of that
/// year and month.
fn fit_day(chain: &[Component], value: &mut i64, from_end: Option<(i64, i64)>) -> Fit {
    if chain.is_empty() {
        return Fit::Same;
    }
    let mut best: Option<i64> = None;
    for part in chain {
        let (mut start, mut stop) = (part.start, part.stop);
        if let Some((year, month)) = from_end {
            let last = Civil::days_in_month(year, month);
            let day = |n: i64| if (1..=last).contains(&n) { last + 1 - n } else { -1 };
            (start, stop) = (day(start), day(stop));
            if stop > 0 {
                (start, stop) = (stop, start);
            }
        }
        let candidate = if start >= *value {
            Some(start)
        } else if part.repeat > 0 {
            let steps = (*value - start + part.repeat - 1) / part.repeat;
            Some(start + steps * part.repeat).filter(|k| stop < 0 || *k <= stop)
        } else {
            None
        };
        best = match (best, candidate) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    match best {
        None => Fit::Never,
        Some(found) if found == *value => Fit::Same,
        Some(found) => {
            *value = found;
            Fit::Moved
        }
    }
}
