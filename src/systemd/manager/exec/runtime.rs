//! What the processes of one run of a unit share: their own `/tmp` and network, and a user made for it: systemd.exec(5),
//! `PrivateTmp=`, `PrivateNetwork=`, `DynamicUser=`, `JoinsNamespaceOf=`.

use crate::systemd::config::ExecContext;
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::manager::Core;
use crate::systemd::unit_name::UnitName;
use crate::world::fs::Cred;
use crate::world::{World, accounts};

/// The first and the last user id that are given out for a run.
const DYNAMIC: (u32, u32) = (61_184, 65_519);
/// Where it is noted who has which of them.
const DYNAMIC_FOLDER: &str = "/run/systemd/dynamic-uid";
/// The key with which systemd hashes names of users into ids.
const HASH_KEY: (u64, u64) = (0xf548_cecf_317e_5337, 0x59ec_d98d_5739_bb8a);
/// Characters of a random name.
const LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// What is made for a run and goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecRuntime {
    /// The folders shown as `/tmp` and `/var/tmp`.
    pub tmp: Option<[String; 2]>,
    /// The number of its network; 0 is the machine's.
    pub network: u64,
    /// The user made for it: name and id.
    pub user: Option<(String, u32)>,
}

impl Core<'_> {
    /// Makes what the first process of a run needs, or joins what another unit has.
    pub(super) fn acquire_runtime(&mut self, u: &UnitName, exec: &ExecContext) -> ExecRuntime {
        let mut runtime = self.m.service(u).runtime.clone();
        let joined: Vec<UnitName> = self.m.unit(u).dependency(Dep::JoinsNamespaceOf).cloned().collect();
        let others: Vec<ExecRuntime> =
            joined.iter().filter_map(|other| Some(self.m.get(other)?.service.as_ref()?.runtime.clone())).collect();
        if exec.private_tmp && runtime.tmp.is_none() {
            let shared = others.iter().find_map(|other| other.tmp.clone());
            runtime.tmp = Some(shared.unwrap_or_else(|| ["/tmp", "/var/tmp"].map(|base| self.private_folder(u, base))));
        }
        if exec.private_network && runtime.network == 0 {
            let shared = others.iter().map(|other| other.network).find(|network| *network != 0);
            runtime.network = shared.unwrap_or_else(|| self.w.new_object());
        }
        if exec.dynamic_user && runtime.user.is_none() {
            runtime.user = exec.user.as_ref().and_then(|name| dynamic_user(self.w, exec, name));
        }
        self.m.service_mut(u).runtime = runtime.clone();
        runtime
    }

    fn private_folder(&mut self, u: &UnitName, base: &str) -> String {
        let random: String =
            (0..6).map(|_| char::from(LETTERS[self.w.rng.below(LETTERS.len() as u64) as usize])).collect();
        let outer = format!("{base}/systemd-private-{}-{u}-{random}", self.w.boot_id);
        let inner = format!("{outer}/tmp");
        self.w.files.mkdir_all(&inner, self.w.now);
        for (path, mode) in [(&outer, 0o700), (&inner, 0o1777)] {
            if let Ok(ino) = self.w.files.lookup(&Cred::root(), "/", path, true) {
                self.w.files.set_mode(ino, mode, self.w.now);
            }
        }
        inner
    }

    /// The run is over: what was made for it goes, unless another unit has joined it.
    pub(in crate::systemd::manager) fn destroy_runtime(&mut self, u: &UnitName) {
        let runtime = std::mem::take(&mut self.m.service_mut(u).runtime);
        if let Some(folders) = &runtime.tmp {
            let tmp = runtime.tmp.clone();
            let joined = self.m.units().any(|unit| unit.service.as_ref().is_some_and(|s| s.runtime.tmp == tmp));
            for folder in folders.iter().filter(|_| !joined) {
                let outer = folder.trim_end_matches("/tmp");
                self.w.files.remove_all(outer, self.w.now);
            }
        }
        if let Some((name, uid)) = runtime.user {
            let files = &mut self.w.files;
            let names = [uid.to_string(), format!("direct:{uid}"), format!("direct:{name}")];
            names.iter().for_each(|file| files.remove_all(&format!("{DYNAMIC_FOLDER}/{file}"), self.w.now));
        }
    }
}

