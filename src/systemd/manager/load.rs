//! Bringing units into memory with all they depend on, and out of it again: systemd(1), "Units"; systemd.unit(5).

use super::query::file;
use super::{Core, Manager, Service, Unit};
use crate::systemd::config::ServiceConfig;
use crate::systemd::dependency::UnitDependency;
use crate::systemd::load::Loader;
use crate::systemd::loaded::{LoadedUnit, Warning};
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Time;
use std::sync::{Arc, OnceLock};

/// How many unloaded transient units are remembered.
const DEPARTED_MAX: usize = 16;

impl Core<'_> {
    /// The main name of a unit, which is read together with all that it depends on unless it is in memory.
    pub(super) fn ensure_loaded(&mut self, name: &UnitName) -> UnitName {
        let main = self.bring_in(name);
        self.dispatch_load_queue();
        main
    }

    /// Reads one unit; what it depends on stays in the load queue.
    fn bring_in(&mut self, name: &UnitName) -> UnitName {
        if let Some(main) = self.m.names.get(name) {
            return main.clone();
        }
        let loaded = self.read_unit(name);
        let main = loaded.name.clone();
        if self.m.units.contains_key(&main) {
            self.m.names.insert(name.clone(), main.clone());
            return main;
        }
        self.insert_loaded(loaded);
        self.m.names.insert(name.clone(), main.clone());
        main
    }

    /// Writes what reading files gave rise to.
    pub(super) fn log_warnings(&mut self, warnings: &[Warning]) {
        for warning in warnings {
            let about = warning.unit.as_deref().and_then(UnitName::new);
            self.log_about(about.as_ref(), warning.priority, &warning.to_string(), &[]);
        }
    }

    /// Looks again for the file of a unit that had none: it may have been written since.
    pub(super) fn retry_load(&mut self, u: &UnitName) {
        if self.m.unit(u).load_state() != LoadState::NotFound {
            return;
        }
        let loaded = self.read_unit(u);
        if loaded.load_state == LoadState::NotFound || loaded.name != *u {
            return;
        }
        let dependencies = std::mem::take(&mut self.m.unit_mut(u).dependencies);
        self.insert_loaded(loaded);
        self.m.unit_mut(u).dependencies = dependencies;
        self.dispatch_load_queue();
    }

    /// Puts what was read into memory.
    pub(super) fn insert_loaded(&mut self, mut loaded: LoadedUnit) {
        let main = loaded.name.clone();
        for alias in &loaded.names {
            self.m.names.insert(alias.clone(), main.clone());
        }
        self.m.names.insert(main.clone(), main.clone());
        let warnings = loaded.warnings.clone();
        if matches!(main.unit_type(), UnitType::Scope | UnitType::Slice | UnitType::Device) {
            loaded.settings.unit.ignore_on_isolate = true;
        }
        let mut unit = Unit::new(loaded);
        let folder = format!("{}/", self.m.search_path.transient);
        unit.transient = unit.loaded.fragment_path.as_ref().is_some_and(|path| path.starts_with(&folder));
        self.stamp(&mut unit);
        self.m.insert_unit(unit);
        self.log_warnings(&warnings);
        self.m.load_queue.push(main);
    }

    /// What the files of a unit say now.
    fn read_unit(&mut self, name: &UnitName) -> LoadedUnit {
        match self.m.transient.get(name) {
            Some(transient) => transient.clone(),
            None => self.read_unit_files(name),
        }
    }

    fn read_unit_files(&mut self, name: &UnitName) -> LoadedUnit {
        self.m.unit_files.refresh(&self.w.files, &self.m.search_path);
        let host = self.m.host(self.w);
        let loader = Loader { files: &self.w.files, path: &self.m.search_path, map: &self.m.unit_files, host: &host };
        let mut loaded = loader.load(name);
        super::builtin::complete(&mut loaded, self.m.scope);
        loaded
    }

    /// Notes when the unit's files were changed last.
    fn stamp(&self, unit: &mut Unit) {
        let times = file_times(self.w, &unit.loaded);
        (unit.fragment_mtime, unit.dropin_mtime) = times;
    }

    /// Connects every unit that was read with what it depends on, reading that in turn.
    pub(super) fn dispatch_load_queue(&mut self) {
        let mut read = Vec::new();
        while let Some(u) = self.m.load_queue.pop() {
            let wanted = self.m.unit(&u).config().dependencies.clone();
            for (kind, others) in wanted {
                for other in others {
                    self.add_dependency(&u, kind, &other);
                }
            }
            self.add_implicit_dependencies(&u);
            self.unit_coldplug(&u);
            self.m.gc_queue.insert(u.clone());
            read.push(u);
        }
        for u in read {
            self.add_target_dependencies(&u);
        }
    }

    /// Adds a dependency and its inverse; the other unit is read if need be, and kept as long as this one is.
    pub(super) fn add_dependency(&mut self, u: &UnitName, kind: UnitDependency, other: &UnitName) {
        self.connect(u, &[kind, UnitDependency::References], other);
    }

    /// The same without keeping the other unit in memory.
    pub(super) fn add_weak_dependency(&mut self, u: &UnitName, kind: UnitDependency, other: &UnitName) {
        self.connect(u, &[kind], other);
    }

    fn connect(&mut self, u: &UnitName, kinds: &[UnitDependency], other: &UnitName) {
        let Some(kind) = kinds.first() else { return };
        let other = self.bring_in(other);
        if *u == other {
            if !matches!(kind, UnitDependency::References) {
                self.log_unit(u, super::log::LOG_WARNING, &format!("Dependency {kind}={u} dropped"));
            }
            return;
        }
        for kind in kinds.iter().copied() {
            let inverse = kind.inverse();
            self.m.unit_mut(u).dependencies.entry(kind).or_default().insert(other.clone());
            self.m.unit_mut(&other).dependencies.entry(inverse).or_default().insert(u.clone());
        }
    }

    /// Takes units out of memory that are down and that nothing refers to.
    pub(super) fn collect_garbage(&mut self) {
        let mut queue = std::mem::take(&mut self.m.gc_queue);
        let mut kept = std::collections::BTreeSet::new();
        while let Some(u) = queue.pop_first() {
            if !self.m.units.contains_key(&u) || kept.contains(&u) {
                continue;
            }
            let island = self.referring_island(&u);
            if island.iter().any(|member| !self.may_gc(member)) {
                kept.insert(u);
                continue;
            }
            for member in island {
                let referenced: Vec<UnitName> =
                    self.m.unit(&member).dependency(UnitDependency::References).cloned().collect();
                queue.extend(referenced);
                self.unload(&member);
            }
        }
    }

    /// The unit and all that refer to it, directly or by others; ends early at one that must stay.
    fn referring_island(&self, u: &UnitName) -> Vec<UnitName> {
        let mut island = vec![u.clone()];
        let mut next = 0;
        while let Some(member) = island.get(next).cloned() {
            next += 1;
            if !self.may_gc(&member) {
                return vec![member];
            }
            for by in self.m.unit(&member).dependency(UnitDependency::ReferencedBy) {
                if !island.contains(by) {
                    island.push(by.clone());
                }
            }
        }
        island
    }

    /// Whether nothing in the unit itself keeps it in memory.
    fn may_gc(&self, u: &UnitName) -> bool {
        use crate::systemd::config::CollectMode;
        use crate::systemd::states::ActiveState;
        let unit = self.m.unit(u);
        let state = unit.active_state();
        let down = match unit.config().collect_mode {
            CollectMode::Inactive => state == ActiveState::Inactive,
            CollectMode::InactiveOrFailed => unit.is_inactive_or_failed(),
        };
        let empty = || unit.cgroup.as_ref().is_none_or(|group| self.w.cgroup_members(group, true).is_empty());
        unit.job.is_none() && !unit.perpetual && down && empty()
    }

    /// Forgets a unit and every edge to it; a transient one is remembered for whoever waits for its end.
    pub(super) fn unload(&mut self, u: &UnitName) {
        let edges = std::mem::take(&mut self.m.unit_mut(u).dependencies);
        for (kind, others) in edges {
            for other in others {
                if let Some(set) = self.m.unit_mut(&other).dependencies.get_mut(&kind.inverse()) {
                    set.remove(u);
                }
            }
        }
        if let Some(group) = self.m.unit(u).cgroup.clone() {
            self.j.set_invocation(&group, None);
        }
        self.cancel_unit_timers(u);
        self.close_connection(u);
        if let Some(unit) = self.m.units.remove(u).filter(|unit| unit.transient) {
            self.m.departed.retain(|other| other.name != *u);
            self.m.departed.push_back(unit);
            if self.m.departed.len() > DEPARTED_MAX {
                self.m.departed.pop_front();
            }
        }
        self.m.names.retain(|_, main| main != u);
        if let Some(path) = self.m.transient.remove(u).and_then(|unit| unit.fragment_path) {
            let now = self.w.now;
            // A client that made the unit without a file leaves nothing to remove.
            let _ = self.w.files.remove(&crate::world::fs::Cred::root(), "/", &path, false, now);
        }
        self.m.pids.retain(|_, unit| unit != u);
    }

    /// Reads all unit files again; what runs keeps running.
    pub(super) fn reload_units(&mut self) {
        self.m.loaded_at = self.w.now;
        let old = std::mem::take(&mut self.m.units);
        self.m.names.clear();
        let mut kept: Vec<UnitName> = Vec::new();
        for (name, unit) in &old {
            if self.m.names.contains_key(name) {
                continue;
            }
            let loaded = self.read_unit(name);
            self.insert_loaded(loaded);
            kept.push(name.clone());
            let _ = unit;
        }
        for name in kept {
            let Some(before) = old.get(&name) else { continue };
            let Some(main) = self.m.names.get(&name).cloned() else { continue };
            let now = self.m.unit_mut(&main);
            if now.name == before.name {
                carry_over(now, before);
            }
        }
        self.dispatch_load_queue();
        let all: Vec<UnitName> = self.m.units.keys().cloned().collect();
        self.m.gc_queue.extend(all);
    }
}

