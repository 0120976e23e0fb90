//! The environment that sudo gives to a command: "Command environment" in sudoers(5).

use super::sudoers::Policy;
use crate::world::accounts::User;
use crate::world::{getenv, setenv};

/// Kept from the caller when the environment is made anew.
const KEPT: &[&str] = &[
    "COLORS",
    "COLORTERM",
    "DISPLAY",
    "HOSTNAME",
    "KRB5CCNAME",
    "LANG",
    "LANGUAGE",
    "LINGUAS",
    "LS_COLORS",
    "PS1",
    "PS2",
    "TERM",
    "TZ",
    "XAUTHORITY",
    "XAUTHORIZATION",
    "XDG_CURRENT_DESKTOP",
];

/// Where programs are looked for in a login shell of root, and of everybody else.
const LOGIN_PATH: [&str; 2] = [
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games",
];

/// What decides about the environment.
pub struct Wishes<'a> {
    /// `-i`.
    pub login: bool,
    /// `-H`.
    pub set_home: bool,
    /// `-E`, or `--preserve-env` without a list.
    pub preserve: bool,
    /// `--preserve-env=LIST`.
    pub keep: Vec<String>,
    /// `VAR=value` before the command.
    pub assignments: &'a [String],
    /// The command and its arguments, as logged.
    pub command: &'a str,
}

/// The environment of the command. `old` is the caller's, `caller` who calls, `target` who it runs as.
pub fn environment(old: &[String], caller: &User, target: &User, policy: &Policy, wishes: &Wishes<'_>) -> Vec<String> {
    let mut env: Vec<String> = Vec::new();
    let preserve = !wishes.login && (wishes.preserve || !policy.env_reset());
    let extra = policy.env_keep();
    for pair in old {
        let name = pair.split('=').next().unwrap_or_default();
        let kept =
            KEPT.contains(&name) || name.starts_with("LC_") || extra.iter().chain(&wishes.keep).any(|k| k == name);
        if preserve || kept {
            env.push(pair.clone());
        }
    }
    let path = match (policy.secure_path(), getenv(old, "PATH")) {
        (Some(path), _) => path,
        (None, _) if wishes.login => LOGIN_PATH[usize::from(target.uid != 0)].to_owned(),
        (None, Some(path)) => path.to_owned(),
        (None, None) => LOGIN_PATH[1].to_owned(),
    };
    setenv(&mut env, "PATH", &path);
    let kept_home = wishes.keep.iter().any(|k| k == "HOME") || preserve;
    if !preserve {
        setenv(&mut env, "MAIL", &format!("/var/mail/{}", target.name));
    }
    setenv(&mut env, "LOGNAME", &target.name);
    setenv(&mut env, "USER", &target.name);
    if !kept_home || wishes.set_home {
        setenv(&mut env, "HOME", &target.home);
    }
    if !preserve {
        setenv(&mut env, "SHELL", &target.shell);
    }
    setenv(&mut env, "SUDO_COMMAND", wishes.command);
    setenv(&mut env, "SUDO_USER", &caller.name);
    setenv(&mut env, "SUDO_UID", &caller.uid.to_string());
    setenv(&mut env, "SUDO_GID", &caller.gid.to_string());
    for pair in wishes.assignments {
        if let Some((name, value)) = pair.split_once('=') {
            setenv(&mut env, name, value);
        }
    }
    env
}
