//! The directives of timers, paths, mounts, automounts, swaps and scopes: systemd.timer(5), systemd.path(5), systemd.mount(5).

use super::context::PathCheck;
use super::dependencies::instantiated;
use super::{Check, Context, Directive, Parse, row};
use crate::systemd::calendar::CalendarSpec;
use crate::systemd::config::{
    AutomountConfig, MountConfig, PathConfig, PathSpec, PathType, SliceConfig, SwapConfig, TimerBase, TimerConfig,
    TimerSpec, TypeConfig, UnitSettings,
};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::span::parse_sec;
use crate::systemd::unit_name::type_of;
use crate::systemd::value::number::parse_int;
use crate::world::Errno;
use Parse::{Bool, Custom, Known, Mode, Sec, SecFix0, Text, Unsigned};

/// systemd.timer(5).
pub const TIMER: &[Directive] = &[
    row("OnCalendar", Custom(timer_value)).of("calendar event"),
    row("OnActiveSec", Custom(timer_value)).of("time span"),
    row("OnBootSec", Custom(timer_value)).of("time span"),
    row("OnStartupSec", Custom(timer_value)).of("time span"),
    row("OnUnitActiveSec", Custom(timer_value)).of("time span"),
    row("OnUnitInactiveSec", Custom(timer_value)).of("time span"),
    row("OnClockChange", Bool(|u| timer(u).map(|t| &mut t.on_clock_change))).stored(),
    row("OnTimezoneChange", Bool(|u| timer(u).map(|t| &mut t.on_timezone_change))).stored(),
    row("Persistent", Bool(|u| timer(u).map(|t| &mut t.persistent))),
    row("WakeSystem", Bool(|u| timer(u).map(|t| &mut t.wake_system))).stored(),
    row("RemainAfterElapse", Bool(|u| timer(u).map(|t| &mut t.remain_after_elapse))),
    row("FixedRandomDelay", Bool(|u| timer(u).map(|t| &mut t.fixed_random_delay))),
    row("AccuracySec", Sec(|u| timer(u).map(|t| &mut t.accuracy))).stored(),
    row("RandomizedDelaySec", Sec(|u| timer(u).map(|t| &mut t.randomized_delay))),
    row("Unit", Custom(trigger_unit)).of("unit"),
];

/// systemd.path(5).
pub const PATH: &[Directive] = &[
    row("PathExists", Custom(path_spec)).of("path"),
    row("PathExistsGlob", Custom(path_spec)).of("path"),
    row("PathChanged", Custom(path_spec)).of("path"),
    row("PathModified", Custom(path_spec)).of("path"),
    row("DirectoryNotEmpty", Custom(path_spec)).of("path"),
    row("Unit", Custom(trigger_unit)).of("unit"),
    row("MakeDirectory", Bool(|u| path(u).map(|p| &mut p.make_directory))),
    row("DirectoryMode", Mode(|u| path(u).map(|p| &mut p.directory_mode))),
    row("TriggerLimitIntervalSec", Sec(|u| path(u).map(|p| &mut p.trigger_limit_interval))),
    row("TriggerLimitBurst", Unsigned(|u| path(u).map(|p| &mut p.trigger_limit_burst))),
];

/// systemd.mount(5).
pub const MOUNT: &[Directive] = &[
    row("What", Text(|u| mount(u).map(|m| &mut m.what))),
    row("Where", Parse::Path(|u| mount(u).map(|m| &mut m.where_))),
    row("Options", Text(|u| mount(u).map(|m| &mut m.options))),
    row("Type", Text(|u| mount(u).map(|m| &mut m.fstype))),
    row("TimeoutSec", SecFix0(|u| mount(u).map(|m| &mut m.timeout))).stored(),
    row("DirectoryMode", Mode(|u| mount(u).map(|m| &mut m.directory_mode))),
    row("SloppyOptions", Bool(|u| mount(u).map(|m| &mut m.sloppy_options))).stored(),
    row("LazyUnmount", Bool(|u| mount(u).map(|m| &mut m.lazy_unmount))).stored(),
    row("ForceUnmount", Bool(|u| mount(u).map(|m| &mut m.force_unmount))).stored(),
    row("ReadWriteOnly", Bool(|u| mount(u).map(|m| &mut m.read_write_only))).stored(),
];

/// systemd.automount(5).
pub const AUTOMOUNT: &[Directive] = &[
    row("Where", Parse::Path(|u| automount(u).map(|a| &mut a.where_))),
    row("ExtraOptions", Text(|u| automount(u).map(|a| &mut a.extra_options))).stored(),
    row("DirectoryMode", Mode(|u| automount(u).map(|a| &mut a.directory_mode))),
    row("TimeoutIdleSec", SecFix0(|u| automount(u).map(|a| &mut a.timeout_idle))).stored(),
];

/// systemd.swap(5).
pub const SWAP: &[Directive] = &[
    row("What", Parse::Path(|u| swap(u).map(|s| &mut s.what))),
    row("Priority", Custom(swap_priority)).of("number").stored(),
    row("Options", Text(|u| swap(u).map(|s| &mut s.options))),
    row("TimeoutSec", SecFix0(|u| swap(u).map(|s| &mut s.timeout))).stored(),
];

