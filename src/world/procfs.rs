//! `/proc`: written into the file tree when somebody looks: proc(5).

use std::fmt::Write;

use super::fs::Cred;
use super::limits::limits_text;
use super::process::{Pid, Process, State};
use super::{OpenKind, World};

impl World {
    /// Brings `/proc` (and `/sys/fs/cgroup`) up to date as far as `path` (absolute) needs it; other paths cost nothing.
    pub fn refresh_proc(&mut self, path: &str) {
        if path.starts_with("/sys/") {
            return self.refresh_cgroups(&super::fs::normalize(path));
        }
        let Some(rest) = super::fs::normalize(path).strip_prefix("/proc").map(str::to_owned) else { return };
        let first = rest.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        if !rest.is_empty() && !rest.starts_with('/') {
            return;
        }
        if first.is_empty() {
            self.sync_proc_folders();
            self.sync_proc_general();
        } else if let Ok(pid) = first.parse::<Pid>() {
            self.sync_proc_folders();
            self.sync_proc_pid(pid);
        } else if first == "self" {
            self.sync_proc_pid(self.current);
        } else {
            self.sync_proc_general();
        }
        self.files.remove_all("/proc/self", self.now);
        let _ = self.files.symlink(&Cred::root(), "/", &self.current.to_string(), "/proc/self", self.now);
    }

    fn sync_proc_folders(&mut self) {
        let there: Vec<Pid> = self
            .files
            .list(&Cred::root(), "/", "/proc")
            .unwrap_or_default()
            .iter()
            .filter_map(|(name, _)| name.parse().ok())
            .collect();
        for pid in there {
            if self.process(pid).is_none() {
                self.files.remove_all(&format!("/proc/{pid}"), self.now);
            }
        }
        let pids: Vec<Pid> = self.processes().map(|p| p.pid).collect();
        for pid in pids {
            self.files.mkdir_all(&format!("/proc/{pid}"), self.now);
        }
    }

    fn put_proc(&mut self, path: &str, text: &str, owner: (u32, u32)) {
        self.files.put(path, text.as_bytes(), 0o444, owner, self.now);
    }

    fn sync_proc_general(&mut self) {
        let id = &self.boot_id;
        let dashed = if id.len() == 32 {
            format!("{}-{}-{}-{}-{}\n", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..])
        } else {
            "\n".into()
        };
        let uptime = self.monotonic() as f64 / 1e6;
        let used: u64 = self.processes().map(|p| p.rss).sum();
        let (total, free) = (self.memory / 1024, self.memory.saturating_sub(used) / 1024);
        let memory = format!("MemTotal: {total:>15} kB\nMemFree: {free:>16} kB\nMemAvailable: {free:>11} kB\n");
        let host = format!("{}\n", self.hostname);
        for (path, text) in [
            ("/proc/sys/kernel/random/boot_id", dashed),
            ("/proc/sys/kernel/hostname", host),
            ("/proc/sys/kernel/osrelease", format!("{}\n", super::KERNEL_RELEASE)),
            ("/proc/sys/kernel/pid_max", "4194304\n".into()),
            ("/proc/sys/fs/file-max", "9223372036854775807\n".into()),
            ("/proc/sys/net/core/somaxconn", "4096\n".into()),
            ("/proc/sys/net/ipv4/ip_forward", "0\n".into()),
            ("/proc/sys/net/ipv4/ip_unprivileged_port_start", "1024\n".into()),
            ("/proc/sys/vm/swappiness", "60\n".into()),
            ("/proc/sys/vm/overcommit_memory", "0\n".into()),
            ("/proc/uptime", format!("{uptime:.2} {:.2}\n", uptime * 0.97)),
            ("/proc/meminfo", memory),
            ("/proc/loadavg", format!("0.00 0.01 0.00 1/{} {}\n", self.processes.len(), self.next_pid)),
            ("/proc/cmdline", "root=/dev/vda console=ttyS0 quiet\n".into()),
            ("/proc/version", format!("{}\n", super::kernel_banner())),
        ] {
            self.put_proc(path, &text, (0, 0));
        }
    }

    fn sync_proc_pid(&mut self, pid: Pid) {
        let Some(process) = self.process(pid) else { return };
        let owner = (process.cred.uid, process.cred.gid);
        let strings = |list: &[String]| list.iter().map(|s| format!("{s}\0")).collect::<String>();
        let texts = [
            ("status", status(process)),
            ("comm", format!("{}\n", process.comm)),
            ("cmdline", strings(&process.argv)),
            ("cgroup", format!("0::{}\n", process.cgroup)),
            ("stat", stat(process)),
            ("oom_score_adj", format!("{}\n", process.oom_score_adj)),
            ("limits", limits_text(&process.limits)),
        ];
        let environ = strings(&process.env);
        let view = process.cred.mounts.clone();
        let links = [("exe", process.exe.to_string()), ("cwd", process.cwd.to_string()), ("root", "/".into())];
        let fds: Vec<(u32, String)> = process
            .fds
            .iter()
            .filter_map(|(fd, d)| Some((*fd, self.open_file_name(self.open_files.get(d.file)?))))
            .collect();
        for (name, text) in texts {
            self.put_proc(&format!("/proc/{pid}/{name}"), &text, owner);
        }
        self.files.put(&format!("/proc/{pid}/environ"), environ.as_bytes(), 0o400, owner, self.now);
        let folder = format!("/proc/{pid}/fd");
        self.files.remove_all(&folder, self.now);
        self.files.mkdir_all(&folder, self.now);
        let root = Cred::root();
        for (name, target) in links {
            let path = format!("/proc/{pid}/{name}");
            self.files.remove_all(&path, self.now);
            let made = self.files.symlink(&root, "/", &target, &path, self.now);
            if let (Ok(link), "root", Some(view)) = (made, name, view.clone()) {
                self.files.set_view(link, view);
            }
        }
        for (fd, target) in fds {
            let _ = self.files.symlink(&root, "/", &target, &format!("{folder}/{fd}"), self.now);
        }
        for name in ["", "/fd"] {
            if let Ok(ino) = self.files.lookup(&root, "/", &format!("/proc/{pid}{name}"), true) {
                self.files.set_owner(ino, owner.0, owner.1, self.now);
                self.files.set_mode(ino, if name.is_empty() { 0o555 } else { 0o500 }, self.now);
            }
        }
    }

    /// The name of an open file as a link in `/proc/PID/fd` shows it.
    pub fn open_file_name(&self, file: &super::OpenFile) -> String {
        match &file.kind {
            OpenKind::Tty(tty) => {
                self.terminals.get(tty).map_or_else(|| "/dev/pts/0 (deleted)".into(), |t| format!("/dev/{}", t.name))
            }
            OpenKind::Stream(id) => format!("socket:[{id}]"),
            OpenKind::File { ino, .. } if self.files.inode(*ino).is_none_or(|node| node.nlink == 0) => {
                format!("{} (deleted)", file.path)
            }
            _ => file.path.to_string(),
        }
    }
}

