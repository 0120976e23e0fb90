//! What a goal puts a copy of the real machine through: each fault does what it says, and months of luck name the fall.

use concierge::lesson::check::Workshop;
use concierge::lesson::content::Embedded;
use concierge::lesson::content::action::{Action, Input};
use concierge::lesson::content::condition::UnitId;
use concierge::lesson::content::course::load_course;
use concierge::lesson::content::diagnostic::Doc;
use concierge::lesson::content::lesson::Goal;
use concierge::lesson::content::read_lesson::read_goal;
use concierge::lesson::content::reader::read_root;
use concierge::lesson::judge::facts::{Facts, Machine};
use concierge::lesson::judge::{Answers, Outcome, Panel, judge};
use concierge::lesson::student::Student;
use concierge::lesson::workshop::VpsWorkshop;
use concierge::systemd::states::ActiveState;
use std::time::Duration;

/// The machine of the shipped lesson with this unit file, enabled and started.
fn machine(restart: &str) -> Student {
    let loaded = load_course(&Embedded);
    let scenario = &loaded.scenarios["messenger"];
    let mut machine = VpsWorkshop.machine(scenario, scenario.clock);
    let unit = format!(
        "[Service]\nUser=deploy\nWorkingDirectory=/opt/app\nExecStart=/usr/bin/php bin/console messenger:consume async\n\
         Restart={restart}\nRestartSec=5\n[Install]\nWantedBy=multi-user.target\n"
    );
    machine.vps.write_file("/etc/systemd/system/worker.service", unit.as_bytes(), 0o644, (0, 0));
    machine.input(&Input::Type("sudo systemctl enable --now worker".into()), None);
    machine
}

fn goal(toml: &str) -> Goal {
    let text = format!("[goal]\nid = \"g\"\nen = \"e\"\nfr = \"f\"\n{toml}\n");
    let doc = Doc::new("test.toml", &text);
    let goal = read_root(&doc, |table| table.need("goal").and_then(|n| n.table()).map(|t| read_goal(&t)));
    assert!(!doc.has_errors(), "{toml}: {:?}", doc.into_diagnostics());
    goal.flatten().expect("no errors, so a goal")
}

/// Why the goal is not met, in English; empty when it is.
fn verdict(machine: &Student, toml: &str) -> String {
    judge(machine, &Answers::new(), &goal(toml)).reason().map(|text| text.en).unwrap_or_default()
}

/// A trial and a check, and what is said of a worker that restarts always; an empty text when the goal is met.
const TABLE: &[(&str, &str)] = &[
    (
        "fork = { do = ['crash worker.service'], advance = '10s' }\ncheck = { unit = 'worker.service', active = 'active', restarts = 1 }",
        "",
    ),
    (
        "fork = { do = ['kill -9 messenger:consume'], advance = '2s' }\ncheck = { unit = 'worker.service', sub = 'auto-restart' }",
        "",
    ),
    (
        "fork = { do = ['oom worker.service'], advance = '2s' }\ncheck = [{ unit = 'worker.service', result = 'oom-kill' }, { journal = '*', matches = 'out of memory: Killed process', since = 'fork' }]",
        "",
    ),
    (
        "fork = { do = ['oom worker.service'], advance = '10s' }\ncheck = { unit = 'worker.service', active = 'active' }",
        "",
    ),
    ("fork = { do = ['logout', 'drop'], advance = '1s' }\ncheck = { boot = 1 }", "Nobody is logged in."),
    (
        "fork = { do = ['logout', 'advance 1h', 'reboot'] }\ncheck = [{ unit = 'worker.service', active = 'active' }, { boot = 2 }]",
        "",
    ),
    (
        "fork = { do = ['stop worker.service'] }\ncheck = { unit = 'worker.service', active = 'active' }",
        "`worker.service` has ActiveState=inactive; wanted: active. `systemctl stop -- worker.service` asked to stop `worker.service` on 2026-01-05 02:55:00.",
    ),
    (
        "fork = { do = ['stop redis-server.service', 'stop redis-server.service'] }\ncheck = { boot = 1 }",
        "There was nothing to stop: `redis-server.service` is not running.",
    ),
    (
        "fork = { do = ['run sudo systemctl disable worker', 'reboot'] }\ncheck = { unit = 'worker.service', active = 'inactive', enabled = 'disabled' }",
        "",
    ),
    (
        "fork = { do = ['disk-full', 'run echo much > /home/deploy/file; cat /home/deploy/file > /home/deploy/said'] }\ncheck = { file = '/home/deploy/file', contains = 'much' }",
        "Nothing in `/home/deploy/file` matches `much`.",
    ),
    (
        "fork = { do = ['clock-jump 40d'], advance = '1min' }\ncheck = [{ timer = 'dpkg-db-backup.timer', fired_within = '2min' }, { unit = 'worker.service', active = 'active', restarts = 0 }]",
        "",
    ),
    (
        "fork = { do = ['clock-jump -3h'], advance = '1min' }\ncheck = [{ timer = 'dpkg-db-backup.timer', next = '<= 25h' }, { unit = 'worker.service', active = 'active', restarts = 0 }]",
        "",
    ),
];

