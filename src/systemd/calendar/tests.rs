//! Tests of calendar events against what `systemd-analyze calendar` prints.

use super::*;
use crate::systemd::timestamp::format_timestamp;
use crate::world::Errno;
use jiff::tz::TimeZone;

/// Fri 2026-11-20 10:00:00 UTC.
const NOW: u64 = 1_795_168_800_000_000;

#[test]
fn normal_forms_and_next_times() {
    for (text, normal, next) in [
        ("daily", "*-*-* 00:00:00", "Sat 2026-11-21 00:00:00 UTC"),
        ("weekly", "Mon *-*-* 00:00:00", "Mon 2026-11-23 00:00:00 UTC"),
        ("quarterly", "*-01,04,07,10-01 00:00:00", "Fri 2027-01-01 00:00:00 UTC"),
        ("10:30", "*-*-* 10:30:00", "Fri 2026-11-20 10:30:00 UTC"),
        ("Mon..Fri 9:00", "Mon..Fri *-*-* 09:00:00", "Mon 2026-11-23 09:00:00 UTC"),
        ("Sat,Sun,mon 1:2", "Mon,Sat,Sun *-*-* 01:02:00", "Sat 2026-11-21 01:02:00 UTC"),
        ("*:0/15", "*-*-* *:00/15:00", "Fri 2026-11-20 10:15:00 UTC"),
        ("*-*~1", "*-*~01 00:00:00", "Mon 2026-11-30 00:00:00 UTC"),
        ("Mon *-05~07/1", "Mon *-05~07/1 00:00:00", "Mon 2027-05-31 00:00:00 UTC"),
        ("2027-2-29", "2027-02-29 00:00:00", "never"),
        ("*-02-29 12:00", "*-02-29 12:00:00", "Tue 2028-02-29 12:00:00 UTC"),
        ("*-*-* 8..11:5,1,5", "*-*-* 08..11:01,05:00", "Fri 2026-11-20 10:01:00 UTC"),
        ("*:*:10.5..30/2.25", "*-*-* *:*:10.500000..28.500000/2.250000", "Fri 2026-11-20 10:00:10 UTC"),
        ("Mon..Fri 9:00 Europe/Paris", "Mon..Fri *-*-* 09:00:00 Europe/Paris", "Mon 2026-11-23 08:00:00 UTC"),
        ("@0", "1970-01-01 00:00:00 UTC", "never"),
        ("12:00 utc", "*-*-* 12:00:00 UTC", "Fri 2026-11-20 12:00:00 UTC"),
        ("99-3-4", "1999-03-04 00:00:00", "never"),
        ("*-3-28 2:30 Europe/Paris", "*-03-28 02:30:00 Europe/Paris", "Tue 2028-03-28 00:30:00 UTC"),
        ("Mon,", "Mon *-*-* 00:00:00", "Mon 2026-11-23 00:00:00 UTC"),
        ("*-*-* *:*:*", "*-*-* *:*:*", "Fri 2026-11-20 10:00:01 UTC"),
    ] {
        let spec = CalendarSpec::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(spec.to_string(), normal, "{text}");
        let at = spec.next_elapse(NOW, &TimeZone::UTC).and_then(|usec| format_timestamp(usec, &TimeZone::UTC));
        assert_eq!(at.as_deref().unwrap_or("never"), next, "{text}");
        assert_eq!(CalendarSpec::parse(normal), Ok(spec), "{text}: the normal form reads as itself");
    }
}

#[test]
fn repetitions_begin_anew_each_month() {
    let spec = CalendarSpec::parse("*-1/8").unwrap();
    let mut at = NOW;
    let mut days = Vec::new();
    for _ in 0..3 {
        at = spec.next_elapse(at, &TimeZone::UTC).unwrap();
        days.push(format_timestamp(at, &TimeZone::UTC).unwrap()[..14].to_owned());
    }
    assert_eq!(days, ["Wed 2026-11-25", "Tue 2026-12-01", "Wed 2026-12-09"]);
}

#[test]
fn what_is_no_event() {
    for (text, errno) in [
        ("0 3 * * *", Errno::EINVAL),
        ("@daily", Errno::EINVAL),
        ("every day", Errno::EINVAL),
        ("Monday 25:00", Errno::EINVAL),
        ("12:60", Errno::EINVAL),
        ("*-13-01", Errno::EINVAL),
        ("9am", Errno::EINVAL),
        ("10", Errno::EINVAL),
        ("", Errno::EINVAL),
        ("Mon..Fri 9:00 Mars/Olympus", Errno::EINVAL),
        ("*:0/0", Errno::ERANGE),
        ("Fri..Mon 12:00", Errno::EINVAL),
        ("*-*~31", Errno::EINVAL),
    ] {
        assert_eq!(CalendarSpec::parse(text), Err(errno), "{text}");
    }
}
