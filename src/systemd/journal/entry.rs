//! One entry of the journal and how it is made: systemd.journal-fields(7).

use std::borrow::Cow;
use std::sync::Arc;

use crate::world::{Pid, Sender, Time, World};

/// A field's name.
pub type Name = Cow<'static, str>;

/// A field: a name in capitals and a value of any bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Its value, shared by entries that carry the same one.
    pub value: Arc<[u8]>,
}

impl Field {
    /// A field from text.
    pub fn new(name: impl Into<Name>, value: impl AsRef<[u8]>) -> Self {
        Field { name: name.into(), value: value.as_ref().into() }
    }

    /// The value as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.value)
    }
}

/// An entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Counts all entries of the journal from 1.
    pub seqnum: u64,
    /// When it was received.
    pub realtime: Time,
    /// The same on the monotonic clock, microseconds.
    pub monotonic: u64,
    /// The boot it belongs to, as an index into [`super::Journal::boots`]'s numbers.
    pub boot: Arc<str>,
    /// Whose journal file it stands in: 0 for the system's, else a user id.
    pub owner: u32,
    /// What the sender said, in order.
    pub own: Vec<Field>,
    /// What journald found out about the sender (`_PID=` and such).
    pub trusted: Arc<Vec<Field>>,
}

impl Entry {
    /// All fields, the sender's first.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.own.iter().chain(self.trusted.iter())
    }

    /// All fields as the journal's files hold them: what other entries have too comes first, the message last.
    pub fn as_stored(&self) -> impl Iterator<Item = &Field> {
        let is_message = |field: &&Field| field.name == "MESSAGE";
        let rest = self.own.iter().filter(move |field| !is_message(field));
        self.trusted.iter().chain(rest).chain(self.own.iter().filter(is_message))
    }

    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.fields().find(|f| f.name == name).map(|f| &*f.value)
    }

    /// The first value of a field as text.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(String::from_utf8_lossy)
    }

    /// Whether a field has this value.
    pub fn has(&self, name: &str, value: &[u8]) -> bool {
        self.fields().any(|f| f.name == name && *f.value == *value)
    }

    /// `PRIORITY=`, 0 (emergency) to 7 (debug), if there is one.
    pub fn priority(&self) -> Option<u8> {
        self.text("PRIORITY")?.parse().ok().filter(|p| *p <= 7)
    }

    /// `MESSAGE=` as text, empty when there is none.
    pub fn message(&self) -> Cow<'_, str> {
        self.text("MESSAGE").unwrap_or_default()
    }
}

/// An entry that is about to be written.
#[derive(Clone, Debug)]
pub struct EntryBuilder {
    pub(super) pid: Option<Pid>,
    /// The process as it was when it sent this; `None`: as it is now.
    pub(super) sender: Option<Sender>,
    pub(super) transport: &'static str,
    pub(super) fields: Vec<Field>,
    /// The control group to blame when the process is gone.
    pub(super) cgroup: Option<Arc<str>>,
    /// The file it belongs to when the process is gone.
    pub(super) owner: u32,
}

impl EntryBuilder {
    /// A message by native protocol (`_TRANSPORT=journal`) of a process with a syslog priority (0–7).
    pub fn new(pid: Pid, priority: u8, message: impl AsRef<[u8]>) -> Self {
        EntryBuilder {
            pid: Some(pid),
            sender: None,
            transport: "journal",
            fields: vec![Field::new("MESSAGE", message), Field::new("PRIORITY", priority_text(priority))],
            cgroup: None,
            owner: 0,
        }
    }

    /// A message of PID 1: `SYSLOG_IDENTIFIER=systemd`.
    pub fn pid1(priority: u8, message: impl AsRef<[u8]>) -> Self {
        Self::manager(1, priority, message)
    }

    /// A message of a service manager: PID 1 or a user's.
    pub fn manager(pid: Pid, priority: u8, message: impl AsRef<[u8]>) -> Self {
        Self::new(pid, priority, message).field("SYSLOG_FACILITY", "3").field("SYSLOG_IDENTIFIER", "systemd")
    }

    /// A line of a daemon of the system by its control group, whether its process is there or not.
    pub fn daemon(world: &World, cgroup: &str, identifier: &str, priority: u8, message: impl AsRef<[u8]>) -> Self {
        let mut entry = Self::new(0, priority, message).identifier(identifier);
        entry.pid = world.cgroup_members(cgroup, true).first().copied();
        entry.cgroup = Some(cgroup.into());
        entry
    }

    /// A line of the kernel's ring buffer (`_TRANSPORT=kernel`).
    pub fn kernel(priority: u8, message: impl AsRef<[u8]>) -> Self {
        let mut entry = Self::new(0, priority, message);
        entry.pid = None;
        entry.transport = "kernel";
        entry.field("SYSLOG_FACILITY", "0").field("SYSLOG_IDENTIFIER", "kernel")
    }

    /// One more field.
    pub fn field(mut self, name: impl Into<Name>, value: impl AsRef<[u8]>) -> Self {
        self.fields.push(Field::new(name, value));
        self
    }

    /// The unit the message is about: `UNIT=` from PID 1, `USER_UNIT=` from a user's manager.
    pub fn unit(self, unit: &str) -> Self {
        let name = if self.pid == Some(1) { "UNIT" } else { "USER_UNIT" };
        self.field(name, unit)
    }

    /// The run of the unit the message is about: `INVOCATION_ID=`, or `USER_INVOCATION_ID=`.
    pub fn invocation(self, id: &str) -> Self {
        let name = if self.pid == Some(1) { "INVOCATION_ID" } else { "USER_INVOCATION_ID" };
        self.field(name, id)
    }

    /// What kind of message this is, 32 hexadecimal digits: see [`super::message_id`].
    pub fn message_id(self, id: &str) -> Self {
        self.field("MESSAGE_ID", id)
    }

    /// The function of systemd that said it.
    pub fn code_func(self, function: &'static str) -> Self {
        self.field("CODE_FUNC", function)
    }

    /// `_TRANSPORT=`: `syslog`, `stdout`, `driver`, …
    pub fn transport(mut self, transport: &'static str) -> Self {
        self.transport = transport;
        self
    }

    /// The process as it was when it sent this.
    pub fn sender(mut self, sender: Sender) -> Self {
        self.sender = Some(sender);
        self
    }

    /// `SYSLOG_IDENTIFIER=`.
    pub fn identifier(self, identifier: &str) -> Self {
        self.field("SYSLOG_IDENTIFIER", identifier)
    }
}

/// A priority as the decimal digit of its field.
pub(super) fn priority_text(priority: u8) -> String {
    priority.min(7).to_string()
}
