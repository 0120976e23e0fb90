//! `:tree` and `:diff`: what runs under what, and how the machine differs from that of the solution.

use std::collections::BTreeMap;

use colored::Colorize;

use super::learn::Learn;
use super::words;
use crate::lesson::differ::{Difference, differences};
use crate::vps::Vps;
use crate::world::{Duration, Pid, Process};

/// How long the machine's own picture of its units may take on a copy.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many lines of a difference are shown.
const SHOWN: usize = 20;

impl Learn<'_> {
    /// Draws the processes under their parents, or under their units.
    pub(super) fn tree(&self, rest: &str) {
        let vps = &self.session.machine().vps;
        if !rest.trim().is_empty() {
            let text = vps.clone().run_command("root", "systemd-cgls --no-pager", PATIENCE).text;
            return text.lines().for_each(|line| self.view.line(line));
        }
        let children = children(vps);
        let mut lines = Vec::new();
        if let Some(init) = vps.world.process(1) {
            branch(init, &children, "", "", self.view.plain, &mut lines);
        }
        let width = self.view.width.saturating_sub(3);
        lines.iter().for_each(|line| self.view.line(&line.chars().take(width).collect::<String>()));
    }

    /// Shows how the machine differs from that of the solution.
    pub(super) fn diff(&self) {
        let Some(there) = self.session.solved() else { return self.view.say(words::NO_SOLUTION) };
        let found = differences(&self.session.machine().vps, &there.vps);
        if found.is_empty() {
            return self.view.say(words::NO_DIFFERENCE);
        }
        self.view.say(words::DIFFERENCE);
        for difference in found {
            match difference {
                Difference::Unit(name, here, there) => {
                    self.view.line(&format!("{} : {} → {}", name.bold(), here.red(), there.green()));
                }
                Difference::File(path, lines) => {
                    self.view.line(&path.bold().to_string());
                    for line in lines.iter().take(SHOWN) {
                        let painted = match line.chars().next() {
                            Some('+') => line.green(),
                            Some('-') => line.red(),
                            _ => line.normal(),
                        };
                        self.view.line(&format!("  {painted}"));
                    }
                }
            }
        }
    }
}

/// The programs that run, by their parents.
fn children(vps: &Vps) -> BTreeMap<Pid, Vec<&Process>> {
    let mut found: BTreeMap<Pid, Vec<&Process>> = BTreeMap::new();
    for process in vps.world.processes().filter(|p| !p.argv.is_empty() || p.is_zombie()) {
        found.entry(process.ppid).or_default().push(process);
    }
    found
}

fn branch(
    p: &Process,
    children: &BTreeMap<Pid, Vec<&Process>>,
    lead: &str,
    stem: &str,
    plain: bool,
    out: &mut Vec<String>,
) {
    let name = if p.is_zombie() { format!("{} (zombie)", p.comm) } else { p.argv.join(" ") };
    out.push(format!("{lead}{} {name}", p.pid));
    // A picture this deep is none any more.
    if lead.len() > 600 {
        return;
    }
    let below = children.get(&p.pid).map(Vec::as_slice).unwrap_or_default();
    for (n, child) in below.iter().enumerate() {
        let last = n + 1 == below.len();
        let (tee, bar) = match (plain, last) {
            (true, _) => ("  ", "  "),
            (false, true) => ("└─ ", "   "),
            (false, false) => ("├─ ", "│  "),
        };
        branch(child, children, &format!("{stem}{tee}"), &format!("{stem}{bar}"), plain, out);
    }
}
