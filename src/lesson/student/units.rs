//! Units as their managers have them: the system's, or a user's whether it runs or not.

use super::Student;
use crate::lesson::content::condition::UnitId;
use crate::systemd::load::SearchPath;
use crate::systemd::manager::{Manager, RuntimeScope, Unit};
use crate::systemd::states::{LoadState, UnitFileState};
use crate::systemd::unit_name::UnitName;
use crate::world::accounts;

impl Student {
    /// Looks at a unit and at what its file's links say. A unit that is not in memory is loaded on a copy, as any client
    /// makes systemd do; without a manager (its user is logged out and does not linger) it is read all the same, and is
    /// inactive. `None`: there is no such unit.
    pub(super) fn look_at<T>(&self, id: &UnitId, look: impl FnOnce(&Unit, Option<UnitFileState>) -> T) -> Option<T> {
        let name = UnitName::new(&id.name)?;
        let mut vps = self.vps.clone();
        let (world, systemd) = (&mut vps.world, &mut vps.systemd);
        let mut core = match &id.user {
            None => systemd.core(world),
            Some(user) => {
                let account = accounts::user(&world.files, user)?;
                systemd.users.entry(account.uid).or_insert_with(|| {
                    let mut manager = Manager::new(RuntimeScope::User(account.uid), 0, u16::MAX, "");
                    manager.search_path = SearchPath::user(&account.home, account.uid);
                    manager
                });
                systemd.user_core(world, account.uid)?
            }
        };
        let main = core.load_unit(&name);
        let enabled = core.unit_file_state(&main);
        let unit = core.m.get(&main).filter(|unit| unit.load_state() != LoadState::NotFound);
        unit.or_else(|| core.m.departed(&name)).map(|unit| look(unit, enabled))
    }
}
