//! What must not be felt: judging the goals of a step after every command, on copies that crash, reboot and live months.
//! `cargo bench --bench judging`.

use concierge::lesson::check::Workshop;
use concierge::lesson::content::Embedded;
use concierge::lesson::content::action::Input;
use concierge::lesson::content::course::load_course;
use concierge::lesson::content::diagnostic::Doc;
use concierge::lesson::content::lesson::Goal;
use concierge::lesson::content::read_lesson::read_goal;
use concierge::lesson::content::reader::read_root;
use concierge::lesson::judge::facts::Machine;
use concierge::lesson::judge::{Answers, judge};
use concierge::lesson::student::Student;
use concierge::lesson::workshop::VpsWorkshop;
use divan::Bencher;

fn main() {
    divan::main();
}

const UNIT: &str = "[Service]\nUser=deploy\nWorkingDirectory=/opt/app\nRestart=always\nRestartSec=5\n\
    ExecStart=/usr/bin/php bin/console messenger:consume async --time-limit=3600\n[Install]\nWantedBy=multi-user.target\n";

fn machine() -> Student {
    let loaded = load_course(&Embedded);
    let scenario = &loaded.scenarios["messenger"];
    let mut machine = VpsWorkshop.machine(scenario, scenario.clock);
    machine.vps.write_file("/etc/systemd/system/worker.service", UNIT.as_bytes(), 0o644, (0, 0));
    machine.input(&Input::Type("sudo systemctl enable --now worker".into()), None);
    machine
}

fn goal(toml: &str) -> Goal {
    let text = format!("[goal]\nid = \"g\"\nen = \"e\"\nfr = \"f\"\n{toml}\n");
    let doc = Doc::new("bench.toml", &text);
    let goal = read_root(&doc, |table| table.need("goal").and_then(|n| n.table()).map(|t| read_goal(&t)));
    goal.flatten().filter(|_| !doc.has_errors()).expect("the goal can be read")
}

fn judged(bencher: Bencher, toml: &str) {
    let (machine, goal) = (machine(), goal(toml));
    bencher.bench(|| {
        let outcome = judge(&machine, &Answers::new(), &goal);
        assert!(outcome.is_met(), "{outcome:?}");
    });
}

#[divan::bench]
fn a_unit(bencher: Bencher) {
    judged(bencher, "check = { unit = 'worker.service', active = 'active', enabled = 'enabled' }");
}

#[divan::bench]
fn a_property(bencher: Bencher) {
    judged(bencher, "check = { unit = 'worker.service', property = { Restart = 'always' } }");
}

#[divan::bench]
fn a_queue(bencher: Bencher) {
    judged(bencher, "check = { queue = 'messages', depth = 0 }");
}

#[divan::bench]
fn after_a_crash(bencher: Bencher) {
    judged(
        bencher,
        "fork = { do = ['crash worker.service'], advance = '10s' }\ncheck = { unit = 'worker.service', active = 'active' }",
    );
}

#[divan::bench]
fn after_a_reboot(bencher: Bencher) {
    judged(
        bencher,
        "fork = { do = ['reboot'], advance = '10s' }\ncheck = { unit = 'worker.service', active = 'active' }",
    );
}

#[divan::bench(sample_count = 5)]
fn thirty_days_of_luck(bencher: Bencher) {
    judged(
        bencher,
        "chaos = { horizon = '30d', seeds = 1, faults = ['crash worker.service 1/d', 'reboot 1/10d', 'logout 1/d'] }\n\
         check = { unit = 'worker.service', up = '>= 99%' }",
    );
}

#[divan::bench(sample_count = 5)]
fn thirty_quiet_days(bencher: Bencher) {
    judged(bencher, "fork = { advance = '30d' }\ncheck = { unit = 'worker.service', up = '>= 99%' }");
}
