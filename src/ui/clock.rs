//! The host's clock, for what outlives a session: when a lesson was finished, what is due for review.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970: `$CONCIERGE_NOW` (RFC 3339) where it is set, as tests do, else the host's clock.
/// Errors: the variable holds no time.
pub fn now() -> Result<i64, String> {
    if let Ok(text) = std::env::var("CONCIERGE_NOW") {
        let time: jiff::Timestamp =
            text.parse().map_err(|_| format!("CONCIERGE_NOW={text}: write a time such as 2026-01-05T09:00:00Z"))?;
        return Ok(time.as_second());
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// The day, counted from 1970-01-01 in UTC. Errors: as [`now`].
pub fn today() -> Result<i64, String> {
    Ok(now()?.div_euclid(86_400))
}
