//! The journal as a value: what systemd-journald(8) keeps, with its boots, its files and who may read them.

mod access;
mod boot;
mod cursor;
mod entry;
mod matches;
pub mod message_id;
mod metadata;
mod rate_limit;
mod storage;
mod stream;

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::{OrdMap, Vector};

use crate::world::{Channel, Pid, Sender, Time, World};
use rate_limit::{RateLimit, Verdict};

pub use access::{Access, JournalFiles, Opened};
pub use cursor::Cursor;
pub use entry::{Entry, EntryBuilder, Field, Name};
pub use matches::{Match, is_field_name, parse_term};
pub use metadata::{CgroupParts, cgroup_parts};
pub use storage::{Archive, Vacuum};
pub use stream::{LINE_MAX, StreamOptions};

/// The channel (`Channel::Init`) that is woken by every new entry.
pub const JOURNAL_CHANNEL: u64 = 1 << 60;

/// How many entries are kept; older ones go as journald's size limit makes them go.
pub const MAX_ENTRIES: usize = 200_000;

/// How many bytes of what senders said are kept.
pub const MAX_BYTES: usize = 64 << 20;

/// Fields by whose value entries can be found without looking at all of them.
const INDEXED: &[&str] = &[
    "_SYSTEMD_UNIT",
    "UNIT",
    "_SYSTEMD_USER_UNIT",
    "USER_UNIT",
    "OBJECT_SYSTEMD_UNIT",
    "_SYSTEMD_SLICE",
    "SYSLOG_IDENTIFIER",
    "_SYSTEMD_INVOCATION_ID",
    "INVOCATION_ID",
];

/// A boot the journal knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boot {
    /// Its id, 32 hexadecimal digits.
    pub id: Arc<str>,
    /// The number of its first entry.
    pub first: u64,
    /// When its first entry was received.
    pub first_realtime: Time,
    /// When its last entry was received.
    pub last_realtime: Time,
}

/// The journal.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: Vector<Arc<Entry>>,
    /// Numbers of entries by an indexed field's value, oldest first; may hold numbers of entries that are gone.
    index: OrdMap<(&'static str, Arc<[u8]>), Vector<u64>>,
    boots: Vector<Boot>,
    seqnum: u64,
    streams: OrdMap<u64, stream::Stream>,
    next_stream: u64,
    /// The running invocation of each unit, by control group.
    invocations: OrdMap<Arc<str>, Arc<str>>,
    metadata: metadata::Metadata,
    /// `_MACHINE_ID=`, `_HOSTNAME=` and the boot they were read in.
    fixed: (String, Vec<Field>),
    /// The sequence's own id, part of cursors.
    seqnum_id: Arc<str>,
    /// Whether it lies in `/var/log/journal`.
    persistent: bool,
    archives: Vector<Archive>,
    rate_limit: RateLimit,
    /// Bytes that the entries' own fields take.
    bytes: usize,
    /// Users that have a file of their own.
    owners: BTreeSet<u32>,
}

impl Journal {
    /// Writes an entry: stamps it with the clock, the machine and what is known of the process, and wakes readers.
    pub fn append(&mut self, world: &mut World, builder: EntryBuilder) {
        self.refresh_fixed(world);
        let EntryBuilder { pid, sender, transport, fields, cgroup, owner } = builder;
        let sender = sender.or_else(|| world.sender(pid?));
        let group = sender.as_ref().map(|s| s.cgroup.clone()).or(cgroup);
        if let (Some(group), true) = (&group, transport != "driver" && pid != Some(1))
            && !self.is_within_limit(world, group, &fields)
        {
            return;
        }
        let invocation = group.as_ref().and_then(|g| self.invocation_of(g));
        let fixed = std::mem::take(&mut self.fixed);
        let trusted = match &sender {
            Some(sender) => self.metadata.of(sender, transport, invocation, &fixed.1),
            None => gone(pid, transport, group.as_deref(), invocation.as_deref(), &fixed.1),
        };
        self.fixed = fixed;
        let uid = sender.map_or(owner, |sender| sender.uid);
        self.seqnum += 1;
        let entry = Entry {
            seqnum: self.seqnum,
            realtime: world.now,
            monotonic: world.monotonic(),
            boot: self.boots.last().map_or_else(|| Arc::from(""), |b| b.id.clone()),
            owner: if !self.persistent || uid < 1000 || uid == 65534 { 0 } else { uid },
            own: fields,
            trusted,
        };
        self.file(entry);
        world.wake_channel(Channel::Init(JOURNAL_CHANNEL));
    }

