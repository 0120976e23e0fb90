//! What a type decides when its files are read, and what it refuses: systemd.service(5), systemd.timer(5), systemd.mount(5).

use super::about;
use crate::systemd::config::{EmergencyAction, JobMode};
use crate::systemd::config::{
    ExitType, KillMode, MountConfig, NotifyAccess, OomPolicy, ProtectHome, ProtectSystem, RestartPolicy, ServiceConfig,
    ServiceExecCommand as X, ServiceType, SocketConfig, TypeConfig, UnitConfig,
};
use crate::systemd::dependency::UnitDependency as D;
use crate::systemd::escaping::{escape_path, unescape_path};
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::span::INFINITY;
use crate::systemd::unit_file::{LOG_ERR, LOG_WARNING};
use crate::systemd::unit_name::UnitType;
use crate::world::CAPABILITIES;
use crate::world::Errno;

/// Fills in what other settings imply.
pub fn complete(unit: &mut LoadedUnit) {
    let name = unit.name.clone();
    match &mut unit.settings.kind {
        TypeConfig::Service(service) => complete_service(service),
        TypeConfig::Mount(mount) if mount.where_.is_none() => mount.where_ = unescape_path(name.stem()),
        TypeConfig::Automount(automount) if automount.where_.is_none() => automount.where_ = unescape_path(name.stem()),
        TypeConfig::Swap(swap) if swap.what.is_none() => swap.what = unescape_path(name.stem()),
        TypeConfig::Path(path) => {
            for spec in path.specs.clone() {
                if !unit.settings.unit.requires_mounts_for.contains(&spec.path) {
                    unit.settings.unit.requires_mounts_for.push(spec.path);
                }
            }
            complete_trigger(unit);
        }
        TypeConfig::Timer(_) => complete_trigger(unit),
        TypeConfig::Socket(socket) => {
            if socket.trigger_limit_interval.is_none() {
                socket.trigger_limit_interval = Some(2_000_000);
            }
            if socket.trigger_limit_burst.is_none() {
                socket.trigger_limit_burst = Some(if socket.accept { 200 } else { 20 });
            }
            if !socket.accept {
                complete_trigger(unit);
            }
        }
        _ => {}
    }
    complete_exec(unit);
}

/// What the sandbox implies: capabilities that are of no use in it, and all that `DynamicUser=` brings.
fn complete_exec(unit: &mut LoadedUnit) {
    let stem = unit.name.stem().replace('@', "-");
    let Some(exec) = unit.settings.exec_mut() else { return };
    let implied: [(bool, &[&str]); 4] = [
        (exec.private_devices, &["cap_mknod", "cap_sys_rawio"]),
        (exec.protect_kernel_modules, &["cap_sys_module"]),
        (exec.protect_kernel_logs, &["cap_syslog"]),
        (exec.protect_clock, &["cap_sys_time", "cap_wake_alarm"]),
    ];
    for (_, lost) in implied.iter().filter(|(set, _)| *set) {
        let all = || CAPABILITIES.iter().map(|name| (*name).to_owned()).collect();
        exec.capability_bounding_set.get_or_insert_with(all).retain(|name| !lost.contains(&name.as_str()));
    }
    if exec.dynamic_user {
        let user = exec.user.get_or_insert(stem).clone();
        exec.group.get_or_insert(user);
        exec.private_tmp = true;
        exec.remove_ipc = true;
        exec.protect_system = ProtectSystem::Strict;
        if exec.protect_home == ProtectHome::No {
            exec.protect_home = ProtectHome::ReadOnly;
        }
        exec.no_new_privileges = true;
        exec.restrict_suid_sgid = true;
    }
}

fn complete_service(service: &mut ServiceConfig) {
    let kind = service.service_type();
    service.type_ = Some(kind);
    if kind == ServiceType::Oneshot && !service.timeout_start_defined {
        service.timeout_start = INFINITY;
    }
    let access: NotifyAccess = service.notify_access();
    service.notify_access_set = Some(access);
    let policy = if service.cgroup.delegate { OomPolicy::Continue } else { OomPolicy::Stop };
    service.oom_policy.get_or_insert(policy);
}

/// A timer, path or socket without `Unit=` triggers the service of its name.
fn complete_trigger(unit: &mut LoadedUnit) {
    if !unit.settings.unit.dependencies(D::Triggers).is_empty() {
        return;
    }
    if let Some(service) = unit.name.with_type(UnitType::Service) {
        unit.settings.unit.add_dependency(D::Before, service.clone());
        unit.settings.unit.add_dependency(D::Triggers, service);
    }
}

/// Refuses what makes no sense, with the reason in the warnings; `ENOEXEC` is a bad setting.
pub fn verify(unit: &mut LoadedUnit) -> Result<(), Errno> {
    let refusal = match &unit.settings.kind {
        TypeConfig::Service(service) => service_refusal(service, &unit.settings.unit),
        TypeConfig::Socket(socket) => socket_refusal(socket, &unit.settings.unit),
        TypeConfig::Timer(timer) if timer.specs.is_empty() && !timer.on_clock_change && !timer.on_timezone_change => {
            Some("Timer unit lacks value setting. Refusing.")
        }
        TypeConfig::Path(path) if path.specs.is_empty() => Some("Path unit lacks path setting. Refusing."),
        TypeConfig::Mount(mount) => mount_refusal(mount, unit.name.stem()),
        TypeConfig::Automount(automount) => match automount.where_.as_deref() {
            Some("/") => Some("Cannot have an automount unit for the root directory. Refusing."),
            other => misplaced(other, unit.name.stem()),
        },
        TypeConfig::Swap(swap) => {
            let escaped = swap.what.as_deref().and_then(escape_path);
            (escaped.as_deref() != Some(unit.name.stem()))
                .then_some("Value of What= and unit name do not match, not loading.")
        }
        _ => None,
    };
    let refusal = refusal.map(str::to_owned).or_else(|| isolate_refusal(&unit.settings.unit));
    if let Some(text) = refusal {
        unit.warnings.push(about(&unit.name, LOG_ERR, text));
        return Err(Errno::ENOEXEC);
    }
    if let TypeConfig::Service(service) = &unit.settings.kind {
        for text in service_remarks(service) {
            unit.warnings.push(about(&unit.name, LOG_WARNING, text.to_owned()));
        }
    }
    let config = &unit.settings.unit;
    if config.job_running_timeout != INFINITY && config.job_running_timeout > config.job_timeout {
        let text = "JobRunningTimeoutSec= is greater than JobTimeoutSec=, it has no effect.".to_owned();
        unit.warnings.push(about(&unit.name, LOG_WARNING, text));
    }
    Ok(())
}