/// What a unit keeps when its files are read again.
fn carry_over(now: &mut Unit, before: &Unit) {
    let fresh = Unit { loaded: now.loaded.clone(), ..before.clone() };
    let mut fresh = fresh;
    if let Some(service) = &mut fresh.service {
        // Only the main process's record outlives a reload.
        service.commands = Default::default();
    }
    *now = Unit {
        fragment_mtime: now.fragment_mtime,
        dropin_mtime: now.dropin_mtime,
        file_state: None,
        dependencies: std::mem::take(&mut now.dependencies),
        ..fresh
    };
}

/// When a unit's fragment and the last of its drop-ins were changed.
pub(super) fn file_times(world: &crate::world::World, loaded: &LoadedUnit) -> (Option<Time>, Option<Time>) {
    let time = |path: &String| file(world, path).map(|node| node.mtime);
    (loaded.fragment_path.as_ref().and_then(time), loaded.dropin_paths.iter().filter_map(time).max())
}

/// A service's settings, held.
pub(super) struct ServiceSettings(Arc<LoadedUnit>);

impl std::ops::Deref for ServiceSettings {
    type Target = ServiceConfig;

    fn deref(&self) -> &ServiceConfig {
        static NONE: OnceLock<ServiceConfig> = OnceLock::new();
        self.0.settings.service().unwrap_or_else(|| NONE.get_or_init(ServiceConfig::default))
    }
}

