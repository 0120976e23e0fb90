//! Counting events against a limit within a span: `TriggerLimitIntervalSec=` and its kin, systemd.socket(5).

use crate::world::Time;

/// How many events there were since the first that counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimit {
    begin: Option<Time>,
    count: u32,
}

impl RateLimit {
    /// Counts one more; false when that is one too many. `interval` is in microseconds; 0 of either means no limit.
    pub fn below(&mut self, now: Time, interval: u64, burst: u32) -> bool {
        if interval == 0 || burst == 0 {
            return true;
        }
        if self.begin.is_none_or(|begin| begin.0.saturating_add(interval) < now.0) {
            *self = RateLimit { begin: Some(now), count: 1 };
            return true;
        }
        self.count += 1;
        self.count <= burst
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_the_burst_pass_in_one_interval() {
        let mut limit = RateLimit::default();
        let passed = |limit: &mut RateLimit, at| limit.below(Time(at), 100, 2);
        assert_eq!([0, 1, 2, 100, 101].map(|at| passed(&mut limit, at)), [true, true, false, false, true]);
        assert!((0..9).all(|_| limit.below(Time(5), 0, 2)));
    }
}
