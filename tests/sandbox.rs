//! The sandbox and the limits of a unit as a program feels them: systemd.exec(5), systemd.resource-control(5).

mod common;

use common::VpsTest;

/// `systemd-run` in the foreground with properties.
fn run(properties: &str, command: &str) -> String {
    let options: String = properties.split_whitespace().map(|p| format!("-p {p} ")).collect();
    format!("sudo systemd-run -q --pipe {options}{command} 2>&1 < /dev/null | cat")
}

#[test]
fn protect_system_makes_more_and_more_read_only() {
    let refused = "Read-only file system";
    for (value, path, denied) in [
        ("yes", "/usr/x", true),
        ("yes", "/etc/x", false),
        ("full", "/etc/x", true),
        ("full", "/var/x", false),
        ("strict", "/var/x", true),
        ("strict", "/home/deploy/x", false),
        ("strict", "/dev/shm/x", false),
    ] {
        let test = VpsTest::new().run(&run(&format!("ProtectSystem={value}"), &format!("touch {path}")));
        assert_eq!(test.output().contains(refused), denied, "{value} {path}: {}", test.output());
    }
}

#[test]
fn what_a_unit_may_write_is_given_back_by_path() {
    VpsTest::new()
        .run(&run("ProtectSystem=strict ReadWritePaths=/srv", "sh -c 'echo x > /srv/x; cat /srv/x; touch /opt/x'"))
        .prints("x\ntouch: cannot touch '/opt/x': Read-only file system\n")
        .run("cat /srv/x")
        .prints("x\n")
        .run(&run("ProtectSystem=strict ReadWritePaths=-/nope", "echo fine"))
        .prints("fine\n");
}

#[test]
fn a_missing_path_fails_the_start_with_226() {
    VpsTest::new()
        .unit("w.service", "[Service]\nReadWritePaths=/nope\nExecStart=/bin/sleep 60")
        .run("sudo systemctl start w; sleep 1; systemctl show -p ExecMainStatus -p Result w")
        .prints("Result=exit-code\nExecMainStatus=226\n")
        .run("sudo journalctl -u w -o cat")
        .shows("w.service: Failed to set up mount namespacing: /run/systemd/unit-root/nope: No such file or directory")
        .shows("w.service: Failed at step NAMESPACE spawning /bin/sleep: No such file or directory");
}

#[test]
fn private_tmp_lives_as_long_as_the_run_and_can_be_joined() {
    VpsTest::new()
        .unit("a.service", "[Service]\nPrivateTmp=yes\nExecStart=/bin/sh -c 'echo a > /tmp/f; exec sleep infinity'")
        .unit("b.service", "[Unit]\nJoinsNamespaceOf=a.service\n[Service]\nPrivateTmp=yes\nExecStart=/bin/cat /tmp/f")
        .run("sudo systemctl daemon-reload; sudo systemctl start a; sleep 1; sudo systemctl start b; sleep 1")
        .run("sudo journalctl -u b -o cat; ls /tmp/f")
        .shows("\na\n")
        .shows("ls: cannot access '/tmp/f': No such file or directory")
        .run("sudo sh -c 'cat /tmp/systemd-private-*-a.service-*/tmp/f'")
        .prints("a\n")
        .run("sudo nsenter -t $(systemctl show -p MainPID --value a) -m cat /tmp/f")
        .prints("a\n")
        .run("sudo systemctl stop a; sudo sh -c 'ls /tmp | grep -c a.service'")
        .prints("0\n");
}

#[test]
fn a_temporary_file_system_is_freed_with_its_last_process() {
    let test = VpsTest::new().run("true");
    let before = test.vps.world.files.inode_count();
    let test =
        test.run(&run("TemporaryFileSystem=/srv", "sh -c 'mkdir /srv/a; echo x > /srv/a/b; ls -A /srv'")).prints("a\n");
    let after = test.run("ls -A /srv").prints("").vps.world.files.inode_count();
    assert!(after <= before + 3, "{before} {after}");
}

