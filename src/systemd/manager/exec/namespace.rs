//! What a unit's processes see of the file tree: systemd.exec(5), "Sandboxing", and systemd's own order of mounts.

use crate::systemd::config::{ExecContext, ProtectHome, ProtectSystem};
use crate::world::fs::{Cred, Device, Kind, Mounts, is_below};
use crate::world::{Errno, World};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is done at a path. Of several the first wins, as in systemd.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mode {
    Inaccessible,
    /// The file or folder that is shown there, and whether it cannot be written.
    Bind(String, bool),
    PrivateTmp(String),
    PrivateDev,
    ReadOnly,
    ReadWrite,
    NoExec,
    Exec,
    /// Mode of the folder, and whether it cannot be written.
    Tmpfs(u16, bool),
    /// Writable unless another setting says otherwise.
    Implicit,
}

/// One mount to be made.
#[derive(Clone, Debug)]
struct Entry {
    path: String,
    mode: Mode,
    /// Left out when the path is missing.
    optional: bool,
}

/// What systemd calls the folder in which it builds the view; its messages name paths below it.
const ROOT: &str = "/run/systemd/unit-root";

/// What went wrong: the path as systemd names it, if any, and why.
pub(super) type Failure = (Option<String>, Errno);

/// What the view needs beside the unit's settings.
pub(super) struct Needs<'a> {
    pub exec: &'a ExecContext,
    /// Settings that are only kept: `NoExecPaths=`, `ExecPaths=`.
    pub kept: &'a BTreeMap<String, Vec<String>>,
    /// The unit's own `/tmp` and `/var/tmp`.
    pub tmp: Option<&'a [String; 2]>,
    /// The unit's own folders, which stay writable.
    pub directories: Vec<String>,
    /// Private folders to be shown below these: folder above, and the real paths.
    pub private: Vec<(String, Vec<String>)>,
}

struct Builder<'a> {
    world: &'a mut World,
    mounts: Mounts,
}

/// The view of a unit's processes; `None` when they see what everybody sees.
pub(super) fn build(world: &mut World, needs: &Needs<'_>) -> Result<Option<Arc<Mounts>>, Failure> {
    if needs.exec.protect_kernel_tunables {
        world.refresh_proc("/proc/sys");
    }
    let entries = entries(needs);
    if entries.is_empty() && needs.exec.root_directory.is_none() {
        return Ok(None);
    }
    let mut builder = Builder { world, mounts: Mounts::default() };
    if let Some(root) = &needs.exec.root_directory {
        let found = builder.world.files.lookup(&Cred::root(), "/", root, true).map_err(|errno| (None, errno))?;
        builder.mounts.cover("/", found, false);
    }
    // 1. Where the paths really lead, in their order, each once, nothing below what cannot be seen.
    let entries = builder.resolve(entries)?;
    // 2. The mounts, from the root down.
    for entry in &entries {
        if let Err(errno) = builder.mount(entry) {
            let (made, now) = (builder.mounts, builder.world.now);
            builder.world.files.free_view(&made, now);
            return Err((Some(format!("{ROOT}{}", entry.path)), errno));
        }
    }
    // 3. What may be written and executed.
    for entry in &entries {
        builder.flag(entry);
    }
    Ok(Some(Arc::new(builder.mounts)))
}

