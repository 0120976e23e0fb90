//! `dot`: the dependencies of units as a graph for Graphviz: systemd-analyze(1), dot(1).

use crate::commands::options::Parsed;
use crate::commands::systemctl::{bus, units};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::manager::{RuntimeScope, Unit};
use crate::systemd::mangle::unit_name_mangle;
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;

/// The kinds of edges: what they show, in which colour, and what the legend calls it. The first one is an order.
const EDGES: &[(UnitDependency, &str, &str, &str)] = &[
    (UnitDependency::After, "green", "green    ", "After"),
    (UnitDependency::Requires, "black", "black    ", "Requires"),
    (UnitDependency::Requisite, "darkblue", "dark blue", "Requisite"),
    (UnitDependency::Wants, "grey66", "dark grey", "Wants"),
    (UnitDependency::Conflicts, "red", "red      ", "Conflicts"),
];

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    let patterns = |key: &str| -> Vec<String> {
        parsed.options.iter().filter(|given| given.key == key).map(|given| given.text().to_owned()).collect()
    };
    let (from, to) = (patterns("from-pattern"), patterns("to-pattern"));
    let any: Vec<String> = words
        .iter()
        .filter_map(|word| unit_name_mangle(word, "", true, UnitType::Service))
        .map(|mangled| mangled.name)
        .collect();
    let fits = |patterns: &[String], name: &str| patterns.iter().any(|pattern| units::fnmatch(pattern, name));
    let both = parsed.has("order") == parsed.has("require");
    let mut all = bus::units(cx, RuntimeScope::System);
    all.sort_by(|a: &Unit, b| a.name.cmp(&b.name));
    cx.outln("digraph systemd {");
    for unit in &all {
        let name = unit.name.as_str();
        if !from.is_empty() && !fits(&from, name) {
            continue;
        }
        for (place, (kind, colour, ..)) in EDGES.iter().enumerate() {
            if !both && (place == 0) != parsed.has("order") {
                continue;
            }
            for other in unit.dependency(*kind) {
                let wanted = (to.is_empty() || fits(&to, other.as_str()))
                    && (any.is_empty() || fits(&any, name) || fits(&any, other.as_str()));
                if wanted {
                    cx.outln(&format!("\t\"{name}\"->\"{other}\" [color=\"{colour}\"];"));
                }
            }
        }
    }
    cx.outln("}");
    for (place, (.., shown, kind)) in EDGES.iter().skip(1).chain(EDGES.first()).enumerate() {
        let title = if place == 0 { "   Color legend: " } else { "                 " };
        cx.errln(&format!("{title}{shown} = {kind}"));
    }
    if cx.isatty(1) {
        cx.errln("-- You probably want to process this output with graphviz' dot tool.");
        cx.errln("-- Try a shell pipeline like 'systemd-analyze dot | dot -Tsvg > systemd.svg'!");
    }
    0
}