/// Finds an id for a user's name: that of the account, of the owner of its folders, by the name's hash, the next free one.
fn dynamic_user(world: &mut World, exec: &ExecContext, name: &str) -> Option<(String, u32)> {
    if accounts::user(&world.files, name).is_some() {
        return None;
    }
    let (first, last) = DYNAMIC;
    let owners: Vec<u32> = exec
        .directories
        .iter()
        .zip(["/run", "/var/lib", "/var/cache", "/var/log"])
        .flat_map(|(directory, root)| directory.paths.iter().map(move |path| format!("{root}/private/{path}")))
        .filter_map(|path| world.files.get(&path).map(|node| node.uid))
        .collect();
    let hashed = first + (siphash24(HASH_KEY, name.as_bytes()) as u32) % (last - first + 1);
    let taken = |uid: u32| {
        world.files.get(&format!("{DYNAMIC_FOLDER}/{uid}")).is_some()
            || accounts::user_by_id(&world.files, uid).is_some()
    };
    let candidates = owners.into_iter().filter(|uid| (first..=last).contains(uid));
    let uid = candidates.chain(hashed..=last).chain(first..hashed).find(|uid| !taken(*uid))?;
    let (files, now) = (&mut world.files, world.now);
    files.put(&format!("{DYNAMIC_FOLDER}/{uid}"), format!("{name}\n").as_bytes(), 0o600, (0, 0), now);
    for (from, to) in [(uid.to_string(), name.to_owned()), (name.to_owned(), uid.to_string())] {
        let _ = files.symlink(&Cred::root(), "/", &to, &format!("{DYNAMIC_FOLDER}/direct:{from}"), now);
    }
    Some((name.to_owned(), uid))
}

/// SipHash-2-4, with which systemd hashes names.
fn siphash24(key: (u64, u64), data: &[u8]) -> u64 {
    let mut v = [
        key.0 ^ 0x736f_6d65_7073_6575,
        key.1 ^ 0x646f_7261_6e64_6f6d,
        key.0 ^ 0x6c79_6765_6e65_7261,
        key.1 ^ 0x7465_6462_7974_6573,
    ];
    let round = |v: &mut [u64; 4]| {
        v[0] = v[0].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(13) ^ v[0];
        v[0] = v[0].rotate_left(32);
        v[2] = v[2].wrapping_add(v[3]);
        v[3] = v[3].rotate_left(16) ^ v[2];
        v[0] = v[0].wrapping_add(v[3]);
        v[3] = v[3].rotate_left(21) ^ v[0];
        v[2] = v[2].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(17) ^ v[2];
        v[2] = v[2].rotate_left(32);
    };
    let mut words: Vec<u64> = Vec::new();
    for chunk in data.chunks(8) {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        words.push(u64::from_le_bytes(bytes));
    }
    if data.len().is_multiple_of(8) {
        words.push(0);
    }
    if let Some(last) = words.last_mut() {
        *last |= (data.len() as u64 & 0xff) << 56;
    }
    for word in words {
        v[3] ^= word;
        round(&mut v);
        round(&mut v);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    (0..4).for_each(|_| round(&mut v));
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_get_the_ids_that_systemd_gives_them() {
        for (name, uid) in [("run-u57", 63_510), ("wrk", 61_439), ("dyw", 62_595), ("run-u58", 61_330)] {
            let (first, last) = DYNAMIC;
            assert_eq!(first + siphash24(HASH_KEY, name.as_bytes()) as u32 % (last - first + 1), uid, "{name}");
        }
    }
}
