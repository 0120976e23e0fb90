//! Services as systemd runs them: types, kills, restarts and limits, in sentences: systemd.service(5), systemd.kill(5).

mod common;

use common::VpsTest;

/// A script that leaves a child behind and becomes the main process.
const FAMILY: &str = "#!/bin/bash\nsleep 5000 &\nexec sleep infinity\n";

#[test]
fn a_forking_service_is_followed_by_its_pid_file() {
    let script = "#!/bin/bash\nsleep 600 &\necho $! > /run/f.pid\n";
    VpsTest::new()
        .file("/usr/local/bin/f", script, 0o755)
        .unit("f.service", "[Service]\nType=forking\nPIDFile=/run/f.pid\nExecStart=/usr/local/bin/f")
        .run("sudo systemctl start f; [ $(systemctl show --value -p MainPID f) = $(cat /run/f.pid) ]; echo $?")
        .prints("0\n")
        .run("sudo kill $(cat /run/f.pid); sleep 1; systemctl is-active f; ls /run/f.pid")
        .shows("inactive\nls: cannot access '/run/f.pid'");
}

#[test]
fn a_notify_service_is_up_when_it_says_so_and_who_may_say_so_is_decided() {
    let script = "#!/bin/sh\nsleep 1\nsystemd-notify --ready --status=serving\nexec sleep infinity\n";
    let unit = |access: &str| format!("[Service]\nType=notify\nTimeoutStartSec=3\n{access}ExecStart=/usr/local/bin/n");
    VpsTest::new()
        .file("/usr/local/bin/n", script, 0o755)
        .unit("all.service", &unit("NotifyAccess=all\n"))
        .unit("main.service", &unit("User=deploy\n"))
        .run("sudo systemctl start all; systemctl show -p StatusText -p SubState all")
        .prints("StatusText=serving\nSubState=running\n")
        .run("sudo systemctl start main")
        .shows("failed because a timeout was exceeded.")
        .exits(1)
        .run("sudo journalctl -u main -o cat")
        .shows("but reception only permitted for main PID");
}

#[test]
fn kill_modes_decide_who_survives_a_stop() {
    for (mode, left) in [("control-group", 0), ("mixed", 0), ("process", 1), ("none", 2)] {
        VpsTest::new()
            .file("/usr/local/bin/family", FAMILY, 0o755)
            .unit("k.service", &format!("[Service]\nExecStart=/usr/local/bin/family\nKillMode={mode}"))
            .run("sudo systemctl start k; sleep 1; sudo systemctl stop k; pgrep -c -x sleep")
            .prints(&format!("{left}\n"));
    }
}

#[test]
fn what_does_not_stop_in_time_is_killed() {
    VpsTest::new()
        .unit(
            "deaf.service",
            "[Service]\nExecStart=/bin/bash -c 'trap \"\" TERM; while :; do sleep 1; done'\nTimeoutStopSec=4",
        )
        .run("sudo systemctl start deaf; sleep 1; sudo systemctl stop deaf; echo $?; systemctl show -p Result deaf")
        .prints("0\nResult=timeout\n")
        .run("sudo journalctl -u deaf -o cat")
        .shows("deaf.service: State 'stop-sigterm' timed out. Killing.")
        .shows("deaf.service: Main process exited, code=killed, status=9/KILL");
}

#[test]
fn the_start_limit_ends_a_crash_loop() {
    VpsTest::new()
        .unit(
            "loop.service",
            "[Unit]\nStartLimitBurst=3\nStartLimitIntervalSec=60\n[Service]\nExecStart=/bin/false\nRestart=always",
        )
        .run("sudo systemctl start loop")
        .advance("10s")
        .run("systemctl is-failed loop; systemctl show -p NRestarts -p Result loop")
        .prints("failed\nResult=exit-code\nNRestarts=3\n")
        .run("sudo journalctl -u loop -o cat | tail -n 3")
        .shows("Start request repeated too quickly.");
}

