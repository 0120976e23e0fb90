//! The baseline VPS: a small Debian 12 as a student finds it on a rented server. Every file was written for it.

mod files;
mod units;

use crate::world::World;
use crate::world::fs::{Cred, Device, Kind};

/// Folders that are links into `/usr`: file-hierarchy(7).
const MERGED: [(&str, &str); 3] = [("/bin", "usr/bin"), ("/sbin", "usr/sbin"), ("/lib", "usr/lib")];

/// Devices and their modes.
const DEVICES: &[(&str, Device, u16)] = &[
    ("/dev/null", Device::Null, 0o666),
    ("/dev/zero", Device::Zero, 0o666),
    ("/dev/full", Device::Full, 0o666),
    ("/dev/random", Device::Random, 0o666),
    ("/dev/urandom", Device::Random, 0o666),
    ("/dev/tty", Device::Tty, 0o666),
];

/// Puts the system onto an empty disk. `programs`: path of each program file and the name it holds.
pub fn install(world: &mut World, programs: &[(&str, &str)]) {
    let (now, root) = (world.now, Cred::root());
    for folder in ["/usr/bin", "/usr/sbin", "/usr/lib/systemd/system", "/etc/systemd/system", "/etc/init.d"] {
        world.files.mkdir_all(folder, now);
    }
    for (path, target) in MERGED {
        let _ = world.files.symlink(&root, "/", target, path, now);
    }
    for (path, mode, owner) in files::FOLDERS {
        folder(world, path, *mode, *owner);
    }
    for (path, text, mode, owner) in files::FILES {
        world.files.put(path, text.as_bytes(), *mode, *owner, now);
    }
    for name in files::INIT_SCRIPTS {
        world.files.put(&format!("/etc/init.d/{name}"), files::INIT_SCRIPT.as_bytes(), 0o755, (0, 0), now);
    }
    for (path, name) in programs {
        let mode = if SETUID.contains(name) { 0o4755 } else { 0o755 };
        world.files.put(path, &World::program_file(name), mode, (0, 0), now);
    }
    for (path, target) in files::LINKS {
        if let Some((folder, _)) = path.rsplit_once('/') {
            world.files.mkdir_all(folder, now);
        }
        let _ = world.files.symlink(&root, "/", target, path, now);
    }
    install_units(world);
    install_devices(world);
}

/// Gives the machine the names of Ubuntu 24.04 and its PHP 8.3. The system manager stays what it is.
pub fn rename_to_ubuntu(world: &mut World) {
    let (now, root) = (world.now, Cred::root());
    let release = "PRETTY_NAME=\"Ubuntu 24.04.3 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nVERSION=\"24.04.3 LTS (Noble Numbat)\"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n";
    world.files.put("/usr/lib/os-release", release.as_bytes(), 0o644, (0, 0), now);
    world.files.put("/etc/debian_version", b"trixie/sid\n", 0o644, (0, 0), now);
    world.files.remove_all("/usr/bin/php8.2", now);
    world.files.remove_all("/etc/alternatives/php", now);
    world.files.put("/usr/bin/php8.3", &World::program_file("php"), 0o755, (0, 0), now);
    let _ = world.files.symlink(&root, "/", "/usr/bin/php8.3", "/etc/alternatives/php", now);
}

/// Programs whose file is set-uid root.
const SETUID: [&str; 2] = ["sudo", "su"];

fn folder(world: &mut World, path: &str, mode: u16, owner: (u32, u32)) {
    let now = world.now;
    world.files.mkdir_all(path, now);
    if let Ok(ino) = world.files.lookup(&Cred::root(), "/", path, true) {
        world.files.set_mode(ino, mode, now);
        world.files.set_owner(ino, owner.0, owner.1, now);
    }
}

fn install_units(world: &mut World) {
    let (now, root) = (world.now, Cred::root());
    let collected = units::COLLECTIONS.iter().flat_map(|text| units::collection(text));
    for (name, text) in units::UNITS.iter().copied().chain(collected) {
        world.files.put(&format!("/usr/lib/systemd/system/{name}"), text.as_bytes(), 0o644, (0, 0), now);
    }
    let preset = "/usr/lib/systemd/system-preset/90-systemd.preset";
    world.files.put(preset, units::PRESET.as_bytes(), 0o644, (0, 0), now);
    let folder = "/usr/lib/systemd/system/user-.slice.d";
    world.files.mkdir_all(folder, now);
    world.files.put(&format!("{folder}/10-defaults.conf"), units::USER_SLICE_DEFAULTS.as_bytes(), 0o644, (0, 0), now);
    let barrier = "/usr/lib/systemd/system/user@.service.d/10-login-barrier.conf";
    world.files.put(barrier, units::LOGIN_BARRIER.as_bytes(), 0o644, (0, 0), now);
    for (name, text) in units::USER_UNITS {
        world.files.put(&format!("/usr/lib/systemd/user/{name}"), text.as_bytes(), 0o644, (0, 0), now);
    }
    let links = units::LINKS.iter().map(|(name, target)| (format!("/usr/lib/systemd/system/{name}"), (*target).into()));
    let enabled = units::ENABLED
        .iter()
        .map(|(name, unit)| (format!("/etc/systemd/system/{name}"), format!("/lib/systemd/system/{unit}")));
    for (path, target) in links.chain(enabled) {
        if let Some(cut) = path.rfind('/') {
            world.files.mkdir_all(&path[..cut], now);
        }
        let _ = world.files.symlink(&root, "/", &target, &path, now);
    }
}

/// What the generators make of the kernel's command line and `/etc/fstab`.
fn generate(world: &mut World) {
    for (link, unit) in units::GENERATED {
        let path = format!("/run/systemd/generator/{link}");
        if let Some((folder, _)) = path.rsplit_once('/') {
            world.files.mkdir_all(folder, world.now);
        }
        let _ = world.files.symlink(&Cred::root(), "/", &format!("/lib/systemd/system/{unit}"), &path, world.now);
    }
}

fn install_devices(world: &mut World) {
    let (now, root) = (world.now, Cred::root());
    for (path, device, mode) in DEVICES {
        if let Ok(found) = world.files.find(&root, "/", path, false) {
            let _ = world.files.create(&root, &found, Kind::Device(*device), *mode, now);
        }
    }
    for (path, target) in [
        ("/dev/stdin", "/proc/self/fd/0"),
        ("/dev/stdout", "/proc/self/fd/1"),
        ("/dev/stderr", "/proc/self/fd/2"),
        ("/dev/fd", "/proc/self/fd"),
    ] {
        let _ = world.files.symlink(&root, "/", target, path, now);
    }
}

/// What is volatile is empty when the machine comes up: `/run`, `/tmp`, `/proc`, the terminals.
pub fn prepare_boot(world: &mut World) {
    for path in ["/run", "/tmp", "/proc", "/dev/pts"] {
        world.files.remove_all(path, world.now);
    }
    for (path, mode) in [
        ("/proc", 0o555),
        ("/tmp", 0o1777),
        ("/dev/pts", 0o755),
        ("/run/lock", 0o1777),
        ("/run/log/journal", 0o2755),
        ("/run/systemd/system", 0o755),
        ("/run/user", 0o755),
    ] {
        folder(world, path, mode, (0, 0));
    }
    generate(world);
    let now = world.now;
    world.files.put("/run/utmp", b"", 0o664, (0, 43), now);
    world.hostname =
        world.files.text("/etc/hostname").map_or_else(|| "localhost".into(), |text| text.trim().to_owned());
}
