//! What the kernel and journald say when the machine starts: dmesg(1), systemd-journald.service(8).

use crate::systemd::version::{FEATURES, PACKAGE_VERSION};
use crate::world::{KERNEL_RELEASE, Time, World, kernel_banner};

use super::{EntryBuilder, Journal, message_id};

/// The kernel's lines: microseconds after its start, priority, text. `{MEM}` is the memory in kilobytes,
/// `{BANNER}` and `{RELEASE}` are the kernel's names.
const KERNEL: &[(u64, u8, &str)] = &[
    (0, 5, "{BANNER}"),
    (0, 6, "Command line: BOOT_IMAGE=/boot/vmlinuz-{RELEASE} root=/dev/vda1 ro quiet"),
    (0, 6, "Hypervisor detected: KVM"),
    (11_000, 6, "Memory: {MEM}K available"),
    (204_000, 6, "Mount-cache hash table entries: 2048 (order: 2, 16384 bytes, linear)"),
    (412_000, 6, "NET: Registered PF_INET protocol family"),
    (655_000, 6, "Freeing unused kernel image (initmem) memory: 2796K"),
    (1_130_000, 6, "EXT4-fs (vda1): mounted filesystem with ordered data mode. Quota mode: none."),
];

/// The control group of the daemon.
const CGROUP: &str = "/system.slice/systemd-journald.service";

/// Writes the messages of a boot. The clock stands at the moment PID 1 starts.
pub(super) fn messages(journal: &mut Journal, world: &mut World) {
    let now = world.now;
    let memory = world.memory / 1024;
    for (after, priority, text) in KERNEL {
        let at = Time(world.booted.0 + after);
        world.now = at.min(now);
        let text = text.replace("{MEM}", &memory.to_string()).replace("{BANNER}", &kernel_banner());
        let text = text.replace("{RELEASE}", KERNEL_RELEASE);
        journal.append(world, EntryBuilder::kernel(*priority, text));
    }
    world.now = now;
    let version = format!("systemd {PACKAGE_VERSION} running in system mode ({FEATURES})");
    for text in [version.as_str(), "Detected virtualization kvm.", "Detected architecture x86-64."] {
        journal.append(world, EntryBuilder::pid1(6, text));
    }
    let host = format!("Hostname set to <{}>.", world.hostname);
    journal.append(world, EntryBuilder::pid1(6, host));
}

impl Journal {
    /// journald has started: it says so, and how much room there is.
    pub fn daemon_start(&mut self, world: &mut World) {
        journald(self, world, "Journal started", message_id::JOURNAL_START);
        let place = if self.is_persistent() { "System Journal" } else { "Runtime Journal" };
        let usage = format!("{place} ({}) is 8.0M, max 2.4G, 2.4G free.", self.folder(world));
        journald(self, world, &usage, message_id::JOURNAL_USAGE);
    }
}

/// journald tells that it dropped messages.
pub(super) fn dropped(journal: &mut Journal, world: &mut World, message: &str, count: u32) {
    let entry = EntryBuilder::daemon(world, CGROUP, "systemd-journald", 5, message);
    let entry = entry.transport("driver").message_id(message_id::JOURNAL_DROPPED);
    journal.append(world, entry.field("N_DROPPED", count.to_string()));
}

/// A line of journald itself.
fn journald(journal: &mut Journal, world: &mut World, message: &str, id: &str) {
    let entry = EntryBuilder::daemon(world, CGROUP, "systemd-journald", 6, message);
    journal.append(world, entry.transport("driver").message_id(id));
}
