//! `security`: how exposed a service is, by its sandboxing settings: systemd-analyze(1).

mod capabilities;
mod checks;
mod custom;
mod syscalls;

use super::verify;
use crate::commands::options::Parsed;
use crate::commands::systemctl::table::Table;
use crate::commands::systemctl::{bus, times, units};
use crate::systemd::config::{ProtectHome, ProtectSystem, ServiceConfig, UnitSettings};
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::manager::RuntimeScope;
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::systemd::value::parse_boolean;
use crate::world::Cx;
use checks::Check;

/// What the checks look at.
pub struct Facts<'a> {
    pub service: &'a ServiceConfig,
    pub settings: &'a UnitSettings,
    /// Asked of the manager, and not read from a file.
    pub online: bool,
}

impl Facts<'_> {
    /// Whether a namespace of its own for mounts is implied; only the manager's answers count that.
    pub fn implies_mounts(&self) -> bool {
        let exec = &self.service.exec;
        self.online
            && (exec.private_tmp
                || exec.private_devices
                || exec.protect_kernel_tunables
                || exec.protect_kernel_modules
                || exec.protect_control_groups
                || exec.protect_home != ProtectHome::No
                || exec.protect_system != ProtectSystem::No)
    }

    /// A boolean setting that is only kept.
    pub fn kept_yes(&self, key: &str) -> bool {
        self.settings.kept(key).and_then(parse_boolean) == Some(true)
    }
}

/// What a check found: how bad it is (0 is good, the check's range is worst), or nothing if it does not apply.
pub struct Finding {
    pub badness: Option<u64>,
    pub text: String,
}

/// A unit's assessment.
struct Assessment {
    rows: Vec<(&'static Check, Finding)>,
    weight: u64,
    /// In tenths.
    exposure: u64,
}

fn assess(facts: &Facts<'_>) -> Assessment {
    let all = checks::CHECKS.iter().chain(capabilities::CHECKS);
    let rows: Vec<(&Check, Finding)> = all.map(|check| (check, check.find(facts))).collect();
    let (mut weight, mut bad) = (0, 0);
    for (check, finding) in &rows {
        if let Some(badness) = finding.badness {
            weight += check.weight;
            bad += (badness * check.weight).div_ceil(check.range);
        }
    }
    Assessment { rows, weight, exposure: (bad * 100).div_ceil(weight.max(1)) }
}

/// From how many tenths on an exposure has which name.
const LEVELS: &[(u64, &str, &str)] = &[
    (100, "DANGEROUS", "😨"),
    (90, "UNSAFE", "😨"),
    (75, "EXPOSED", "🙁"),
    (50, "MEDIUM", "😐"),
    (10, "OK", "🙂"),
    (1, "SAFE", "😀"),
    (0, "PERFECT", "😀"),
];

fn level(exposure: u64) -> (&'static str, &'static str) {
    LEVELS.iter().find(|(from, ..)| exposure >= *from).map_or(("PERFECT", "😀"), |(_, name, face)| (name, face))
}

/// The verb; without names an overview of all loaded services.
pub fn run(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    let offline = parsed.last("offline").is_some_and(|text| parse_boolean(text) == Some(true));
    let threshold = match parsed.last("threshold").map(str::parse::<u64>) {
        None => 100,
        Some(Ok(value @ 0..=100)) => value,
        Some(_) => {
            cx.errln("Failed to parse threshold: Invalid argument");
            return 1;
        }
    };
    if words.is_empty() {
        return overview(cx);
    }
    let mut status = 0;
    for (number, word) in words.iter().enumerate() {
        if number > 0 {
            cx.outln("");
        }
        let unit = if offline { verify::load_word(cx, word) } else { loaded(cx, word) };
        match unit.and_then(|unit| show(cx, &unit, !offline)) {
            Ok(exposure) if exposure <= threshold => {}
            Ok(_) => status = 1,
            Err(message) => {
                cx.errln(&message);
                return 1;
            }
        }
    }
    status
}

/// A unit as the manager has it.
fn loaded(cx: &mut Cx<'_, '_>, word: &str) -> Result<LoadedUnit, String> {
    let name = units::mangle(cx, word, "", UnitType::Service);
    let Some(name) = UnitName::new(&name) else { return Err(format!("Unit {name} not found, cannot analyze.")) };
    let unit = bus::unit(cx, RuntimeScope::System, &name);
    match unit.load_state() {
        LoadState::Loaded => Ok((*unit.loaded).clone()),
        LoadState::NotFound => Err(format!("Unit {name} not found, cannot analyze.")),
        LoadState::Masked => Err(format!("Unit {name} is masked, cannot analyze.")),
        _ => Err(format!("Unit {name} not loaded properly, cannot analyze.")),
    }
}

/// Prints a unit's table; gives its exposure in tenths.
fn show(cx: &mut Cx<'_, '_>, unit: &LoadedUnit, online: bool) -> Result<u64, String> {
    let Some(service) = unit.settings.service() else {
        return Err(format!("Unit {} is not a service unit, refusing.", unit.name));
    };
    let mut result = assess(&Facts { service, settings: &unit.settings, online });
    result.rows.sort_by(|(a, found), (b, other)| other.text.cmp(&found.text).then_with(|| a.name.cmp(b.name)));
    let mut table = Table::new(&["", "name", "description", "exposure"]);
    table.width = times::terminal_width(cx);
    table.align_right(3);
    for (check, finding) in &result.rows {
        let (glyph, exposure) = match finding.badness {
            None => (" ", " ".to_owned()),
            Some(0) => ("✓", " ".to_owned()),
            Some(badness) => {
                let share = (badness * check.weight * 100).div_ceil(check.range).div_ceil(result.weight.max(1));
                ("✗", format!("{}.{}", share / 10, share % 10))
            }
        };
        let text = if finding.text.is_empty() { " " } else { &finding.text };
        table.row(vec![glyph.to_owned(), check.name.to_owned(), text.to_owned(), exposure]);
    }
    let text = table.print();
    cx.out(&text);
    let (word, face) = level(result.exposure);
    cx.outln(&format!(
        "\n→ Overall exposure level for {}: {}.{} {word} {face}",
        unit.name,
        result.exposure / 10,
        result.exposure % 10
    ));
    Ok(result.exposure)
}

/// A line for each loaded service.
fn overview(cx: &mut Cx<'_, '_>) -> u8 {
    let mut table = Table::new(&["unit", "exposure", "predicate", "happy"]);
    table.width = times::terminal_width(cx);
    table.align_right(1);
    for unit in bus::units(cx, RuntimeScope::System) {
        let Some(service) = unit.service_config().filter(|_| unit.load_state() == LoadState::Loaded) else { continue };
        let result = assess(&Facts { service, settings: unit.settings(), online: true });
        let (word, face) = level(result.exposure);
        let exposure = format!("{}.{}", result.exposure / 10, result.exposure % 10);
        table.row(vec![unit.name.to_string(), exposure, word.to_owned(), face.to_owned()]);
    }
    let text = table.print();
    cx.out(&text);
    0
}
