//! A manager under random orders: whatever is asked of whatever units, what it keeps stays consistent and time goes on.

mod common;

use common::VpsTest;
use concierge::systemd::config::JobMode;
use concierge::systemd::dependency::UnitDependency;
use concierge::systemd::manager::{Client, KillWho, Manager, Verb};
use concierge::systemd::unit_name::UnitName;
use concierge::vps::Vps;
use concierge::world::{Duration, Rng, Signal};

const UNITS: u64 = 9;
const DEPENDENCIES: [&str; 14] = [
    "Requires",
    "Wants",
    "BindsTo",
    "Requisite",
    "PartOf",
    "Upholds",
    "Conflicts",
    "After",
    "Before",
    "After",
    "Before",
    "OnFailure",
    "OnSuccess",
    "PropagatesReloadTo",
];
const COMMANDS: [&str; 6] = [
    "Type=simple\nExecStart=/bin/sleep infinity",
    "Type=oneshot\nExecStart=/bin/sleep 2",
    "Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\nExecStop=/bin/sleep 1",
    "ExecStart=/bin/false\nRestart=always\nRestartSec=1",
    "ExecStartPre=/bin/sleep 1\nExecStart=/bin/sleep 3\nRestart=on-success\nExecStopPost=/bin/false",
    "Type=notify\nTimeoutStartSec=2\nExecStart=/bin/sleep 30",
];

fn name(n: u64) -> UnitName {
    UnitName::new(&format!("u{n}.service")).unwrap()
}

fn pick<'a>(rng: &mut Rng, list: &[&'a str]) -> &'a str {
    list[(rng.next_u64() % list.len() as u64) as usize]
}

fn write_units(vps: &mut Vps, rng: &mut Rng) {
    for n in 0..UNITS {
        let mut text = String::from("[Unit]\nStopWhenUnneeded=");
        text.push_str(pick(rng, &["no", "no", "no", "yes"]));
        for _ in 0..rng.next_u64() % 4 {
            text.push_str(&format!("\n{}={}", pick(rng, &DEPENDENCIES), name(rng.next_u64() % UNITS)));
        }
        text.push_str(&format!("\n[Service]\n{}\n", pick(rng, &COMMANDS)));
        vps.write_file(&format!("/etc/systemd/system/{}", name(n)), text.as_bytes(), 0o644, (0, 0));
    }
}

fn order(vps: &mut Vps, rng: &mut Rng) {
    let unit = name(rng.next_u64() % UNITS);
    let client = Client { pid: 1, uid: 0 };
    let verb = Verb::ALL[(rng.next_u64() % Verb::ALL.len() as u64) as usize];
    let modes = [JobMode::Replace, JobMode::Fail, JobMode::IgnoreDependencies, JobMode::Replace];
    let mode = modes[(rng.next_u64() % 4) as usize];
    let mut core = vps.systemd.core(&mut vps.world);
    match rng.next_u64() % 12 {
        0 => core.daemon_reload(),
        1 => drop(core.kill_unit(&unit, KillWho::All, Signal::KILL)),
        2 => drop(core.reset_failed_unit(&unit)),
        3 => write_units(vps, rng),
        _ => drop(core.enqueue(verb, &unit, mode, client)),
    }
}

/// What must hold between any two events.
fn check(manager: &Manager) {
    for unit in manager.units() {
        if let Some(id) = unit.job {
            assert_eq!(manager.job(id).map(|job| &job.unit), Some(&unit.name), "the job of {}", unit.name);
        }
        for kind in UnitDependency::ALL {
            for other in unit.dependency(*kind) {
                let there = manager.get(other).is_some_and(|other| other.depends_on(kind.inverse(), &unit.name));
                assert!(there, "{} {kind} {other} without its inverse", unit.name);
            }
        }
    }
    for job in manager.jobs() {
        assert_eq!(manager.get(&job.unit).and_then(|unit| unit.job), Some(job.id), "the unit of job {}", job.id);
    }
}

#[test]
fn what_the_manager_keeps_is_consistent_after_any_orders() {
    for seed in 0..10 {
        let mut rng = Rng::new(seed);
        let mut vps = VpsTest::new().vps;
        write_units(&mut vps, &mut rng);
        for _ in 0..60 {
            order(&mut vps, &mut rng);
            check(&vps.systemd.manager);
            vps.advance(Duration::from_millis(rng.next_u64() % 1500));
            check(&vps.systemd.manager);
        }
        let before = vps.now();
        vps.advance(Duration::from_secs(600));
        assert!(vps.now() >= before + Duration::from_secs(600), "time goes on (seed {seed})");
    }
}

#[test]
fn a_chain_of_a_thousand_units_starts_and_stops() {
    let mut vps = VpsTest::new().vps;
    for n in 0..1000 {
        let next = n + 1;
        let needs = if n < 999 { format!("Requires=l{next}.target\nAfter=l{next}.target") } else { String::new() };
        vps.write_file(
            &format!("/etc/systemd/system/l{n}.target"),
            format!("[Unit]\n{needs}\n").as_bytes(),
            0o644,
            (0, 0),
        );
    }
    let (first, last) = (UnitName::new("l0.target").unwrap(), UnitName::new("l300.target").unwrap());
    let client = Client { pid: 1, uid: 0 };
    let mut core = vps.systemd.core(&mut vps.world);
    core.enqueue(Verb::Start, &first, JobMode::Replace, client).unwrap();
    assert!(core.m.get(&last).is_some_and(|unit| unit.is_active_or_reloading()));
    core.enqueue(Verb::Stop, &last, JobMode::Replace, client).unwrap();
    assert!(core.m.get(&first).is_none_or(|unit| unit.is_inactive_or_failed()));
}
