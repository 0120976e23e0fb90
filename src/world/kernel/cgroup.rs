//! Limits of control groups: tasks, memory, processor time: cgroups(7); the out-of-memory killer.

use std::sync::Arc;

use crate::world::fs::is_below;
use crate::world::process::{ExitStatus, Pid};
use crate::world::signal::Signal;
use crate::world::{Duration, Errno, MAX_PROCESSES, Notice, Process, World};

/// A page of memory, in bytes.
const PAGE: u64 = 4096;

/// The limits of one control group; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CgroupLimits {
    /// `pids.max`.
    pub pids: Option<u64>,
    /// `memory.max`, in bytes.
    pub memory: Option<u64>,
    /// `memory.swap.max`, in bytes.
    pub swap: Option<u64>,
    /// `cpu.max`: microseconds of processor time a second.
    pub cpu: Option<u64>,
    /// `memory.high`, in bytes.
    pub memory_high: Option<u64>,
    /// `memory.low`, in bytes.
    pub memory_low: u64,
    /// `memory.min`, in bytes.
    pub memory_min: u64,
    /// `cpu.weight`.
    pub cpu_weight: Option<u64>,
    /// `io.weight`.
    pub io_weight: Option<u64>,
    /// `memory.oom.group`: with one process all are killed.
    pub oom_group: bool,
}

impl World {
    /// Sets what the processes of a control group may use together.
    pub fn set_cgroup_limits(&mut self, cgroup: &str, limits: CgroupLimits) {
        if self.cgroup_settings.get(cgroup) == Some(&limits) {
            return;
        }
        self.cgroup_settings.insert(cgroup.into(), limits);
        // What can bind nobody is not looked at with every fork.
        let tasks = limits.pids.is_some_and(|max| max <= MAX_PROCESSES as u64);
        if tasks || limits.memory.is_some() || limits.cpu.is_some() {
            self.cgroup_limits.insert(cgroup.into(), limits);
        } else {
            self.cgroup_limits.remove(cgroup);
        }
    }

