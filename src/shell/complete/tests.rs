//! Completion on the baseline, as `deploy` sees it.

use super::*;
use crate::shell::{TRANSCRIPT_CLOCK, baseline};
use crate::world::Duration;

/// The candidates for a line typed by `deploy` on the baseline.
fn shown(setup: &str, line: &str) -> Vec<String> {
    let mut vps = baseline(TRANSCRIPT_CLOCK, 1);
    let tty = vps.login("deploy").unwrap();
    vps.run_until_input(tty, Duration::from_secs(30));
    vps.type_at(tty, setup);
    vps.run_until_input(tty, Duration::from_secs(30));
    let shell = vps.world.terminals[&tty].session.unwrap();
    complete(&vps, shell, line).1.into_iter().map(|candidate| candidate.shown).collect()
}

fn has(found: &[String], name: &str) -> bool {
    found.iter().any(|shown| shown == name)
}

#[test]
fn commands_and_verbs_come_from_their_tables() {
    assert!(has(&shown("", "system"), "systemctl"));
    assert!(has(&shown("", "sudo dis"), "disown"));
    assert!(has(&shown("", "sudo systemctl dae"), "daemon-reload"));
    assert!(has(&shown("", "loginctl enable-"), "enable-linger"));
}

#[test]
fn units_are_those_that_the_verb_can_act_on() {
    let stop = shown("", "sudo systemctl stop c");
    assert!(has(&stop, "cron.service"), "{stop:?}");
    assert!(!has(&shown("", "systemctl start c"), "cron.service"));
    let started = shown("sudo systemctl stop cron\n", "systemctl start c");
    assert!(has(&started, "cron.service"), "{started:?}");
    assert!(has(&shown("", "systemctl disable cr"), "cron.service"));
    assert!(!has(&shown("", "systemctl enable cr"), "cron.service"));
}

#[test]
fn options_are_asked_of_the_command() {
    let found = shown("", "ls --al");
    assert!(has(&found, "--all") && has(&found, "--almost-all"), "{found:?}");
    assert!(has(&shown("", "journalctl --fo"), "--follow"));
}

#[test]
fn the_journal_completes_its_units_and_fields() {
    assert!(has(&shown("", "journalctl -u cr"), "cron.service"));
    assert!(has(&shown("", "journalctl --unit=cr"), "cron.service"));
    assert!(has(&shown("", "journalctl _PI"), "_PID"));
}

#[test]
fn paths_are_those_that_the_user_may_see() {
    assert!(has(&shown("", "cat /etc/pass"), "passwd"));
    assert!(has(&shown("", "cd /op"), "opt/"));
    assert_eq!(shown("", "ls /root/."), [""; 0]);
    assert!(has(&shown("touch 'a b'\n", "cat a"), "a b"));
}

#[test]
fn users_and_signals_are_completed() {
    assert!(has(&shown("", "su dep"), "deploy"));
    assert!(has(&shown("", "kill -TE"), "-TERM"));
}
