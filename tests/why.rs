//! `why`: each way in which a unit comes into its state is told as a chain of causes, in both languages.

use concierge::lesson::check::Workshop;
use concierge::lesson::content::Embedded;
use concierge::lesson::content::action::{Action, Input};
use concierge::lesson::content::condition::UnitId;
use concierge::lesson::content::course::load_course;
use concierge::lesson::judge::facts::{Facts, Machine};
use concierge::lesson::student::Student;
use concierge::lesson::typography::slips;
use concierge::lesson::workshop::VpsWorkshop;
use std::time::Duration;

const UNIT: &str =
    "[Unit]\nDescription=W\n[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n";

fn machine() -> Student {
    let loaded = load_course(&Embedded);
    let scenario = &loaded.scenarios["messenger"];
    let mut machine = VpsWorkshop.machine(scenario, scenario.clock);
    machine.vps.write_file("/etc/systemd/system/w.service", UNIT.as_bytes(), 0o644, (0, 0));
    machine
}

/// The chain of a unit after these inputs: English, a line a link.
fn told(inputs: &[&str], unit: &str) -> String {
    let mut machine = machine();
    for input in inputs {
        machine.input(&Input::parse(input).expect("an input"), None);
    }
    machine.act(&Action::Advance(Duration::from_millis(500)));
    let id = match unit.strip_prefix("--user ") {
        Some(name) => UnitId { name: name.into(), user: Some("deploy".into()) },
        None => UnitId::system(unit),
    };
    let chain = machine.why(&id);
    for cause in &chain {
        let text = cause.text();
        assert!(!text.en.is_empty() && !text.fr.is_empty(), "{cause:?}");
        assert_eq!(slips(&text.fr), [], "{}", text.fr);
        eprintln!("{}\n{}", text.en, text.fr);
    }
    eprintln!();
    chain.iter().map(|cause| cause.text().en).collect::<Vec<_>>().join("\n")
}

