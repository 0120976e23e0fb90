//! What a message means, in a sentence or two: journalctl(1), `--catalog`. The words are Concierge's own.

use crate::systemd::journal::{Entry, message_id as id};

/// Message id, subject and explanation; `@FIELD@` stands for a field's value.
const EXPLANATIONS: &[(&str, &str, &str)] = &[
    (id::JOURNAL_START, "The journal has been started", "journald runs and collects what is logged from now on."),
    (id::JOURNAL_STOP, "The journal has been stopped", "journald closed its files; nothing is collected any more."),
    (id::UNIT_STARTING, "Unit @UNIT@ is being started", "A start job of @UNIT@ is at work."),
    (id::UNIT_STARTED, "Unit @UNIT@ has been started", "The start job of @UNIT@ ended with the result: @JOB_RESULT@."),
    (id::UNIT_STOPPING, "Unit @UNIT@ is being stopped", "A stop job of @UNIT@ is at work."),
    (id::UNIT_STOPPED, "Unit @UNIT@ has been stopped", "The stop job of @UNIT@ ended with the result: @JOB_RESULT@."),
    (
        id::UNIT_FAILED,
        "Unit @UNIT@ could not be started",
        "The start job of @UNIT@ ended with the result: @JOB_RESULT@.",
    ),
    (id::UNIT_RELOADING, "Unit @UNIT@ is reloading", "@UNIT@ was asked to read its configuration again."),
    (
        id::UNIT_RELOADED,
        "Unit @UNIT@ has been reloaded",
        "The reload job of @UNIT@ ended with the result: @JOB_RESULT@.",
    ),
    (
        id::UNIT_RESTART_SCHEDULED,
        "Unit @UNIT@ will be restarted",
        "Restart= of @UNIT@ asks for it; this is restart number @N_RESTARTS@.",
    ),
    (id::UNIT_FAILURE_RESULT, "Unit @UNIT@ has failed", "@UNIT@ is in the failed state, result: @UNIT_RESULT@."),
    (id::UNIT_SUCCESS, "Unit @UNIT@ has ended well", "@UNIT@ is inactive and did not fail."),
    (
        id::UNIT_PROCESS_EXIT,
        "A process of unit @UNIT@ has ended",
        "The process of @COMMAND@ ended: @EXIT_CODE@, status @EXIT_STATUS@.",
    ),
    (id::UNIT_SKIPPED, "Unit @UNIT@ was skipped", "A condition of @UNIT@ did not hold, so it was not started."),
    (id::UNIT_RESOURCES, "What unit @UNIT@ used", "The unit has stopped; these are the resources it used up."),
    (id::UNIT_OUT_OF_MEMORY, "Unit @UNIT@ ran out of memory", "The kernel killed a process of @UNIT@."),
    (
        id::SPAWN_FAILED,
        "Program @EXECUTABLE@ could not be executed",
        "The process was there but could not become @EXECUTABLE@; the message names the reason.",
    ),
    (id::STARTUP_FINISHED, "The system is up", "All jobs queued by booting are done."),
    (id::USER_STARTUP_FINISHED, "A user's service manager is up", "All jobs queued by its start are done."),
    (id::SESSION_START, "User @USER_ID@ has a new session", "The session's id is @SESSION_ID@, its leader @LEADER@."),
    (id::SESSION_STOP, "Session @SESSION_ID@ has ended", "Nothing of the session is left."),
];

/// What begins each line of an explanation.
const PREFIX: &str = "░░ ";

/// Appends the explanation of an entry, if there is one.
pub(super) fn explain(entry: &Entry, out: &mut Vec<u8>) {
    let Some(id) = entry.text("MESSAGE_ID") else { return };
    let Some((_, subject, text)) = EXPLANATIONS.iter().find(|row| row.0 == id) else { return };
    let (subject, text) = (fill(subject, entry), fill(text, entry));
    let head = format!("{PREFIX}Subject: {subject}\n{PREFIX}Defined-By: systemd\n");
    let body = format!("{PREFIX}Support: https://www.debian.org/support\n{PREFIX}\n{PREFIX}{text}\n");
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(body.as_bytes());
}

/// Puts the values of fields where `@FIELD@` stands; a field that is not there leaves nothing.
fn fill(text: &str, entry: &Entry) -> String {
    let mut filled = String::new();
    for (number, part) in text.split('@').enumerate() {
        if number % 2 == 0 {
            filled.push_str(part);
            continue;
        }
        let user = if part == "UNIT" { "USER_UNIT" } else { part };
        filled.push_str(&entry.text(part).or_else(|| entry.text(user)).unwrap_or_default());
    }
    filled
}