    /// The machine was switched on: the kernel's messages, then journald's own. Entries of earlier boots are kept only
    /// when `/var/log/journal` is there (`Storage=auto`).
    pub fn boot(&mut self, world: &mut World) {
        self.streams = OrdMap::new();
        self.invocations = OrdMap::new();
        self.rate_limit = RateLimit::default();
        self.metadata.clear();
        self.persistent = world.files.get("/var/log/journal").is_some();
        if !self.persistent {
            self.drop_oldest(self.entries.len());
            self.archives = Vector::new();
            self.owners = BTreeSet::new();
        }
        boot::messages(self, world);
    }

    /// Counts a message against its service's limit; tells whether it may be written.
    fn is_within_limit(&mut self, world: &mut World, group: &Arc<str>, fields: &[Field]) -> bool {
        let level = fields.iter().find(|f| f.name == "PRIORITY").and_then(|f| f.text().parse().ok()).unwrap_or(6);
        match self.rate_limit.test(group, level, world.now) {
            Verdict::Pass => true,
            Verdict::Drop => false,
            Verdict::PassAfter(count) => {
                let unit = cgroup_parts(group).unit.unwrap_or_else(|| "init.scope".into());
                boot::dropped(self, world, &format!("Suppressed {count} messages from {unit}"), count);
                true
            }
        }
    }

    /// A message by syslog(3).
    pub fn log(
        &mut self,
        world: &mut World,
        pid: Pid,
        priority: u8,
        facility: u8,
        identifier: Option<&str>,
        message: &str,
    ) {
        if let Some(sender) = world.sender(pid) {
            self.log_from(world, sender, priority, facility, identifier, message);
        }
    }

    /// The same from a process that may have ended meanwhile.
    pub fn log_from(
        &mut self,
        world: &mut World,
        sender: Sender,
        priority: u8,
        facility: u8,
        identifier: Option<&str>,
        message: &str,
    ) {
        let entry = EntryBuilder::new(sender.pid, priority, message.trim_end_matches('\n'))
            .transport("syslog")
            .field("SYSLOG_FACILITY", facility.to_string())
            .identifier(identifier.unwrap_or(&sender.comm))
            .field("SYSLOG_TIMESTAMP", world.now.strftime("%b %e %H:%M:%S "));
        self.append(world, entry.sender(sender));
    }

    /// A unit's new run, by its control group (`/system.slice/x.service`); `None` when it is over.
    pub fn set_invocation(&mut self, cgroup: &str, invocation: Option<&str>) {
        match invocation {
            Some(id) => self.invocations.insert(cgroup.into(), id.into()),
            None => self.invocations.remove(cgroup),
        };
    }

    /// All entries, oldest first.
    pub fn entries(&self) -> &Vector<Arc<Entry>> {
        &self.entries
    }

    /// The boots that left entries, oldest first; the last one is running.
    pub fn boots(&self) -> &Vector<Boot> {
        &self.boots
    }

    /// The entry with this number, if it is still there.
    pub fn by_seqnum(&self, seqnum: u64) -> Option<&Arc<Entry>> {
        let first = self.entries.front()?.seqnum;
        self.entries.get(usize::try_from(seqnum.checked_sub(first)?).ok()?)
    }

    /// The numbers of entries whose `name` is `value`, oldest first; `None` when that field is not indexed.
    pub fn with_value(&self, name: &str, value: &[u8]) -> Option<Vector<u64>> {
        let name = INDEXED.iter().find(|n| **n == name)?;
        Some(self.index.get(&(*name, value.into())).cloned().unwrap_or_default())
    }

