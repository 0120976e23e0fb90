//! Units that start other units: sockets and paths: systemd.socket(5), systemd.path(5).

mod common;

use common::VpsTest;

const TALK: &str = "exec 3<>/dev/tcp/127.0.0.1/7001";

#[test]
fn each_connection_gets_an_instance_that_speaks_on_it() {
    let service =
        "[Service]\nStandardInput=socket\nExecStart=/bin/sh -c 'echo hi $REMOTE_ADDR $LISTEN_FDS; read x; echo got $x'";
    VpsTest::new()
        .unit("talk.socket", "[Socket]\nListenStream=7001\nAccept=yes\nMaxConnections=1")
        .unit("talk@.service", service)
        .run("sudo systemctl start talk.socket; systemctl is-active talk.socket")
        .prints("active\n")
        .run(&format!("{TALK}; head -1 <&3; systemctl list-units --no-legend --plain 'talk@*' | wc -l"))
        .prints("hi 127.0.0.1\n1\n")
        .run("exec 4<>/dev/tcp/127.0.0.1/7001; cat <&4; systemctl show talk.socket -p NAccepted,NConnections,NRefused")
        .prints("NConnections=1\nNAccepted=1\nNRefused=1\n")
        .run("echo you >&3; cat <&3; sleep 1; systemctl show talk.socket -p NConnections; systemctl list-units --all --no-legend 'talk@*'")
        .prints("got you\nNConnections=0\n")
        .run("sudo systemctl stop talk.socket; exec 5<>/dev/tcp/127.0.0.1/7001")
        .shows("connect: Connection refused")
        .exits(1);
}

#[test]
fn the_first_connection_starts_the_service_with_the_listening_socket() {
    VpsTest::new()
        .unit("late.socket", "[Socket]\nListenStream=127.0.0.1:7001\nFileDescriptorName=web")
        .unit(
            "late.service",
            "[Service]\nExecStart=/bin/bash -c 'echo $LISTEN_FDS $LISTEN_FDNAMES $((LISTEN_PID == $$$$)); sleep infinity'",
        )
        .run("sudo systemctl start late.socket; systemctl is-active late.service; sudo ss -tlnp | grep -c '7001.*\"systemd\",pid=1'")
        .prints("inactive\n1\n")
        .run(&format!("{TALK}; sleep 1; systemctl is-active late.service; systemctl show -p SubState late.socket; sudo journalctl -u late.service -o cat -n 1"))
        .prints("active\nSubState=running\n1 web 1\n")
        .run("sudo systemctl stop late.service")
        .shows("Stopping late.service, but it can still be activated by:\n  late.socket")
        .run("sudo systemctl stop late.socket; sudo systemctl start late.service; sudo systemctl start late.socket")
        .shows("Job failed. See \"journalctl -xe\" for details.")
        .exits(1)
        .run("sudo journalctl -u late.socket -o cat | tail -2")
        .shows("late.socket: Socket service late.service already active, refusing.");
}

#[test]
fn a_service_that_never_takes_the_connection_takes_its_socket_down() {
    VpsTest::new()
        .unit("bad.socket", "[Socket]\nListenStream=7001")
        .unit("bad.service", "[Service]\nExecStart=/bin/false")
        .run(&format!(
            "sudo systemctl start bad.socket; {TALK}; sleep 1; systemctl show -p Result -p SubState bad.socket"
        ))
        .prints("Result=service-start-limit-hit\nSubState=failed\n")
        .run("sudo journalctl -u bad.service -o cat | grep -c Started")
        .prints("5\n");
    VpsTest::new()
        .unit("bad.socket", "[Socket]\nListenStream=7001\nTriggerLimitBurst=3\nTriggerLimitIntervalSec=60")
        .unit("bad.service", "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/false")
        .run(&format!("sudo systemctl start bad.socket; {TALK}; sleep 1; systemctl show -p Result bad.socket"))
        .prints("Result=trigger-limit-hit\n")
        .run("sudo journalctl -u bad.socket -o cat | grep -c 'Trigger limit hit, refusing further activation'")
        .prints("1\n");
}

#[test]
fn a_named_pipe_is_a_socket_too() {
    VpsTest::new()
        .unit("ding.socket", "[Socket]\nListenFIFO=/run/ding\nSocketMode=0622\nSocketUser=deploy\nService=dong.service\nRemoveOnStop=yes")
        .unit(
            "dong.service",
            "[Service]\nStandardInput=fd:ding.socket\nStandardOutput=journal\nExecStart=/bin/sh -c 'read line; echo dong $line; sleep infinity'",
        )
        .run("sudo systemctl start ding.socket; stat -c '%A %U:%G' /run/ding; echo one > /run/ding; sleep 1; sudo journalctl -u dong -o cat -n 1")
        .prints("prw--w--w- deploy:deploy\ndong one\n")
        .run("sudo systemctl stop ding.socket; ls /run/ding")
        .exits(2);
}

#[test]
fn a_named_pipe_waits_for_its_other_end() {
    VpsTest::new()
        .run("mkfifo p; bash -c '(sleep 1; echo late > p) & cat p'")
        .prints("late\n")
        .run("bash -c 'echo early > p & sleep 1; cat p'")
        .prints("early\n");
}

#[test]
fn a_path_unit_sees_a_file_come_change_and_go() {
    VpsTest::new()
        .unit("w.path", "[Path]\nPathChanged=/srv/conf")
        .unit("w.service", "[Service]\nType=oneshot\nExecStart=/bin/echo seen")
        .run("sudo chmod 777 /srv; sudo systemctl start w.path")
        .run("for do in 'echo 1 > conf' 'echo 2 >> conf' 'mv conf old' 'rm old'; do (cd /srv; eval \"$do\"); sleep 1; done; sudo journalctl -u w.service -o cat | grep -c seen")
        .prints("3\n");
    VpsTest::new()
        .unit("l.path", "[Path]\nPathExists=/etc/hostname\nTriggerLimitBurst=3\nTriggerLimitIntervalSec=60")
        .unit("l.service", "[Unit]\nStartLimitIntervalSec=0\n[Service]\nType=oneshot\nExecStart=/bin/true")
        .run("sudo systemctl start l.path; sleep 1; systemctl show -p Result l.path")
        .prints("Result=trigger-limit-hit\n");
}

#[test]
fn an_idle_service_waits_for_a_quiet_moment_but_not_for_ever() {
    VpsTest::new()
        .unit("slow.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 2")
        .unit("slower.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 60")
        .unit("idle.service", "[Service]\nType=idle\nExecStart=/bin/sh -c 'echo begun; sleep infinity'")
        .run("sudo systemctl start --no-block slow; sudo systemctl start idle; sleep 1; sudo journalctl -u idle -o cat | grep -c begun; sleep 2; sudo journalctl -u idle -o cat | grep -c begun")
        .prints("0\n1\n")
        .run("sudo systemctl stop idle; sudo systemctl start --no-block slower; sudo systemctl start idle; sleep 4; sudo journalctl -u idle -o cat | grep -c begun; sleep 2; sudo journalctl -u idle -o cat | grep -c begun")
        .prints("1\n2\n");
}
