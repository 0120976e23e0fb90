//! journalctl, logger and systemd-cat at work on a journal of their own: journalctl(1), logger(1), systemd-cat(1).

use crate::commands::testing::Bench;
use crate::systemd::journal::{EntryBuilder, StreamOptions};
use crate::world::fs::Cred;
use crate::world::{Duration, Sender};

/// A journal with two services and a machine that has booted twice.
fn bench() -> Bench {
    let mut bench = Bench::new();
    let now = bench.world.now;
    bench.cred = Cred::root();
    bench.world.files.mkdir_all("/var/log/journal", now);
    for boot in ["a", "b"] {
        bench.world.boot_id = boot.repeat(32);
        let Bench { world, systemd, .. } = &mut bench;
        systemd.journal.boot(world);
        for unit in ["one", "two"] {
            let name = format!("{unit}.service");
            systemd.journal.append(world, EntryBuilder::pid1(6, format!("Started {name}.")).unit(&name));
            let cgroup = format!("/system.slice/{name}");
            let stream = systemd.journal.open_stream(world, StreamOptions::service(&cgroup, unit, 0));
            let sender = Sender { pid: 4000, cgroup: cgroup.as_str().into(), ..world.sender(1).unwrap() };
            systemd.journal.stream_write(world, stream, sender, format!("<4>{unit} in {boot}\nOrder 12\n").as_bytes());
            systemd.journal.stream_closed(world, stream);
        }
        world.now += Duration::from_secs(60);
    }
    bench
}

#[test]
fn units_boots_levels_and_patterns_select() {
    for (line, expected) in [
        (
            "journalctl -u one -o cat",
            "Started one.service.\none in a\nOrder 12\nStarted one.service.\none in b\nOrder 12\n",
        ),
        ("journalctl -u one -b -o cat", "Started one.service.\none in b\nOrder 12\n"),
        ("journalctl -u one -b -1 -p warning -o cat", "one in a\n"),
        ("journalctl -u 'o*' -u two -b -n 2 -o cat", "two in b\nOrder 12\n"),
        ("journalctl -u one -n1 -r -o cat", "Order 12\n"),
        ("journalctl SYSLOG_IDENTIFIER=one + _TRANSPORT=x -g order -b -o cat", "Order 12\n"),
        ("journalctl UNIT=one.service _PID=1 -b -o cat", "Started one.service.\n"),
        ("journalctl -u one --since '2026-11-20 10:00:30' -n 1 -o cat", "Started one.service.\n"),
        ("journalctl -u one --until '2026-11-20 10:00:30' -o cat", "Started one.service.\none in a\nOrder 12\n"),
        ("journalctl -u one -b --output-fields=PRIORITY -o cat", "6\n4\n6\n"),
        ("journalctl -u nope", "-- No entries --\n"),
        ("journalctl -u nope -q", ""),
    ] {
        let ran = bench().line(line, "");
        assert_eq!((ran.out.as_str(), ran.err.as_str(), ran.status), (expected, "", Some(0)), "{line}");
    }
}

#[test]
fn mistakes_end_with_1_and_say_why() {
    for (line, expected) in [
        ("journalctl -b -7", "Data from the specified boot (-7) is not available: No such boot ID in journal\n"),
        ("journalctl -b 3", "Data from the specified boot (+3) is not available: No such boot ID in journal\n"),
        ("journalctl one", "Failed to add match 'one': Invalid argument\n"),
        ("journalctl -n -5", "journalctl: invalid option -- '5'\n"),
        ("journalctl -u ''", "Failed to add filter for units: Invalid argument\n"),
        ("journalctl -u 'nope*'", "Failed to add filter for units: No data available\n"),
        ("journalctl --cursor=abc", "Failed to seek to cursor: Invalid argument\n"),
        ("journalctl /no/such/file", "Couldn't canonicalize path: No such file or directory\n"),
        ("journalctl --since tomorrow --until today", "--since= must be before --until=.\n"),
    ] {
        let ran = bench().line(line, "");
        assert_eq!((ran.out.as_str(), ran.err.as_str(), ran.status), ("", expected, Some(1)), "{line}");
    }
}

