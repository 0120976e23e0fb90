//! What the kernel of the baseline shows to systemd: devices and mounts that no file describes: systemd.device(5),
//! systemd.mount(5).

/// A device: its unit, its description, and the unit of the same device that it follows.
pub type Device = (&'static str, &'static str, &'static str);

const DISK: &str = "sys-devices-pci0000:00-0000:00:04.0-virtio1-block-vda.device";
const DISC: &str = "sys-devices-pci0000:00-0000:00:01.1-ata2-host1-target1:0:0-1:0:0:0-block-sr0.device";
const CONSOLE: &str = "sys-devices-pnp0-00:04-tty-ttyS0.device";
const SERIAL_1: &str = "sys-devices-platform-serial8250-tty-ttyS1.device";
const SERIAL_2: &str = "sys-devices-platform-serial8250-tty-ttyS2.device";
const SERIAL_3: &str = "sys-devices-platform-serial8250-tty-ttyS3.device";

/// The devices of the machine.
pub const DEVICES: &[Device] = &[
    (DISC, "QEMU_DVD-ROM", ""),
    ("sys-devices-pci0000:00-0000:00:03.0-virtio0-net-ens3.device", "Virtio network device", ""),
    (DISK, "/sys/devices/pci0000:00/0000:00:04.0/virtio1/block/vda", ""),
    (SERIAL_1, "/sys/devices/platform/serial8250/tty/ttyS1", ""),
    (SERIAL_2, "/sys/devices/platform/serial8250/tty/ttyS2", ""),
    (SERIAL_3, "/sys/devices/platform/serial8250/tty/ttyS3", ""),
    (CONSOLE, "/sys/devices/pnp0/00:04/tty/ttyS0", ""),
    ("sys-module-configfs.device", "/sys/module/configfs", ""),
    ("sys-module-fuse.device", "/sys/module/fuse", ""),
    ("sys-subsystem-net-devices-ens3.device", "Virtio network device", ""),
    ("dev-cdrom.device", "QEMU_DVD-ROM", DISC),
    (r"dev-disk-by\x2ddiskseq-1.device", "/dev/disk/by-diskseq/1", DISK),
    (r"dev-disk-by\x2ddiskseq-3.device", "QEMU_DVD-ROM", DISC),
    (r"dev-disk-by\x2did-ata\x2dQEMU_DVD\x2dROM_QM00003.device", "QEMU_DVD-ROM", DISC),
    (r"dev-disk-by\x2dpath-pci\x2d0000:00:01.1\x2data\x2d2.0.device", "QEMU_DVD-ROM", DISC),
    (r"dev-disk-by\x2dpath-pci\x2d0000:00:01.1\x2data\x2d2.device", "QEMU_DVD-ROM", DISC),
    (r"dev-disk-by\x2dpath-pci\x2d0000:00:04.0.device", "/dev/disk/by-path/pci-0000:00:04.0", DISK),
    (r"dev-disk-by\x2dpath-virtio\x2dpci\x2d0000:00:04.0.device", "/dev/disk/by-path/virtio-pci-0000:00:04.0", DISK),
    ("dev-sr0.device", "QEMU_DVD-ROM", DISC),
    ("dev-ttyS0.device", "/dev/ttyS0", CONSOLE),
    ("dev-ttyS1.device", "/dev/ttyS1", SERIAL_1),
    ("dev-ttyS2.device", "/dev/ttyS2", SERIAL_2),
    ("dev-ttyS3.device", "/dev/ttyS3", SERIAL_3),
    ("dev-vda.device", "/dev/vda", DISK),
];

/// The device with this name.
pub fn device(name: &str) -> Option<&'static Device> {
    DEVICES.iter().find(|(known, ..)| *known == name)
}

/// Where credentials of services are mounted at boot: unit, and what is mounted there.
pub const CREDENTIALS: &[(&str, &str)] = &[
    (r"run-credentials-systemd\x2dsysctl.service.mount", "/run/credentials/systemd-sysctl.service"),
    (r"run-credentials-systemd\x2dsysusers.service.mount", "/run/credentials/systemd-sysusers.service"),
    (r"run-credentials-systemd\x2dtmpfiles\x2dsetup.service.mount", "/run/credentials/systemd-tmpfiles-setup.service"),
    (
        r"run-credentials-systemd\x2dtmpfiles\x2dsetup\x2ddev.service.mount",
        "/run/credentials/systemd-tmpfiles-setup-dev.service",
    ),
];

/// What is mounted at the place that a mount unit without file stands for: the kind of file system and the options.
pub fn mounted(path: &str) -> Option<(&'static str, &'static str)> {
    if CREDENTIALS.iter().any(|(_, place)| *place == path) {
        return Some(("ramfs", "ro,nosuid,nodev,noexec,relatime,mode=700"));
    }
    let uid = path.strip_prefix("/run/user/")?;
    uid.bytes().all(|b| b.is_ascii_digit()).then_some(("tmpfs", "rw,nosuid,nodev,relatime,mode=700"))
}