impl Manager {
    /// The unit with this main name; a blank one when it is not in memory.
    pub(super) fn unit(&self, u: &UnitName) -> &Unit {
        self.units.get(u).map_or(&self.blank, |unit| unit)
    }

    /// The same, to change it. What is written to a unit that is not in memory is lost.
    pub(super) fn unit_mut(&mut self, u: &UnitName) -> &mut Unit {
        match self.units.get_mut(u) {
            Some(unit) => std::sync::Arc::make_mut(unit),
            None => {
                self.scratch = self.blank.clone();
                std::sync::Arc::make_mut(&mut self.scratch)
            }
        }
    }

    /// The state of a service; that of a dead one for what is none.
    pub(super) fn service(&self, u: &UnitName) -> &Service {
        self.unit(u).service.as_deref().unwrap_or(&self.blank_service)
    }

    /// The same, to change it.
    pub(super) fn service_mut(&mut self, u: &UnitName) -> &mut Service {
        self.unit_mut(u).service.get_or_insert_with(Box::default)
    }

    /// The settings of a service, shared so that they can be read while the state changes.
    pub(super) fn service_config(&self, u: &UnitName) -> ServiceSettings {
        ServiceSettings(self.unit(u).loaded.clone())
    }

    /// Puts a unit into memory.
    pub(super) fn insert_unit(&mut self, unit: Unit) {
        self.units.insert(unit.name.clone(), std::sync::Arc::new(unit));
    }
}
