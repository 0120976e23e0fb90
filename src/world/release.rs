//! Which kernel the machine runs: uname(2), proc_version(5). Whoever names it asks here.

/// `uname -r`.
pub const KERNEL_RELEASE: &str = "6.1.0-56-cloud-amd64";
/// `uname -v`.
pub const KERNEL_VERSION: &str = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)";
/// Who built it with what, as `/proc/version` and the first line of the boot have it.
const BUILD: &str = "(debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40)";

/// The line of `/proc/version`.
pub fn kernel_banner() -> String {
    format!("Linux version {KERNEL_RELEASE} {BUILD} {KERNEL_VERSION}")
}