#[test]
fn lines_look_like_syslogs() {
    let out = bench().line("journalctl -u one", "").out;
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "Nov 20 10:00:00 vps systemd[1]: Started one.service.");
    assert_eq!(lines[1], "Nov 20 10:00:00 vps one[4000]: one in a");
    assert_eq!(lines[3], format!("-- Boot {} --", "b".repeat(32)));
    let out = bench().line("journalctl -u one -b -n 1 -o json --output-fields=MESSAGE", "").out;
    assert!(out.starts_with("{\"MESSAGE\":\"Order 12\",\"__CURSOR\":\"s="), "{out}");
    let out = bench().line("journalctl --list-boots", "").out;
    let heads: Vec<&str> = out.lines().map(|line| &line[..6]).collect();
    assert_eq!(heads, ["IDX BO", " -1 aa", "  0 bb"]);
}

#[test]
fn others_see_their_own_lines_only() {
    let mut bench = bench();
    bench.cred = Cred::new(1000, 1000, [1000]);
    bench.line("logger -t mine 'my note'", "");
    let ran = bench.line("journalctl", "");
    assert!(ran.err.starts_with("Hint: You are currently not seeing messages from other users and the system.\n"));
    assert!(ran.out.lines().count() == 1 && ran.out.ends_with(": my note\n"), "{}", ran.out);
    assert_eq!(bench.line("journalctl --user -o cat", "").out, "my note\n");
    bench.cred = Cred::new(33, 33, [33]);
    let ran = bench.line("journalctl -q", "");
    assert_eq!(
        (ran.err.as_str(), ran.status),
        ("No journal files were opened due to insufficient permissions.\n", Some(1))
    );
}

#[test]
fn following_shows_what_comes() {
    let mut bench = bench();
    let pid = bench.start(&["journalctl", "-f", "-u", "two", "-n", "1", "-o", "cat"], "");
    assert_eq!(bench.wait(pid, Duration::from_secs(1)).out, "Order 12\n");
    let Bench { world, systemd, .. } = &mut bench;
    for text in ["for one", "for two"] {
        let unit = format!("{}.service", &text[4..]);
        systemd.journal.append(world, EntryBuilder::pid1(6, text).unit(&unit));
    }
    let ran = bench.wait(pid, Duration::from_secs(1));
    assert_eq!((ran.out.as_str(), ran.status), ("Order 12\nfor two\n", None));
}

#[test]
fn pipes_and_commands_reach_the_journal() {
    let mut bench = bench();
    bench.line("logger -t app -p local0.warning -i hello", "");
    bench.line("systemd-cat -t cat", "<3>first\n\nlast");
    let out = bench.line("journalctl -t app -t cat -o json --output-fields=PRIORITY,MESSAGE,SYSLOG_FACILITY", "").out;
    let found: Vec<&str> =
        out.lines().filter_map(|line| line.split_once(",\"__CURSOR\"").map(|parts| parts.0)).collect();
    assert_eq!(
        found,
        [
            "{\"MESSAGE\":\"hello\",\"PRIORITY\":\"4\",\"SYSLOG_FACILITY\":\"16\"",
            "{\"MESSAGE\":\"first\",\"PRIORITY\":\"3\"",
            "{\"MESSAGE\":\"last\",\"PRIORITY\":\"6\""
        ]
    );
    let ran = bench.line("logger -p nosuch.level x", "");
    assert_eq!((ran.err.as_str(), ran.status), ("logger: unknown facility name: nosuch\n", Some(1)));
    let ran = bench.line("systemd-cat -t x nosuchcommand", "");
    assert_eq!((ran.err.as_str(), ran.status), ("Failed to execute process: No such file or directory\n", Some(1)));
}

#[test]
fn rotated_files_can_be_vacuumed() {
    let mut bench = bench();
    bench.line("journalctl --rotate", "");
    bench.line("logger -t new fresh", "");
    let ran = bench.line("journalctl --vacuum-files=1", "");
    assert!(ran.err.starts_with("Deleted archived journal /var/log/journal/"), "{}", ran.err);
    assert_eq!(bench.line("journalctl -o cat", "").out, "fresh\n");
}
