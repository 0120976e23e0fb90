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

/// Programs of the baseline that are there and not simulated, by path.
pub const UNSIMULATED: [&str; 100] = [
    "/usr/bin/at",
    "/usr/bin/atq",
    "/usr/bin/atrm",
    "/usr/bin/b2sum",
    "/usr/bin/batch",
    "/usr/bin/chage",
    "/usr/bin/chattr",
    "/usr/bin/choom",
    "/usr/bin/col",
    "/usr/bin/colrm",
    "/usr/bin/csplit",
    "/usr/bin/diff3",
    "/usr/bin/expiry",
    "/usr/bin/factor",
    "/usr/bin/faillog",
    "/usr/bin/fmt",
    "/usr/bin/getopt",
    "/usr/bin/hostid",
    "/usr/bin/ipcmk",
    "/usr/bin/ipcrm",
    "/usr/bin/ipcs",
    "/usr/bin/lastb",
    "/usr/bin/lastlog",
    "/usr/bin/link",
    "/usr/bin/locale",
    "/usr/bin/localectl",
    "/usr/bin/localedef",
    "/usr/bin/login",
    "/usr/bin/look",
    "/usr/bin/lsattr",
    "/usr/bin/lsblk",
    "/usr/bin/lscpu",
    "/usr/bin/lsipc",
    "/usr/bin/lslocks",
    "/usr/bin/lslogins",
    "/usr/bin/lsmem",
    "/usr/bin/lsns",
    "/usr/bin/mcookie",
    "/usr/bin/mknod",
    "/usr/bin/namei",
    "/usr/bin/newgrp",
    "/usr/bin/numfmt",
    "/usr/bin/openssl",
    "/usr/bin/pathchk",
    "/usr/bin/perl",
    "/usr/bin/pmap",
    "/usr/bin/pr",
    "/usr/bin/ptx",
    "/usr/bin/rbash",
    "/usr/bin/ruby",
    "/usr/bin/run-parts",
    "/usr/bin/scp",
    "/usr/bin/script",
    "/usr/bin/scriptreplay",
    "/usr/bin/sdiff",
    "/usr/bin/select-editor",
    "/usr/bin/setterm",
    "/usr/bin/sg",
    "/usr/bin/shred",
    "/usr/bin/skill",
    "/usr/bin/slabtop",
    "/usr/bin/snice",
    "/usr/bin/ssh",
    "/usr/bin/stdbuf",
    "/usr/bin/sum",
    "/usr/bin/taskset",
    "/usr/bin/tload",
    "/usr/bin/tsort",
    "/usr/bin/ul",
    "/usr/bin/umount",
    "/usr/bin/unexpand",
    "/usr/bin/unshare",
    "/usr/bin/wdctl",
    "/usr/bin/write",
    "/usr/bin/zdiff",
    "/usr/bin/zless",
    "/usr/bin/zmore",
    "/usr/sbin/arp",
    "/usr/sbin/chroot",
    "/usr/sbin/deluser",
    "/usr/sbin/fsck",
    "/usr/sbin/getcap",
    "/usr/sbin/hwclock",
    "/usr/sbin/ifconfig",
    "/usr/sbin/insmod",
    "/usr/sbin/invoke-rc.d",
    "/usr/sbin/lsmod",
    "/usr/sbin/mkfs",
    "/usr/sbin/modprobe",
    "/usr/sbin/route",
    "/usr/sbin/rtcwake",
    "/usr/sbin/runlevel",
    "/usr/sbin/setcap",
    "/usr/sbin/sulogin",
    "/usr/sbin/swapoff",
    "/usr/sbin/swapon",
    "/usr/sbin/update-rc.d",
    "/usr/sbin/vigr",
    "/usr/sbin/vipw",
    "/usr/sbin/zramctl",
];

/// Whether a program comes with a package that the baseline has not installed.
pub fn is_extra(path: &str) -> bool {
    let holds = |file: &&str| file.strip_prefix("/usr").unwrap_or(file) == path.strip_prefix("/usr").unwrap_or(path);
    PACKAGES.iter().any(|package| !package.preinstalled && package.files.iter().any(&holds))
}

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