    /// The values of an indexed field, each with the numbers of its entries (some may be gone).
    pub fn values(&self, name: &str) -> impl Iterator<Item = (&Arc<[u8]>, &Vector<u64>)> {
        let name = INDEXED.iter().find(|n| **n == name).copied().unwrap_or_default();
        let from: (&'static str, Arc<[u8]>) = (name, [][..].into());
        self.index.range(from..).take_while(move |(key, _)| key.0 == name).map(|(key, numbers)| (&key.1, numbers))
    }

    /// The invocation that the unit of a control group, or of one above it, runs now.
    fn invocation_of(&self, cgroup: &str) -> Option<Arc<str>> {
        let mut group = cgroup;
        loop {
            if let Some(id) = self.invocations.get(group) {
                return Some(id.clone());
            }
            group = group.rsplit_once('/').map(|(above, _)| above).filter(|above| !above.is_empty())?;
        }
    }

    /// Reads the machine's fields again when the machine or its name is another one, and notes a new boot.
    fn refresh_fixed(&mut self, world: &mut World) {
        let key = format!("{} {}", world.boot_id, world.hostname);
        if self.fixed.0 == key {
            return;
        }
        let machine = world.files.text("/etc/machine-id").unwrap_or_default();
        let mut fixed = vec![Field::new("_BOOT_ID", &world.boot_id)];
        if !machine.trim().is_empty() {
            fixed.push(Field::new("_MACHINE_ID", machine.trim()));
        }
        fixed.push(Field::new("_HOSTNAME", &world.hostname));
        fixed.push(Field::new("_RUNTIME_SCOPE", "system"));
        self.fixed = (key, fixed);
        self.metadata.clear();
        if self.seqnum_id.is_empty() {
            self.seqnum_id = world.rng.id128().into();
        }
        if self.boots.last().is_none_or(|boot| *boot.id != *world.boot_id) {
            self.boots.push_back(Boot {
                id: world.boot_id.as_str().into(),
                first: self.seqnum + 1,
                first_realtime: world.now,
                last_realtime: world.now,
            });
        }
    }

    /// Puts an entry at the end and into the index; drops the oldest when there are too many.
    fn file(&mut self, entry: Entry) {
        if let Some(boot) = self.boots.back_mut() {
            boot.last_realtime = entry.realtime;
        }
        if entry.owner != 0 {
            self.owners.insert(entry.owner);
        }
        for field in entry.fields() {
            if let Some(name) = INDEXED.iter().find(|n| **n == field.name) {
                self.index.entry((*name, field.value.clone())).or_default().push_back(entry.seqnum);
            }
        }
        self.bytes += size(&entry);
        self.entries.push_back(Arc::new(entry));
        if self.entries.len() > MAX_ENTRIES || self.bytes > MAX_BYTES {
            self.drop_oldest(self.entries.len() / 8 + 1);
        }
    }

    /// Forgets the `count` oldest entries, and what only they held.
    fn drop_oldest(&mut self, count: usize) {
        let count = count.min(self.entries.len());
        self.bytes -= self.entries.iter().take(count).map(|e| size(e)).sum::<usize>();
        self.entries = self.entries.skip(count);
        let first = self.entries.front().map_or(self.seqnum + 1, |e| e.seqnum);
        let mut index = OrdMap::new();
        for (key, numbers) in &self.index {
            let gone = numbers.iter().take_while(|n| **n < first).count();
            if gone < numbers.len() {
                index.insert(key.clone(), numbers.skip(gone));
            }
        }
        self.index = index;
        while self.boots.len() > 1 && self.boots.get(1).is_some_and(|next| next.first <= first) {
            self.boots.pop_front();
        }
        if let (Some(boot), Some(entry)) = (self.boots.front_mut(), self.entries.front()) {
            boot.first = entry.seqnum;
            boot.first_realtime = entry.realtime;
        }
    }
}

/// Bytes that an entry's own fields take.
fn size(entry: &Entry) -> usize {
    entry.own.iter().map(|f| f.name.len() + f.value.len()).sum()
}

/// The trusted fields of a process that is gone, or of the kernel.
fn gone(
    pid: Option<Pid>,
    transport: &'static str,
    cgroup: Option<&str>,
    invocation: Option<&str>,
    fixed: &[Field],
) -> Arc<Vec<Field>> {
    let mut fields = vec![Field::new("_TRANSPORT", transport)];
    if let Some(pid) = pid {
        fields.push(Field::new("_PID", pid.to_string()));
    }
    if let Some(cgroup) = cgroup {
        metadata::push_cgroup(&mut fields, cgroup, invocation);
    }
    fields.extend(fixed.iter().cloned());
    Arc::new(fields)
}
