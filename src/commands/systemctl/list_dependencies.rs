//! `list-dependencies`: what a unit needs, as a tree: systemctl(1).

use super::args::{Args, Direction};
use super::table::ellipsize;
use super::{Next, bus, list_units, units};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::manager::RuntimeScope;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Cx;

/// Trees deeper than this are cut: a chain of units as long as that is nobody's intention.
const MAX_DEPTH: usize = 64;

/// The verb; without names for the default target.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let typed = words.get(1..).unwrap_or_default().to_vec();
    let names = if typed.is_empty() {
        vec!["default.target".to_owned()]
    } else {
        units::expand(cx, args, scope, &typed, UnitType::Service).names
    };
    let mut tree = Tree { args, scope, seen: Vec::new(), width: list_units::table_width(cx, args) };
    for (number, name) in names.iter().enumerate() {
        if number > 0 {
            cx.outln("");
        }
        cx.outln(name);
        if let Some(unit) = units::loadable(name) {
            tree.below(cx, &unit, 0, &mut Vec::new());
        }
    }
    Next::Exit(0)
}

struct Tree<'a> {
    args: &'a Args,
    scope: RuntimeScope,
    /// The units on the way to the present one, or with `--plain` all that were printed.
    seen: Vec<UnitName>,
    width: Option<usize>,
}

/// The dependencies that a direction looks at.
fn kinds(direction: Direction) -> &'static [UnitDependency] {
    use UnitDependency::*;
    match direction {
        Direction::Forward => &[Requires, Requisite, Wants, ConsistsOf, BindsTo, Upholds],
        Direction::Reverse => &[RequiredBy, RequisiteOf, WantedBy, PartOf, BoundBy, UpheldBy],
        Direction::After => &[After],
        Direction::Before => &[Before],
    }
}

impl Tree<'_> {
    /// Prints what hangs below a unit. `more` tells for each level above whether further units follow there.
    fn below(&mut self, cx: &mut Cx<'_, '_>, name: &UnitName, level: usize, more: &mut Vec<bool>) {
        if level >= MAX_DEPTH {
            return;
        }
        self.seen.push(name.clone());
        let unit = bus::unit(cx, self.scope, name);
        let mut found: Vec<UnitName> =
            kinds(self.args.direction).iter().flat_map(|kind| unit.dependency(*kind)).cloned().collect();
        found.sort_by_key(|other| (other.unit_type() == UnitType::Target, other.as_str().to_ascii_lowercase()));
        found.dedup();
        let last_index = found.len().saturating_sub(1);
        for (index, other) in found.iter().enumerate() {
            let last = index == last_index;
            if self.seen.contains(other) {
                if !self.args.plain {
                    cx.out("  ");
                    more.push(!last);
                    self.line(cx, "...", more, true);
                    more.pop();
                }
                continue;
            }
            {
                if self.args.plain {
                    cx.outln(&format!("  {other}"));
                } else {
                    let state = bus::unit(cx, self.scope, other).active_state();
                    cx.out(&format!("{} ", bus::glyph(state)));
                    self.line(cx, other.as_str(), more, last);
                }
            }
            if self.args.all || other.unit_type() == UnitType::Target {
                more.push(!last);
                self.below(cx, other, level + 1, more);
                more.pop();
            }
        }
        if !self.args.plain {
            self.seen.pop();
        }
    }

    fn line(&self, cx: &mut Cx<'_, '_>, name: &str, more: &[bool], last: bool) {
        let mut text = String::new();
        for further in more {
            text.push_str(if *further { "│ " } else { "  " });
        }
        text.push_str(if last { "└─" } else { "├─" });
        let used = 2 + 2 * (more.len() + 1);
        let name = match self.width {
            Some(width) => ellipsize(name, width.saturating_sub(used).max(4), 100),
            None => name.to_owned(),
        };
        cx.outln(&format!("{text}{name}"));
    }
}
