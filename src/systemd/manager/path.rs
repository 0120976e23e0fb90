//! Path units: what they watch, and what its change starts: systemd.path(5).

use super::job::JobType;
use super::job_run::Refusal;
use super::log::LOG_WARNING;
use super::reason::Reason;
use super::unit::PlainState;
use super::{Core, glob};
use crate::systemd::config::{JobMode, PathConfig, PathSpec, PathType, TypeConfig};
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::unit_name::UnitName;
use crate::world::fs::{Cred, Ino};

impl Core<'_> {
    fn path_config(&self, u: &UnitName) -> PathConfig {
        match &self.m.unit(u).settings().kind {
            TypeConfig::Path(path) => (**path).clone(),
            _ => PathConfig::default(),
        }
    }

    /// Starts a path unit.
    pub(super) fn path_start(&mut self, u: &UnitName) -> Result<bool, Refusal> {
        self.check_trigger_loaded(u)?;
        self.acquire_invocation_id(u);
        self.m.unit_mut(u).plain_result = "success";
        let config = self.path_config(u);
        if config.make_directory {
            for spec in config.specs.iter().filter(|s| !matches!(s.kind, PathType::Exists | PathType::ExistsGlob)) {
                self.make_watched_folder(&spec.path, config.directory_mode);
            }
        }
        self.path_enter_waiting(u);
        Ok(true)
    }

    /// `MakeDirectory=`: the folder, and those above it, with the mode of `DirectoryMode=`.
    fn make_watched_folder(&mut self, path: &str, mode: u32) {
        let now = self.w.now;
        let missing: Vec<String> = path
            .match_indices('/')
            .map(|(at, _)| &path[..at])
            .chain([path])
            .filter(|part| !part.is_empty() && self.w.files.get(part).is_none())
            .map(str::to_owned)
            .collect();
        self.w.files.mkdir_all(path, now);
        for part in missing {
            if let Ok(ino) = self.w.files.lookup(&Cred::root(), "/", &part, true) {
                self.w.files.set_mode(ino, u16::try_from(mode & 0o7777).unwrap_or(0o755), now);
            }
        }
    }

    /// Waits, or goes to work at once where what is watched for is there already.
    fn path_enter_waiting(&mut self, u: &UnitName) {
        let busy = self.m.unit(u).dependency(Dep::Triggers).any(|t| !self.m.unit(t).is_inactive_or_failed());
        if busy {
            return self.set_plain_state(u, PlainState::Running);
        }
        let config = self.path_config(u);
        if config.specs.iter().any(|spec| self.path_holds(spec)) {
            return self.path_enter_running(u);
        }
        for spec in &config.specs {
            self.watch_path(&spec.path);
        }
        let seen = config.specs.iter().map(|spec| self.inode_at(&spec.path)).collect();
        self.m.unit_mut(u).seen = seen;
        self.set_plain_state(u, PlainState::Waiting);
    }

    /// Whether the state that a spec waits for is there. Changes are events, not states.
    fn path_holds(&self, spec: &PathSpec) -> bool {
        match spec.kind {
            PathType::Exists => self.w.files.get(&spec.path).is_some(),
            PathType::ExistsGlob => glob::any_match(self.w, &spec.path),
            PathType::DirectoryNotEmpty => {
                self.w.files.list(&Cred::root(), "/", &spec.path).is_ok_and(|names| !names.is_empty())
            }
            PathType::Changed | PathType::Modified => false,
        }
    }

    /// Hears of changes of a path and of the folders above it, as far as they exist.
    fn watch_path(&mut self, path: &str) {
        let mut at = path.to_owned();
        loop {
            if let Ok(ino) = self.w.files.lookup(&Cred::root(), "/", &at, true) {
                self.w.watch(ino);
            }
            match at.rfind('/') {
                Some(0) | None => return,
                Some(cut) => at.truncate(cut),
            }
        }
    }

    /// A watched file or folder changed: path units look whether that is what they wait for.
    pub(super) fn paths_changed(&mut self, changed: Ino) {
        let waiting: Vec<UnitName> = self
            .m
            .units()
            .filter(|unit| unit.plain == PlainState::Waiting && matches!(unit.settings().kind, TypeConfig::Path(_)))
            .map(|unit| unit.name.clone())
            .collect();
        for u in waiting {
            let config = self.path_config(&u);
            let seen = self.m.unit(&u).seen.clone();
            let hit = config.specs.iter().enumerate().any(|(place, spec)| match spec.kind {
                PathType::Changed | PathType::Modified => {
                    let now = self.inode_at(&spec.path);
                    now == Some(changed) || seen.get(place).is_some_and(|before| *before != now)
                }
                _ => self.path_holds(spec),
            });
            if hit {
                self.path_enter_running(&u);
            } else {
                config.specs.iter().for_each(|spec| self.watch_path(&spec.path));
            }
        }
    }

    fn inode_at(&self, path: &str) -> Option<Ino> {
        self.w.files.lookup(&Cred::root(), "/", path, true).ok()
    }

    /// Starts what the path unit triggers.
    fn path_enter_running(&mut self, u: &UnitName) {
        let Some(trigger) = self.m.unit(u).dependency(Dep::Triggers).next().cloned() else { return };
        if self.m.stop_pending(u) {
            return;
        }
        let (config, now) = (self.path_config(u), self.w.now);
        let (interval, burst) = (config.trigger_limit_interval, config.trigger_limit_burst);
        if !self.m.unit_mut(u).trigger_limit.below(now, interval, burst) {
            self.log_unit(u, LOG_WARNING, "Trigger limit hit, refusing further activation.");
            return self.path_enter_failed(u, "trigger-limit-hit");
        }
        let reason = Reason::Triggered { by: u.clone() };
        if let Err(error) = self.add_job(JobType::Start, &trigger, JobMode::Replace, reason) {
            self.log_unit(u, LOG_WARNING, &format!("Failed to queue unit startup job: {}", error.message));
            return self.path_enter_failed(u, "resources");
        }
        self.set_plain_state(u, PlainState::Running);
    }

    fn path_enter_failed(&mut self, u: &UnitName, result: &'static str) {
        self.m.unit_mut(u).plain_result = result;
        self.log_unit_failure(u, result);
        self.set_plain_state(u, PlainState::Failed);
    }

    /// What a path unit makes of a change of state of its service.
    pub(super) fn path_trigger_notify(&mut self, u: &UnitName, service: &UnitName) {
        let alive = matches!(self.m.unit(u).plain, PlainState::Running | PlainState::Waiting);
        if alive && self.m.unit(service).start_limit_hit {
            return self.path_enter_failed(u, "unit-start-limit-hit");
        }
        let idle = self.m.unit(service).is_inactive_or_failed() && self.m.unit(service).job.is_none();
        match self.m.unit(u).plain {
            PlainState::Running if idle => self.path_enter_waiting(u),
            PlainState::Waiting if !idle => self.set_plain_state(u, PlainState::Running),
            _ => {}
        }
    }
}