#[test]
fn no_new_privileges_binds_sudo() {
    VpsTest::new()
        .run(&run("User=deploy NoNewPrivileges=yes", "sudo id"))
        .shows("sudo: The \"no new privileges\" flag is set, which prevents sudo from running as root.")
        .run(&run("User=deploy", "sudo id -un"))
        .prints("root\n");
}

#[test]
fn capabilities_decide_not_the_user() {
    VpsTest::new()
        .run(&run("CapabilityBoundingSet=", "chown deploy /tmp"))
        .prints("/usr/bin/chown: changing ownership of '/tmp': Operation not permitted\n")
        .run(&run("CapabilityBoundingSet=CAP_CHOWN", "touch /home/deploy/x"))
        .prints("/usr/bin/touch: cannot touch '/home/deploy/x': Permission denied\n")
        .run(&run("User=deploy AmbientCapabilities=CAP_DAC_READ_SEARCH", "head -c 4 /etc/shadow"))
        .prints("root");
}

#[test]
fn a_network_of_ones_own_has_nobody_in_it() {
    VpsTest::new()
        .run(&run("PrivateNetwork=yes", "redis-cli ping"))
        .prints("Could not connect to Redis at 127.0.0.1:6379: Connection refused\n")
        .run(&run("PrivateNetwork=yes", "ss -Htln"))
        .prints("")
        .run(&run("RestrictAddressFamilies=AF_UNIX", "redis-cli ping"))
        .prints("Could not connect to Redis at 127.0.0.1:6379: Can't create socket: Address family not supported by protocol\n");
}

#[test]
fn memory_that_runs_out_kills_and_says_so() {
    VpsTest::new()
        .unit("m.service", "[Service]\nMemoryMax=30M\nExecStart=/usr/bin/tail /dev/zero")
        .run("sudo systemctl start m; sleep 5; systemctl show -p Result -p ExecMainStatus m")
        .prints("Result=oom-kill\nExecMainStatus=9\n")
        .run("sudo journalctl -u m -o cat")
        .shows("m.service: A process of this unit has been killed by the OOM killer.")
        .run("sudo journalctl -k -o cat | grep -c 'Memory cgroup out of memory: Killed process'")
        .prints("1\n");
}

#[test]
fn tasks_and_files_have_limits() {
    VpsTest::new()
        .run(&run("TasksMax=1", "sh -c '/bin/true; echo next'"))
        .prints("/usr/bin/sh: 1: Cannot fork\n")
        .run(&run("TasksMax=1", "bash -c '/bin/true; echo next'"))
        .shows("/usr/bin/bash: fork: retry: Resource temporarily unavailable")
        .shows("/usr/bin/bash: fork: Resource temporarily unavailable")
        .run(&run("LimitNOFILE=5", "bash -c 'exec 3</dev/null 4</dev/null; exec 5</dev/null; echo after'"))
        .prints("/usr/bin/bash: line 1: /dev/null: Too many open files\nafter\n")
        .run(&run("LimitFSIZE=1K", "bash -c 'head -c 3000 /dev/zero > /tmp/big; echo $?; stat -c %s /tmp/big'"))
        .shows("153\n1024\n")
        .run(&run("LimitCPU=1:5", "bash -c 'while :; do :; done'"))
        .run("sudo journalctl -t systemd -o cat -n 9")
        .shows("Main process exited, code=killed, status=24/XCPU");
}

#[test]
fn a_dynamic_user_owns_private_folders() {
    VpsTest::new()
        .run(&run("DynamicUser=yes User=wrk StateDirectory=wrk", "sh -c 'id -u; touch $STATE_DIRECTORY/f'"))
        .prints("61439\n")
        .run("readlink /var/lib/wrk; sudo stat -c '%A %u' /var/lib/private /var/lib/private/wrk/f; ls /var/lib/wrk/")
        .prints("private/wrk\ndrwx------ 0\n-rw-r--r-- 61439\nls: cannot access '/var/lib/wrk/': Permission denied\n");
}
