//! A machine that knows nothing but files: enough to play the mini course without the real one.

use concierge::lesson::check::Workshop;
use concierge::lesson::content::action::{Action, Input};
use concierge::lesson::content::condition::{FileKind, UnitId};
use concierge::lesson::content::scenario::Scenario;
use concierge::lesson::judge::facts::{Facts, FileFacts, ListenerFacts, Machine, ProcessFacts, QueueFacts, UnitFacts};
use concierge::lesson::why::Cause;
use concierge::world::Time;
use std::cell::Cell;
use std::collections::BTreeSet;

/// Knows `touch PATH`, `rm PATH` and, when it is `moody`, prints something else each time it is made.
#[derive(Clone, Debug)]
pub struct Toy {
    files: BTreeSet<String>,
    now: Time,
    mood: u32,
}

/// Makes toys.
#[derive(Debug, Default)]
pub struct Toys {
    pub moody: bool,
    pub made: Cell<u32>,
}

impl Workshop for Toys {
    type Machine = Toy;
    fn machine(&self, _: &Scenario, _: jiff::Timestamp) -> Toy {
        self.made.set(self.made.get() + 1);
        Toy { files: BTreeSet::new(), now: Time(0), mood: if self.moody { self.made.get() } else { 0 } }
    }
}

impl Machine for Toy {
    fn input(&mut self, input: &Input, _: Option<Time>) -> String {
        if let Input::Type(line) = input {
            match line.split_once(' ') {
                Some(("touch", path)) => drop(self.files.insert(path.to_owned())),
                Some(("rm", path)) => drop(self.files.remove(path)),
                _ => {}
            }
        }
        format!("{} {}\n", input.typed(), self.mood)
    }

    fn act(&mut self, action: &Action) -> bool {
        if let Action::Advance(time) = action {
            self.now += *time;
        }
        if *action == Action::Reboot {
            self.files.retain(|path| !path.starts_with("/run/"));
        }
        !matches!(action, Action::Crash(_) | Action::Kill { .. })
    }

    fn fingerprint(&self) -> u64 {
        let bytes = self.files.iter().flat_map(|path| path.bytes());
        bytes.fold(7, |print, byte| print.wrapping_mul(31).wrapping_add(u64::from(byte)))
    }

    fn reseed(&mut self, _: u64) {}
}

impl Facts for Toy {
    fn now(&self) -> Time {
        self.now
    }
    fn file(&self, path: &str) -> Option<FileFacts> {
        let owner = || "root".to_owned();
        let file = FileFacts { kind: Some(FileKind::Regular), mode: 0o644, user: owner(), group: owner() };
        self.files.contains(path).then_some(file)
    }
    fn file_text(&self, path: &str) -> Option<String> {
        self.files.contains(path).then(String::new)
    }
    fn booted(&self) -> Time {
        Time(0)
    }
    fn unit(&self, _: &UnitId) -> Option<UnitFacts> {
        None
    }
    fn unit_property(&self, _: &UnitId, _: &str) -> Option<String> {
        None
    }
    fn unit_up(&self, _: &UnitId, _: Time) -> u64 {
        0
    }
    fn why(&self, _: &UnitId) -> Vec<Cause> {
        Vec::new()
    }
    fn processes(&self) -> Vec<ProcessFacts> {
        Vec::new()
    }
    fn listeners(&self) -> Vec<ListenerFacts> {
        Vec::new()
    }
    fn journal(&self, _: Option<&UnitId>, _: Time) -> Vec<String> {
        Vec::new()
    }
    fn boots(&self) -> u64 {
        1
    }
    fn queue(&self, _: &str) -> Option<QueueFacts> {
        None
    }
    fn lingers(&self, _: &str) -> Option<bool> {
        None
    }
}
