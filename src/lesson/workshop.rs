//! Makes the machine that a scenario declares.

use super::check::Workshop;
use super::content::scenario::{Base, PutFile, Scenario};
use super::student::Student;
use crate::shell::SOFTWARE;
use crate::systemd::install::{InstallFlags, Installer, Scope};
use crate::systemd::load::{SearchPath, Writable};
use crate::systemd::unit_file::specifier::Host;
use crate::vps::Vps;
use crate::vps::program_spec::declare;
use crate::world::{Time, World, accounts};

/// Makes simulated VPSs with somebody logged in.
#[derive(Clone, Copy, Debug, Default)]
pub struct VpsWorkshop;

impl Workshop for VpsWorkshop {
    type Machine = Student;

    fn machine(&self, scenario: &Scenario, clock: jiff::Timestamp) -> Student {
        open(scenario, clock, scenario.seed)
    }
}

/// The scenario's machine with its user logged in, the clock at `clock`; the same arguments give the same bytes.
pub fn open(scenario: &Scenario, clock: jiff::Timestamp, seed: u64) -> Student {
    let micros = u64::try_from(clock.as_microsecond()).unwrap_or(0);
    let vps = Vps::prepared(SOFTWARE, Time(micros), seed, |world| prepare(world, scenario));
    Student::open(vps, &scenario.login)
}

/// What a scenario changes on the disk before the first boot.
fn prepare(world: &mut World, scenario: &Scenario) {
    if scenario.base == Base::Ubuntu2404 {
        crate::vps::baseline::rename_to_ubuntu(world);
    }
    if !scenario.upgrades.is_empty() {
        let now = world.now;
        let name = "unattended-upgrade";
        world.files.put(&format!("/usr/bin/{name}"), &World::program_file(name), 0o755, (0, 0), now);
        let list = scenario.upgrades.join("\n") + "\n";
        world.files.put("/var/lib/apt/upgrades", list.as_bytes(), 0o644, (0, 0), now);
    }
    for file in &scenario.files {
        put(world, file);
    }
    declare(world, scenario.programs.clone());
    let (path, host) = (SearchPath::system(), Host::default());
    let mut files = Writable { now: world.now, tree: &mut world.files };
    let scope = Scope { path: &path, host: &host };
    Installer::new(&mut files, scope, InstallFlags::default()).enable(&scenario.enabled);
}

fn put(world: &mut World, file: &PutFile) {
    let now = world.now;
    let (user, group) = file.owner.split_once(':').unwrap_or((&file.owner, &file.owner));
    let uid = accounts::user(&world.files, user).map_or(0, |u| u.uid);
    let gid = accounts::group(&world.files, group).map_or(0, |g| g.gid);
    if let Some((folder, _)) = file.path.rsplit_once('/') {
        world.files.mkdir_all(folder, now);
    }
    let mode = u16::try_from(file.mode).unwrap_or(0o644);
    world.files.put(&file.path, file.text.as_bytes(), mode, (uid, gid), now);
}