/// The mounts that the settings ask for.
fn entries(needs: &Needs<'_>) -> Vec<Entry> {
    let exec = needs.exec;
    let mut list = Vec::new();
    let mut add = |path: &str, mode: Mode, optional: bool| list.push(Entry { path: path.to_owned(), mode, optional });
    let lists = [
        (&exec.read_write_paths, Mode::ReadWrite),
        (&exec.read_only_paths, Mode::ReadOnly),
        (&exec.inaccessible_paths, Mode::Inaccessible),
    ];
    for (paths, mode) in lists {
        for path in paths {
            let optional = path.starts_with('-');
            add(path.trim_start_matches(['-', '+']), mode.clone(), optional);
        }
    }
    for (key, mode) in [("ExecPaths", Mode::Exec), ("NoExecPaths", Mode::NoExec)] {
        for path in needs.kept.get(key).into_iter().flatten().flat_map(|value| value.split_whitespace()) {
            add(path.trim_start_matches(['-', '+']), mode.clone(), path.starts_with('-'));
        }
    }
    for path in &needs.directories {
        add(path, Mode::ReadWrite, false);
    }
    for (above, below) in &needs.private {
        add(above, Mode::Tmpfs(0o755, true), false);
        for path in below {
            add(path, Mode::Bind(path.clone(), false), false);
        }
    }
    for text in &exec.temporary_file_systems {
        let (path, options) = text.split_once(':').unwrap_or((text, ""));
        let option = |name: &str| options.split(',').any(|option| option == name);
        let mode = options.split(',').find_map(|o| u16::from_str_radix(o.strip_prefix("mode=")?, 8).ok());
        add(path, Mode::Tmpfs(mode.unwrap_or(0o755) & 0o7777, option("ro")), false);
    }
    for (binds, frozen) in [(&exec.bind_paths, false), (&exec.bind_read_only_paths, true)] {
        for text in binds {
            let optional = text.starts_with('-');
            let mut parts = text.trim_start_matches('-').split(':');
            let source = parts.next().unwrap_or_default().to_owned();
            let target = parts.next().filter(|t| !t.is_empty()).unwrap_or(&source).to_owned();
            add(&target, Mode::Bind(source, frozen), optional);
        }
    }
    if let Some([tmp, var_tmp]) = needs.tmp {
        add("/tmp", Mode::PrivateTmp(tmp.clone()), false);
        add("/var/tmp", Mode::PrivateTmp(var_tmp.clone()), false);
    }
    protect(exec, &mut add);
    list
}

/// `ProtectSystem=` and its kin.
fn protect(exec: &ExecContext, add: &mut impl FnMut(&str, Mode, bool)) {
    let mut all = |paths: &[&str], mode: &Mode| paths.iter().for_each(|path| add(path, mode.clone(), true));
    if exec.private_devices {
        all(&["/dev"], &Mode::PrivateDev);
    }
    if exec.protect_kernel_tunables {
        all(&["/proc/sys", "/proc/sysrq-trigger", "/proc/bus", "/proc/fs", "/proc/irq", "/sys"], &Mode::ReadOnly);
        all(&["/proc/kallsyms", "/proc/kcore"], &Mode::Inaccessible);
    }
    if exec.protect_kernel_modules {
        all(&["/usr/lib/modules"], &Mode::Inaccessible);
    }
    if exec.protect_kernel_logs {
        all(&["/proc/kmsg", "/dev/kmsg"], &Mode::Inaccessible);
    }
    if exec.protect_control_groups {
        all(&["/sys/fs/cgroup"], &Mode::ReadOnly);
    }
    const HOMES: [&str; 3] = ["/home", "/root", "/run/user"];
    match exec.protect_home {
        ProtectHome::No => {}
        ProtectHome::Yes => all(&HOMES, &Mode::Inaccessible),
        ProtectHome::ReadOnly => all(&HOMES, &Mode::ReadOnly),
        ProtectHome::Tmpfs => all(&HOMES, &Mode::Tmpfs(0o1777, false)),
    }
    match exec.protect_system {
        ProtectSystem::No => {}
        ProtectSystem::Strict => {
            all(&["/"], &Mode::ReadOnly);
            all(&["/proc", "/sys", "/dev", "/home", "/run/user", "/root"], &Mode::Implicit);
        }
        ProtectSystem::Full => {
            all(&["/usr", "/boot", "/efi", "/lib", "/lib64", "/bin", "/sbin", "/etc"], &Mode::ReadOnly)
        }
        ProtectSystem::Yes => all(&["/usr", "/boot", "/efi", "/lib", "/lib64", "/bin", "/sbin"], &Mode::ReadOnly),
    }
}

