//! Dependencies that nobody wrote: implicit and default ones: systemd.service(5) and its kin, "Automatic Dependencies".

use super::{Core, RuntimeScope};
use crate::systemd::config::{ExecContext, ExecDirectoryType, ExecOutput, ServiceType, TimerSpec, TypeConfig};
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::{UnitName, UnitType};

/// Dependencies of one kind seen from the unit that is pulled in: its targets come after it.
const PULLED_IN_BY: [Dep; 5] = [Dep::RequiredBy, Dep::RequisiteOf, Dep::WantedBy, Dep::BoundBy, Dep::UpheldBy];

impl Core<'_> {
    /// Adds what the type of the unit, its slice and its environment imply.
    pub(super) fn add_implicit_dependencies(&mut self, u: &UnitName) {
        if self.m.unit(u).load_state() != LoadState::Loaded {
            return;
        }
        let loaded = self.m.unit(u).loaded.clone();
        self.add_slice(u);
        for path in &loaded.settings.unit.requires_mounts_for {
            self.require_mounts_for(u, path);
        }
        let runs = match &loaded.settings.kind {
            TypeConfig::Socket(socket) => socket.commands.iter().any(|list| !list.is_empty()),
            _ => true,
        };
        if let Some(exec) = loaded.settings.exec().filter(|_| runs) {
            self.add_exec_dependencies(u, exec);
        }
        self.add_triggers(u, &loaded.settings.kind);
        if let TypeConfig::Service(service) = &loaded.settings.kind {
            if service.service_type() == ServiceType::Dbus {
                self.add_two(u, "dbus.socket");
            }
            for socket in &service.sockets {
                if let Some(socket) = UnitName::new(socket) {
                    self.add_dependency(u, Dep::Wants, &socket);
                    self.add_dependency(u, Dep::After, &socket);
                }
            }
        }
        if loaded.settings.unit.default_dependencies {
            self.add_default_dependencies(u, &loaded.settings.kind);
        }
    }

    fn add(&mut self, u: &UnitName, kind: Dep, other: &str) {
        if let Some(other) = UnitName::new(other) {
            self.add_dependency(u, kind, &other);
        }
    }

    /// `Requires=` and `After=`.
    fn add_two(&mut self, u: &UnitName, other: &str) {
        self.add(u, Dep::After, other);
        self.add(u, Dep::Requires, other);
    }

    fn add_slice(&mut self, u: &UnitName) {
        let unit = self.m.unit(u);
        if u.unit_type() == UnitType::Slice {
            if let Some(parent) = parent_slice(u) {
                self.add(u, Dep::InSlice, &parent);
                self.add_two(u, &parent);
            }
            return;
        }
        let Some(cgroup) = unit.settings().cgroup() else { return };
        let slice = match cgroup.slice.as_deref() {
            Some(slice) => slice.to_owned(),
            None => match default_slice(u, self.m.scope) {
                Some(slice) => slice,
                None => return self.add_two(u, "-.slice"),
            },
        };
        self.add(u, Dep::InSlice, &slice);
        self.add_two(u, &slice);
    }

    /// The mounts below which a path lies. The baseline has one disk.
    fn require_mounts_for(&mut self, u: &UnitName, path: &str) {
        if self.m.scope == RuntimeScope::System && path.starts_with('/') {
            self.add_two(u, "-.mount");
        }
    }

    fn add_exec_dependencies(&mut self, u: &UnitName, exec: &ExecContext) {
        let folder = exec.working_directory.as_ref().filter(|w| !w.missing_ok).and_then(|w| w.path.clone());
        for path in folder.iter().chain(&exec.root_directory) {
            self.require_mounts_for(u, path);
        }
        for kind in ExecDirectoryType::ALL {
            if !exec.directory(*kind).paths.is_empty() {
                self.require_mounts_for(u, kind.root());
            }
        }
        if self.m.scope != RuntimeScope::System {
            return;
        }
        if exec.private_tmp {
            self.add(u, Dep::After, "tmp.mount");
            self.add(u, Dep::Wants, "tmp.mount");
            self.require_mounts_for(u, "/var/tmp");
            self.add(u, Dep::After, "systemd-tmpfiles-setup.service");
        }
        let logs = |output| {
            use ExecOutput::*;
            matches!(output, Journal | JournalAndConsole | Kmsg | KmsgAndConsole)
        };
        if logs(exec.effective_std_output()) || exec.std_error.is_some_and(logs) {
            self.add(u, Dep::After, "systemd-journald.socket");
        }
    }

    /// What a timer, socket or path unit triggers.
    fn add_triggers(&mut self, u: &UnitName, kind: &TypeConfig) {
        let named = match kind {
            TypeConfig::Timer(timer) => timer.unit.clone(),
            TypeConfig::Path(path) => path.unit.clone(),
            TypeConfig::Socket(socket) if socket.accept => return,
            TypeConfig::Socket(socket) => socket.service.clone(),
            _ => return,
        };
        let service = named.as_deref().and_then(UnitName::new).or_else(|| u.with_type(UnitType::Service));
        if let Some(service) = service {
            self.add_dependency(u, Dep::Before, &service);
            self.add_dependency(u, Dep::Triggers, &service);
        }
        if let TypeConfig::Path(path) = kind {
            for spec in &path.specs {
                self.require_mounts_for(u, &spec.path);
            }
        }
    }

    fn add_default_dependencies(&mut self, u: &UnitName, kind: &TypeConfig) {
        let system = self.m.scope == RuntimeScope::System;
        match kind {
            TypeConfig::Service(_) if system => {
                self.add_two(u, "sysinit.target");
                self.add(u, Dep::After, "basic.target");
            }
            TypeConfig::Service(_) => self.add_two(u, "basic.target"),
            TypeConfig::Socket(_) => {
                self.add(u, Dep::Before, "sockets.target");
                if system {
                    self.add_two(u, "sysinit.target");
                }
            }
            TypeConfig::Timer(timer) => {
                self.add(u, Dep::Before, "timers.target");
                if system {
                    self.add_two(u, "sysinit.target");
                }
                if system && timer.specs.iter().any(|s| matches!(s, TimerSpec::Calendar(_))) {
                    self.add(u, Dep::After, "time-sync.target");
                    self.add(u, Dep::After, "time-set.target");
                }
            }
            TypeConfig::Path(_) => {
                self.add(u, Dep::Before, "paths.target");
                if system {
                    self.add_two(u, "sysinit.target");
                }
            }
            TypeConfig::Mount(_) => self.add(u, Dep::Before, "local-fs.target"),
            TypeConfig::Swap(_) => self.add(u, Dep::Before, "swap.target"),
            TypeConfig::Device => return,
            TypeConfig::Target | TypeConfig::Slice(_) | TypeConfig::Scope(_) | TypeConfig::Automount(_) => {}
        }
        let unmounted = matches!(kind, TypeConfig::Mount(_) | TypeConfig::Swap(_) | TypeConfig::Automount(_));
        let end = if unmounted { "umount.target" } else { "shutdown.target" };
        self.add(u, Dep::Before, end);
        self.add(u, Dep::Conflicts, end);
    }

    /// A target comes after what it pulls in, unless that is told to come after the target.
    pub(super) fn add_target_dependencies(&mut self, u: &UnitName) {
        if self.m.unit(u).load_state() != LoadState::Loaded || !self.m.unit(u).config().default_dependencies {
            return;
        }
        for kind in PULLED_IN_BY {
            let targets: Vec<UnitName> = self.m.unit(u).dependency(kind).cloned().collect();
            for target in targets {
                let unit = self.m.unit(&target);
                let plain = target.unit_type() == UnitType::Target && unit.load_state() == LoadState::Loaded;
                if plain && unit.config().default_dependencies && !unit.depends_on(Dep::Before, u) {
                    self.add_dependency(&target, Dep::After, u);
                }
            }
        }
        if u.unit_type() != UnitType::Target {
            return;
        }
        for kind in PULLED_IN_BY.map(Dep::inverse) {
            let others: Vec<UnitName> = self.m.unit(u).dependency(kind).cloned().collect();
            for other in others {
                let unit = self.m.unit(&other);
                let plain = unit.load_state() == LoadState::Loaded && unit.config().default_dependencies;
                if plain && !self.m.unit(u).depends_on(Dep::Before, &other) {
                    self.add_dependency(u, Dep::After, &other);
                }
            }
        }
    }
}