/// What is typed, the unit, and what its chain must say, in this order.
const TABLE: &[(&[&str], &str, &[&str])] = &[
    (
        &[],
        "w.service",
        &[
            "`w.service` is inactive (dead).",
            "Since the machine was switched on no job pulled `w.service` in: it is not wanted by any target (not enabled).",
        ],
    ),
    (
        &["sudo systemctl start w", ":reboot"],
        "w.service",
        &[
            "After the reboot no job pulled `w.service` in: it is not wanted by any target (not enabled).",
            "`w.service` ran before the reboot (started on 2026-01-05 02:55:",
        ],
    ),
    (
        &["sudo systemctl enable w"],
        "w.service",
        &["no job pulled `w.service` in: it was enabled later, and links are followed at boot only."],
    ),
    (
        &["sudo systemctl start w"],
        "w.service",
        &[
            "is active (running) since",
            "`systemctl start w` asked to start `w.service` on",
            "Nothing will start `w.service` at the next boot",
        ],
    ),
    (
        &["sudo systemctl enable w", ":reboot"],
        "w.service",
        &[
            "is active (running)",
            "The job of `multi-user.target` brought `w.service` along (`Wants=`).",
            "The boot started `",
        ],
    ),
    (
        &["sudo systemctl start w", "sudo systemctl stop w"],
        "w.service",
        &["inactive (dead)", "`systemctl stop w` asked to stop `w.service`"],
    ),
    (
        &["sudo systemctl start w", "sudo kill -9 $(systemctl show -p MainPID --value w)"],
        "w.service",
        &[
            "failed (failed)",
            "SIGKILL, sent by `kill -9 ",
            "ended the main process of `w.service`.",
            "`Restart=no` does not start `w.service` again after such an end.",
        ],
    ),
    (
        &["sudo sed -i 's|/bin/sleep infinity|/bin/nope|' /etc/systemd/system/w.service", "sudo systemctl start w"],
        "w.service",
        &["failed (failed)", "exited with status 203/EXEC: the program in `ExecStart=` is not there", "`Restart=no`"],
    ),
    (
        &[
            "sudo sed -i 's|/bin/sleep infinity|/bin/false\\nRestart=always|' /etc/systemd/system/w.service",
            "sudo systemctl start w",
            ":advance 10s",
        ],
        "w.service",
        &[
            "systemd has given up on `w.service`: it was started more than 5 times in 10 s",
            "exited with status 1/FAILURE",
        ],
    ),
    (
        &[
            "sudo sed -i 's|/bin/sleep infinity|/bin/false\\nRestart=always\\nRestartSec=1h|' /etc/systemd/system/w.service",
            "sudo systemctl start w",
        ],
        "w.service",
        &[
            "activating (auto-restart)",
            "exited with status 1/FAILURE",
            "`Restart=always` will start `w.service` again on",
        ],
    ),
    (
        &[
            "sudo sed -i 's|/bin/sleep infinity|/bin/sleep 5|' /etc/systemd/system/w.service",
            "sudo systemctl start w",
            ":advance 10s",
        ],
        "w.service",
        &[
            "inactive (dead)",
            "exited with status 0/SUCCESS: it had done its work.",
            "`Restart=no` does not start `w.service` again after a clean end.",
        ],
    ),
    (
        &["sudo systemctl mask w; sudo rm -f /etc/systemd/system/w.service; sudo systemctl mask w"],
        "w.service",
        &["`w.service` is masked"],
    ),
    (&[], "v.service", &["There is no file for `v.service`"]),
    (&[], "redis-serve.service", &["There is no file for `redis-serve.service`; did you mean `redis-server.service`?"]),
    (
        &[
            "sudo sed -i 's|^Description.*|ConditionPathExists=/opt/not-there|' /etc/systemd/system/w.service",
            "sudo systemctl start w",
        ],
        "w.service",
        &["inactive (dead)", "does not hold: `ConditionPathExists=/opt/not-there`."],
    ),
    (
        &["sudo systemctl start w", "sudo sed -i 's|Description=W|Description=X|' /etc/systemd/system/w.service"],
        "w.service",
        &["active (running)", "The file of `w.service` changed on disk"],
    ),
    (
        &[
            "sudo sed -i 's|^Description.*|Requires=missing.service|' /etc/systemd/system/w.service",
            "sudo systemctl start w",
            "sudo sed -i 's|Requires=missing.service|Requires=broken.service\\nAfter=broken.service|' /etc/systemd/system/w.service; printf '[Service]\\nType=oneshot\\nExecStart=/bin/false\\n' | sudo tee /etc/systemd/system/broken.service; sudo systemctl daemon-reload; sudo systemctl start w",
        ],
        "w.service",
        &[
            "inactive (dead)",
            "`w.service` needs `broken.service`, and that did not start.",
            "`broken.service` is failed",
            "exited with status 1/FAILURE",
        ],
    ),
    (
        &[
            "mkdir -p ~/.config/systemd/user; printf '[Service]\\nExecStart=/bin/sleep infinity\\n' > ~/.config/systemd/user/own.service; systemctl --user start own",
            ":drop",
            "exit",
            ":advance 1min",
        ],
        "--user own.service",
        &["inactive (dead)", "`deploy` has no session and does not linger"],
    ),
    (
        &[
            "printf '[Timer]\\nOnActiveSec=5s\\n' | sudo tee /etc/systemd/system/w.timer; sudo systemctl start w.timer",
            ":advance 10s",
        ],
        "w.service",
        &["active (running)", "`w.timer` triggered `w.service`."],
    ),
];

#[test]
fn every_chain_is_told() {
    for (inputs, unit, wants) in TABLE {
        let told = told(inputs, unit);
        let mut rest = told.as_str();
        for want in *wants {
            let at = rest.find(want).unwrap_or_else(|| panic!("{inputs:?}: no {want:?} in\n{told}"));
            rest = &rest[at + want.len()..];
        }
    }
}