impl Builder<'_> {
    fn cred(&self) -> Cred {
        Cred { mounts: Some(Arc::new(self.mounts.clone())), ..Cred::root() }
    }

    fn resolve(&mut self, list: Vec<Entry>) -> Result<Vec<Entry>, Failure> {
        let mut real: Vec<Entry> = Vec::new();
        let cred = self.cred();
        for entry in list {
            let makes = matches!(entry.mode, Mode::Bind(..) | Mode::Tmpfs(..));
            let found = self.world.files.find(&cred, "/", &entry.path, true);
            match found {
                Ok(found) if found.ino.is_some() || makes => real.push(Entry { path: found.path, ..entry }),
                Err(_) if makes => real.push(entry),
                _ if entry.optional => {}
                Ok(_) => return Err((Some(format!("{ROOT}{}", entry.path)), Errno::ENOENT)),
                Err(errno) => return Err((Some(format!("{ROOT}{}", entry.path)), errno)),
            }
        }
        real.sort_by(|a, b| (parts(&a.path), &a.mode).cmp(&(parts(&b.path), &b.mode)));
        let exec_flag = |mode: &Mode| matches!(mode, Mode::NoExec | Mode::Exec);
        real.dedup_by(|b, a| a.path == b.path && exec_flag(&a.mode) == exec_flag(&b.mode));
        let hidden: Vec<String> =
            real.iter().filter(|e| e.mode == Mode::Inaccessible).map(|e| e.path.clone()).collect();
        real.retain(|entry| !hidden.iter().any(|path| entry.path != *path && is_below(&entry.path, path)));
        Ok(real)
    }

    fn mount(&mut self, entry: &Entry) -> Result<(), Errno> {
        let path = &entry.path;
        match &entry.mode {
            Mode::Tmpfs(mode, _) => {
                let there = self.world.files.find(&self.cred(), "/", path, true).ok().and_then(|found| found.ino);
                let file = there.and_then(|ino| self.world.files.inode(ino)).is_some_and(|node| !node.is_dir());
                if file {
                    return Err(Errno::ENOTDIR);
                }
                self.make_point(path, true);
                self.empty_folder(path, *mode);
            }
            Mode::Inaccessible => self.hide(path),
            Mode::PrivateDev => self.devices(path),
            Mode::Bind(source, _) => match self.world.files.lookup(&Cred::root(), "/", source, true) {
                Err(_) if entry.optional => {}
                Err(errno) => return Err(errno),
                Ok(ino) => {
                    let folder = self.world.files.inode(ino).is_some_and(|node| node.is_dir());
                    self.make_point(path, folder);
                    self.mounts.cover(path, ino, false);
                }
            },
            Mode::PrivateTmp(source) => {
                let ino = self.world.files.lookup(&Cred::root(), "/", source, true)?;
                self.mounts.cover(path, ino, false);
            }
            Mode::ReadOnly | Mode::ReadWrite | Mode::Implicit | Mode::NoExec | Mode::Exec => {
                let ino = self.world.files.lookup(&self.cred(), "/", path, true)?;
                self.mounts.split(path, ino);
            }
        }
        Ok(())
    }

    /// Makes what something is to be mounted over.
    fn make_point(&mut self, path: &str, folder: bool) {
        let (cred, now) = (self.cred(), self.world.now);
        let files = &mut self.world.files;
        let mut done = String::new();
        let above = if folder { path } else { path.rsplit_once('/').map_or("/", |(above, _)| above) };
        for part in above.split('/').filter(|part| !part.is_empty()) {
            done = format!("{done}/{part}");
            let _ = files.mkdir(&cred, "/", &done, 0o755, now);
        }
        if !folder && let Ok(found) = files.find(&cred, "/", path, true) {
            let _ = files.create(&cred, &found, Kind::File(Default::default()), 0o644, now);
        }
    }

    fn empty_folder(&mut self, path: &str, mode: u16) -> crate::world::fs::Ino {
        let now = self.world.now;
        let ino = self.mounts.make_folder(&mut self.world.files, mode, now);
        self.mounts.cover(path, ino, false);
        ino
    }

    /// Something without any right stands there: a folder for a folder, a file for a file.
    fn hide(&mut self, path: &str) {
        let (cred, now) = (self.cred(), self.world.now);
        let there = self.world.files.lookup(&cred, "/", path, true).ok();
        let folder = there.and_then(|ino| self.world.files.inode(ino)).is_some_and(|node| node.is_dir());
        let kind = if folder { "dir" } else { "reg" };
        let stand_in = format!("/run/systemd/inaccessible/{kind}");
        if self.world.files.get(&stand_in).is_none() {
            match folder {
                true => self.world.files.mkdir_all(&stand_in, now),
                false => self.world.files.put(&stand_in, b"", 0, (0, 0), now),
            }
        }
        if let Ok(ino) = self.world.files.lookup(&Cred::root(), "/", &stand_in, true) {
            self.world.files.set_mode(ino, 0, now);
            self.mounts.cover(path, ino, true);
        }
    }

    /// A `/dev` with the harmless devices only.
    fn devices(&mut self, path: &str) {
        let tree = &self.world.files;
        let kept: Vec<_> = ["pts", "shm", "mqueue", "hugepages"]
            .iter()
            .filter_map(|name| Some((*name, tree.lookup(&Cred::root(), "/", &format!("/dev/{name}"), true).ok()?)))
            .collect();
        self.empty_folder(path, 0o755);
        let (cred, now) = (self.cred(), self.world.now);
        let files = &mut self.world.files;
        let mut make = |name: &str, kind: Kind, mode: u16| {
            if let Ok(found) = files.find(&cred, "/", &format!("{path}/{name}"), false) {
                let _ = files.create(&cred, &found, kind, mode, now);
            }
        };
        for (name, device) in [
            ("null", Device::Null),
            ("zero", Device::Zero),
            ("full", Device::Full),
            ("random", Device::Random),
            ("urandom", Device::Random),
            ("tty", Device::Tty),
        ] {
            make(name, Kind::Device(device), 0o666);
        }
        for (name, target) in [
            ("core", "/proc/kcore"),
            ("fd", "/proc/self/fd"),
            ("log", "/run/systemd/journal/dev-log"),
            ("stderr", "/proc/self/fd/2"),
            ("stdin", "/proc/self/fd/0"),
            ("stdout", "/proc/self/fd/1"),
        ] {
            make(name, Kind::Symlink(target.into()), 0o777);
        }
        for (name, ino) in kept {
            let point = format!("{path}/{name}");
            self.make_point(&point, true);
            self.mounts.cover(&point, ino, false);
        }
    }

    fn flag(&mut self, entry: &Entry) {
        let frozen = match &entry.mode {
            Mode::ReadOnly | Mode::PrivateDev => true,
            Mode::Bind(_, frozen) | Mode::Tmpfs(_, frozen) => *frozen,
            Mode::ReadWrite | Mode::Implicit => false,
            Mode::NoExec | Mode::Exec => {
                let ban = entry.mode == Mode::NoExec;
                return self.mounts.remount_below(&entry.path, |mount| mount.no_exec = ban);
            }
            Mode::Inaccessible | Mode::PrivateTmp(_) => return,
        };
        if let Some(mount) = self.mounts.at(&entry.path).copied() {
            let mount = crate::world::fs::Mount { read_only: frozen, ..mount };
            self.mounts.replace(&entry.path, mount);
        }
    }
}

/// The names of a path: what the order of paths goes by.
fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}
