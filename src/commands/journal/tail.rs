//! The last lines of a unit's log, as `systemctl status` shows them: systemctl(1).

use crate::systemd::journal::Journal;
use crate::world::fs::Cred;

/// Which lines, and how they are shown.
#[derive(Clone, Debug)]
pub struct Tail<'a> {
    /// The unit's full name.
    pub unit: &'a str,
    /// The user whose manager the unit belongs to; `None`: a unit of the system.
    pub user: Option<u32>,
    /// Who asks: root, adm and systemd-journal see everything, others their own lines.
    pub reader: &'a Cred,
    /// Ids of the groups that may read everything: adm and systemd-journal.
    pub groups: &'a [u32],
    /// `-n`: 10 by default.
    pub lines: usize,
    /// The unit's InactiveExitTimestampMonotonic, in microseconds; earlier entries are left out.
    pub since: Option<u64>,
    /// The width of the terminal; `None`: nothing is ellipsized (no terminal, or `-l`).
    pub columns: Option<usize>,
    /// Whether `-a` was given: unprintable text is shown.
    pub all: bool,
    /// `-o`: `short` by default.
    pub output: &'a str,
    /// Whether priorities are coloured.
    pub colour: bool,
}

/// The lines, each ended by a newline; an empty line stands before them when there are any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TailText {
    /// What is printed after the status block.
    pub text: String,
    /// Whether a line was shortened: the caller prints the hint about `-l` at its very end.
    pub ellipsized: bool,
}

/// The tail of a unit's log.
pub fn tail(_journal: &Journal, _tail: &Tail<'_>) -> TailText {
    TailText::default()
}