/// The slice that a slice's name puts it in: `a.slice` for `a-b.slice`; none for the root.
pub(super) fn parent_slice(slice: &UnitName) -> Option<String> {
    if slice.as_str() == "-.slice" {
        return None;
    }
    match slice.stem().rsplit_once('-') {
        Some((parent, _)) if !parent.is_empty() => Some(format!("{parent}.slice")),
        _ => Some("-.slice".to_owned()),
    }
}

/// The slice a unit is put in when no file says so.
pub(super) fn default_slice(u: &UnitName, scope: RuntimeScope) -> Option<String> {
    let base = match scope {
        RuntimeScope::System => "system",
        RuntimeScope::User(_) => "app",
    };
    if !matches!(u.unit_type(), UnitType::Service | UnitType::Socket | UnitType::Mount | UnitType::Swap) {
        return (u.unit_type() == UnitType::Scope && base == "system").then(|| "system.slice".to_owned());
    }
    if u.as_str() == "-.mount" || u.as_str() == "init.scope" {
        return None;
    }
    Some(match u.instance() {
        Some(_) => format!("{base}-{}.slice", escape_dashes(u.prefix())),
        None => format!("{base}.slice"),
    })
}

/// A template's prefix as part of a slice's name: its dashes would make further levels.
fn escape_dashes(prefix: &str) -> String {
    prefix.replace('-', "\\x2d")
}
