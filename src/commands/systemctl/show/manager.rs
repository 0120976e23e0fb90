//! The properties of the manager itself: org.freedesktop.systemd1(5), "Properties" of the manager object.

use super::super::args::Args;
use super::super::bus;
use super::super::times::format_timestamp_style;
use super::exec::default_limit;
use super::print;
use super::value::{Value, list, word};
use crate::systemd::config::DEFAULT_TASKS_MAX;
use crate::systemd::config::Rlimit;
use crate::systemd::manager::RuntimeScope;
use crate::systemd::version::{FEATURES, PACKAGE_VERSION};
use crate::world::Cx;

/// Prints them.
pub fn print_all(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope) {
    let booted = cx.world.booted;
    let manager = bus::manager(cx, scope);
    let stamp = |time| Value::Text(format_timestamp_style(time, args.timestamp));
    let rows: Vec<(&str, Value)> = vec![
        ("Version", word(PACKAGE_VERSION)),
        ("Features", word(FEATURES)),
        ("Architecture", word("x86-64")),
        ("Tainted", word("")),
        ("KernelTimestamp", stamp(booted)),
        ("UserspaceTimestamp", stamp(manager.started)),
        ("FinishTimestamp", manager.finished.map_or_else(|| word(""), stamp)),
        ("UnitsLoadStartTimestamp", stamp(manager.loaded_at)),
        ("LogLevel", word(manager.log_level)),
        ("LogTarget", word("journal-or-kmsg")),
        ("NNames", word(manager.units().map(|unit| unit.loaded.names.len()).sum::<usize>())),
        ("NFailedUnits", word(manager.failed_units())),
        ("NJobs", word(manager.jobs().count())),
        ("Progress", word(1)),
        ("Environment", list(&manager.environment)),
        ("ConfirmSpawn", word("no")),
        ("ShowStatus", word("no")),
        ("UnitPath", list(&manager.search_path.folders)),
        ("DefaultStandardOutput", word("journal")),
        ("DefaultStandardError", word("inherit")),
        ("DefaultTimerAccuracyUSec", word("1min")),
        ("DefaultTimeoutStartUSec", word("1min 30s")),
        ("DefaultTimeoutStopUSec", word("1min 30s")),
        ("DefaultRestartUSec", word("100ms")),
        ("DefaultStartLimitIntervalUSec", word("10s")),
        ("DefaultStartLimitBurst", word(5)),
        ("DefaultLimitNOFILE", word(default_limit(Rlimit::Nofile).hard)),
        ("DefaultLimitNOFILESoft", word(default_limit(Rlimit::Nofile).soft)),
        ("DefaultLimitNPROC", word(default_limit(Rlimit::Nproc).hard)),
        ("DefaultLimitNPROCSoft", word(default_limit(Rlimit::Nproc).soft)),
        ("DefaultTasksMax", word(DEFAULT_TASKS_MAX)),
        ("DefaultOOMPolicy", word("stop")),
        ("ExitCode", word(0)),
        ("SystemState", word(manager.system_state().as_str())),
        ("ControlGroup", word(&manager.cgroup_root)),
    ];
    for (name, value) in rows {
        if args.properties.is_empty() || args.properties.iter().any(|wanted| wanted == name) {
            print(cx, args, name, value);
        }
    }
}
