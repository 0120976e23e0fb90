//! What journalctl does besides showing entries: boots, fields, files: journalctl(1).

use std::collections::BTreeSet;

use super::Output;
use super::options::{Action, Request};
use super::query::boots;
use crate::commands::systemctl::times::format_bytes;
use crate::systemd::journal::{Access, Journal};
use crate::vps::systemd;
use crate::world::Sys;

/// Requests to journald, which need no file to be opened; `None`: go on.
pub(super) fn without_files(sys: &mut Sys<'_>, request: &Request, output: &mut Output) -> Option<u8> {
    if request.action == Action::UpdateCatalog {
        // The catalogue is compiled in.
        if !sys.cred().is_root() {
            output.error("Failed to open database for writing: /var/lib/systemd/catalog/database: Permission denied");
            return Some(1);
        }
        return Some(0);
    }
    if request.action == Action::Flush {
        // That was done at boot.
        return Some(0);
    }
    let wants_daemon = matches!(request.action, Action::Sync | Action::Relinquish | Action::Rotate) || request.rotate;
    if !wants_daemon {
        return None;
    }
    if !sys.cred().is_root() {
        output.error("Failed to connect to /run/systemd/journal/io.systemd.journal: Permission denied");
        return Some(1);
    }
    let (systemd, world) = systemd(sys);
    if request.rotate {
        systemd.journal.rotate(world);
    }
    (request.action != Action::Vacuum).then_some(0)
}

/// The actions on files that are open.
pub(super) fn with_files(
    sys: &mut Sys<'_>,
    journal: &Journal,
    access: &Access,
    request: &Request,
    output: &mut Output,
) -> u8 {
    match &request.action {
        Action::ListBoots => return list_boots(journal, access, request.reverse, output),
        Action::ListFields(field) => list_fields(journal, access, field, output),
        Action::ListFieldNames => list_field_names(journal, access, output),
        Action::DiskUsage => {
            let size = format_bytes(journal.disk_usage());
            output.line(&format!("Archived and active journals take up {size} in the file system."));
        }
        Action::Verify => output.error(&format!("PASS: {}/system.journal", journal.folder(sys.world))),
        Action::Header => header(sys, journal, output),
        Action::Vacuum => vacuum(sys, request, output),
        _ => {}
    }
    0
}

fn list_boots(journal: &Journal, access: &Access, reverse: bool, output: &mut Output) -> u8 {
    let mut known: Vec<_> = boots(journal, access).into_iter().rev().zip(0_i64..).collect();
    if known.is_empty() {
        output.error("No boot found.");
        return 1;
    }
    if !reverse {
        known.reverse();
    }
    let width = known.iter().map(|(_, back)| (-back).to_string().len()).max().unwrap_or(0).max(3);
    let date = "Fri 2026-11-20 10:34:29 UTC".len();
    output.line(&format!("{:>width$} {:32} {:date$} {}", "IDX", "BOOT ID", "FIRST ENTRY", "LAST ENTRY"));
    for (boot, back) in known {
        let time = |t: crate::world::Time| t.strftime("%a %Y-%m-%d %H:%M:%S UTC");
        let (first, last) = (time(boot.first_realtime), time(boot.last_realtime));
        output.line(&format!("{:>width$} {} {first} {last}", -back, boot.id));
    }
    0
}

fn list_fields(journal: &Journal, access: &Access, name: &str, output: &mut Output) {
    let mut seen = BTreeSet::new();
    for entry in journal.entries().iter().filter(|e| access.sees(e)) {
        for field in entry.fields().filter(|f| f.name == name) {
            if !seen.contains(&field.value) {
                seen.insert(field.value.clone());
                output.bytes(1, &field.value);
                output.bytes(1, b"\n");
            }
        }
    }
}

fn list_field_names(journal: &Journal, access: &Access, output: &mut Output) {
    let mut seen = BTreeSet::new();
    for entry in journal.entries().iter().filter(|e| access.sees(e)) {
        for field in entry.fields() {
            if !seen.contains(&field.name) {
                seen.insert(field.name.clone());
                output.line(&field.name);
            }
        }
    }
}

fn header(sys: &Sys<'_>, journal: &Journal, output: &mut Output) {
    let folder = journal.folder(sys.world);
    let time = |entry: Option<&std::sync::Arc<crate::systemd::journal::Entry>>| {
        entry.map_or_else(String::new, |e| e.realtime.strftime("%a %Y-%m-%d %H:%M:%S UTC"))
    };
    let (first, last) = (journal.entries().front(), journal.entries().last());
    output.line(&format!("File path: {folder}/system.journal"));
    output.line(&format!("File ID: {}", sys.world.boot_id));
    output.line(&format!("Boot ID: {}", sys.world.boot_id));
    output.line("State: ONLINE");
    output.line(&format!("Head sequential number: {}", first.map_or(0, |e| e.seqnum)));
    output.line(&format!("Tail sequential number: {}", last.map_or(0, |e| e.seqnum)));
    output.line(&format!("Head realtime timestamp: {}", time(first)));
    output.line(&format!("Tail realtime timestamp: {}", time(last)));
    output.line(&format!("Entry objects: {}", journal.entries().len()));
    output.line(&format!("Disk usage: {}", format_bytes(journal.disk_usage())));
}

fn vacuum(sys: &mut Sys<'_>, request: &Request, output: &mut Output) {
    let root = sys.cred().is_root();
    let (systemd, world) = systemd(sys);
    let gone = if root { systemd.journal.vacuum(request.vacuum) } else { Vec::new() };
    let folder = systemd.journal.folder(world);
    let mut freed = 0;
    for archive in gone {
        freed += archive.size;
        output.error(&format!("Deleted archived journal {folder}/{} ({}).", archive.name, format_bytes(archive.size)));
    }
    for (folder, freed) in [(folder.as_str(), freed), ("/run/log/journal", 0), ("/var/log/journal", 0)] {
        output.error(&format!("Vacuuming done, freed {} of archived journals from {folder}.", format_bytes(freed)));
    }
}