#[test]
fn every_fault_does_what_it_says() {
    let machine = machine("always");
    for (toml, want) in TABLE {
        assert_eq!(verdict(&machine, toml), *want, "{toml}");
    }
}

const MONTH: &str = "chaos = { horizon = '30d', seeds = 2, faults = ['crash worker.service 1/d', 'reboot 1/10d', 'logout 1/d'] }\n\
    check = { unit = 'worker.service', up = '>= 99.9%' }";

#[test]
fn a_month_is_survived_or_the_first_fall_is_named() {
    assert_eq!(verdict(&machine("always"), MONTH), "");
    let told = verdict(&machine("no"), MONTH);
    assert!(told.starts_with("Copy 1, day "), "{told}");
    assert!(told.contains("after `crash worker.service`: `worker.service` has ActiveState=failed"), "{told}");
    assert_eq!(verdict(&machine("no"), MONTH), told, "the same twice");
}

#[test]
fn a_users_unit_is_seen_with_and_without_its_manager() {
    let mut machine = machine("always");
    for line in [
        "mkdir -p ~/.config/systemd/user",
        "printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=default.target\\n' > ~/.config/systemd/user/own.service",
        "systemctl --user daemon-reload; systemctl --user enable --now own",
    ] {
        machine.input(&Input::Type(line.into()), None);
    }
    let own = UnitId { name: "own.service".into(), user: Some("deploy".into()) };
    let state = |machine: &Student| machine.unit(&own).map(|unit| (unit.active, unit.enabled.is_some()));
    assert_eq!(state(&machine), Some((ActiveState::Active, true)));
    assert_eq!(machine.lingers("deploy"), Some(false));
    assert_eq!(machine.unit_property(&own, "Restart").as_deref(), Some("no"));
    machine.act(&Action::Logout);
    machine.act(&Action::Advance(Duration::from_secs(60)));
    assert_eq!(state(&machine), Some((ActiveState::Inactive, true)), "the manager is gone, the file is not");
}

#[test]
fn looking_changes_nothing_and_doing_does() {
    let mut machine = machine("always");
    machine.act(&Action::Advance(Duration::from_secs(60)));
    let mut print = machine.fingerprint();
    for (line, changes) in [
        ("systemctl status worker", false),
        ("ls -l /etc", false),
        ("sudo journalctl -n 5", false),
        ("ps aux", false),
        ("touch /tmp/file", true),
        ("cd /opt/app", true),
        ("sudo sed -i s/always/no/ /etc/systemd/system/worker.service", true),
        ("sudo systemctl daemon-reload", true),
        ("sudo systemctl stop worker", true),
        ("sudo systemctl disable worker", true),
        ("sleep 1000 &", true),
    ] {
        machine.input(&Input::Type(line.into()), None);
        let now = machine.fingerprint();
        assert_eq!(now != print, changes, "{line}");
        print = now;
    }
}

#[test]
fn chaos_waits_for_the_other_goals_and_is_remembered() {
    let mut machine = machine("always");
    let goals = [goal("check = { file = '/tmp/ready', exists = true }"), goal(MONTH)];
    let mut panel = Panel::default();
    let told = |outcomes: &[Outcome]| outcomes.iter().map(Outcome::is_met).collect::<Vec<_>>();
    let outcomes = panel.judge_all(&machine, &Answers::new(), &goals);
    assert_eq!(told(&outcomes), [false, false]);
    assert!(outcomes[1].reason().is_some_and(|why| why.en.starts_with("The months are lived through once")));
    machine.input(&Input::Type("touch /tmp/ready".into()), None);
    assert_eq!(told(&panel.judge_all(&machine, &Answers::new(), &goals)), [true, true]);
    machine.input(&Input::Type("systemctl status worker".into()), None);
    assert_eq!(told(&panel.judge_all(&machine, &Answers::new(), &goals)), [true, true]);
    machine.input(
        &Input::Type(
            "sudo sed -i s/always/no/ /etc/systemd/system/worker.service; sudo systemctl daemon-reload".into(),
        ),
        None,
    );
    assert_eq!(told(&panel.judge_all(&machine, &Answers::new(), &goals)), [true, false], "judged anew");
}
