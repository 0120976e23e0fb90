//! The names of exit statuses, and sets of them: systemd.exec(5) "Process Exit Codes".

use crate::systemd::config::ExitStatusSet;
use crate::systemd::value::{parse_signal, parse_unsigned};
use crate::world::Errno;

/// Who defined a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatusClass {
    Libc,
    Systemd,
    Lsb,
    Bsd,
}

use ExitStatusClass::{Bsd, Libc, Lsb, Systemd};

/// Every exit status that has a name.
pub const EXIT_STATUS: &[(u8, &str, ExitStatusClass)] = &[
    (0, "SUCCESS", Libc),
    (1, "FAILURE", Libc),
    (2, "INVALIDARGUMENT", Lsb),
    (3, "NOTIMPLEMENTED", Lsb),
    (4, "NOPERMISSION", Lsb),
    (5, "NOTINSTALLED", Lsb),
    (6, "NOTCONFIGURED", Lsb),
    (7, "NOTRUNNING", Lsb),
    (64, "USAGE", Bsd),
    (65, "DATAERR", Bsd),
    (66, "NOINPUT", Bsd),
    (67, "NOUSER", Bsd),
    (68, "NOHOST", Bsd),
    (69, "UNAVAILABLE", Bsd),
    (70, "SOFTWARE", Bsd),
    (71, "OSERR", Bsd),
    (72, "OSFILE", Bsd),
    (73, "CANTCREAT", Bsd),
    (74, "IOERR", Bsd),
    (75, "TEMPFAIL", Bsd),
    (76, "PROTOCOL", Bsd),
    (77, "NOPERM", Bsd),
    (78, "CONFIG", Bsd),
    (200, "CHDIR", Systemd),
    (201, "NICE", Systemd),
    (202, "FDS", Systemd),
    (203, "EXEC", Systemd),
    (204, "MEMORY", Systemd),
    (205, "LIMITS", Systemd),
    (206, "OOM_ADJUST", Systemd),
    (207, "SIGNAL_MASK", Systemd),
    (208, "STDIN", Systemd),
    (209, "STDOUT", Systemd),
    (210, "CHROOT", Systemd),
    (211, "IOPRIO", Systemd),
    (212, "TIMERSLACK", Systemd),
    (213, "SECUREBITS", Systemd),
    (214, "SETSCHEDULER", Systemd),
    (215, "CPUAFFINITY", Systemd),
    (216, "GROUP", Systemd),
    (217, "USER", Systemd),
    (218, "CAPABILITIES", Systemd),
    (219, "CGROUP", Systemd),
    (220, "SETSID", Systemd),
    (221, "CONFIRM", Systemd),
    (222, "STDERR", Systemd),
    (224, "PAM", Systemd),
    (225, "NETWORK", Systemd),
    (226, "NAMESPACE", Systemd),
    (227, "NO_NEW_PRIVILEGES", Systemd),
    (228, "SECCOMP", Systemd),
    (229, "SELINUX_CONTEXT", Systemd),
    (230, "PERSONALITY", Systemd),
    (231, "APPARMOR", Systemd),
    (232, "ADDRESS_FAMILIES", Systemd),
    (233, "RUNTIME_DIRECTORY", Systemd),
    (235, "CHOWN", Systemd),
    (236, "SMACK_PROCESS_LABEL", Systemd),
    (237, "KEYRING", Systemd),
    (238, "STATE_DIRECTORY", Systemd),
    (239, "CACHE_DIRECTORY", Systemd),
    (240, "LOGS_DIRECTORY", Systemd),
    (241, "CONFIGURATION_DIRECTORY", Systemd),
    (242, "NUMA_POLICY", Systemd),
    (243, "CREDENTIALS", Systemd),
    (244, "BPF", Systemd),
    (255, "EXCEPTION", Systemd),
];

/// The name of a status in any class, as the journal shows it (`n/a` otherwise).
pub fn name(status: u8) -> Option<&'static str> {
    EXIT_STATUS.iter().find(|row| row.0 == status).map(|row| row.1)
}

/// The name as `systemctl status` shows it: only libc's and systemd's own.
pub fn short_name(status: u8) -> Option<&'static str> {
    EXIT_STATUS.iter().find(|row| row.0 == status && matches!(row.2, Libc | Systemd)).map(|row| row.1)
}

/// A status by name or by number; `EINVAL` or `ERANGE` if it is none.
pub fn parse(text: &str) -> Result<u8, Errno> {
    match EXIT_STATUS.iter().find(|row| row.1 == text) {
        Some(row) => Ok(row.0),
        None => u8::try_from(parse_unsigned(text)?).map_err(|_| Errno::ERANGE),
    }
}

/// Adds one word of `SuccessExitStatus=` and kin to a set: a status by number or name, else a signal. Says whether it was one.
pub fn add_to_set(set: &mut ExitStatusSet, word: &str) -> bool {
    if let Ok(status) = parse(word) {
        set.statuses.insert(status);
        return true;
    }
    match parse_signal(word) {
        Some(signal) => set.signals.insert(signal) || set.signals.contains(&signal),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        assert_eq!((name(203), name(3), name(42)), (Some("EXEC"), Some("NOTIMPLEMENTED"), None));
        assert_eq!((short_name(1), short_name(3), short_name(255)), (Some("FAILURE"), None, Some("EXCEPTION")));
        assert_eq!((parse("TEMPFAIL"), parse("75")), (Ok(75), Ok(75)));
        assert_eq!((parse("256"), parse("SIGTERM")), (Err(Errno::ERANGE), Err(Errno::EINVAL)));
        assert!(EXIT_STATUS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn sets() {
        let mut set = ExitStatusSet::default();
        let taken: Vec<bool> = ["143", "SIGKILL", "TEMPFAIL", "foo"].iter().map(|w| add_to_set(&mut set, w)).collect();
        assert_eq!(taken, [true, true, true, false]);
        assert_eq!((set.statuses.len(), set.signals.contains(&9)), (2, true));
    }
}
