//! `set-property`: changes resource limits of a unit at once and in a drop-in: systemctl(1),
//! systemd.resource-control(5).

use super::args::{Args, Scope};
use super::{Next, bus, daemon_reload, units};
use crate::systemd::directives;
use crate::systemd::manager::{ManagerError, error_name};
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::{UnitName, UnitType, type_of};
use crate::systemd::value::{parse_boolean, parse_permyriad, parse_size};
use crate::world::Cx;

/// How a property's value is read and written again.
#[derive(Clone, Copy)]
enum Kind {
    /// Bytes, a percentage or `infinity`.
    Memory,
    /// A count, a percentage or `infinity`.
    Tasks,
    /// A percentage of one processor.
    Quota,
    /// 1 to 10000.
    Weight,
    Boolean,
    Text,
}

/// The properties that can be set while a unit runs.
const PROPERTIES: &[(&str, Kind)] = &[
    ("MemoryMin", Kind::Memory),
    ("MemoryLow", Kind::Memory),
    ("MemoryHigh", Kind::Memory),
    ("MemoryMax", Kind::Memory),
    ("MemorySwapMax", Kind::Memory),
    ("TasksMax", Kind::Tasks),
    ("CPUQuota", Kind::Quota),
    ("CPUWeight", Kind::Weight),
    ("StartupCPUWeight", Kind::Weight),
    ("IOWeight", Kind::Weight),
    ("CPUAccounting", Kind::Boolean),
    ("MemoryAccounting", Kind::Boolean),
    ("TasksAccounting", Kind::Boolean),
    ("IOAccounting", Kind::Boolean),
    ("IPAccounting", Kind::Boolean),
    ("Description", Kind::Text),
];

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let name = units::mangle(cx, &words[1], "as unit", UnitType::Service);
    let mut files = Vec::new();
    let mut refused = None;
    for assignment in &words[2..] {
        let Some((property, value)) = assignment.split_once('=') else {
            cx.errln(&format!("Not an assignment: {assignment}"));
            return Next::Exit(1);
        };
        match PROPERTIES.iter().find(|(known, _)| *known == property) {
            None if unknown(&name, property) => {
                cx.errln(&format!("Unknown assignment: {assignment}"));
                return Next::Exit(1);
            }
            None => refused = Some(format!("Cannot set property {property}, or unknown property.")),
            Some((_, kind)) => match normalize(property, *kind, value) {
                Ok(text) => files.push((property.to_owned(), text)),
                Err(message) => {
                    cx.errln(&message);
                    return Next::Exit(1);
                }
            },
        }
    }
    let result = match (UnitName::new(&name), refused) {
        (_, Some(message)) => bus::authorize(cx, scope).and(Err(ManagerError::new(error_name::INVALID_ARGS, message))),
        (None, _) => Err(ManagerError::not_found(&name)),
        (Some(unit), None) if bus::unit(cx, scope, &unit).load_state() == LoadState::NotFound => {
            bus::authorize(cx, scope).and(Err(ManagerError::not_found(&name)))
        }
        (Some(unit), None) => bus::authorize(cx, scope).map(|()| write(cx, args, &unit, &files)),
    };
    let result = result.and_then(|()| daemon_reload::reload(cx, scope));
    if let Err(error) = result {
        cx.errln(&format!("Failed to set unit properties on {name}: {}", error.message));
        return Next::Exit(1);
    }
    Next::Exit(0)
}

/// Whether no unit of this type has such a setting at all.
fn unknown(unit: &str, property: &str) -> bool {
    let section = type_of(unit).and_then(UnitType::section).unwrap_or("Service");
    directives::lookup(section, property).is_none() && directives::lookup("Unit", property).is_none()
}

/// The drop-ins, one a property.
fn write(cx: &mut Cx<'_, '_>, args: &Args, unit: &UnitName, files: &[(String, String)]) {
    let uid = cx.uid();
    let base = match (args.scope, args.runtime) {
        (Scope::User, true) => format!("/run/user/{uid}/systemd/user"),
        (Scope::User, false) => format!("{}/.config/systemd/user", cx.getenv("HOME").unwrap_or_default()),
        (_, true) => "/run/systemd/system".to_owned(),
        (_, false) => "/etc/systemd/system".to_owned(),
    };
    let owner = if args.scope == Scope::User { (uid, cx.cred().gid) } else { (0, 0) };
    let folder = format!("{base}.control/{unit}.d");
    let now = cx.now();
    for (property, text) in files {
        let section = match unit.unit_type().section() {
            Some(section) if property != "Description" => section,
            _ => "Unit",
        };
        let contents = format!(
            "# This is a drop-in unit file extension, created via \"systemctl set-property\"\n\
             # or an equivalent operation. Do not edit.\n[{section}]\n{text}\n"
        );
        // A new file takes the place of the old one.
        let path = format!("{folder}/50-{property}.conf");
        cx.world.files.remove_all(&path, now);
        cx.world.files.put(&path, contents.as_bytes(), 0o644, owner, now);
    }
}

/// The assignment as it is written into the drop-in; the error is systemctl's message.
fn normalize(property: &str, kind: Kind, value: &str) -> Result<String, String> {
    let wrong = || format!("Failed to parse {property}={value}: Invalid argument");
    let share = || parse_permyriad(value, false).map(|share| format!("{}.{:02}%", share / 100, share % 100));
    let text = match kind {
        Kind::Text => value.to_owned(),
        Kind::Memory | Kind::Tasks if value == "infinity" || value.is_empty() => "infinity".to_owned(),
        Kind::Memory => match share() {
            Some(share) => share,
            None => parse_size(value, 1024).map_err(|_| wrong())?.to_string(),
        },
        Kind::Tasks => match share() {
            Some(share) => share,
            None => value.parse::<u64>().map_err(|_| wrong())?.to_string(),
        },
        Kind::Quota if value.is_empty() => String::new(),
        Kind::Quota => match parse_permyriad(value, true) {
            None => return Err(format!("CPU quota '{value}' invalid.")),
            Some(0) => return Err("CPU quota too small.".to_owned()),
            Some(share) => format!("{}%", share / 100),
        },
        Kind::Weight => match value.parse::<u64>() {
            Ok(weight @ 1..=10_000) => weight.to_string(),
            Ok(_) => return Err(format!("Failed to parse {property}={value}: Numerical result out of range")),
            Err(_) => return Err(wrong()),
        },
        Kind::Boolean => match parse_boolean(value) {
            Some(true) => "yes".to_owned(),
            Some(false) => "no".to_owned(),
            None => return Err(wrong()),
        },
    };
    Ok(format!("{property}={text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_the_manager_writes_them() {
        assert_eq!(normalize("MemoryMax", Kind::Memory, "60M"), Ok("MemoryMax=62914560".into()));
        assert_eq!(normalize("CPUQuota", Kind::Quota, "50%"), Ok("CPUQuota=50%".into()));
        assert_eq!(normalize("CPUQuota", Kind::Quota, "fast"), Err("CPU quota 'fast' invalid.".into()));
        assert_eq!(normalize("TasksMax", Kind::Tasks, "7"), Ok("TasksMax=7".into()));
    }
}
