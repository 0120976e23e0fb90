//! Evaluating conditions and assertions: systemd.unit(5), "Conditions and Asserts".

use super::unit::ConditionResult;
use super::{Core, RuntimeScope};
use crate::systemd::condition::{Condition, ConditionKind};
use crate::systemd::unit_name::UnitName;
use crate::world::fs::{Cred, Kind};
use crate::world::{World, accounts};

impl Core<'_> {
    /// Whether the unit's conditions hold; noted in the unit.
    pub(super) fn test_conditions(&mut self, u: &UnitName) -> bool {
        let loaded = self.m.unit(u).loaded.clone();
        let (holds, results) = self.test_list(&loaded.settings.unit.conditions);
        let now = Some(self.w.now);
        let unit = self.m.unit_mut(u);
        unit.timestamps.condition = now;
        unit.condition_result = holds;
        unit.condition_results = results;
        holds
    }

    /// Whether the unit's assertions hold; noted in the unit.
    pub(super) fn test_asserts(&mut self, u: &UnitName) -> bool {
        let loaded = self.m.unit(u).loaded.clone();
        let (holds, _) = self.test_list(&loaded.settings.unit.asserts);
        let now = Some(self.w.now);
        let unit = self.m.unit_mut(u);
        unit.timestamps.assert = now;
        unit.assert_result = holds;
        holds
    }

    /// All must hold, and of those written with `|` at least one.
    fn test_list(&self, list: &[Condition]) -> (bool, Vec<ConditionResult>) {
        let results: Vec<bool> =
            list.iter().map(|c| holds(self.w, self.m.scope, &self.m.environment, c) != c.negate).collect();
        let plain = list.iter().zip(&results).filter(|(c, _)| !c.trigger).all(|(_, r)| *r);
        let mut triggers = list.iter().zip(&results).filter(|(c, _)| c.trigger).peekable();
        let any = triggers.peek().is_none() || triggers.any(|(_, r)| *r);
        let word = |r: bool| if r { ConditionResult::Succeeded } else { ConditionResult::Failed };
        (plain && any, results.into_iter().map(word).collect())
    }

    /// Why a start did nothing, when a condition is to blame.
    pub(super) fn failed_condition_text(&self, u: &UnitName, name: &str) -> Option<String> {
        let unit = self.m.unit(u);
        let list = &unit.config().conditions;
        let failed = |c: &&(&Condition, &ConditionResult)| *c.1 == ConditionResult::Failed;
        let pairs: Vec<_> = list.iter().zip(&unit.condition_results).collect();
        if let Some((c, _)) = pairs.iter().find(|pair| !pair.0.trigger && failed(pair)) {
            let not = if c.negate { "!" } else { "" };
            return Some(format!(
                "{name} was skipped because of an unmet condition check (Condition{}={not}{}).",
                c.kind, c.parameter
            ));
        }
        let none = pairs.iter().any(|p| p.0.trigger) && pairs.iter().filter(|p| p.0.trigger).all(|p| failed(&p));
        none.then(|| format!("{name} was skipped because no trigger condition checks were met."))
    }
}

