//! What judging asks of a machine, and what it does to a copy of one. The machine itself implements it elsewhere.

use crate::lesson::content::action::{Action, Input};
use crate::lesson::content::condition::{FileKind, UnitId};
use crate::lesson::why::Cause;
use crate::systemd::states::{ActiveState, UnitFileState};
use crate::world::Time;

/// A unit as the system manager knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitFacts {
    /// `ActiveState=`
    pub active: ActiveState,
    /// `SubState=`
    pub sub: String,
    /// What `systemctl is-enabled` says; `None` when there is no unit file.
    pub enabled: Option<UnitFileState>,
    /// `Result=`
    pub result: String,
    /// `NRestarts=`
    pub restarts: u64,
    /// When its active state last changed.
    pub since: Time,
    /// For a timer: when it fires next.
    pub next_elapse: Option<Time>,
    /// For a timer: when it fired last.
    pub last_trigger: Option<Time>,
}

/// A queue of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueFacts {
    /// Messages that wait for a consumer, or that one has taken and not finished.
    pub depth: u64,
    /// Messages that were handled.
    pub handled: u64,
    /// Messages that are gone without having been handled: with their worker, or thrown away.
    pub lost: u64,
}

/// A file, links not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// What it is.
    pub kind: Option<FileKind>,
    /// Its permission bits.
    pub mode: u32,
    /// Its owner's name.
    pub user: String,
    /// Its group's name.
    pub group: String,
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessFacts {
    /// Its id.
    pub pid: u32,
    /// Its parent's id.
    pub parent: u32,
    /// Its effective user's name.
    pub user: String,
    /// Its command line, words joined by spaces.
    pub args: String,
    /// Whether it has a controlling terminal.
    pub terminal: bool,
}

/// Something that listens on a TCP port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenerFacts {
    /// The port.
    pub port: u16,
    /// The unit in whose control group it runs.
    pub unit: Option<String>,
}

/// What can be asked of a machine.
pub trait Facts {
    /// Its clock.
    fn now(&self) -> Time;
    /// When it was switched on last.
    fn booted(&self) -> Time;
    /// The unit; `None` when neither file nor loaded unit exists.
    fn unit(&self, unit: &UnitId) -> Option<UnitFacts>;
    /// A property as `systemctl show -p` prints its value; `None` when there is none of that name.
    fn unit_property(&self, unit: &UnitId, property: &str) -> Option<String>;
    /// Share of the time from `since` to now that the unit was active, in millionths.
    fn unit_up(&self, unit: &UnitId, since: Time) -> u64;
    /// Why the unit is in its state: the state first, then cause by cause. Empty when nobody knows.
    fn why(&self, unit: &UnitId) -> Vec<Cause>;
    /// The file at `path`.
    fn file(&self, path: &str) -> Option<FileFacts>;
    /// The text of the file at `path`, links followed; `None` when it has none.
    fn file_text(&self, path: &str) -> Option<String>;
    /// Every process that is not a zombie, by id.
    fn processes(&self) -> Vec<ProcessFacts>;
    /// Everything that listens on TCP.
    fn listeners(&self) -> Vec<ListenerFacts>;
    /// Messages of the journal from `since` on, all boots, oldest first; of one unit (by it or about it) when given.
    fn journal(&self, unit: Option<&UnitId>, since: Time) -> Vec<String>;
    /// How often it has booted; 1 before the first reboot.
    fn boots(&self) -> u64;
    /// The queue; `None` when nothing knows it.
    fn queue(&self, name: &str) -> Option<QueueFacts>;
    /// Whether the user lingers; `None` when there is no such user.
    fn lingers(&self, user: &str) -> Option<bool>;
}

/// A machine that can be copied, worked on and broken.
pub trait Machine: Facts + Clone {
    /// Does what a student does and returns what the terminal showed for it. Returns when the prompt is back, at the
    /// latest when the clock shows `until` (`None`: after a little time that the machine chooses).
    fn input(&mut self, input: &Input, until: Option<Time>) -> String;
    /// Does `action`; `false` when there was nothing to do it to.
    fn act(&mut self, action: &Action) -> bool;
    /// A number that changes when anything does that goals are about: what is on the disk, which units are up and which
    /// programs run, not the clock, process ids or what was logged. Means something only along one life of one machine.
    fn fingerprint(&self) -> u64;
    /// From now on draws other luck than the machine that it is a copy of.
    fn reseed(&mut self, seed: u64);
}
