//! Whether a unit is as a condition wants it: systemctl(1), systemd.timer(5).

use super::evidence::Evidence;
use super::facts::Facts;
use crate::lesson::content::condition::{TimerCheck, UnitCheck};
use crate::lesson::content::measure::Span;
use crate::systemd::states::{ActiveState, ServiceResult, UnitFileState};
use crate::world::Time;

fn words<T: Copy>(list: &[T], word: fn(T) -> &'static str) -> String {
    list.iter().map(|value| word(*value)).collect::<Vec<_>>().join(" / ")
}

/// Whether a unit is as it is wanted. `since` is when the watch on `up` began.
pub(super) fn unit(facts: &dyn Facts, check: &UnitCheck, since: Time) -> Result<(), Evidence> {
    let (id, name) = (&check.unit, check.unit.to_string());
    let known = facts.unit(id);
    match (&known, check.exists) {
        (Some(_), Some(false)) => return Err(Evidence::UnitExists(name)),
        (None, Some(false)) => return Ok(()),
        _ => {}
    }
    let Some(unit) = known else { return Err(Evidence::NoUnit(name)) };
    let differs = |what: &'static str, found: String, want: String| {
        Err(Evidence::Unit { unit: id.clone(), what: what.to_owned(), found, want })
    };
    if !check.active.is_empty() && !check.active.contains(&unit.active) {
        return differs("ActiveState", unit.active.to_string(), words(&check.active, ActiveState::as_str));
    }
    if !check.sub.is_empty() && !check.sub.iter().any(|sub| sub.0 == unit.sub) {
        return differs("SubState", unit.sub, words(&check.sub, |sub| sub.0));
    }
    if !check.enabled.is_empty() && !unit.enabled.is_some_and(|e| check.enabled.contains(&e)) {
        let found = unit.enabled.map_or_else(|| "not-found".to_owned(), |e| e.to_string());
        return Err(Evidence::Enabled {
            unit: name.clone(),
            found,
            want: words(&check.enabled, UnitFileState::as_str),
        });
    }
    if !check.result.is_empty() && !check.result.iter().any(|r| r.as_str() == unit.result) {
        return differs("Result", unit.result, words(&check.result, ServiceResult::as_str));
    }
    if let Some(want) = check.restarts
        && !want.holds(&unit.restarts)
    {
        return differs("NRestarts", unit.restarts.to_string(), want.to_string());
    }
    if let Some(want) = check.since {
        let age = Span(facts.now().since(unit.since));
        if !want.holds(&age) {
            return Err(Evidence::Age { unit: id.clone(), found: age.to_string(), want: want.to_string() });
        }
    }
    if let Some(want) = check.up {
        let found = facts.unit_up(id, since);
        if !want.holds(&found) {
            return Err(Evidence::Up { unit: id.clone(), found });
        }
    }
    for (property, want) in &check.property {
        let found = facts.unit_property(id, property).unwrap_or_default();
        if found != *want {
            return Err(Evidence::Unit { unit: id.clone(), what: property.clone(), found, want: want.clone() });
        }
    }
    Ok(())
}

/// Whether a timer fires, and fired, when it is wanted to.
pub(super) fn timer(facts: &dyn Facts, check: &TimerCheck) -> Result<(), Evidence> {
    let timer = check.timer.to_string();
    let Some(unit) = facts.unit(&check.timer) else { return Err(Evidence::NoUnit(timer)) };
    let now = facts.now();
    if let Some(want) = check.next {
        let found = unit.next_elapse.map(|next| Span(next.since(now)));
        if !found.is_some_and(|found| want.holds(&found)) {
            return Err(Evidence::NextElapse { timer, found: found.map(|f| f.to_string()), want: want.to_string() });
        }
    }
    if let Some(within) = check.fired_within {
        let found = unit.last_trigger.map(|last| Span(now.since(last)));
        if found.is_none_or(|found| found.0 > within) {
            return Err(Evidence::Fired { timer, ago: found.map(|f| f.to_string()), within: Span(within).to_string() });
        }
    }
    Ok(())
}
