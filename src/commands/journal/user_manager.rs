//! `systemd --user`: the process of a user's service manager: systemd(1), user@.service(5). The manager itself is a value
//! in PID 1's memory; its process owns the control group, hears signals and says when it is ready.

use crate::commands::Command;
use crate::systemd::load::SearchPath;
use crate::systemd::manager::{Manager, Objective, RuntimeScope};
use crate::systemd::states::ActiveState;
use crate::systemd::unit_name::UnitName;
use crate::vps::systemd;
use crate::world::fs::Cred;
use crate::world::{Channel, Cx, Duration, NeedInput, Pid, Program, Signal, Step, Sys, Time, Wait, accounts, one_shot};

/// The command.
pub const COMMAND: Command = Command {
    name: "systemd",
    path: "/usr/lib/systemd/systemd",
    program: |argv| {
        let user = argv.iter().any(|word| word == "--user");
        Box::new(UserManager { user, reading: None, started: false, ready: false, pam: None })
    },
};

/// Makes and removes a user's runtime folder: user-runtime-dir@.service(5).
pub const RUNTIME_DIR: Command = Command {
    name: "systemd-user-runtime-dir",
    path: "/usr/lib/systemd/systemd-user-runtime-dir",
    program: |argv| one_shot(runtime_dir, argv),
};

fn runtime_dir(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let [verb, who] = &args[..] else {
        cx.errln("This program takes two arguments.");
        return Ok(1);
    };
    let files = &mut cx.sys.world.files;
    let Some(user) = who.parse().ok().and_then(|uid| accounts::user_by_id(files, uid)) else {
        cx.errln(&format!("Failed to look up user {who}: No such process"));
        return Ok(1);
    };
    let (path, now) = (format!("/run/user/{}", user.uid), cx.sys.world.now);
    let files = &mut cx.sys.world.files;
    match verb.as_str() {
        "start" => {
            files.mkdir_all(&path, now);
            if let Ok(ino) = files.lookup(&Cred::root(), "/", &path, true) {
                files.set_owner(ino, user.uid, user.gid, now);
                files.set_mode(ino, 0o700, now);
            }
        }
        _ => files.remove_all(&path, now),
    }
    let (systemd, world) = systemd(cx.sys);
    systemd.core(world).mount_changed(&path, verb == "start");
    Ok(0)
}

/// How often it looks whether it is ready, or done.
const TICK: Duration = Duration::from_millis(10);

/// How long it reads configuration before it starts anything.
const READING: Duration = Duration::from_millis(20);

#[derive(Clone)]
struct UserManager {
    /// Whether it was called as a user's manager.
    user: bool,
    /// Until when it reads its configuration; `None`: it has not begun.
    reading: Option<Time>,
    started: bool,
    ready: bool,
    /// The process that holds the PAM session open.
    pam: Option<Pid>,
}

/// `(sd-pam)`: keeps a PAM session open for as long as it lives.
#[derive(Clone)]
struct SdPam;

impl Program for SdPam {
    fn resume(&mut self, _sys: &mut Sys<'_>) -> Step {
        Step::Wait(Wait::signal())
    }
}

impl Program for UserManager {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.user {
            crate::commands::process::launch::say(sys, "systemd: a second system manager is not simulated");
            return Step::Exit(1);
        }
        if !self.started {
            let until = *self.reading.get_or_insert(sys.now() + READING);
            if sys.now() < until {
                return Step::Wait(Wait::until(until));
            }
            self.started = true;
            self.pam = start(sys);
        }
        let uid = sys.uid();
        while let Some(signal) = sys.take_signal() {
            let (systemd, world) = systemd(sys);
            if let Some(mut core) = systemd.user_core(world, uid) {
                core.signalled(signal);
            }
        }
        while sys.wait_child(None).is_some() {}
        let (systemd, _) = systemd(sys);
        let Some(manager) = systemd.users.get(&uid) else { return Step::Exit(0) };
        if manager.objective == Objective::Exit {
            systemd.users.remove(&uid);
            if let Some(pam) = self.pam {
                let _ = sys.kill(i64::from(pam), Some(Signal::TERM));
            }
            return Step::Exit(0);
        }
        if !self.ready && is_up(manager, "basic.target") {
            self.ready = true;
            sys.sd_notify("READY=1\nSTATUS=Ready.");
        }
        let wait = Wait::channel(Channel::Children(sys.pid));
        let (systemd, world) = crate::vps::systemd(sys);
        let stopping = systemd.users.get(&uid).is_some_and(|m| m.jobs().any(|job| job.unit.as_str() == "exit.target"));
        if !self.ready || stopping { Step::Wait(wait.or_until(world.now + TICK)) } else { Step::Wait(wait) }
    }
}

fn is_up(manager: &Manager, name: &str) -> bool {
    let unit = UnitName::new(name).and_then(|name| manager.get(&name));
    unit.is_some_and(|unit| unit.active_state() == ActiveState::Active)
}

/// Moves into a control group of its own below the unit's, and starts the user's default target. Returns the process
/// that holds the PAM session.
fn start(sys: &mut Sys<'_>) -> Option<Pid> {
    let (uid, pid) = (sys.uid(), sys.pid);
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        sys.catch(signal);
    }
    let root = sys.me().cgroup.to_string();
    let environment: Vec<String> = sys.me().env.iter().filter(|pair| is_passed_on(pair)).cloned().collect();
    let home = sys.getenv("HOME").unwrap_or_else(|| "/".into());
    let me = sys.me_mut();
    me.manager = true;
    me.subreaper = true;
    me.rss = 10 << 20;
    me.cgroup = format!("{root}/init.scope").into();
    let pam = hold_session(sys);
    let runtime = format!("/run/user/{uid}/systemd");
    let _ = sys.mkdir(&runtime, 0o755);
    let name = accounts::user_name(&sys.world.files, uid);
    let opened = format!("pam_unix(systemd-user:session): session opened for user {name}(uid={uid}) by (uid=0)");
    let (systemd, world) = systemd(sys);
    systemd.journal.log(world, pid, 6, 10, Some("(systemd)"), &opened);
    // Slots tell the timers and jobs of managers apart; the system's is 0.
    let slot = u16::try_from(uid % 60_000).unwrap_or(0) + 1;
    let mut manager = Manager::new(RuntimeScope::User(uid), pid, slot, &root);
    manager.environment = environment;
    manager.search_path = SearchPath::user(&home, uid);
    systemd.users.insert(uid, manager);
    if let Some(mut core) = systemd.user_core(world, uid) {
        core.startup();
    }
    pam
}

fn hold_session(sys: &mut Sys<'_>) -> Option<Pid> {
    let pid = sys.fork(Box::new(SdPam)).ok()?;
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        sys.world.set_disposition(pid, signal, false, false);
    }
    let process = sys.world.process_mut(pid)?;
    process.comm = "(sd-pam)".into();
    process.argv = vec!["(sd-pam)".to_owned()].into();
    process.manager = false;
    process.subreaper = false;
    process.rss = 5 << 20;
    Some(pid)
}

/// Whether a variable of the manager's own environment is one for its services too.
fn is_passed_on(pair: &str) -> bool {
    const OWN: &[&str] =
        &["NOTIFY_SOCKET", "INVOCATION_ID", "JOURNAL_STREAM", "MANAGERPID", "SYSTEMD_EXEC_PID", "LISTEN_PID"];
    !OWN.iter().any(|name| pair.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))
}
