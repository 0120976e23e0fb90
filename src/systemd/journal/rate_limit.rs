//! Services that write too much are cut short: journald.conf(5) `RateLimitIntervalSec=`, `RateLimitBurst=`.

use std::sync::Arc;

use imbl::OrdMap;

use crate::world::{Duration, Time};

/// `RateLimitIntervalSec=`.
const INTERVAL: Duration = Duration::from_secs(30);

/// `RateLimitBurst=` (10000), raised as journald raises it on a disk with some gigabytes free.
const BURST: u32 = 37_500;

/// What each service wrote in its present interval.
#[derive(Clone, Debug, Default)]
pub(super) struct RateLimit {
    pools: OrdMap<(Arc<str>, u8), Pool>,
}

#[derive(Clone, Debug)]
struct Pool {
    begin: Time,
    written: u32,
    suppressed: u32,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is written.
    Pass,
    /// It is written, and before it a line about so many that were not.
    PassAfter(u32),
    /// It is dropped.
    Drop,
}

impl RateLimit {
    /// Counts a message of a control group. Levels are counted apart, as graver ones must not drown.
    pub fn test(&mut self, cgroup: &Arc<str>, priority: u8, now: Time) -> Verdict {
        let fresh = Pool { begin: now, written: 0, suppressed: 0 };
        let pool = self.pools.entry((cgroup.clone(), priority)).or_insert_with(|| fresh.clone());
        let mut verdict = Verdict::Pass;
        if now > pool.begin + INTERVAL {
            if pool.suppressed > 0 {
                verdict = Verdict::PassAfter(pool.suppressed);
            }
            *pool = fresh;
        }
        if pool.written >= BURST {
            pool.suppressed += 1;
            return Verdict::Drop;
        }
        pool.written += 1;
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_cut_and_told_of_later() {
        let mut limit = RateLimit::default();
        let group: Arc<str> = "/system.slice/a.service".into();
        let now = Time::from_secs(1_000);
        let passed = (0..BURST + 5).filter(|_| limit.test(&group, 6, now) == Verdict::Pass).count();
        assert_eq!(passed, BURST as usize);
        assert_eq!(limit.test(&group, 3, now), Verdict::Pass);
        assert_eq!(limit.test(&group, 6, now + Duration::from_secs(31)), Verdict::PassAfter(5));
        assert_eq!(limit.test(&group, 6, now + Duration::from_secs(31)), Verdict::Pass);
    }
}
