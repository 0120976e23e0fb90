//! Which groups of system calls a filter lets through: systemd.exec(5), "System Call Filtering". Only the groups that are
//! assessed have members here; the others are known to hold none of theirs.

use super::{Facts, Finding};
use std::collections::BTreeSet;

/// Groups with their members, groups among them.
const GROUPS: &[(&str, &str)] = &[
    ("@chown", "chown chown32 fchown fchown32 fchownat lchown lchown32"),
    ("@clock", "adjtimex clock_adjtime clock_adjtime64 clock_settime clock_settime64 settimeofday"),
    ("@cpu-emulation", "modify_ldt subpage_prot switch_endian vm86 vm86old"),
    ("@debug", "lookup_dcookie perf_event_open pidfd_getfd ptrace"),
    ("@module", "delete_module finit_module init_module"),
    (
        "@mount",
        "chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree pivot_root umount umount2",
    ),
    (
        "@obsolete",
        "_sysctl bdflush break create_module ftime get_kernel_syms getpmsg gtty idle lock mpx prof profil putpmsg \
         query_module security sgetmask ssetmask stime stty sysfs tuxcall ulimit uselib ustat vserver",
    ),
    (
        "@privileged",
        "@chown @clock @module @raw-io @reboot @swap _sysctl acct bpf capset chroot fanotify_init fanotify_mark \
         nfsservctl open_by_handle_at pivot_root quotactl quotactl_fd setdomainname setfsuid setfsuid32 setgroups \
         setgroups32 sethostname setresuid setresuid32 setreuid setreuid32 setuid setuid32 vhangup",
    ),
    ("@raw-io", "ioperm iopl"),
    ("@reboot", "kexec_file_load kexec_load reboot"),
    (
        "@resources",
        "ioprio_set mbind migrate_pages move_pages nice sched_setaffinity sched_setattr sched_setparam \
         sched_setscheduler set_mempolicy set_mempolicy_home_node setpriority setrlimit",
    ),
    (
        "@setuid",
        "setgid setgid32 setgroups setgroups32 setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid \
         setreuid32 setuid setuid32",
    ),
    ("@swap", "swapoff swapon"),
    ("@system-service", "@chown @resources @setuid capset setfsuid setfsuid32"),
];

/// The system calls that a word of a filter stands for, in the group's order.
fn members(word: &str) -> Vec<&str> {
    if !word.starts_with('@') {
        return vec![word];
    }
    let found = GROUPS.iter().find(|(name, _)| *name == word).map_or("", |(_, members)| members);
    found.split_whitespace().flat_map(members).collect()
}

/// What a filter does to a group.
pub fn filter(facts: &Facts<'_>, group: &str) -> Finding {
    let mut allows = None;
    let mut listed: BTreeSet<&str> = BTreeSet::new();
    for value in facts.settings.kept.get("SystemCallFilter").into_iter().flatten() {
        let (inverted, words) = match value.strip_prefix('~') {
            Some(words) => (true, words),
            None => (false, value.as_str()),
        };
        let allow = *allows.get_or_insert(!inverted);
        for word in words.split_whitespace() {
            let name = word.split(':').next().unwrap_or(word);
            for call in members(name) {
                if inverted == allow {
                    listed.remove(call)
                } else {
                    listed.insert(call)
                };
            }
        }
    }
    let Some(allow) = allows else {
        return Finding { badness: Some(10), text: "Service does not filter system calls".to_owned() };
    };
    let open = members(group).into_iter().find(|call| listed.contains(call) == allow);
    let (kind, is_in) = if allow { ("allow", open.is_some()) } else { ("deny", open.is_none()) };
    let is = if is_in { "is included" } else { "is not included" };
    let example = open.map_or(String::new(), |call| format!(" (e.g. {call} is allowed)"));
    Finding {
        badness: Some(match (open, allow) {
            (None, _) => 0,
            (Some(_), true) => 9,
            (Some(_), false) => 10,
        }),
        text: format!("System call {kind} list defined for service, and {group} {is}{example}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_hold_only_groups_that_are_known() {
        for (name, text) in GROUPS {
            assert!(!members(name).is_empty(), "{name}");
            for word in text.split_whitespace().filter(|word| word.starts_with('@')) {
                assert!(GROUPS.iter().any(|(other, _)| *other == word), "{name} {word}");
            }
        }
    }
}
