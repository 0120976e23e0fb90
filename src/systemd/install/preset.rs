//! Presets, the vendor's word on what is to be enabled: systemd.preset(5).

use super::info::Infos;
use super::{Installer, Outcome, Scope};
use crate::systemd::load::{UnitFiles, name_matches};
use crate::systemd::unit_name::UnitName;
use crate::world::Errno;
use std::collections::BTreeMap;

/// `--preset-mode=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PresetMode {
    #[default]
    Full,
    EnableOnly,
    DisableOnly,
}

/// What the first fitting rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Enable it; for a template perhaps these instances.
    Enable(Vec<String>),
    Disable,
}

/// One line of a preset file.
struct Rule {
    pattern: String,
    verdict: Verdict,
}

/// All rules in order.
pub(super) struct Presets(Vec<Rule>);

impl Presets {
    /// Reads the preset files of a manager; of two with one name the first folder's counts.
    pub(super) fn read(files: &dyn UnitFiles, scope: Scope<'_>) -> Self {
        let kind = if scope.host.user_manager { "user-preset" } else { "system-preset" };
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for root in ["/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd", "/lib/systemd"] {
            let folder = format!("{root}/{kind}");
            for name in files.list(&folder).into_iter().filter(|name| name.ends_with(".preset")) {
                found.entry(name.clone()).or_insert_with(|| format!("{folder}/{name}"));
            }
        }
        let mut rules = Vec::new();
        for path in found.into_values() {
            let Ok(bytes) = files.read(&path) else { continue };
            rules.extend(String::from_utf8_lossy(&bytes).lines().filter_map(rule));
        }
        Self(rules)
    }

    /// The verdict on a unit; without a rule it is enabled.
    pub(super) fn verdict(&self, name: &str) -> Verdict {
        let rule = self.0.iter().find(|rule| name_matches(&rule.pattern, name));
        rule.map_or(Verdict::Enable(Vec::new()), |rule| rule.verdict.clone())
    }
}

fn rule(line: &str) -> Option<Rule> {
    let line = line.trim();
    if line.starts_with(['#', ';']) {
        return None;
    }
    let mut words = line.split_whitespace();
    let verb = words.next()?;
    let pattern = words.next()?.to_owned();
    let verdict = match verb {
        "enable" => Verdict::Enable(words.map(str::to_owned).collect()),
        "disable" => Verdict::Disable,
        _ => return None,
    };
    Some(Rule { pattern, verdict })
}

impl Installer<'_> {
    /// `systemctl preset NAME…`.
    pub fn preset(mut self, names: &[String], mode: PresetMode) -> Outcome {
        self.presetting = true;
        let done = self.do_preset(names, mode);
        self.outcome(done)
    }

    fn do_preset(&mut self, names: &[String], mode: PresetMode) -> Result<usize, Errno> {
        let presets = Presets::read(&*self.files, self.scope);
        let (mut plus, mut minus) = (Infos::default(), Infos::default());
        for name in names {
            let mut probe = Infos::default();
            let at = match probe.discover(&*self.files, self.scope, name, false, &mut self.warnings) {
                Ok(at) => at,
                Err(errno) => return self.fail(errno, name, None),
            };
            if probe.list[at].name != *name {
                continue;
            }
            match presets.verdict(name) {
                Verdict::Disable => {
                    minus.add(name, false)?;
                }
                Verdict::Enable(instances) => {
                    let template = UnitName::new(name).filter(UnitName::is_template);
                    let filled = instances.iter().filter_map(|i| template.as_ref()?.with_instance(i));
                    let mut wanted: Vec<String> = filled.map(|unit| unit.to_string()).collect();
                    if wanted.is_empty() {
                        wanted.push(name.clone());
                    }
                    for name in wanted {
                        self.discover(&mut plus, &name, true)?;
                    }
                }
            }
        }
        if mode != PresetMode::EnableOnly {
            let marked = self.mark_for_removal(&mut minus)?;
            self.remove_marked(marked, self.config());
        }
        if mode == PresetMode::DisableOnly { Ok(0) } else { self.apply(&mut plus, true) }
    }
}
