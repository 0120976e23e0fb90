//! Programs that units of the baseline run and nobody types: boot-time chores, periodic upkeep, stopping.

use crate::commands::Command;
use crate::world::{Cx, NeedInput, Pid, Program, Signal, Step, Sys, Time, Wait, one_shot};

/// Whose work leaves no trace here.
fn nothing(_: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    Ok(0)
}

macro_rules! silent {
    ($($constant:ident = $name:literal $path:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`.")]
            pub const $constant: Command = Command { name: $name, path: $path, program: |argv| one_shot(nothing, argv) };
        )*
    };
}

silent! {
    DPKG_DB_BACKUP = "dpkg-db-backup" "/usr/libexec/dpkg/dpkg-db-backup";
    E2SCRUB_ALL = "e2scrub_all" "/usr/sbin/e2scrub_all";
    FSTRIM = "fstrim" "/usr/sbin/fstrim";
    MANDB = "mandb" "/usr/bin/mandb";
    NETWORKD_WAIT = "systemd-networkd-wait-online" "/usr/lib/systemd/systemd-networkd-wait-online";
    UPDATE_UTMP = "systemd-update-utmp" "/usr/lib/systemd/systemd-update-utmp";
    UFW_INIT = "ufw-init" "/usr/lib/ufw/ufw-init";
    USER_SESSIONS = "systemd-user-sessions" "/usr/lib/systemd/systemd-user-sessions";
}

/// A chore of the boot that changes nothing here. Whoever types it hears that it is not simulated.
fn chore(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    if cx.me().ppid == 1 {
        return Ok(0);
    }
    let name = cx.name();
    cx.errln(&format!("{name}: not simulated"));
    Ok(2)
}

/// `systemd-binfmt`: its look into the folder of formats has the file system mounted there.
pub const BINFMT: Command =
    Command { name: "systemd-binfmt", path: "/usr/lib/systemd/systemd-binfmt", program: |argv| one_shot(binfmt, argv) };

fn binfmt(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let pid = cx.pid;
    let (systemd, world) = crate::vps::systemd(cx.sys);
    systemd.core(world).automount_requested("/proc/sys/fs/binfmt_misc", pid);
    Ok(0)
}

macro_rules! chores {
    ($($constant:ident = $name:literal $path:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`.")]
            pub const $constant: Command = Command { name: $name, path: $path, program: |argv| one_shot(chore, argv) };
        )*
    };
}

chores! {
    FSCK = "systemd-fsck" "/usr/lib/systemd/systemd-fsck";
    KMOD = "kmod" "/usr/bin/kmod";
    MACHINE_ID_SETUP = "systemd-machine-id-setup" "/usr/bin/systemd-machine-id-setup";
    MODPROBE = "modprobe" "/usr/sbin/modprobe";
    MODULES_LOAD = "systemd-modules-load" "/usr/lib/systemd/systemd-modules-load";
    NETWORK_GENERATOR = "systemd-network-generator" "/usr/lib/systemd/systemd-network-generator";
    RANDOM_SEED = "systemd-random-seed" "/usr/lib/systemd/systemd-random-seed";
    REMOUNT_FS = "systemd-remount-fs" "/usr/lib/systemd/systemd-remount-fs";
    SESSIONCLEAN = "sessionclean" "/usr/lib/php/sessionclean";
    SYSCTL = "systemd-sysctl" "/usr/lib/systemd/systemd-sysctl";
    SYSUSERS = "systemd-sysusers" "/usr/bin/systemd-sysusers";
    TMPFILES = "systemd-tmpfiles" "/usr/bin/systemd-tmpfiles";
    UDEVADM = "udevadm" "/usr/bin/udevadm";
}

macro_rules! absent {
    ($($constant:ident = $name:literal;)*) => {
        /// Programs of systemd that a real machine has and that only say here that they are not simulated.
        pub const ABSENT: &[&Command] = &[$(&$constant),*];
        $(
            const $constant: Command = Command {
                name: $name,
                path: concat!("/usr/bin/", $name),
                program: |argv| one_shot(chore, argv),
            };
        )*
    };
}

absent! {
    ASK_PASSWORD = "systemd-ask-password";
    BUSCTL = "busctl";
    CGTOP = "systemd-cgtop";
    CREDS = "systemd-creds";
    DELTA = "systemd-delta";
    FIRSTBOOT = "systemd-firstboot";
    ID128 = "systemd-id128";
    INHIBIT = "systemd-inhibit";
    LOCALECTL = "localectl";
    MOUNT = "systemd-mount";
    NETWORKCTL = "networkctl";
    PATH = "systemd-path";
    REPART = "systemd-repart";
    SOCKET_ACTIVATE = "systemd-socket-activate";
    SYSEXT = "systemd-sysext";
    UMOUNT = "systemd-umount";
}

/// `start-stop-daemon`, as units call it: `--stop` with a pid file and a schedule of signals.
pub const START_STOP: Command = Command {
    name: "start-stop-daemon",
    path: "/usr/sbin/start-stop-daemon",
    program: |argv| Box::new(StartStop { argv: argv.to_vec(), pid: None, give_up: Time::default() }),
};

#[derive(Clone)]
struct StartStop {
    argv: Vec<String>,
    pid: Option<Pid>,
    give_up: Time,
}

impl StartStop {
    fn value(&self, option: &str) -> Option<&str> {
        let at = self.argv.iter().position(|a| a == option)?;
        self.argv.get(at + 1).map(String::as_str)
    }
}

impl Program for StartStop {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.argv.iter().any(|a| a == "--stop" || a == "-K") {
            crate::commands::process::launch::say(sys, "start-stop-daemon: only --stop is simulated");
            return Step::Exit(2);
        }
        let Some(pid) = self.pid else {
            let file = self.value("--pidfile").unwrap_or_default().to_owned();
            let pid = sys.read_file(&file).ok().and_then(|b| String::from_utf8_lossy(&b).trim().parse::<Pid>().ok());
            let Some(pid) = pid.filter(|pid| sys.world.process(*pid).is_some_and(|p| !p.is_zombie())) else {
                return Step::Exit(1);
            };
            let (signal, seconds) = match self.value("--retry").and_then(|r| r.split_once('/')) {
                Some((name, seconds)) => (Signal::parse(name).unwrap_or(Signal::TERM), seconds.parse().unwrap_or(5)),
                None => (Signal::TERM, 0),
            };
            if sys.kill(i64::from(pid), Some(signal)).is_err() {
                return Step::Exit(1);
            }
            self.pid = Some(pid);
            self.give_up = sys.now() + std::time::Duration::from_secs(seconds);
            return Step::Yield;
        };
        if sys.world.process(pid).is_none_or(|p| p.is_zombie()) {
            return Step::Exit(0);
        }
        if sys.now() >= self.give_up {
            return Step::Exit(2);
        }
        let next = sys.now() + std::time::Duration::from_millis(20);
        Step::Wait(Wait::until(next.min(self.give_up)))
    }
}