fn service_refusal(service: &ServiceConfig, config: &UnitConfig) -> Option<&'static str> {
    let oneshot = service.service_type() == ServiceType::Oneshot;
    let start = service.commands(X::Start);
    let no_action = config.success_action == EmergencyAction::None;
    let pam_kill = !matches!(service.kill.kill_mode, KillMode::ControlGroup | KillMode::Mixed);
    let restarts = matches!(service.restart, RestartPolicy::Always | RestartPolicy::OnSuccess);
    if start.is_empty() && service.commands(X::Stop).is_empty() && no_action {
        Some("Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.")
    } else if !oneshot && start.is_empty() {
        Some("Service has no ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.")
    } else if !service.remain_after_exit && start.is_empty() && no_action {
        Some(
            "Service has no ExecStart= and no SuccessAction= settings and does not have RemainAfterExit=yes set. Refusing.",
        )
    } else if !oneshot && start.len() > 1 {
        Some("Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.")
    } else if oneshot && restarts {
        Some(
            "Service has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services. Refusing.",
        )
    } else if oneshot && !service.restart_force_status.is_empty() {
        Some("Service has RestartForceExitStatus= set, which isn't allowed for Type=oneshot services. Refusing.")
    } else if oneshot && service.exit_type == ExitType::Cgroup {
        Some("Service has ExitType=cgroup set, which isn't allowed for Type=oneshot services. Refusing.")
    } else if service.service_type() == ServiceType::Dbus && service.bus_name.is_none() {
        Some("Service is of type D-Bus but no D-Bus service name has been specified. Refusing.")
    } else if service.exec.pam_name.is_some() && pam_kill {
        Some("Service has PAM enabled. Kill mode must be set to 'control-group' or 'mixed'. Refusing.")
    } else {
        None
    }
}

/// What a service is told and may keep.
fn service_remarks(service: &ServiceConfig) -> Vec<&'static str> {
    let mut remarks = Vec::new();
    if service.runtime_max != INFINITY && service.service_type() == ServiceType::Oneshot {
        remarks.push("RuntimeMaxSec= has no effect in combination with Type=oneshot. Ignoring.");
    }
    if service.runtime_max == INFINITY && service.runtime_rand_extra != 0 {
        remarks.push("Service has RuntimeRandomizedExtraSec= setting, but no RuntimeMaxSec=. Ignoring.");
    }
    remarks
}

fn socket_refusal(socket: &SocketConfig, config: &UnitConfig) -> Option<&'static str> {
    if socket.listens.is_empty() {
        Some("Unit has no Listen setting (ListenStream=, ListenDatagram=, ListenFIFO=, ...). Refusing.")
    } else if socket.accept && socket.max_connections == 0 {
        Some("MaxConnection= setting too small. Refusing.")
    } else if socket.accept && !config.dependencies(D::Triggers).is_empty() {
        Some("Explicit service configuration for accepting socket units not supported. Refusing.")
    } else {
        let files = socket.listens.iter().filter(|listen| listen.address.starts_with('/')).count();
        (!socket.symlinks.is_empty() && files != 1)
            .then_some("Unit has symlinks set but none or more than one node in the file system. Refusing.")
    }
}

fn mount_refusal(mount: &MountConfig, stem: &str) -> Option<&'static str> {
    const API: [&str; 6] = ["/proc", "/sys", "/dev", "/dev/pts", "/dev/shm", "/run"];
    if let Some(text) = misplaced(mount.where_.as_deref(), stem) {
        return Some(text);
    }
    if mount.where_.as_deref().is_some_and(|path| API.contains(&path)) {
        return Some("Cannot create mount unit for API file system. Refusing.");
    }
    mount.what.is_none().then_some("What= setting is missing. Refusing.")
}

fn misplaced(path: Option<&str>, stem: &str) -> Option<&'static str> {
    let escaped = path.and_then(escape_path);
    (escaped.as_deref() != Some(stem)).then_some("Where= setting doesn't match unit name. Refusing.")
}

/// `OnFailureJobMode=isolate` with more than one unit to start.
fn isolate_refusal(config: &UnitConfig) -> Option<String> {
    let many = |kind: D, mode: JobMode| mode == JobMode::Isolate && config.dependencies(kind).len() > 1;
    let text = |kind: D| {
        Some(format!("More than one {kind}= dependencies specified but {kind}JobMode=isolate set. Refusing."))
    };
    if many(D::OnSuccess, config.on_success_job_mode) {
        text(D::OnSuccess)
    } else if many(D::OnFailure, config.on_failure_job_mode) {
        text(D::OnFailure)
    } else {
        None
    }
}
