//! What journald finds out about the sender of a message: systemd.journal-fields(7), "Trusted Journal Fields".

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::world::{Pid, Sender};

use super::entry::Field;
use crate::systemd::escaping::quote_command_line;

/// The units and the like that a control group's path names: sd_pid_get_unit(3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CgroupParts {
    /// The system unit.
    pub unit: Option<String>,
    /// The unit of a user's manager.
    pub user_unit: Option<String>,
    /// The slice of the system.
    pub slice: Option<String>,
    /// The slice of a user's manager.
    pub user_slice: Option<String>,
    /// The session, of `session-N.scope`.
    pub session: Option<String>,
    /// The user whose slice it is.
    pub owner_uid: Option<u32>,
}

/// Takes a control group's path apart.
pub fn cgroup_parts(cgroup: &str) -> CgroupParts {
    let mut parts = CgroupParts::default();
    let mut rest = cgroup.split('/').filter(|p| !p.is_empty()).peekable();
    let mut slice = "-.slice";
    while let Some(name) = rest.next_if(|p| p.ends_with(".slice")) {
        slice = name;
        let uid = name.strip_prefix("user-").and_then(|n| n.strip_suffix(".slice"));
        parts.owner_uid = uid.and_then(|n| n.parse().ok()).or(parts.owner_uid);
    }
    parts.slice = Some(slice.to_owned());
    let Some(unit) = rest.next() else {
        if cgroup == "/init.scope" {
            parts.unit = Some("init.scope".into());
        }
        return parts;
    };
    parts.unit = Some(unit.to_owned());
    parts.session = unit.strip_prefix("session-").and_then(|n| n.strip_suffix(".scope")).map(str::to_owned);
    if unit.starts_with("user@") {
        let mut user_slice = None;
        while let Some(name) = rest.next_if(|p| p.ends_with(".slice")) {
            user_slice = Some(name.to_owned());
        }
        if let Some(user_unit) = rest.next() {
            parts.user_unit = Some(user_unit.to_owned());
            parts.user_slice = Some(user_slice.unwrap_or_else(|| "-.slice".into()));
        }
    }
    parts
}

/// Trusted fields of processes that wrote before, so that a chatty process costs little.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    known: BTreeMap<(Pid, &'static str), Known>,
}

#[derive(Clone, Debug)]
struct Known {
    sender: Sender,
    invocation: Option<Arc<str>>,
    fields: Arc<Vec<Field>>,
}

/// How many processes are remembered.
const REMEMBERED: usize = 64;

impl Metadata {
    /// Forgets everything: the machine booted, or has another name.
    pub fn clear(&mut self) {
        self.known.clear();
    }

    /// The trusted fields of a process; `fixed` are those of the machine.
    pub fn of(
        &mut self,
        sender: &Sender,
        transport: &'static str,
        invocation: Option<Arc<str>>,
        fixed: &[Field],
    ) -> Arc<Vec<Field>> {
        let pid = sender.pid;
        if let Some(known) = self.known.get(&(pid, transport))
            && known.sender == *sender
            && known.invocation == invocation
        {
            return known.fields.clone();
        }
        let mut fields = vec![
            Field::new("_TRANSPORT", transport),
            Field::new("_PID", pid.to_string()),
            Field::new("_UID", sender.uid.to_string()),
            Field::new("_GID", sender.gid.to_string()),
            Field::new("_COMM", sender.comm.as_bytes()),
            Field::new("_EXE", sender.exe.as_bytes()),
            Field::new("_CMDLINE", quote_command_line(&sender.argv)),
            Field::new("_SELINUX_CONTEXT", "unconfined\n"),
            Field::new("_CAP_EFFECTIVE", if sender.uid == 0 { "1ffffffffff" } else { "0" }),
        ];
        push_cgroup(&mut fields, &sender.cgroup, invocation.as_deref());
        fields.extend(fixed.iter().cloned());
        let fields = Arc::new(fields);
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let known = Known { sender: sender.clone(), invocation, fields: fields.clone() };
        self.known.insert((pid, transport), known);
        fields
    }
}

/// The fields that a control group stands for.
pub(super) fn push_cgroup(fields: &mut Vec<Field>, cgroup: &str, invocation: Option<&str>) {
    fields.push(Field::new("_SYSTEMD_CGROUP", cgroup));
    let parts = cgroup_parts(cgroup);
    if let Some(session) = &parts.session {
        fields.push(Field::new("_SYSTEMD_SESSION", session));
    }
    if let Some(uid) = parts.owner_uid {
        fields.push(Field::new("_SYSTEMD_OWNER_UID", uid.to_string()));
    }
    for (name, value) in [
        ("_SYSTEMD_UNIT", &parts.unit),
        ("_SYSTEMD_USER_UNIT", &parts.user_unit),
        ("_SYSTEMD_SLICE", &parts.slice),
        ("_SYSTEMD_USER_SLICE", &parts.user_slice),
    ] {
        if let Some(value) = value {
            fields.push(Field::new(name, value));
        }
    }
    if let Some(id) = invocation {
        fields.push(Field::new("_SYSTEMD_INVOCATION_ID", id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_group_tells_its_units() {
        let parts = cgroup_parts("/system.slice/nginx.service");
        assert_eq!((parts.unit.as_deref(), parts.slice.as_deref()), (Some("nginx.service"), Some("system.slice")));
        let parts = cgroup_parts("/user.slice/user-1000.slice/user@1000.service/app.slice/w.service");
        assert_eq!(parts.unit.as_deref(), Some("user@1000.service"));
        assert_eq!(parts.user_unit.as_deref(), Some("w.service"));
        assert_eq!(parts.user_slice.as_deref(), Some("app.slice"));
        assert_eq!((parts.slice.as_deref(), parts.owner_uid), (Some("user-1000.slice"), Some(1000)));
        let parts = cgroup_parts("/user.slice/user-1000.slice/session-3.scope");
        assert_eq!((parts.unit.as_deref(), parts.session.as_deref()), (Some("session-3.scope"), Some("3")));
        assert_eq!(cgroup_parts("/init.scope").unit.as_deref(), Some("init.scope"));
    }
}
