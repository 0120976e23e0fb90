//! What a timer is doing: systemd.timer(5).

use crate::world::{EventId, Time};
use std::collections::BTreeSet;

/// The run-time state of a timer.
#[derive(Clone, Debug, Default)]
pub struct TimerRun {
    /// When it fires next, on the realtime clock; `None`: never (monotonic triggers are counted into it as well).
    pub next_elapse: Option<Time>,
    /// Whether the next elapse comes from a monotonic trigger.
    pub next_is_monotonic: bool,
    /// The next elapse of the calendar triggers.
    pub next_realtime: Option<Time>,
    /// The next elapse of the monotonic triggers, as a moment of the realtime clock.
    pub next_monotonic: Option<Time>,
    /// When it fired last (also read from its stamp file).
    pub last_trigger: Option<Time>,
    /// The event that is armed.
    pub(super) armed: Option<(EventId, u64)>,
    /// The random share of `RandomizedDelaySec=`, chosen anew at each elapse, in microseconds.
    pub(super) random_delay: u64,
    /// Triggers, by their place, that fire once only and have.
    pub(super) disabled: BTreeSet<usize>,
}
