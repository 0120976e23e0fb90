//! Input of any content: loops that never end, bombs, floods. The machine answers, stays within its limits and never
//! panics.

mod common;

use std::time::Duration;

use common::VpsTest;
use concierge::shell::console::Console;
use concierge::shell::transcript::Transcript;
use concierge::shell::{TRANSCRIPT_CLOCK, baseline};
use concierge::systemd::Systemd;
use proptest::prelude::*;

/// Types `line`, then Ctrl-C a second later, and expects the prompt back.
fn is_interrupted(line: &str) {
    let mut vps = baseline(TRANSCRIPT_CLOCK, 1);
    let console = Console::open(&mut vps, "deploy").expect("the baseline takes logins");
    let second = Duration::from_secs(1);
    let answer = console.run(&mut vps, &[line.to_owned()], Some(second), Duration::from_secs(60));
    assert_eq!(answer.status, Some(130), "{line}: {}", answer.output.chars().take(200).collect::<String>());
    let after = console.run(&mut vps, &["echo still here".to_owned()], None, Duration::from_secs(60));
    assert_eq!(after.output, "still here\n");
}

#[test]
fn control_c_ends_an_endless_loop() {
    is_interrupted("while :; do :; done");
}

#[test]
fn control_c_ends_a_flood() {
    is_interrupted("yes");
    is_interrupted("while true; do echo flood; done");
}

#[test]
fn a_full_disk_ends_a_flood_into_a_file() {
    VpsTest::new()
        .run("yes > /tmp/flood; echo $?")
        .shows("No space left on device")
        .run("rm /tmp/flood; echo ok > f; cat f")
        .prints("ok\n");
}

#[test]
fn a_fork_bomb_meets_the_limit_and_the_machine_lives() {
    let test = VpsTest::new().run("bomb() { bomb | bomb & }; ulimit -u 50; bomb; sleep 2").run("true");
    let mut vps = test.vps;
    assert!(vps.world.processes().count() <= concierge::world::MAX_PROCESSES);
    vps.advance(Duration::from_secs(1));
}

#[test]
fn a_line_of_a_megabyte_is_answered() {
    let line = format!("echo {} | wc -c", "x".repeat(1_000_000));
    VpsTest::new().run(&line).prints("1000001\n");
}

#[test]
fn deep_nesting_is_refused_and_not_a_crash() {
    for line in [format!("{}{}", "(".repeat(20_000), ")".repeat(20_000)), format!("echo {}", "$(".repeat(20_000))] {
        let mut vps = baseline(TRANSCRIPT_CLOCK, 1);
        vps.run_command("deploy", &line, Duration::from_secs(60));
    }
}

#[test]
fn unit_files_of_any_bytes_load() {
    let mut vps = baseline(TRANSCRIPT_CLOCK, 1);
    for (n, bytes) in
        [&b"\xff\xfe\0\x01[Service"[..], b"[Service]\nExecStart=\\", b"=\n[\n]", &[b'x'; 1_200_000]].iter().enumerate()
    {
        vps.write_file(&format!("/etc/systemd/system/odd{n}.service"), bytes, 0o644, (0, 0));
        vps.run_command("root", &format!("systemctl start odd{n}; systemctl status odd{n}"), Duration::from_secs(60));
    }
    let _: &Systemd = &vps.systemd;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_line_leaves_a_working_machine(line in "\\PC{0,60}") {
        let mut vps = baseline(TRANSCRIPT_CLOCK, 1);
        vps.run_command("deploy", &line, Duration::from_secs(20));
        let after = vps.run_command("deploy", "echo ok", Duration::from_secs(20));
        prop_assert_eq!(after.text, "ok\n");
    }

    #[test]
    fn any_text_is_a_transcript_or_an_error(text in "\\PC{0,200}") {
        let _ = Transcript::parse(&text);
    }
}
