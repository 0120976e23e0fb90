//! From a request to a condition on entries: what `journalctl` adds as matches before it reads: journalctl(1).

use super::options::{BootChoice, Request};
use crate::commands::systemctl::units::fnmatch;
use crate::systemd::journal::{Access, Boot, Journal, Match, parse_term};
use crate::systemd::mangle::{is_glob, unit_name_mangle};
use crate::systemd::unit_name::UnitType;
use crate::world::fs::{Access as Right, Kind};
use crate::world::{Sys, Time};

/// Which entries, besides those that only time and pattern tell apart.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub filter: Match,
    /// The first and the last number that may be shown.
    pub range: (u64, u64),
}

/// The fields in which globs look for units.
const UNIT_FIELDS: &[&str] = &["_SYSTEMD_UNIT", "UNIT", "OBJECT_SYSTEMD_UNIT", "_SYSTEMD_SLICE"];
const USER_UNIT_FIELDS: &[&str] = &["_SYSTEMD_USER_UNIT", "USER_UNIT", "_SYSTEMD_USER_SLICE"];

/// Makes the query. The error is the message; the second list are notices to be printed on the way.
pub(super) fn query(
    sys: &mut Sys<'_>,
    journal: &Journal,
    access: &Access,
    request: &Request,
) -> (Result<Query, String>, Vec<String>) {
    let mut notices = Vec::new();
    let made = build(sys, journal, access, request, &mut notices);
    (made, notices)
}

fn build(
    sys: &mut Sys<'_>,
    journal: &Journal,
    access: &Access,
    request: &Request,
    notices: &mut Vec<String>,
) -> Result<Query, String> {
    let mut all = Vec::new();
    let range = match &request.boot {
        Some(choice) => boot_range(journal, access, &sys.world.boot_id, choice)?,
        None => (0, u64::MAX),
    };
    if request.dmesg {
        all.push(Match::field("_TRANSPORT", "kernel"));
    }
    if !request.units.is_empty() || !request.user_units.is_empty() {
        all.push(units(journal, access, request, sys.me().ruid, notices)?);
    }
    let any =
        |name: &str, values: Vec<String>| Match::Any(values.iter().map(|value| Match::field(name, value)).collect());
    if !request.identifiers.is_empty() {
        all.push(any("SYSLOG_IDENTIFIER", request.identifiers.clone()));
    }
    if let Some((from, to)) = request.priorities {
        all.push(any("PRIORITY", (from..=to).map(|p| p.to_string()).collect()));
    }
    if !request.facilities.is_empty() {
        all.push(any("SYSLOG_FACILITY", request.facilities.iter().map(u8::to_string).collect()));
    }
    if !request.matches.is_empty() {
        all.push(terms(sys, &request.matches)?);
    }
    Ok(Query { filter: Match::All(all), range })
}

/// The condition of `-u` and `--user-unit`.
fn units(
    journal: &Journal,
    access: &Access,
    request: &Request,
    uid: u32,
    notices: &mut Vec<String>,
) -> Result<Match, String> {
    let mut any = Vec::new();
    let mut count = 0;
    for (typed, user) in request.units.iter().map(|u| (u, false)).chain(request.user_units.iter().map(|u| (u, true))) {
        let failed = || "Failed to add filter for units: Invalid argument".to_owned();
        let mangled = unit_name_mangle(typed, "", true, UnitType::Service).ok_or_else(failed)?;
        if let Some(notice) = mangled.notice.filter(|_| !request.quiet) {
            notices.push(notice);
        }
        let one = |unit: &str| if user { Match::user_unit(unit, uid) } else { Match::unit(unit) };
        if is_glob(&mangled.name) {
            let fields = if user { USER_UNIT_FIELDS } else { UNIT_FIELDS };
            for unit in known_units(journal, access, fields, &mangled.name) {
                any.push(one(&unit));
                count += 1;
            }
        } else {
            any.push(one(&mangled.name));
            count += 1;
        }
    }
    if count == 0 {
        return Err("Failed to add filter for units: No data available".into());
    }
    Ok(Match::Any(any))
}