/// systemd.scope(5).
pub const SCOPE: &[Directive] = &[
    row("RuntimeMaxSec", Sec(|u| scope(u).map(|s| &mut s.runtime_max))),
    row("RuntimeRandomizedExtraSec", Known(Check::Sec)),
    row("TimeoutStopSec", Sec(|u| scope(u).map(|s| &mut s.timeout_stop))),
    row("OOMPolicy", Known(Check::Words("OOM policy", &["continue", "stop", "kill"]))),
];

fn timer(u: &mut UnitSettings) -> Option<&mut TimerConfig> {
    if let TypeConfig::Timer(timer) = &mut u.kind { Some(timer) } else { None }
}

fn path(u: &mut UnitSettings) -> Option<&mut PathConfig> {
    if let TypeConfig::Path(path) = &mut u.kind { Some(path) } else { None }
}

fn mount(u: &mut UnitSettings) -> Option<&mut MountConfig> {
    if let TypeConfig::Mount(mount) = &mut u.kind { Some(mount) } else { None }
}

fn automount(u: &mut UnitSettings) -> Option<&mut AutomountConfig> {
    if let TypeConfig::Automount(automount) = &mut u.kind { Some(automount) } else { None }
}

fn swap(u: &mut UnitSettings) -> Option<&mut SwapConfig> {
    if let TypeConfig::Swap(swap) = &mut u.kind { Some(swap) } else { None }
}

fn scope(u: &mut UnitSettings) -> Option<&mut SliceConfig> {
    if let TypeConfig::Scope(scope) = &mut u.kind { Some(scope) } else { None }
}

/// `OnCalendar=`, `OnBootSec=` and kin; an empty value empties the list of all kinds.
fn timer_value(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let (Some(timer), Some(base)) = (timer(u), TimerBase::parse(c.key)) else { return Ok(()) };
    if value.is_empty() {
        timer.specs.clear();
        return Ok(());
    }
    let resolved = c.resolve(value);
    let Some(text) = c.or_warn(resolved, value) else { return Ok(()) };
    if base == TimerBase::Calendar {
        match CalendarSpec::parse(&text) {
            Ok(spec) => timer.specs.push(TimerSpec::Calendar(spec)),
            Err(_) => c.ignoring("calendar specification", &text),
        }
    } else {
        match parse_sec(&text) {
            Ok(span) => timer.specs.push(TimerSpec::Monotonic(base, span)),
            Err(_) => c.ignoring("timer value", &text),
        }
    }
    Ok(())
}

/// `Unit=` of a timer or a path: the first one counts.
fn trigger_unit(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    if !u.unit.dependencies(UnitDependency::Triggers).is_empty() {
        c.warn(format!("Multiple units to trigger specified, ignoring: {value}"));
        return Ok(());
    }
    let resolved = c.resolve_name(value);
    let Some(name) = c.or_warn_as(resolved, value) else { return Ok(()) };
    let Some(_) = type_of(&name) else {
        c.warn(format!("Unit type not valid, ignoring: {value}"));
        return Ok(());
    };
    if name == c.specifiers.name.as_str() {
        c.warn(format!("Units cannot trigger themselves, ignoring: {value}"));
        return Ok(());
    }
    match instantiated(c, &name) {
        Some(other) => {
            u.unit.add_dependency(UnitDependency::Before, other.clone());
            u.unit.add_dependency(UnitDependency::Triggers, other);
            match &mut u.kind {
                TypeConfig::Timer(timer) => timer.unit = Some(name),
                TypeConfig::Path(path) => path.unit = Some(name),
                _ => {}
            }
        }
        None => c.warn(format!("Failed to add trigger on {name}, ignoring: {}", Errno::EINVAL)),
    }
    Ok(())
}

/// `PathExists=` and kin.
fn path_spec(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let (Some(path), Some(kind)) = (path(u), PathType::parse(c.key)) else { return Ok(()) };
    if value.is_empty() {
        path.specs.clear();
        return Ok(());
    }
    let resolved = c.resolve_path(value);
    if let Some(watched) = c.or_warn_as(resolved, value)
        && let Some(watched) = c.simplify(&watched, PathCheck::Absolute)
    {
        path.specs.push(PathSpec { kind, path: watched });
    }
    Ok(())
}

/// `Priority=` of a swap.
fn swap_priority(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(swap) = swap(u) else { return Ok(()) };
    if value.is_empty() {
        swap.priority = None;
        return Ok(());
    }
    match parse_int(value) {
        Ok(priority) if priority < -1 => {
            let text = "Sorry, swap priorities smaller than -1 may only be assigned by the kernel itself, ignoring";
            c.warn(format!("{text}: {value}"));
        }
        Ok(priority) if priority > 32_767 => c.warn(format!("Swap priority out of range, ignoring: {value}")),
        Ok(priority) => swap.priority = Some(priority),
        Err(_) => c.warn(format!("Invalid swap priority '{value}', ignoring.")),
    }
    Ok(())
}
