//! What a manager writes to the journal: systemd.journal-fields(7), fields of PID 1.

use super::Core;
use crate::systemd::journal::{EntryBuilder, message_id};
use crate::systemd::unit_name::UnitName;
use crate::world::Duration;

/// syslog priorities.
pub(super) const LOG_ERR: u8 = 3;
pub(super) const LOG_WARNING: u8 = 4;
pub(super) const LOG_NOTICE: u8 = 5;
pub(super) const LOG_INFO: u8 = 6;
pub(super) const LOG_DEBUG: u8 = 7;

/// How long the manager takes for a line and what goes with it.
const LINE: Duration = Duration::from_micros(60);

/// Further fields of a message.
pub(super) type Extra<'a> = &'a [(&'static str, &'a str)];

impl Core<'_> {
    /// Writes a line about a unit, its name before the text.
    pub(super) fn log_unit(&mut self, u: &UnitName, priority: u8, text: &str) {
        self.log_about(Some(u), priority, &format!("{u}: {text}"), &[]);
    }

    /// The same with further fields.
    pub(super) fn log_unit_with(&mut self, u: &UnitName, priority: u8, text: &str, extra: Extra<'_>) {
        self.log_about(Some(u), priority, &format!("{u}: {text}"), extra);
    }

    /// A unit went down as it should.
    pub(super) fn log_unit_success(&mut self, u: &UnitName) {
        let extra = [("MESSAGE_ID", message_id::UNIT_SUCCESS)];
        self.log_unit_with(u, LOG_INFO, "Deactivated successfully.", &extra);
    }

    /// A unit failed.
    pub(super) fn log_unit_failure(&mut self, u: &UnitName, result: &str) {
        let extra = [("MESSAGE_ID", message_id::UNIT_FAILURE_RESULT), ("UNIT_RESULT", result)];
        self.log_unit_with(u, LOG_WARNING, &format!("Failed with result '{result}'."), &extra);
    }

    /// Writes a line of the manager about nothing in particular.
    pub(super) fn log_plain(&mut self, priority: u8, text: &str) {
        self.log_about(None, priority, text, &[]);
    }

    /// Writes a line as it is. What is below the manager's log level (debug) is dropped.
    pub(super) fn log_about(&mut self, u: Option<&UnitName>, priority: u8, text: &str, extra: Extra<'_>) {
        if priority >= LOG_DEBUG {
            return;
        }
        let mut entry = EntryBuilder::manager(self.m.pid, priority, text);
        if let Some(u) = u {
            entry = entry.unit(u.as_str());
            if let Some(id) = &self.m.unit(u).invocation_id {
                entry = entry.invocation(id);
            }
        }
        for (name, value) in extra {
            entry = entry.field(*name, value);
        }
        self.j.append(self.w, entry);
        // PID 1 works, too: what it does next comes after what it said.
        self.w.now += LINE;
    }
}
