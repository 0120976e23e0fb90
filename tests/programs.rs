//! Declared programs: the example of the book runs as it says, jobs are counted, and a scenario chooses its distribution.
#![allow(clippy::disallowed_methods, reason = "a test reads the book")]

mod common;

use common::VpsTest;
use concierge::commands::apps::queue;
use concierge::lesson::content::read_scenario::load_scenario;
use concierge::lesson::content::source::MemorySource;
use concierge::lesson::text::Lang;
use concierge::lesson::workshop;

const HEAD: &str = "format = 1\nid = \"x\"\ntitle = { en = \"X\", fr = \"X\" }\nclock = \"2026-01-05T02:40:00Z\"\n";

/// The machine of a scenario with these lines after its head.
fn machine(rest: &str) -> VpsTest {
    let text = format!("{HEAD}{rest}");
    let source = MemorySource::new([("scenarios/x/scenario.toml", text.as_str())]);
    let mut found = Vec::new();
    let scenario = load_scenario(&source, "x", &mut found);
    let errors: Vec<String> = found.iter().map(|error| error.line(Lang::En)).collect();
    assert_eq!(errors, [""; 0]);
    let scenario = scenario.expect("a scenario without errors is there");
    VpsTest::on(workshop::open(&scenario, scenario.clock, 1).vps)
}

/// The declarations of the book's example.
fn example() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/book/src/programs.md");
    let text = std::fs::read_to_string(path).expect("the chapter is there");
    text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("it has an example").to_owned()
}

#[test]
fn the_example_of_the_book_works_and_a_killed_worker_loses_its_job() {
    let mut test = machine(&format!("machine = \"debian-12\"\n{}", example()))
        .run("touch invoices.py; python3 invoices.py; echo $?");
    assert!(test.output().contains("config.ini is missing"), "{}", test.output());
    test = test
        .run("touch config.ini; echo SMTP_HOST=mail > .env; python3 invoices.py > log 2>&1 & /srv/shop/shop &")
        .run("sleep 25; cat log; redis-cli LLEN invoices");
    assert!(test.output().contains("sent invoice-1"), "{}", test.output());
    assert!(test.output().contains("sent invoice-2"), "{}", test.output());
    let (waiting, counts) = queue(&test.vps.world, "invoices");
    assert_eq!((waiting.unwrap_or(0), counts.handled, counts.lost), (0, 2, 0));
    // The next invoice comes five seconds later; two thirds of a second into it the worker is killed.
    test = test.run("sleep 6; pkill -9 -f invoices.py; sleep 12; redis-cli LLEN invoices");
    let (waiting, counts) = queue(&test.vps.world, "invoices");
    assert_eq!((waiting, counts.handled, counts.lost), (Some(1), 2, 1), "{}", test.output());
}

#[test]
fn symfony_gives_a_killed_workers_message_out_again_and_laravel_after_a_while() {
    let test = VpsTest::new()
        .run("cd /opt/app; php bin/console app:send slow; php bin/console messenger:consume async > /dev/null 2>&1 &")
        .run("sleep 5; pkill -9 -f messenger:consume; sleep 1");
    let (waiting, counts) = queue(&test.vps.world, "async");
    assert_eq!((waiting, counts.lost, counts.handled), (Some(1), 0, 0));
    let test = test.run("timeout 30 php bin/console messenger:consume async --limit=1 > /dev/null 2>&1");
    let (waiting, counts) = queue(&test.vps.world, "async");
    assert_eq!((waiting, counts.redelivered, counts.handled), (Some(0), 1, 1));
}

#[test]
fn ubuntu_brings_its_php_and_upgrades_restart_the_machine_one_night() {
    let conf = "[[file]]\npath = \"/etc/apt/apt.conf.d/50unattended-upgrades\"\ntext = '''\nUnattended-Upgrade::Automatic-Reboot \"true\";\nUnattended-Upgrade::Automatic-Reboot-Time \"03:30\";\n'''\n";
    let mut test = machine(&format!("machine = \"ubuntu-24.04\"\nupgrades = [\"linux-image-amd64\"]\n{conf}"))
        .run("php -v; uptime");
    assert!(test.output().starts_with("PHP 8.3."), "{}", test.output());
    let boots = test.vps.systemd.journal.boots().len();
    test = test.advance("30h");
    assert_eq!(test.vps.systemd.journal.boots().len(), boots + 1);
    let test = VpsTest::on(test.vps.clone()).run("cat /var/log/unattended-upgrades/unattended-upgrades.log");
    assert!(test.output().contains("linux-image-amd64"), "{}", test.output());
}