/// Whether the answer to a condition's question is yes, without regard to `!`.
pub fn holds(world: &World, scope: RuntimeScope, environment: &[String], condition: &Condition) -> bool {
    use ConditionKind::*;
    let text = condition.parameter.as_str();
    let root = Cred::root();
    let node = || world.files.get(text);
    match condition.kind {
        PathExists => node().is_some(),
        PathExistsGlob => super::glob::any_match(world, text),
        PathIsDirectory => node().is_some_and(|n| n.is_dir()),
        PathIsSymbolicLink => {
            let found = world.files.lookup(&root, "/", text, false).ok().and_then(|ino| world.files.inode(ino));
            found.is_some_and(|n| n.is_symlink())
        }
        PathIsMountPoint => matches!(text, "/" | "/proc" | "/sys" | "/dev" | "/run" | "/tmp"),
        PathIsReadWrite => node().is_some(),
        PathIsEncrypted => false,
        DirectoryNotEmpty => world.files.list(&root, "/", text).is_ok_and(|list| !list.is_empty()),
        FileNotEmpty => node().is_some_and(|n| n.is_file() && n.size() > 0),
        FileIsExecutable => node().is_some_and(|n| matches!(n.kind, Kind::File(_)) && n.mode & 0o111 != 0),
        User => user_matches(world, scope, text),
        Group => group_matches(world, scope, text),
        Host => text == world.hostname,
        Virtualization => matches!(text, "yes" | "true" | "1" | "vm" | "kvm"),
        Architecture => matches!(text, "x86-64" | "native"),
        KernelVersion => kernel_matches(text),
        Environment => {
            environment.iter().any(|pair| pair == text || pair.split_once('=').is_some_and(|(name, _)| name == text))
        }
        KernelCommandLine => {
            let line = world.files.text("/proc/cmdline").unwrap_or_default();
            line.split_whitespace().any(|word| word == text || word.split('=').next() == Some(text))
        }
        AcPower => matches!(text, "yes" | "true" | "1"),
        FirstBoot | NeedsUpdate => matches!(text, "no" | "false" | "0"),
        Memory => compare(text, world.memory),
        Cpus => compare(text, 1),
        OsRelease => os_release_matches(world, text),
        ControlGroupController => text.split_whitespace().all(|c| matches!(c, "cpu" | "memory" | "pids" | "io" | "v2")),
        Capability => true,
        MemoryPressure | CpuPressure | IoPressure => true,
        Firmware | Credential | Security | CpuFeature => false,
    }
}

fn user_matches(world: &World, scope: RuntimeScope, text: &str) -> bool {
    let uid = match scope {
        RuntimeScope::System => 0,
        RuntimeScope::User(uid) => uid,
    };
    if text == "@system" {
        return uid < 1000 || uid == 65534;
    }
    text.parse() == Ok(uid) || accounts::user(&world.files, text).is_some_and(|user| user.uid == uid)
}

fn group_matches(world: &World, scope: RuntimeScope, text: &str) -> bool {
    let cred = match scope {
        RuntimeScope::System => Cred::root(),
        RuntimeScope::User(uid) => match accounts::user_by_id(&world.files, uid) {
            Some(user) => accounts::cred_of(&world.files, &user),
            None => return false,
        },
    };
    let gid = text.parse().ok().or_else(|| accounts::group(&world.files, text).map(|g| g.gid));
    gid.is_some_and(|gid| cred.in_group(gid))
}

/// `>= 4`, `< 2` or a bare number, which means at least.
fn compare(text: &str, actual: u64) -> bool {
    let digits = text.trim_start_matches(['<', '>', '=', '!', ' ']);
    let Ok(wanted) = digits.trim().parse::<u64>() else { return false };
    match text[..text.len() - digits.len()].trim() {
        "" | ">=" => actual >= wanted,
        ">" => actual > wanted,
        "<=" => actual <= wanted,
        "<" => actual < wanted,
        "=" => actual == wanted,
        "!=" => actual != wanted,
        _ => false,
    }
}

fn kernel_matches(text: &str) -> bool {
    let version = crate::world::KERNEL_RELEASE;
    text.split_whitespace().all(|pattern| {
        let number = pattern.trim_start_matches(['<', '>', '=', '!']);
        let key = |v: &str| v.split(['.', '-']).map_while(|part| part.parse::<u32>().ok()).collect::<Vec<_>>();
        match &pattern[..pattern.len() - number.len()] {
            ">=" => key(version) >= key(number),
            ">" => key(version) > key(number),
            "<=" => key(version) <= key(number),
            "<" => key(version) < key(number),
            _ => super::glob::matches(number, version),
        }
    })
}

fn os_release_matches(world: &World, text: &str) -> bool {
    let release = world.files.text("/etc/os-release").unwrap_or_default();
    text.split_whitespace().all(|pair| {
        let Some((key, wanted)) = pair.split_once('=') else { return false };
        release.lines().any(|line| {
            line.split_once('=').is_some_and(|(name, value)| name == key && value.trim_matches('"') == wanted)
        })
    })
}