fn state(process: &Process) -> &'static str {
    match (process.state, process.state_letter()) {
        (State::Zombie(_), _) => "Z (zombie)",
        (State::Stopped(_), _) => "T (stopped)",
        (_, 'R') => "R (running)",
        _ => "S (sleeping)",
    }
}

fn status(process: &Process) -> String {
    let mut out = String::new();
    let (cred, signals) = (&process.cred, &process.signals);
    let groups: String = cred.groups.iter().map(|g| format!("{g} ")).collect();
    let _ = writeln!(out, "Name:\t{}\nUmask:\t{:04o}\nState:\t{}", process.comm, process.umask, state(process));
    let _ = writeln!(out, "Tgid:\t{0}\nNgid:\t0\nPid:\t{0}\nPPid:\t{1}\nTracerPid:\t0", process.pid, process.ppid);
    let _ = writeln!(out, "Uid:\t{}\t{2}\t{1}\t{1}", process.ruid, cred.uid, cred.uid);
    let _ = writeln!(out, "Gid:\t{0}\t{0}\t{0}\t{0}\nFDSize:\t256\nGroups:\t{groups}", cred.gid);
    let _ = writeln!(out, "VmRSS:\t{:>8} kB\nThreads:\t1", process.rss / 1024);
    let _ = writeln!(out, "SigPnd:\t{:016x}\nShdPnd:\t{:016x}", 0, signals.pending.0);
    let _ = writeln!(out, "SigBlk:\t{:016x}\nSigIgn:\t{:016x}", signals.blocked.0, signals.ignored.0);
    let _ = writeln!(out, "SigCgt:\t{:016x}", signals.caught.0);
    let (can, own) = (process.cred.effective().0, process.cred.capabilities);
    let _ = writeln!(out, "CapInh:\t{:016x}\nCapPrm:\t{can:016x}\nCapEff:\t{can:016x}", own.ambient.0);
    let _ = writeln!(out, "CapBnd:\t{:016x}\nCapAmb:\t{:016x}", own.bounding.0, own.ambient.0);
    let filters = process.sandbox.as_ref().map_or(0, |sandbox| sandbox.filters);
    let _ = writeln!(out, "NoNewPrivs:\t{}", u8::from(process.no_new_privs));
    let _ = writeln!(out, "Seccomp:\t{}\nSeccomp_filters:\t{filters}", if filters > 0 { 2 } else { 0 });
    let _ = writeln!(out, "Cpus_allowed:\t1\nCpus_allowed_list:\t0\nMems_allowed_list:\t0");
    out
}

fn stat(process: &Process) -> String {
    let ticks = process.cpu.as_millis() / 10;
    let tty = process.tty.map_or(0, |tty| 34_816 + tty);
    format!(
        "{} ({}) {} {} {} {} {tty} -1 0 0 0 0 0 {ticks} 0 0 0 20 {} 1 0 0 0 {}\n",
        process.pid,
        process.comm,
        process.state_letter(),
        process.ppid,
        process.pgid,
        process.sid,
        process.nice,
        process.rss / 4096
    )
}
