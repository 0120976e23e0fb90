//! `/sys/fs/cgroup`: written into the file tree when somebody looks: cgroups(7).

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use super::fs::Cred;
use super::{CgroupLimits, World, micros};

/// Where the tree of control groups is.
const ROOT: &str = "/sys/fs/cgroup";
/// The period of `cpu.max`, in microseconds.
const PERIOD: u64 = 100_000;

impl World {
    /// Brings `/sys/fs/cgroup` up to date when `path` (absolute, normalised) lies in it.
    pub(in crate::world) fn refresh_cgroups(&mut self, path: &str) {
        if !super::fs::is_below(path, ROOT) {
            return;
        }
        let mut groups: BTreeSet<Arc<str>> = BTreeSet::new();
        for process in self.processes().filter(|p| !p.is_zombie()) {
            let mut group = &*process.cgroup;
            while !group.is_empty() && groups.insert(group.into()) {
                group = group.rsplit_once('/').map_or("", |(above, _)| above);
            }
        }
        self.drop_old_groups(&groups);
        for group in &groups {
            let folder = format!("{ROOT}{}", group.trim_end_matches('/'));
            self.files.mkdir_all(&folder, self.now);
        }
        let asked = path.strip_prefix(ROOT).unwrap_or_default();
        let here = groups.iter().rev().find(|group| super::fs::is_below(asked, group));
        if let Some(group) = here.cloned() {
            self.write_group(&group);
        }
    }

    fn drop_old_groups(&mut self, groups: &BTreeSet<Arc<str>>) {
        let mut todo = vec![String::new()];
        while let Some(group) = todo.pop() {
            let entries = self.files.list(&Cred::root(), "/", &format!("{ROOT}{group}")).unwrap_or_default();
            for (name, ino) in entries {
                if !self.files.inode(ino).is_some_and(|node| node.is_dir()) {
                    continue;
                }
                let below = format!("{group}/{name}");
                if groups.contains(below.as_str()) {
                    todo.push(below);
                } else {
                    self.files.remove_all(&format!("{ROOT}{below}"), self.now);
                }
            }
        }
    }

    fn write_group(&mut self, group: &str) {
        let limits = self.cgroup_settings.get(group).copied().unwrap_or_default();
        let members = self.cgroup_members(group, false);
        let tasks = self.cgroup_members(group, true).len();
        let used = micros(self.cgroup_cpu(group));
        let pids = members.iter().fold(String::new(), |mut text, pid| {
            let _ = writeln!(text, "{pid}");
            text
        });
        let texts = [
            ("cgroup.procs", pids),
            ("cgroup.controllers", "cpu io memory pids\n".into()),
            ("cgroup.type", "domain\n".into()),
            ("cgroup.events", format!("populated {}\nfrozen 0\n", u8::from(tasks > 0))),
            ("cpu.stat", format!("usage_usec {used}\nuser_usec {used}\nsystem_usec 0\n")),
            ("memory.current", format!("{}\n", self.cgroup_memory(group))),
            ("pids.current", format!("{tasks}\n")),
        ];
        let folder = format!("{ROOT}{}", group.trim_end_matches('/'));
        for (name, text) in texts.into_iter().chain(limit_files(&limits)) {
            let path = format!("{folder}/{name}");
            if self.files.text(&path).as_deref() != Some(&*text) {
                self.files.put(&path, text.as_bytes(), 0o644, (0, 0), self.now);
            }
        }
    }
}

/// The files that hold limits.
fn limit_files(limits: &CgroupLimits) -> [(&'static str, String); 9] {
    let or_max = |value: Option<u64>| value.map_or_else(|| "max\n".into(), |value| format!("{value}\n"));
    let cpu = limits.cpu.map_or_else(|| "max".into(), |quota| (quota * PERIOD / 1_000_000).to_string());
    [
        ("cpu.max", format!("{cpu} {PERIOD}\n")),
        ("cpu.weight", format!("{}\n", limits.cpu_weight.unwrap_or(100))),
        ("io.weight", format!("default {}\n", limits.io_weight.unwrap_or(100))),
        ("memory.max", or_max(limits.memory)),
        ("memory.high", or_max(limits.memory_high)),
        ("memory.low", format!("{}\n", limits.memory_low)),
        ("memory.min", format!("{}\n", limits.memory_min)),
        ("memory.swap.max", or_max(limits.swap)),
        ("pids.max", or_max(limits.pids)),
    ]
}