    /// The group and those above it that are limited.
    fn limited_groups<'a>(&'a self, cgroup: &str) -> impl Iterator<Item = (Arc<str>, CgroupLimits)> + use<'a> {
        let names: Vec<Arc<str>> = match self.cgroup_limits.is_empty() {
            true => Vec::new(),
            false => self.cgroup_limits.keys().filter(|group| is_below(cgroup, group)).cloned().collect(),
        };
        names.into_iter().map(|group| {
            let limits = self.cgroup_limits[&group];
            (group, limits)
        })
    }

    /// Whether another task fits into a group. Errors: EAGAIN, and the kernel says so.
    pub(in crate::world) fn permit_fork(&mut self, cgroup: &str) -> Result<(), Errno> {
        if self.cgroup_limits.is_empty() {
            return Ok(());
        }
        let full = self.limited_groups(cgroup).find(|(group, limits)| {
            limits.pids.is_some_and(|max| self.cgroup_members(group, true).len() as u64 >= max)
        });
        if full.is_none() {
            return Ok(());
        }
        if self.fork_rejected.insert(cgroup.into(), ()).is_none() {
            self.kernel_says(6, format!("cgroup: fork rejected by pids controller in {cgroup}"));
        }
        Err(Errno::EAGAIN)
    }

    /// How long work of `time` takes under the processor quota of the groups.
    pub(in crate::world) fn stretched(&self, cgroup: &str, time: Duration) -> Duration {
        let quota = self.limited_groups(cgroup).filter_map(|(_, limits)| limits.cpu).min();
        match quota {
            Some(quota) if quota < 1_000_000 => time.mul_f64(1_000_000.0 / quota.max(1) as f64),
            _ => time,
        }
    }

    /// A line of the kernel.
    pub fn kernel_says(&mut self, priority: u8, text: String) {
        self.tell_init(Notice::Kernel { priority, text });
    }

    /// Kills what uses most of a group, or of the machine, that uses more memory than there is.
    pub(in crate::world) fn check_memory(&mut self, pid: Pid) {
        let Some(cgroup) = self.process(pid).filter(|p| !p.is_zombie()).map(|p| p.cgroup.clone()) else { return };
        let over = self
            .limited_groups(&cgroup)
            .find(|(group, limits)| limits.memory.is_some_and(|max| self.cgroup_memory(group) > max));
        if let Some((group, limits)) = over {
            self.out_of_memory(pid, &group, limits);
        } else if self.process(pid).is_some_and(|p| p.rss > self.memory / 2) && self.cgroup_memory("") > self.memory {
            let whole = CgroupLimits { memory: Some(self.memory), ..CgroupLimits::default() };
            self.out_of_memory(pid, &"".into(), whole);
        }
    }

    /// Bytes held by the processes of a group.
    pub fn cgroup_memory(&self, group: &str) -> u64 {
        let members = self.cgroup_members(group, true);
        members.into_iter().filter_map(|pid| self.process(pid)).map(|p| p.rss).sum()
    }

    /// The kernel chooses this process when memory runs out in its group.
    pub fn kill_for_memory(&mut self, pid: Pid) {
        let Some((cgroup, rss)) = self.process(pid).map(|p| (p.cgroup.clone(), p.rss)) else { return };
        let limits = CgroupLimits { memory: Some(rss), ..CgroupLimits::default() };
        self.tell_of_oom(pid, pid, &cgroup, limits, &[pid]);
        self.tell_init(Notice::OomKill(cgroup));
        self.terminate(pid, ExitStatus::Signaled(Signal::KILL, false));
    }

    fn out_of_memory(&mut self, pid: Pid, group: &Arc<str>, limits: CgroupLimits) {
        let max = limits.memory.unwrap_or(u64::MAX);
        let members = self.cgroup_members(group, true);
        let points = |p: &Process| p.rss as i128 + i128::from(p.oom_score_adj) * i128::from(max) / 1000;
        let killable = members.iter().filter_map(|pid| self.process(*pid)).filter(|p| p.oom_score_adj > -1000);
        let Some(victim) = killable.max_by_key(|p| (points(p), p.pid)).map(|p| p.pid) else { return };
        self.tell_of_oom(pid, victim, group, limits, &members);
        let cgroup = self.process(victim).map_or_else(|| group.clone(), |p| p.cgroup.clone());
        self.tell_init(Notice::OomKill(cgroup));
        let doomed = if limits.oom_group { members } else { vec![victim] };
        for pid in doomed {
            self.terminate(pid, ExitStatus::Signaled(Signal::KILL, false));
        }
    }

    /// What the kernel prints: who asked for memory, how much the group had, who lived in it, and who was killed.
    fn tell_of_oom(&mut self, pid: Pid, victim: Pid, group: &str, limits: CgroupLimits, members: &[Pid]) {
        let (Some(asked), Some(dead)) = (self.process(pid), self.process(victim)) else { return };
        let max = limits.memory.unwrap_or(0) / 1024;
        let swap = limits.swap.map_or(9_007_199_254_740_988, |bytes| bytes / 1024);
        let held = dead.rss.min(limits.memory.unwrap_or(u64::MAX));
        let (total, anon, tables) =
            (held / 1024 * 9 / 8 + 4096, held / 1024 - held / 10_240, held / PAGE / 512 * 4 + 48);
        let mut lines = vec![
            (
                4,
                format!(
                    "{} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj={}",
                    asked.comm, asked.oom_score_adj
                ),
            ),
            (6, format!("memory: usage {max}kB, limit {max}kB, failcnt {}", held / PAGE / 64 + 1)),
            (6, format!("swap: usage 0kB, limit {swap}kB, failcnt 0")),
            (6, "Tasks state (memory values in pages):".into()),
            (6, "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name".into()),
        ];
        for member in members.iter().filter_map(|pid| self.process(*pid)) {
            let rss = member.rss.min(limits.memory.unwrap_or(u64::MAX)) / PAGE;
            lines.push((
                6,
                format!(
                    "[{:>7}] {:>5} {:>5} {:>8} {rss:>8} {:>8}        0         {:>5} {}",
                    member.pid,
                    member.ruid,
                    member.pid,
                    rss * 9 / 8 + 1024,
                    (rss / 512 * 4 + 48) * 1024,
                    member.oom_score_adj,
                    member.comm
                ),
            ));
        }
        let (scope, what) = match group {
            "" => ("CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom".to_owned(), "Out of memory"),
            _ => {
                let place = "CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=";
                (format!("{place}{group}"), "Memory cgroup out of memory")
            }
        };
        let (comm, uid, score) = (&dead.comm, dead.ruid, dead.oom_score_adj);
        lines.push((
            6,
            format!("oom-kill:constraint={scope},task_memcg={},task={comm},pid={victim},uid={uid}", dead.cgroup),
        ));
        lines.push((3, format!("{what}: Killed process {victim} ({comm}) total-vm:{total}kB, anon-rss:{anon}kB, file-rss:2884kB, shmem-rss:0kB, UID:{uid} pgtables:{tables}kB oom_score_adj:{score}")));
        for (priority, text) in lines {
            self.kernel_says(priority, text);
        }
    }
}
