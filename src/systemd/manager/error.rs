//! Why the manager refuses a request: org.freedesktop.systemd1(5), "Errors".

use crate::systemd::unit_name::UnitName;

/// A refusal: the D-Bus error and the text that clients print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagerError {
    /// The D-Bus error name, one of the constants of [`name`].
    pub name: &'static str,
    /// `Unit x.service not found.`
    pub message: String,
}

/// D-Bus error names.
pub mod name {
    pub const NO_SUCH_UNIT: &str = "org.freedesktop.systemd1.NoSuchUnit";
    pub const NO_UNIT_FOR_PID: &str = "org.freedesktop.systemd1.NoUnitForPID";
    pub const UNIT_EXISTS: &str = "org.freedesktop.systemd1.UnitExists";
    pub const LOAD_FAILED: &str = "org.freedesktop.systemd1.LoadFailed";
    pub const BAD_UNIT_SETTING: &str = "org.freedesktop.systemd1.BadUnitSetting";
    pub const UNIT_MASKED: &str = "org.freedesktop.systemd1.UnitMasked";
    pub const NO_SUCH_JOB: &str = "org.freedesktop.systemd1.NoSuchJob";
    pub const NO_ISOLATION: &str = "org.freedesktop.systemd1.NoIsolation";
    pub const ONLY_BY_DEPENDENCY: &str = "org.freedesktop.systemd1.OnlyByDependency";
    pub const JOB_TYPE_NOT_APPLICABLE: &str = "org.freedesktop.systemd1.JobTypeNotApplicable";
    pub const TRANSACTION_IS_DESTRUCTIVE: &str = "org.freedesktop.systemd1.TransactionIsDestructive";
    pub const TRANSACTION_JOBS_CONFLICTING: &str = "org.freedesktop.systemd1.TransactionJobsConflicting";
    pub const TRANSACTION_ORDER_IS_CYCLIC: &str = "org.freedesktop.systemd1.TransactionOrderIsCyclic";
    pub const NO_SUCH_PROCESS: &str = "org.freedesktop.systemd1.NoSuchProcess";
    pub const NOT_SUPPORTED: &str = "org.freedesktop.DBus.Error.NotSupported";
    pub const INVALID_ARGS: &str = "org.freedesktop.DBus.Error.InvalidArgs";
    pub const UNIT_BUSY: &str = "org.freedesktop.systemd1.UnitBusy";
}

impl ManagerError {
    /// A refusal with its text.
    pub fn new(name: &'static str, message: impl Into<String>) -> Self {
        ManagerError { name, message: message.into() }
    }

    /// There is no file for the unit.
    pub fn not_found(unit: &str) -> Self {
        Self::new(name::NO_SUCH_UNIT, format!("Unit {unit} not found."))
    }

    /// The unit is not in memory.
    pub fn not_loaded(unit: &str) -> Self {
        Self::new(name::NO_SUCH_UNIT, format!("Unit {unit} not loaded."))
    }

    /// The unit may be started or stopped by a dependency only.
    pub fn only_by_dependency(unit: &UnitName) -> Self {
        Self::new(
            name::ONLY_BY_DEPENDENCY,
            format!(
                "Operation refused, unit {unit} may be requested by dependency only \
                 (it is configured to refuse manual start/stop)."
            ),
        )
    }
}