/// The units in the journal that fit a glob, by name.
fn known_units(journal: &Journal, access: &Access, fields: &[&'static str], glob: &str) -> Vec<String> {
    let mut units = Vec::new();
    for field in fields {
        for (value, numbers) in journal.values(field) {
            let text = String::from_utf8_lossy(value).into_owned();
            let seen = || numbers.iter().any(|n| journal.by_seqnum(*n).is_some_and(|e| access.sees(e)));
            if fnmatch(glob, &text) && !units.contains(&text) && seen() {
                units.push(text);
            }
        }
    }
    units.sort();
    units
}

/// The boots that a reader knows: number of the first entry, then first and last entry's times.
pub(super) fn boots(journal: &Journal, access: &Access) -> Vec<Boot> {
    let all = journal.boots();
    let mut known = Vec::new();
    for (index, boot) in all.iter().enumerate() {
        let end = all.get(index + 1).map_or(u64::MAX, |next| next.first);
        let readable = |range: &mut dyn Iterator<Item = u64>| -> Option<Time> {
            range.filter_map(|n| journal.by_seqnum(n)).find(|e| access.sees(e)).map(|e| e.realtime)
        };
        let last = journal.entries().last().map_or(0, |e| e.seqnum).min(end - 1);
        let first_realtime = readable(&mut (boot.first..=last));
        let last_realtime = readable(&mut (boot.first..=last).rev());
        if let (Some(first_realtime), Some(last_realtime)) = (first_realtime, last_realtime) {
            known.push(Boot { first_realtime, last_realtime, ..boot.clone() });
        }
    }
    known
}

/// The numbers that a boot spans.
fn boot_range(journal: &Journal, access: &Access, running: &str, choice: &BootChoice) -> Result<(u64, u64), String> {
    let all = journal.boots();
    let span = |id: &str| {
        let index = all.iter().position(|boot| *boot.id == *id)?;
        Some((all.get(index)?.first, all.get(index + 1).map_or(u64::MAX, |next| next.first - 1)))
    };
    if choice.id.is_none() && choice.offset == 0 {
        return Ok(span(running).unwrap_or((1, 0)));
    }
    let known = boots(journal, access);
    let index = |offset: i64, base: usize| usize::try_from(i64::try_from(base).unwrap_or(0) + offset).ok();
    let wanted = match &choice.id {
        Some(id) => known.iter().position(|boot| *boot.id == **id).and_then(|base| index(choice.offset, base)),
        None if choice.offset > 0 => index(choice.offset - 1, 0),
        None => known.len().checked_sub(1).and_then(|base| index(choice.offset, base)),
    };
    let found = wanted.and_then(|index| known.get(index)).and_then(|boot| span(&boot.id));
    found.ok_or_else(|| {
        let name = choice.id.clone().unwrap_or_else(|| format!("{:+}", choice.offset));
        format!("Data from the specified boot ({name}) is not available: No such boot ID in journal")
    })
}

/// The condition of the operands: terms, paths and `+`.
fn terms(sys: &mut Sys<'_>, operands: &[String]) -> Result<Match, String> {
    let mut any = Vec::new();
    let mut group = Vec::new();
    for operand in operands {
        if operand == "+" {
            if group.is_empty() {
                break;
            }
            any.push(Match::terms(&group));
            group.clear();
        } else if operand.starts_with('/') {
            group.extend(path_terms(sys, operand)?);
        } else {
            let term = parse_term(operand);
            group.push(term.ok_or_else(|| format!("Failed to add match '{operand}': Invalid argument"))?);
        }
    }
    if group.is_empty() {
        return Err("\"+\" can only be used between terms".into());
    }
    any.push(Match::terms(&group));
    Ok(Match::Any(any))
}

/// The terms of a path: a program by `_EXE=`, a script by its name and its interpreter.
fn path_terms(sys: &mut Sys<'_>, path: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
    let (cred, cwd) = (sys.cred(), sys.cwd());
    let found = sys.world.files.find(&cred, &cwd, path, true);
    let failed = |reason: &str| format!("Couldn't canonicalize path: {reason}");
    let found = found.map_err(|errno| failed(errno.message()))?;
    let node =
        found.ino.and_then(|ino| sys.world.files.inode(ino)).ok_or_else(|| failed("No such file or directory"))?;
    let term = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    if let Kind::Device(_) = node.kind {
        return Ok(vec![term("_KERNEL_DEVICE", "c")]);
    }
    let executable = matches!(node.kind, Kind::File(_)) && sys.world.files.permit(&cred, node, Right::Execute).is_ok();
    if !executable {
        return Err(format!("File is neither a device node, nor regular file, nor executable: {path}"));
    }
    let content = sys.read_file(path).map(|bytes| bytes.to_vec()).unwrap_or_default();
    let first = content.split(|b| *b == b'\n').next().unwrap_or_default();
    let Some(interpreter) = first.strip_prefix(b"#!") else { return Ok(vec![term("_EXE", &found.path)]) };
    let text = String::from_utf8_lossy(interpreter);
    let interpreter = text.split_whitespace().next().unwrap_or_default();
    let name: String = found.path.rsplit('/').next().unwrap_or_default().chars().take(15).collect();
    let mut terms = vec![term("_COMM", &name)];
    if sys.lstat(interpreter).is_ok_and(|node| matches!(node.kind, Kind::File(_))) {
        terms.push(term("_EXE", interpreter));
    }
    Ok(terms)
}
