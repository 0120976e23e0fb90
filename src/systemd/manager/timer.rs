//! Timers: when they elapse and what that starts: systemd.timer(5).

use super::job::JobType;
use super::job_run::Refusal;
use super::log::{LOG_ERR, LOG_WARNING};
use super::reason::Reason;
use super::unit::{PlainState, Unit};
use super::{Core, RuntimeScope, Timeout};
use crate::systemd::calendar::CalendarSpec;
use crate::systemd::config::{JobMode, TimerBase, TimerConfig, TimerSpec, TypeConfig};
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{Time, accounts};

/// When a calendar event is next due after a moment.
fn next_calendar(spec: &CalendarSpec, after: Time) -> Option<Time> {
    spec.next_elapse(after.0, &jiff::tz::TimeZone::UTC).map(Time)
}

/// The next elapse of the triggers of one clock.
#[derive(Clone, Copy, Default)]
struct Found {
    realtime: Option<Time>,
    monotonic: Option<Time>,
    leave_around: bool,
}

fn earlier(old: Option<Time>, new: Time) -> Option<Time> {
    Some(old.map_or(new, |old| old.min(new)))
}

impl Core<'_> {
    fn timer_config(&self, u: &UnitName) -> TimerConfig {
        match &self.m.unit(u).settings().kind {
            TypeConfig::Timer(timer) => (**timer).clone(),
            _ => TimerConfig::default(),
        }
    }

    /// The file whose time tells when a persistent timer elapsed last.
    fn stamp_path(&self, u: &UnitName) -> Option<String> {
        if !self.timer_config(u).persistent {
            return None;
        }
        Some(match self.m.scope {
            RuntimeScope::System => format!("/var/lib/systemd/timers/stamp-{u}"),
            RuntimeScope::User(uid) => {
                let home = accounts::user_by_id(&self.w.files, uid).map(|user| user.home).unwrap_or_default();
                format!("{home}/.local/share/systemd/timers/stamp-{u}")
            }
        })
    }

    /// Starts a timer.
    pub(super) fn timer_start(&mut self, u: &UnitName) -> Result<bool, Refusal> {
        self.check_trigger_loaded(u)?;
        self.acquire_invocation_id(u);
        let mut last = None;
        if let Some(path) = self.stamp_path(u) {
            match self.w.files.get(&path).map(|node| node.mtime) {
                Some(time) if time < self.w.now => last = Some(time),
                Some(_) => {}
                None => self.w.files.put(&path, b"", 0o644, (0, 0), self.w.now),
            }
        }
        let unit = self.m.unit_mut(u);
        unit.plain_result = "success";
        let run = unit.timer.get_or_insert_default();
        run.last_trigger = last;
        run.disabled.clear();
        self.timer_enter_waiting(u);
        Ok(true)
    }

    /// Computes when the timer elapses next and waits for it.
    fn timer_enter_waiting(&mut self, u: &UnitName) {
        let config = self.timer_config(u);
        let found = self.timer_next(u, &config);
        let random = match config.randomized_delay {
            0 => 0,
            most if config.fixed_random_delay => {
                u.as_str().bytes().fold(7, |a: u64, b| a.wrapping_mul(31) + u64::from(b)) % most
            }
            most => self.w.rng.next_u64() % most,
        };
        let later = |time: Option<Time>| time.map(|t| Time(t.0.saturating_add(random)));
        let (realtime, monotonic) = (later(found.realtime), later(found.monotonic));
        let next = [realtime, monotonic].into_iter().flatten().min();
        let run = self.m.unit_mut(u).timer.get_or_insert_default();
        run.random_delay = random;
        (run.next_realtime, run.next_monotonic, run.next_elapse) = (realtime, monotonic, next);
        run.next_is_monotonic = next.is_some() && next == monotonic;
        let old = run.armed.take();
        old.into_iter().for_each(|timer| self.disarm(timer));
        let Some(next) = next else {
            if config.remain_after_elapse || found.leave_around {
                self.set_plain_state(u, PlainState::Elapsed);
            } else {
                self.timer_enter_dead(u, "success");
            }
            return;
        };
        // Never at once: a unit that fails at once would be started for ever at one moment.
        let soon = Time(self.w.now.0 + 1_000);
        let armed = self.arm(next.max(soon), Timeout::Elapse(u.clone()));
        self.m.unit_mut(u).timer.get_or_insert_default().armed = Some(armed);
        self.set_plain_state(u, PlainState::Waiting);
    }

    fn timer_next(&mut self, u: &UnitName, config: &TimerConfig) -> Found {
        let now = self.w.now;
        let unit = self.m.unit(u);
        let active = unit.plain != PlainState::Dead && unit.plain != PlainState::Failed;
        let since = if active { unit.timestamps.inactive_exit.unwrap_or(now) } else { now };
        let run = unit.timer.as_deref().cloned().unwrap_or_default();
        let trigger = unit.dependency(Dep::Triggers).next().map(|t| self.m.unit(t).timestamps).unwrap_or_default();
        let mut found = Found::default();
        let mut disable = Vec::new();
        for (place, spec) in config.specs.iter().enumerate() {
            if run.disabled.contains(&place) {
                continue;
            }
            let (base, span) = match spec {
                TimerSpec::Calendar(event) => {
                    let from = run.last_trigger.or(unit.timestamps.inactive_exit.filter(|_| active)).unwrap_or(now);
                    if let Some(next) = next_calendar(event, from) {
                        found.realtime = earlier(found.realtime, next.max(self.m.started));
                    }
                    continue;
                }
                TimerSpec::Monotonic(base, span) => (*base, *span),
            };
            let from = match base {
                TimerBase::Active => Some(since),
                TimerBase::Boot => Some(self.w.booted),
                TimerBase::Startup => Some(self.m.started),
                TimerBase::UnitActive => trigger.inactive_exit.max(run.last_trigger),
                TimerBase::UnitInactive => trigger.inactive_enter.max(run.last_trigger),
                TimerBase::Calendar => None,
            };
            let repeats = matches!(base, TimerBase::UnitActive | TimerBase::UnitInactive);
            found.leave_around |= repeats;
            let Some(from) = from else { continue };
            let next = Time(from.0.saturating_add(span));
            if run.last_trigger.is_some() && next < now && !repeats {
                disable.push(place);
                continue;
            }
            found.monotonic = earlier(found.monotonic, next);
        }
        self.m.unit_mut(u).timer.get_or_insert_default().disabled.extend(disable);
        found
    }

    /// The timer elapses: its unit is started.
    pub(super) fn timer_elapsed(&mut self, u: &UnitName) {
        self.m.unit_mut(u).timer.get_or_insert_default().armed = None;
        if self.m.unit(u).plain != PlainState::Waiting || self.m.stop_pending(u) {
            return;
        }
        let Some(trigger) = self.m.unit(u).dependency(Dep::Triggers).next().cloned() else {
            self.log_unit(u, LOG_ERR, "Unit to trigger vanished.");
            return self.timer_enter_dead(u, "resources");
        };
        let reason = Reason::Triggered { by: u.clone() };
        if let Err(error) = self.add_job(JobType::Start, &trigger, JobMode::Replace, reason) {
            self.log_unit(u, LOG_WARNING, &format!("Failed to queue unit startup job: {}", error.message));
            return self.timer_enter_dead(u, "resources");
        }
        let now = self.w.now;
        self.m.unit_mut(u).timer.get_or_insert_default().last_trigger = Some(now);
        if let Some(path) = self.stamp_path(u) {
            self.w.files.put(&path, b"", 0o644, (0, 0), now);
        }
        self.set_plain_state(u, PlainState::Running);
    }

    /// Timers that wait, and whose file tells no more what for, give up.
    pub(super) fn drop_lost_timers(&mut self) {
        let is_lost = |unit: &&Unit| {
            unit.name.unit_type() == UnitType::Timer
                && matches!(unit.plain, PlainState::Waiting | PlainState::Elapsed)
                && unit.dependency(Dep::Triggers).next().is_none()
        };
        let lost: Vec<UnitName> = self.m.units().filter(is_lost).map(|unit| unit.name.clone()).collect();
        for u in lost {
            self.log_unit(&u, LOG_ERR, "Unit to trigger vanished.");
            self.timer_enter_dead(&u, "resources");
        }
    }

    /// What a timer makes of a change of state of its unit.
    pub(super) fn timer_trigger_notify(&mut self, u: &UnitName, service: &UnitName) {
        match self.m.unit(u).plain {
            PlainState::Waiting | PlainState::Elapsed => self.timer_enter_waiting(u),
            PlainState::Running if self.m.unit(service).is_inactive_or_failed() => self.timer_enter_waiting(u),
            _ => {}
        }
    }

    /// The clock was set: a timer that seems to have elapsed in the future is wound back, and waits anew.
    pub(super) fn timer_clock_changed(&mut self, u: &UnitName) {
        if self.m.unit(u).plain != PlainState::Waiting {
            return;
        }
        let now = self.w.now;
        let run = self.m.unit_mut(u).timer.get_or_insert_default();
        run.last_trigger = run.last_trigger.map(|last| last.min(now));
        self.timer_enter_waiting(u);
    }

    /// The timer is stopped, or gives up.
    pub(super) fn timer_enter_dead(&mut self, u: &UnitName, result: &'static str) {
        let unit = self.m.unit_mut(u);
        if unit.plain_result == "success" {
            unit.plain_result = result;
        }
        let result = unit.plain_result;
        let run = unit.timer.get_or_insert_default();
        (run.next_elapse, run.next_realtime, run.next_monotonic) = (None, None, None);
        let armed = run.armed.take();
        armed.into_iter().for_each(|timer| self.disarm(timer));
        if result == "success" {
            self.log_unit_success(u);
            self.set_plain_state(u, PlainState::Dead);
        } else {
            self.log_unit_failure(u, result);
            self.set_plain_state(u, PlainState::Failed);
        }
    }
}
