//! Packages: `apt`, `apt-get`, `apt-cache`, `dpkg` and `dpkg-query` over a small catalogue.

mod apt;
mod catalogue;
mod dpkg;

use catalogue::{PACKAGES, Package};

use crate::commands::Command;
use crate::commands::options::not_simulated;
use crate::world::{Cx, NeedInput, World, one_shot};

pub use apt::{APT, APT_CACHE, APT_GET};
pub use dpkg::{DPKG, DPKG_QUERY};

/// What an installed program is that is not simulated: it says so.
pub const ABSENT: Command =
    Command { name: "unsimulated", path: "/usr/libexec/unsimulated", program: |argv| one_shot(absent, argv) };

fn absent(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    Ok(not_simulated(cx, "this program"))
}

/// The names of the packages that were installed or removed here, one a line: `+name` or `-name`.
const CHANGES: &str = "/var/lib/dpkg/changes";

/// Whether a package is installed.
fn is_installed(world: &World, package: &Package) -> bool {
    let text = world.files.text(CHANGES).unwrap_or_default();
    let last = text.lines().rev().find(|line| line.get(1..) == Some(package.name));
    last.map_or(package.preinstalled, |line| line.starts_with('+'))
}

/// Writes down that a package was installed or removed.
fn record(world: &mut World, package: &Package, installed: bool) {
    let mut text = world.files.text(CHANGES).unwrap_or_default();
    text.push_str(&format!("{}{}\n", if installed { '+' } else { '-' }, package.name));
    let now = world.now;
    world.files.put(CHANGES, text.as_bytes(), 0o644, (0, 0), now);
}

/// The installed packages, by name.
fn installed(world: &World) -> Vec<&'static Package> {
    PACKAGES.iter().filter(|p| is_installed(world, p)).collect()
}
