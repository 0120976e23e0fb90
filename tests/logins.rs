//! Logging in and out: sessions, their scopes, users' managers and lingering: systemd-logind.service(8), user@.service(5).

use concierge::commands;
use concierge::systemd::journal::{Access, JournalFiles};
use concierge::systemd::logind::{SessionState, UserState};
use concierge::systemd::states::ActiveState;
use concierge::systemd::unit_name::UnitName;
use concierge::vps::{Software, Vps};
use concierge::world::fs::Cred;
use concierge::world::{Channel, Duration, Pid, Program, Step, Sys, Time, TtyId, Wait};

/// A shell that only waits for the end of its terminal.
#[derive(Clone)]
struct Shell;

impl Program for Shell {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        match sys.read(0, 100) {
            Ok(bytes) if !bytes.starts_with(b"exit") && !bytes.is_empty() => Step::Yield,
            Ok(_) => Step::Exit(0),
            Err(_) => Step::Wait(Wait::fd(0).or_channel(Channel::Children(sys.pid))),
        }
    }
}

fn loader(name: &str, argv: &[String]) -> Option<Box<dyn Program>> {
    if name == "bash" { Some(Box::new(Shell)) } else { commands::load(name, argv) }
}

fn programs() -> Vec<(&'static str, &'static str)> {
    commands::all().map(|c| (c.path, c.name)).chain([("/usr/bin/bash", "bash")]).collect()
}

fn vps() -> Vps {
    Vps::new(Software { loader, files: programs }, Time::from_secs(1_795_170_876), 7)
}

fn after(vps: &mut Vps, seconds: u64) {
    vps.advance(Duration::from_secs(seconds));
}

fn is_active(vps: &Vps, unit: &str) -> bool {
    let unit = UnitName::new(unit).and_then(|name| vps.systemd.manager.get(&name));
    unit.is_some_and(|u| u.active_state() == ActiveState::Active)
}

fn log(vps: &Vps, unit: &str) -> Vec<String> {
    let access = Access::new(&vps.world, &Cred::root(), JournalFiles::All);
    let filter = concierge::systemd::journal::Match::unit(unit);
    let journal = &vps.systemd.journal;
    journal.entries().iter().filter(|e| access.sees(e) && filter.holds(e)).map(|e| e.message().into_owned()).collect()
}

fn shell_of(vps: &Vps, tty: TtyId) -> Pid {
    vps.world.processes().find(|p| p.tty == Some(tty) && p.sid == p.pid).map(|p| p.pid).unwrap()
}

#[test]
fn the_manager_comes_with_the_first_session_and_goes_after_the_last() {
    let mut vps = vps();
    let tty = vps.login("deploy").unwrap();
    assert!(is_active(&vps, "user@1000.service"), "{:#?}", log(&vps, "user@1000.service"));
    assert!(is_active(&vps, "session-1.scope"));
    assert_eq!(vps.systemd.user_state(&vps.world, 1000), UserState::Active);
    assert!(vps.world.files.get("/run/user/1000").is_some());
    let shell = vps.world.process(shell_of(&vps, tty)).unwrap();
    assert_eq!(&*shell.cgroup, "/user.slice/user-1000.slice/session-1.scope");
    let second = vps.login("deploy").unwrap();
    assert_eq!(vps.systemd.logind.sessions().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["1", "3"]);
    vps.drop_connection(tty);
    vps.type_at(second, "exit\n");
    after(&mut vps, 5);
    assert!(vps.systemd.logind.sessions().next().is_none());
    assert!(is_active(&vps, "user@1000.service"), "the manager stays for ten seconds");
    after(&mut vps, 10);
    assert!(!is_active(&vps, "user@1000.service"));
    assert!(vps.systemd.logind.user(1000).is_none(), "{:?}", vps.systemd.logind.user(1000));
    assert!(vps.systemd.users.is_empty(), "{:?}", vps.systemd.users.keys());
    assert!(vps.world.files.get("/run/user/1000").is_none());
    let lines = log(&vps, "user@1000.service");
    for line in ["Starting", "Started", "Stopping", "Stopped"] {
        let dots = if line.ends_with("ing") { "..." } else { "." };
        let wanted = format!("{line} user@1000.service - User Manager for UID 1000{dots}");
        assert!(lines.contains(&wanted), "{wanted}: {lines:#?}");
    }
    let logind = log(&vps, "systemd-logind.service");
    for line in ["New session 1 of user deploy.", "Removed session 1.", "Removed session 3."] {
        assert!(logind.iter().any(|l| l == line), "{line}: {logind:#?}");
    }
}

#[test]
fn who_lingers_needs_no_session() {
    let mut vps = vps();
    vps.systemd.enable_linger(&mut vps.world, 1000, "deploy");
    after(&mut vps, 2);
    assert!(is_active(&vps, "user@1000.service"));
    assert_eq!(vps.systemd.user_state(&vps.world, 1000), UserState::Lingering);
    let tty = vps.login("deploy").unwrap();
    vps.drop_connection(tty);
    after(&mut vps, 20);
    assert!(is_active(&vps, "user@1000.service"));
    vps.reboot(Duration::from_secs(120));
    assert!(is_active(&vps, "user@1000.service"), "it runs from boot on");
    vps.systemd.disable_linger(&mut vps.world, 1000, "deploy");
    after(&mut vps, 2);
    assert!(!is_active(&vps, "user@1000.service"));
}

#[test]
fn a_session_with_something_left_behind_is_closing() {
    let mut vps = vps();
    let tty = vps.login("deploy").unwrap();
    let shell = shell_of(&vps, tty);
    let left = vps.world.fork_unborn(shell).unwrap();
    let argv = ["/usr/bin/sleep".to_owned(), "infinity".to_owned()];
    vps.world.close_all(left);
    vps.world.process_mut(left).unwrap().signals.ignored.insert(concierge::world::Signal::HUP);
    vps.world.exec(left, "/usr/bin/sleep", &argv, Vec::new()).unwrap();
    vps.drop_connection(tty);
    after(&mut vps, 30);
    let session = vps.systemd.logind.session("1").expect("something is left of it").clone();
    assert_eq!(session.state(), SessionState::Closing);
    assert_eq!(vps.systemd.user_state(&vps.world, 1000), UserState::Closing);
    assert!(is_active(&vps, "user@1000.service"));
    vps.systemd.terminate_session(&mut vps.world, "1");
    after(&mut vps, 5);
    assert!(vps.world.process(left).is_some(), "what was left behind lives on");
    vps.world.send_signal(left, concierge::world::Signal::KILL);
    after(&mut vps, 30);
    assert!(vps.systemd.logind.session("1").is_none() && !is_active(&vps, "user@1000.service"));
}
