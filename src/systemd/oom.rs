//! The kernel's out-of-memory killer and what a service manager makes of it: proc(5) `oom_score`, systemd.service(5)
//! `OOMPolicy=`.

use super::Systemd;
use super::journal::EntryBuilder;
use crate::world::{Pid, Signal, World};

impl Systemd {
    /// The kernel has no memory left and kills a process; the manager of its unit hears of it.
    pub fn out_of_memory(&mut self, world: &mut World, pid: Pid) {
        let Some(process) = world.process(pid) else { return };
        let (comm, uid, rss) = (process.comm.clone(), process.cred.uid, process.rss / 1024);
        let text = format!(
            "Out of memory: Killed process {pid} ({comm}) total-vm:{}kB, anon-rss:{rss}kB, file-rss:0kB, shmem-rss:0kB, \
             UID:{uid} pgtables:{}kB oom_score_adj:0",
            rss * 2,
            rss / 256 + 40,
        );
        self.journal.append(world, EntryBuilder::kernel(3, text));
        let system = self.manager.unit_of_pid(world, pid).map(|unit| unit.name.clone());
        let user = self.users.iter().find_map(|(uid, m)| Some((*uid, m.unit_of_pid(world, pid)?.name.clone())));
        world.send_signal(pid, Signal::KILL);
        match (user, system) {
            (Some((uid, u)), _) => {
                if let Some(mut core) = self.user_core(world, uid) {
                    core.out_of_memory(&u);
                }
            }
            (None, Some(u)) => self.core(world).out_of_memory(&u),
            (None, None) => {}
        }
    }
}
