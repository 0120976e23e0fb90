//! systemd-escape(1): texts and paths as parts of unit names.

use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, flag, parse, value};
use crate::systemd::escaping::{escape_name, escape_path, unescape_name, unescape_path};
use crate::systemd::mangle::unit_name_mangle;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{Cx, NeedInput, one_shot};

/// systemd-escape(1).
pub const COMMAND: Command =
    Command { name: "systemd-escape", path: "/usr/bin/systemd-escape", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('h', "help"),
    value('\0', "suffix"),
    value('\0', "template"),
    flag('\0', "instance"),
    flag('u', "unescape"),
    flag('m', "mangle"),
    flag('p', "path"),
];

const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTIONS...] [NAME...]",
    version: super::VERSION,
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let template = parsed.last("template");
    let suffix = parsed.last("suffix");
    let wrong = if parsed.operands.is_empty() {
        Some("Not enough arguments.".to_owned())
    } else if template.is_some() && suffix.is_some() {
        Some("--suffix= and --template= may not be combined.".to_owned())
    } else if (template.is_some() || suffix.is_some()) && parsed.has("mangle") {
        Some("--suffix= and --template= are not compatible with --mangle.".to_owned())
    } else if suffix.is_some() && parsed.has("unescape") {
        Some("--suffix is not compatible with --unescape.".to_owned())
    } else if parsed.has("path") && parsed.has("mangle") {
        Some("--path may not be combined with --mangle.".to_owned())
    } else if parsed.has("instance") && !parsed.has("unescape") {
        Some("--instance must be used in conjunction with --unescape.".to_owned())
    } else if let Some(suffix) = suffix.filter(|suffix| UnitType::parse(suffix).is_none()) {
        Some(format!("Invalid unit suffix type \"{suffix}\"."))
    } else {
        template
            .filter(|name| !UnitName::new(name).is_some_and(|name| name.is_template()))
            .map(|name| format!("Template name {name} is not valid."))
    };
    if let Some(message) = wrong {
        cx.errln(&message);
        return Ok(1);
    }
    let mut words = Vec::new();
    for text in parsed.operands.clone() {
        let converted = if parsed.has("unescape") {
            unescape(&text, template, parsed.has("instance"), parsed.has("path"))
        } else if parsed.has("mangle") {
            unit_name_mangle(&text, "", false, UnitType::Service).map(|mangled| mangled.name)
        } else {
            escape(cx, &text, template, suffix, parsed.has("path"))
        };
        match converted {
            Some(word) => words.push(word),
            None => {
                let what = if parsed.has("unescape") { "unescape string" } else { "escape string" };
                cx.errln(&format!("Failed to {what}: Invalid argument"));
                return Ok(1);
            }
        }
    }
    cx.outln(&words.join(" "));
    Ok(0)
}

fn escape(
    cx: &mut Cx<'_, '_>,
    text: &str,
    template: Option<&str>,
    suffix: Option<&str>,
    is_path: bool,
) -> Option<String> {
    if is_path && !text.starts_with('/') {
        cx.errln(&format!(
            "Input '{text}' is not an absolute file system path, {}",
            if escape_path(text).is_some() {
                "escaping is likely not going to be reversible."
            } else {
                "failed to escape."
            }
        ));
        escape_path(text)?;
    }
    let escaped = if is_path { escape_path(text)? } else { escape_name(text) };
    Some(match (template, suffix) {
        (Some(template), _) => UnitName::new(template)?.with_instance(&escaped)?.to_string(),
        (None, Some(suffix)) => format!("{escaped}.{suffix}"),
        (None, None) => escaped,
    })
}

fn unescape(text: &str, template: Option<&str>, instance: bool, is_path: bool) -> Option<String> {
    let part =
        if template.is_some() || instance { UnitName::new(text)?.instance()?.to_owned() } else { text.to_owned() };
    if is_path { unescape_path(&part) } else { unescape_name(&part) }
}
