//! What the first lesson rests on: what dies with the terminal, what comes back, and after how long.

mod common;

use common::VpsTest;

const WORKER: &str = "[Unit]\nDescription=Worker\n[Service]\nUser=deploy\nWorkingDirectory=/opt/app\n\
    ExecStart=/usr/bin/php bin/console messenger:consume async\nRestart=always\nRestartSec=5\n\
    [Install]\nWantedBy=multi-user.target";

#[test]
fn a_failing_service_waits_in_auto_restart() {
    VpsTest::new()
        .unit("flaky.service", "[Service]\nExecStart=/bin/false\nRestart=on-failure\nRestartSec=5s")
        .run("sudo systemctl start flaky")
        .advance("1s")
        .run("systemctl is-active flaky")
        .prints("activating\n")
        .exits(3);
}

#[test]
fn a_killed_worker_is_back_after_restart_sec_and_not_before() {
    VpsTest::new()
        .unit("worker.service", WORKER)
        .run("sudo systemctl enable --now worker")
        .exits(0)
        .advance("2s")
        .run("sudo kill -9 $(systemctl show -p MainPID --value worker); sleep 1; systemctl is-active worker")
        .prints("activating\n")
        .advance("6s")
        .run("systemctl is-active worker; systemctl show -p NRestarts worker")
        .prints("active\nNRestarts=1\n");
}

#[test]
fn only_what_is_enabled_comes_back_after_a_reboot() {
    VpsTest::new()
        .unit("on.service", WORKER)
        .unit("off.service", WORKER)
        .run("sudo systemctl enable --now on; sudo systemctl start off; systemctl is-active on off")
        .shows("active\nactive\n")
        .reboot()
        .run("systemctl is-active on off")
        .prints("active\ninactive\n");
}

#[test]
fn a_foreground_worker_dies_with_the_connection_and_nohup_survives_it() {
    VpsTest::new()
        .run("cd /opt/app; php bin/console messenger:consume async > /tmp/log 2>&1 &")
        .advance("2s")
        .drop_connection()
        .run("pgrep -fc messenger:consume")
        .prints("0\n")
        .run("cd /opt/app; nohup php bin/console messenger:consume async > /tmp/log 2>&1 &")
        .advance("2s")
        .drop_connection()
        .run("pgrep -fc messenger:consume")
        .prints("1\n")
        .reboot()
        .run("pgrep -fc messenger:consume")
        .prints("0\n");
}

#[test]
fn a_clone_lives_its_own_life() {
    let test = VpsTest::new().unit("worker.service", WORKER).run("sudo systemctl start worker").advance("2s");
    let copy = VpsTest::on(test.vps.clone()).run("sudo systemctl stop worker; systemctl is-active worker");
    copy.prints("inactive\n");
    test.run("systemctl is-active worker").prints("active\n");
}