#[test]
fn exit_statuses_force_and_prevent_restarts() {
    let unit = "[Service]\nExecStart=/bin/sh -c 'exit %i'\nRestart=on-failure\nRestartSec=1h\nSuccessExitStatus=7\n\
        RestartPreventExitStatus=8\nRestartForceExitStatus=0";
    for (status, sub) in [(0, "auto-restart"), (1, "auto-restart"), (7, "dead"), (8, "failed")] {
        VpsTest::new()
            .unit("e@.service", unit)
            .run(&format!("sudo systemctl start e@{status}; sleep 1; systemctl show --value -p SubState e@{status}"))
            .prints(&format!("{sub}\n"));
    }
}

#[test]
fn a_requirement_that_fails_takes_its_dependent_with_it() {
    VpsTest::new()
        .unit("db.service", "[Service]\nType=oneshot\nExecStart=/bin/false")
        .unit("app.service", "[Unit]\nRequires=db.service\nAfter=db.service\n[Service]\nExecStart=/bin/sleep infinity")
        .unit("soft.service", "[Unit]\nWants=db.service\nAfter=db.service\n[Service]\nExecStart=/bin/sleep infinity")
        .run("sudo systemctl start app")
        .prints("A dependency job for app.service failed. See 'journalctl -xe' for details.\n")
        .exits(1)
        .run("sudo systemctl start soft; systemctl is-active app soft db")
        .prints("inactive\nactive\nfailed\n");
}

#[test]
fn a_cycle_is_broken_where_it_may_be_and_refused_where_not() {
    let unit = |other: &str, how: &str| {
        format!("[Unit]\nAfter={other}.service\n{how}\n[Service]\nExecStart=/bin/sleep infinity")
    };
    VpsTest::new()
        .unit("a.service", &unit("b", "Wants=b.service"))
        .unit("b.service", &unit("a", ""))
        .unit("c.service", &unit("d", "Requires=d.service"))
        .unit("d.service", &unit("c", ""))
        .run("sudo systemctl start a; systemctl is-active a b")
        .prints("active\ninactive\n")
        .run("sudo journalctl -u a -o cat")
        .shows("a.service: Job b.service/start deleted to break ordering cycle starting with a.service/start")
        .run("sudo systemctl start c")
        .shows("Transaction order is cyclic. See system logs for details.");
}

#[test]
fn conflicts_stop_and_isolating_keeps_the_session() {
    VpsTest::new()
        .unit("a.service", "[Unit]\nConflicts=b.service\n[Service]\nExecStart=/bin/sleep infinity")
        .unit("b.service", "[Service]\nExecStart=/bin/sleep infinity")
        .unit("my.target", "[Unit]\nAllowIsolate=yes\nRequires=basic.target\nWants=ssh.service\n")
        .run("sudo systemctl start b; sudo systemctl start a; systemctl is-active a b")
        .prints("active\ninactive\n")
        .run("sudo systemctl isolate my.target; systemctl is-active a cron ssh my.target")
        .prints("inactive\ninactive\nactive\nactive\n");
}

#[test]
fn a_stopped_unit_that_nobody_names_is_forgotten() {
    let unit = "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target";
    VpsTest::new()
        .unit("kept.service", unit)
        .unit("gone.service", unit)
        .run("sudo systemctl enable -q kept; sudo systemctl start kept gone; sudo systemctl stop kept gone")
        .run("systemctl show -p ExecMainCode kept gone")
        .prints("ExecMainCode=2\n\nExecMainCode=0\n")
        .run("systemctl list-units --all --no-legend --plain kept.service gone.service")
        .prints("kept.service loaded inactive dead kept.service\n");
}

