//! Units as their managers have them, and why: the system's units, or a user's whether that manager runs or not.

use super::Student;
use crate::lesson::content::condition::UnitId;
use crate::lesson::content::nearest::nearest;
use crate::lesson::why::{self, Cause};
use crate::systemd::load::SearchPath;
use crate::systemd::manager::{Manager, RuntimeScope, Unit};
use crate::systemd::states::{LoadState, UnitFileState};
use crate::systemd::unit_name::UnitName;
use crate::vps::Vps;
use crate::world::accounts;

/// A unit under examination, on a copy of the machine.
struct Seen<'a> {
    vps: &'a Vps,
    scope: RuntimeScope,
    unit: &'a Unit,
    enabled: Option<UnitFileState>,
}

impl Student {
    /// Looks at a unit and at what its file's links say; `None`: there is no such unit.
    pub(super) fn look_at<T>(&self, id: &UnitId, look: impl FnOnce(&Unit, Option<UnitFileState>) -> T) -> Option<T> {
        self.see(id, |seen| (seen.unit.load_state() != LoadState::NotFound).then(|| look(seen.unit, seen.enabled)))
    }

    /// Shows a unit as it is on a copy, with or without a file. A unit that is not in memory is loaded there, as any
    /// client makes systemd do; without a manager (its user is logged out and does not linger) it is read all the same,
    /// and is inactive.
    fn see<T>(&self, id: &UnitId, look: impl FnOnce(Seen<'_>) -> Option<T>) -> Option<T> {
        let name = UnitName::new(&id.name)?;
        let mut vps = self.vps.clone();
        let (world, systemd) = (&mut vps.world, &mut vps.systemd);
        let mut scope = RuntimeScope::System;
        let mut core = match &id.user {
            None => systemd.core(world),
            Some(user) => {
                let account = accounts::user(&world.files, user)?;
                scope = RuntimeScope::User(account.uid);
                systemd.users.entry(account.uid).or_insert_with(|| {
                    let mut manager = Manager::new(scope, 0, u16::MAX, "");
                    manager.search_path = SearchPath::user(&account.home, account.uid);
                    manager
                });
                systemd.user_core(world, account.uid)?
            }
        };
        let main = core.load_unit(&name);
        let enabled = core.unit_file_state(&main);
        let manager = vps.systemd.manager_of(scope)?;
        let loaded = manager.get(&main).filter(|unit| unit.load_state() != LoadState::NotFound);
        let unit = loaded.or_else(|| manager.departed(&name)).or_else(|| manager.get(&main))?;
        look(Seen { vps: &vps, scope, unit, enabled })
    }

    /// Why a unit is in its state.
    pub(super) fn causes_of(&self, id: &UnitId) -> Vec<Cause> {
        let found = self.see(id, |seen| {
            let unit = seen.unit.name.to_string();
            if seen.unit.load_state() == LoadState::NotFound {
                return Some(vec![Cause::NoFile { near: self.near(&unit, seen.scope), unit }]);
            }
            let manager = seen.vps.systemd.manager_of(seen.scope)?;
            let mut chain = why::causes(&seen.vps.systemd, &seen.vps.world, manager, seen.unit, seen.enabled);
            if self.vps.systemd.manager_of(seen.scope).is_none() {
                let user = id.user.clone().unwrap_or_default();
                let lingers = self.vps.systemd.lingers(&self.vps.world, &user);
                chain.truncate(1);
                chain.push(Cause::NoManager { user, lingers });
            }
            Some(chain)
        });
        found.unwrap_or_default()
    }

    /// The loaded unit whose name is nearest to one that does not exist.
    fn near(&self, name: &str, scope: RuntimeScope) -> Option<String> {
        let manager = self.vps.systemd.manager_of(scope)?;
        let loaded = manager.units().filter(|unit| unit.load_state() == LoadState::Loaded);
        nearest(name, loaded.map(|unit| unit.name.as_str()).filter(|known| *known != name)).map(str::to_owned)
    }
}
