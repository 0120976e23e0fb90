//! The verbs of systemctl in one table: name, how many words they take, and what runs: systemctl(1), "Commands".

use super::Next;
use super::args::Args;
use crate::world::Cx;

/// What a verb does. The first word of `words` is the verb itself.
pub type Run = fn(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next;

/// A verb.
pub struct Verb {
    /// Its name.
    pub name: &'static str,
    /// The fewest words, itself among them.
    pub min: usize,
    /// The most words; `usize::MAX` is any.
    pub max: usize,
    /// Its code; `None`: not simulated.
    pub run: Option<Run>,
}

const ANY: usize = usize::MAX;

const fn verb(name: &'static str, min: usize, max: usize, run: Run) -> Verb {
    Verb { name, min, max, run: Some(run) }
}

const fn absent(name: &'static str, min: usize, max: usize) -> Verb {
    Verb { name, min, max, run: None }
}

/// Every verb, in the order in which systemctl knows them.
pub const VERBS: &[Verb] = &[
    verb("list-units", 0, ANY, super::list_units::run),
    verb("list-unit-files", 0, ANY, super::list_unit_files::run),
    verb("list-automounts", 0, ANY, super::list_automounts::run),
    verb("list-sockets", 0, ANY, super::list_sockets::run),
    verb("list-timers", 0, ANY, super::list_timers::run),
    verb("list-jobs", 0, ANY, super::jobs::list),
    verb("list-machines", 0, ANY, super::list_machines::run),
    verb("clear-jobs", 0, 1, super::jobs::cancel),
    verb("cancel", 0, ANY, super::jobs::cancel),
    verb("start", 2, ANY, super::start::run),
    verb("stop", 2, ANY, super::start::run),
    verb("condstop", 2, ANY, super::start::run),
    verb("reload", 2, ANY, super::start::run),
    verb("restart", 2, ANY, super::start::run),
    verb("try-restart", 2, ANY, super::start::run),
    verb("reload-or-restart", 2, ANY, super::start::run),
    verb("reload-or-try-restart", 2, ANY, super::start::run),
    verb("try-reload-or-restart", 2, ANY, super::start::run),
    verb("force-reload", 2, ANY, super::start::run),
    verb("condreload", 2, ANY, super::start::run),
    verb("condrestart", 2, ANY, super::start::run),
    verb("isolate", 2, 2, super::start::run),
    verb("kill", 2, ANY, super::kill::run),
    verb("clean", 2, ANY, super::clean::run),
    absent("freeze", 2, ANY),
    absent("thaw", 2, ANY),
    verb("is-active", 2, ANY, super::is_active::active),
    verb("check", 2, ANY, super::is_active::active),
    verb("is-failed", 2, ANY, super::is_active::failed),
    verb("show", 0, ANY, super::show::run),
    verb("cat", 2, ANY, super::cat::run),
    verb("status", 0, ANY, super::status::run),
    verb("help", 0, ANY, super::help::run),
    verb("daemon-reload", 1, 1, super::daemon_reload::run),
    verb("daemon-reexec", 1, 1, super::daemon_reload::run),
    verb("log-level", 0, 2, super::log_level::level),
    verb("log-target", 0, 2, super::log_level::target),
    verb("service-log-level", 2, 3, super::log_level::of_service),
    verb("service-log-target", 2, 3, super::log_level::of_service),
    verb("service-watchdogs", 0, 2, super::log_level::service_watchdogs),
    verb("show-environment", 0, 1, super::environment::show),
    verb("set-environment", 2, ANY, super::environment::set),
    verb("unset-environment", 2, ANY, super::environment::unset),
    verb("import-environment", 0, ANY, super::environment::import),
    verb("halt", 0, 1, super::power::run),
    verb("poweroff", 0, 1, super::power::run),
    verb("reboot", 0, 2, super::power::run),
    absent("kexec", 0, 1),
    absent("suspend", 0, 1),
    absent("hibernate", 0, 1),
    absent("hybrid-sleep", 0, 1),
    absent("suspend-then-hibernate", 0, 1),
    verb("default", 0, 1, super::start::run),
    verb("rescue", 0, 1, super::start::run),
    verb("emergency", 0, 1, super::start::run),
    absent("exit", 0, 2),
    verb("reset-failed", 0, ANY, super::reset_failed::run),
    verb("enable", 2, ANY, super::enable::run),
    verb("disable", 2, ANY, super::enable::run),
    verb("is-enabled", 2, ANY, super::is_enabled::run),
    verb("reenable", 2, ANY, super::enable::run),
    verb("preset", 2, ANY, super::enable::run),
    verb("preset-all", 0, 1, super::enable::preset_all),
    verb("mask", 2, ANY, super::enable::run),
    verb("unmask", 2, ANY, super::enable::run),
    verb("link", 2, ANY, super::enable::run),
    verb("revert", 2, ANY, super::enable::run),
    absent("switch-root", 0, ANY),
    verb("list-dependencies", 0, ANY, super::list_dependencies::run),
    verb("set-default", 2, 2, super::default_target::set),
    verb("get-default", 0, 1, super::default_target::get),
    verb("set-property", 3, ANY, super::set_property::run),
    verb("is-system-running", 0, 1, super::is_system_running::run),
    verb("add-wants", 3, ANY, super::add_dependency::run),
    verb("add-requires", 3, ANY, super::add_dependency::run),
    verb("edit", 2, ANY, super::edit::run),
    absent("bind", 3, 4),
    absent("mount-image", 4, 5),
];

/// The verb of a command line, `list-units` when there is none; the error is the message.
pub fn find(words: &[String]) -> Result<&'static Verb, String> {
    let Some(name) = words.first() else {
        return VERBS.first().ok_or_else(|| "Command verb required.".to_owned());
    };
    let found = VERBS.iter().find(|verb| verb.name == name);
    let verb = found.ok_or_else(|| format!("Unknown command verb {name}."))?;
    if words.len() < verb.min {
        return Err("Too few arguments.".to_owned());
    }
    if words.len() > verb.max {
        return Err("Too many arguments.".to_owned());
    }
    Ok(verb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_count_their_words() {
        let message = |line: &str| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            find(&words).map(|verb| verb.name).unwrap_or_else(|message| message.leak())
        };
        assert_eq!(message("strat cron"), "Unknown command verb strat.");
        assert_eq!(message("start"), "Too few arguments.");
        assert_eq!(message("isolate a b"), "Too many arguments.");
        assert_eq!(message("get-default x"), "Too many arguments.");
        assert_eq!(message("daemon-reload"), "daemon-reload");
        assert_eq!(message(""), "list-units");
    }

    #[test]
    fn every_verb_stands_once() {
        for verb in VERBS {
            assert_eq!(VERBS.iter().filter(|other| other.name == verb.name).count(), 1, "{}", verb.name);
        }
    }
}
