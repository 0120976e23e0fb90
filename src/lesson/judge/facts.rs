//! What judging asks of a machine, and what it does to a copy of one. The machine itself implements it elsewhere.

use crate::lesson::content::action::{Action, Input};
use crate::lesson::content::condition::FileKind;
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
    /// The unit of that name; `None` when neither file nor loaded unit exists.
    fn unit(&self, name: &str) -> Option<UnitFacts>;
    /// A property as `systemctl show -p` prints its value; `None` when there is none of that name.
    fn unit_property(&self, name: &str, property: &str) -> Option<String>;
    /// Share of the time from `since` to now that the unit was active, in millionths.
    fn unit_up(&self, name: &str, since: Time) -> u64;
    /// The file at `path`.
    fn file(&self, path: &str) -> Option<FileFacts>;
    /// The text of the file at `path`, links followed; `None` when it has none.
    fn file_text(&self, path: &str) -> Option<String>;
    /// Every process that is not a zombie, by id.
    fn processes(&self) -> Vec<ProcessFacts>;
    /// Everything that listens on TCP.
    fn listeners(&self) -> Vec<ListenerFacts>;
    /// Messages of the journal, all boots, oldest first; of one unit (by it or about it) when given.
    fn journal(&self, unit: Option<&str>) -> Vec<String>;
    /// How often it has booted; 1 before the first reboot.
    fn boots(&self) -> u64;
    /// How many messages wait in the queue; `None` when nothing knows it.
    fn queue(&self, name: &str) -> Option<u64>;
}

/// A machine that can be copied, worked on and broken.
pub trait Machine: Facts + Clone {
    /// Does what a student does and returns what the terminal showed for it. Returns when the prompt is back, at the
    /// latest when the clock shows `until` (`None`: after a little time that the machine chooses).
    fn input(&mut self, input: &Input, until: Option<Time>) -> String;
    /// Does `action`; `false` when there was nothing to do it to.
    fn act(&mut self, action: &Action) -> bool;
}
