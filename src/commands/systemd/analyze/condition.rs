//! `condition`: tests conditions and assertions as if a unit had them: systemd-analyze(1).

use crate::commands::options::Parsed;
use crate::systemd::condition::Condition;
use crate::systemd::config::UnitSettings;
use crate::systemd::directives::Apply;
use crate::systemd::load::sections;
use crate::systemd::manager::{RuntimeScope, condition_holds};
use crate::systemd::unit_file::specifier::{Host, Specifiers};
use crate::systemd::unit_file::{Log, read};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Cx;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    if words.is_empty() {
        cx.errln("Too few arguments for condition");
        return 1;
    }
    let Some(name) = UnitName::new("test.service") else { return 1 };
    let mut settings = UnitSettings::new(UnitType::Service);
    for word in words {
        let known = word.split_once('=').map(|(name, _)| name.trim());
        if !known.is_some_and(is_condition) {
            cx.errln(&format!("Cannot parse \"{word}\"."));
            return 1;
        }
        let mut warnings = Vec::new();
        let host = Host { hostname: cx.world.hostname.clone(), boot_id: cx.world.boot_id.clone(), ..Host::default() };
        let specifiers = Specifiers { name: &name, fragment_path: None, host: &host };
        let mut log = Log { path: "(cmdline)", unit: name.as_str(), warnings: &mut warnings };
        let mut absent = Vec::new();
        let mut apply = Apply { settings: &mut settings, specifiers: &specifiers, not_simulated: &mut absent };
        let text = format!("[Unit]\n{word}\n");
        let result = read(text.as_bytes(), sections(UnitType::Service), &mut log, &mut apply);
        for warning in &warnings {
            cx.errln(&format!("(cmdline): {}", warning.text));
        }
        if result.is_err() {
            return 1;
        }
    }
    let asserts = test(cx, "Assert", &settings.unit.asserts);
    let conditions = test(cx, "Condition", &settings.unit.conditions);
    u8::from(!(asserts && conditions))
}

/// Whether the directive is a condition or an assertion.
fn is_condition(name: &str) -> bool {
    use crate::systemd::condition::ConditionKind;
    let kind = name.strip_prefix("Condition").or_else(|| name.strip_prefix("Assert"));
    kind.is_some_and(|kind| ConditionKind::parse(kind).is_some())
}

/// Tests a list, the last one first as systemd does, up to the first plain one that fails.
fn test(cx: &mut Cx<'_, '_>, family: &str, list: &[Condition]) -> bool {
    if list.is_empty() {
        return true;
    }
    let mut triggered = None;
    let mut result = true;
    for condition in list.iter().rev() {
        let holds = condition_holds(cx.world, RuntimeScope::System, &[], condition) != condition.negate;
        let prefix = if condition.trigger { "|" } else { "" };
        let not = if condition.negate { "!" } else { "" };
        let verdict = if holds { "succeeded" } else { "failed" };
        cx.errln(&format!("test.service: {family}{}={prefix}{not}{} {verdict}.", condition.kind, condition.parameter));
        if condition.trigger {
            triggered = Some(triggered.unwrap_or(false) || holds);
        } else if !holds {
            result = false;
            break;
        }
    }
    result &= !result || triggered.unwrap_or(true);
    cx.errln(&format!("{family}s {}.", if result { "succeeded" } else { "failed" }));
    result
}
