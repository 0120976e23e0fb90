//! What logind asks of the service manager: scopes for sessions, managers for users: org.freedesktop.login1(5).

use super::Session;
use crate::systemd::Systemd;
use crate::systemd::config::{JobMode, TypeConfig, UnitSettings};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::manager::{Client, Verb};
use crate::systemd::states::{ActiveState, LoadState};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{Pid, World};

/// The daemon as a client of the manager.
fn logind(world: &World) -> Client {
    let pid: Pid = world.cgroup_members(super::CGROUP, true).first().copied().unwrap_or(1);
    Client { pid, uid: 0 }
}

impl Systemd {
    /// Queues a unit's start; `None` when the manager refuses.
    pub(super) fn start_unit(&mut self, world: &mut World, name: &str) -> Option<u64> {
        let (client, name) = (logind(world), UnitName::new(name)?);
        self.core(world).enqueue(Verb::Start, &name, JobMode::Replace, client).ok()
    }

    /// Queues a unit's stop.
    pub(super) fn stop_unit(&mut self, world: &mut World, name: &str) {
        let client = logind(world);
        if let Some(name) = UnitName::new(name) {
            let _ = self.core(world).enqueue(Verb::Stop, &name, JobMode::Replace, client);
        }
    }

    /// Makes and starts the scope of a session; its leader is in the control group already.
    pub(super) fn start_scope(&mut self, world: &mut World, session: &Session) -> Option<u64> {
        let name = UnitName::new(&session.scope)?;
        let mut settings = UnitSettings::new(UnitType::Scope);
        settings.unit.description = Some(format!("Session {} of User {}", session.id, session.user));
        let user = [format!("user-runtime-dir@{}.service", session.uid), format!("user@{}.service", session.uid)];
        let needed: Vec<UnitName> = user.iter().filter_map(|name| UnitName::new(name)).collect();
        let mut after: Vec<UnitName> = ["systemd-logind.service", "systemd-user-sessions.service"]
            .iter()
            .filter_map(|name| UnitName::new(name))
            .collect();
        after.extend(needed.iter().cloned());
        settings.unit.dependencies.insert(UnitDependency::After, after);
        settings.unit.dependencies.insert(UnitDependency::Wants, needed);
        if let TypeConfig::Scope(config) = &mut settings.kind {
            config.cgroup.slice = Some(format!("user-{}.slice", session.uid));
            config.kill.send_sighup = true;
        }
        let unit = LoadedUnit {
            names: vec![name.clone()],
            name,
            load_state: LoadState::Loaded,
            load_error: None,
            fragment_path: Some(format!("/run/systemd/transient/{}", session.scope)),
            dropin_paths: Vec::new(),
            settings,
            warnings: Vec::new(),
            not_simulated: Vec::new(),
        };
        let client = logind(world);
        self.core(world).start_transient(unit, JobMode::Fail, client).ok()
    }

    /// Lets go of a session's scope.
    pub(super) fn abandon_scope(&mut self, world: &mut World, session: &Session) {
        if let Some(name) = UnitName::new(&session.scope) {
            let _ = self.core(world).abandon_scope(&name);
        }
    }

    /// Stops a session's scope with all its processes.
    pub(super) fn stop_scope(&mut self, world: &mut World, session: &Session) {
        self.stop_unit(world, &session.scope);
    }

    /// Whether a unit of the system is active.
    pub(super) fn unit_is_active(&self, name: &str) -> bool {
        let unit = UnitName::new(name).and_then(|name| self.manager.get(&name));
        unit.is_some_and(|unit| unit.active_state() == ActiveState::Active)
    }

    /// Whether a unit of the system is anything but stopped.
    pub(super) fn unit_is_busy(&self, name: &str) -> bool {
        let unit = UnitName::new(name).and_then(|name| self.manager.get(&name));
        unit.is_some_and(|unit| !matches!(unit.active_state(), ActiveState::Inactive | ActiveState::Failed))
    }
}
