//! Points in time, spans since then and sizes as systemd's tools print them: systemd.time(7).

use crate::systemd::span::SEC;
use crate::systemd::timestamp::format_relative;
use crate::world::{Cx, Time};

/// How points in time are printed (`--timestamp=`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimestampStyle {
    /// `Fri 2026-11-20 10:34:36 UTC`
    #[default]
    Pretty,
    /// The same with microseconds.
    Us,
    /// `@1795170876`
    Unix,
}

/// A point in time: `Fri 2026-11-20 10:34:36 UTC`.
pub fn format_timestamp(time: Time) -> String {
    time.strftime("%a %Y-%m-%d %H:%M:%S UTC")
}

/// A point in time in one of the styles.
pub fn format_timestamp_style(time: Time, style: TimestampStyle) -> String {
    match style {
        TimestampStyle::Pretty => format_timestamp(time),
        TimestampStyle::Us => {
            format!("{}.{:06} UTC", time.strftime("%a %Y-%m-%d %H:%M:%S"), time.0 % SEC)
        }
        TimestampStyle::Unix => format!("@{}", time.secs()),
    }
}

/// How long ago a point in time is, or how long until then: `3min 2s ago`, `16h left`.
pub fn format_timestamp_relative(now: Time, time: Time) -> String {
    format_relative(time.0, now.0)
}

/// The columns of the terminal that a command prints to; `None` when it prints elsewhere.
pub fn terminal_width(cx: &Cx<'_, '_>) -> Option<usize> {
    let tty = cx.tty_of(1)?;
    Some(usize::from(cx.world.terminals.get(&tty)?.columns)).filter(|columns| *columns > 0)
}

/// A size: `228.0K`, `1.5M`, `12B`.
pub fn format_bytes(bytes: u64) -> String {
    let mut below = 1_u64;
    for unit in ["K", "M", "G", "T", "P", "E"] {
        let factor = below * 1024;
        let next = factor.checked_mul(1024);
        if bytes >= factor && next.is_none_or(|next| bytes < next) {
            return format!("{}.{}{unit}", bytes / factor, bytes / below % 1024 * 10 / 1024);
        }
        below = factor;
        if next.is_none() {
            break;
        }
    }
    format!("{bytes}B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_sizes() {
        let time = Time(1_795_170_876_000_123);
        assert_eq!(format_timestamp(time), "Fri 2026-11-20 10:34:36 UTC");
        assert_eq!(format_timestamp_style(time, TimestampStyle::Us), "Fri 2026-11-20 10:34:36.000123 UTC");
        for (bytes, expected) in [
            (0, "0B"),
            (1023, "1023B"),
            (233_472, "228.0K"),
            (1_600_000, "1.5M"),
            (3 << 30, "3.0G"),
            (u64::MAX, "15.9E"),
        ] {
            assert_eq!(format_bytes(bytes), expected);
        }
    }
}
