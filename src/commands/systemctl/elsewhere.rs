//! `-H` and `-M USER@`: the bus of another host or user, which cannot be reached from here: systemctl(1), "Options".

use super::args::Args;
use super::units;
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;

const REASON: &str = "Transport endpoint is not connected";

/// Says in the verb's own words that nobody answered.
pub fn refuse(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> u8 {
    let verb = words.first().map_or("list-units", String::as_str);
    let names: Vec<String> = words.iter().skip(1).map(|word| units::mangle(cx, word, "", UnitType::Service)).collect();
    match verb {
        "is-active" | "is-failed" => cx.errln(&format!("Failed to retrieve unit state: {REASON}")),
        "is-enabled" => {
            let name = names.first().map_or("", String::as_str);
            cx.errln(&format!("Failed to get unit file state for {name}: {REASON}"));
        }
        "status" if names.is_empty() => cx.errln(&format!("Failed to read server status: {REASON}")),
        "status" | "show" => cx.errln(&format!("Failed to get properties: {REASON}")),
        "list-unit-files" => cx.errln(&format!("Failed to list unit files: {REASON}")),
        "daemon-reload" => cx.errln(&format!("Reload daemon failed: {REASON}")),
        "enable" | "disable" | "mask" | "unmask" | "reenable" => {
            cx.errln(&format!("Failed to {verb} unit: {REASON}"));
        }
        "start" | "stop" | "restart" | "reload" | "try-restart" => {
            let user = args.user_flag();
            let logs = if user.is_empty() { "system" } else { "user" };
            for name in names {
                cx.errln(&format!("Failed to {verb} {name}: {REASON}"));
                cx.errln(&format!("See {logs} logs and 'systemctl{user} status {name}' for details."));
            }
        }
        _ => cx.errln(&format!("Failed to list units: {REASON}")),
    }
    1
}