#[test]
fn a_stop_during_the_wait_for_a_restart_ends_it() {
    VpsTest::new()
        .unit("w.service", "[Service]\nExecStart=/bin/false\nRestart=always\nRestartSec=5")
        .run("sudo systemctl start w; sleep 1; sudo systemctl stop w; systemctl is-active w")
        .prints("inactive\n")
        .advance("1min")
        .run("systemctl is-active w; sudo journalctl -u w -o cat | tail -n 1")
        .prints("inactive\nStopped w.service.\n");
}

#[test]
fn timers_count_from_their_start_and_from_the_last_run() {
    VpsTest::new()
        .unit("tick.service", "[Service]\nType=oneshot\nExecStart=/bin/echo tick")
        .unit("tick.timer", "[Timer]\nOnActiveSec=10s\nOnUnitActiveSec=1min\nAccuracySec=1us")
        .run("sudo systemctl start tick.timer")
        .advance("130s")
        .run("sudo journalctl -u tick -o cat | grep -c ^tick$")
        .prints("3\n");
}

#[test]
fn a_path_unit_starts_its_service_when_the_file_is_there_and_when_it_changes() {
    VpsTest::new()
        .unit("go.service", "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'rm -f /run/go; echo went'")
        .unit("go.path", "[Path]\nPathExists=/run/go")
        .unit("see.service", "[Service]\nType=oneshot\nExecStart=/bin/echo saw it")
        .unit("see.path", "[Path]\nPathChanged=/etc/motd.d")
        .run("sudo systemctl start go.path see.path; systemctl is-active go.path see.path; systemctl show -p SubState go.path")
        .prints("active\nactive\nSubState=waiting\n")
        .run("sudo touch /run/go; sleep 1; ls /run/go; sudo touch /run/go; sleep 1; sudo journalctl -u go -o cat | grep -c went")
        .prints("ls: cannot access '/run/go': No such file or directory\n2\n")
        .run("sudo mkdir /etc/motd.d; sleep 1; sudo touch /etc/motd.d/a; sleep 1; sudo journalctl -u see -o cat | grep -c 'saw it'")
        .prints("2\n");
}

#[test]
fn a_unit_knows_why_it_is_in_its_state() {
    use concierge::systemd::manager::Reason;
    use concierge::systemd::unit_name::UnitName;
    let reason = |test: &VpsTest| {
        let name = UnitName::new("why.service").unwrap();
        test.vps.systemd.manager.get(&name).map(|unit| unit.reason.root().clone())
    };
    let unit =
        "[Service]\nExecStart=/bin/sleep infinity\nRestart=always\nRestartSec=5\n[Install]\nWantedBy=multi-user.target";
    let test = VpsTest::new().unit("why.service", unit).run("sudo systemctl enable -q --now why");
    assert!(matches!(reason(&test), Some(Reason::Requested { .. })), "{:?}", reason(&test));
    let test = test.run("sudo pkill -9 sleep").advance("10s");
    assert!(matches!(reason(&test), Some(Reason::AutoRestart { restarts: 1, .. })), "{:?}", reason(&test));
    let test = test.reboot();
    assert_eq!(reason(&test), Some(Reason::Boot));
}

#[test]
fn units_that_start_each_other_without_end_do_not_stop_time() {
    let unit = |other: &str| {
        format!(
            "[Unit]\nOnFailure={other}.service\nStartLimitIntervalSec=0\n[Service]\nEnvironmentFile=/nope\nExecStart=/bin/true"
        )
    };
    VpsTest::new()
        .unit("ping.service", &unit("pong"))
        .unit("pong.service", &unit("ping"))
        .unit("here.service", "[Service]\nType=oneshot\nExecStart=/bin/true")
        .unit("here.path", "[Path]\nPathExists=/etc/passwd")
        .run("sudo systemctl start here.path; sleep 1; systemctl show -p Result -p SubState here.path")
        .prints("Result=unit-start-limit-hit\nSubState=failed\n")
        .run("sudo systemctl start --no-block ping; sleep 1; echo alive")
        .prints("alive\n");
}
