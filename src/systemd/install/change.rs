//! What an operation on unit files changed, in systemctl's words.

use crate::systemd::loaded::Warning;
use crate::world::Errno;

/// One step of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A link was made: where, and to what.
    Symlink { path: String, target: String },
    /// A file, link or folder was removed.
    Unlink(String),
    /// A unit of `Also=`, or one to be disabled, is masked.
    IsMasked(String),
    /// A name is a link to a unit that is not there.
    IsDangling(String),
    /// The unit that is to want another one does not exist.
    DestinationNotPresent { destination: String, unit: String },
    /// A unit of `Also=` could not be enabled.
    AuxiliaryFailed(String),
    /// The step failed.
    Failed(InstallError),
}

impl Change {
    /// The line that systemctl prints on stderr; `None` for a failure, which is told by [`Outcome::error`].
    pub fn message(&self) -> Option<String> {
        Some(match self {
            Change::Symlink { path, target } => format!("Created symlink {path} → {target}."),
            Change::Unlink(path) => format!("Removed \"{path}\"."),
            Change::IsMasked(path) => format!("Unit {path} is masked, ignoring."),
            Change::IsDangling(path) => format!("Unit {path} is an alias to a unit that is not present, ignoring."),
            Change::DestinationNotPresent { destination, unit } => {
                format!("Unit {unit} is added as a dependency to a non-existent unit {destination}.")
            }
            Change::AuxiliaryFailed(name) => format!("Failed to enable auxiliary unit {name}, ignoring."),
            Change::Failed(_) => return None,
        })
    }
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallError {
    pub errno: Errno,
    /// What the message says after `Failed to enable unit: `.
    pub message: String,
}

impl InstallError {
    /// The error of a step about `path` (a path or name); `source` is what a link there leads to, or the other unit.
    pub fn new(errno: Errno, path: &str, source: Option<&str>) -> Self {
        let message = match (errno, source) {
            (Errno::EEXIST, Some(target)) => format!("File {path} already exists and is a symlink to {target}."),
            (Errno::EEXIST, None) => format!("File {path} already exists."),
            (Errno::ERFKILL, _) => format!("Unit file {path} is masked."),
            (Errno::EADDRNOTAVAIL, _) => format!("Unit {path} is transient or generated."),
            (Errno::ETXTBSY, _) => format!("File {path} is under the systemd unit hierarchy already."),
            (Errno::EBADSLT, _) => format!("Invalid specifier in {path}."),
            (Errno::EIDRM, _) => format!("Destination unit {path} is a non-template unit."),
            (Errno::EUCLEAN, _) => format!("\"{path}\" is not a valid unit name."),
            (Errno::ELOOP, _) => format!("Refusing to operate on alias name or linked unit file: {path}"),
            (Errno::EXDEV, Some(name)) => format!("Cannot alias {name} as {path}."),
            (Errno::EXDEV, None) => format!("Invalid unit reference {path}."),
            (Errno::ENOENT, _) => format!("Unit file {path} does not exist."),
            (errno, _) => format!("File {path}: {errno}"),
        };
        Self { errno, message }
    }
}

/// The result of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// All steps, in order. When there is an error systemctl shows it and none of the changes.
    pub changes: Vec<Change>,
    /// Lines for the journal about files that were read.
    pub warnings: Vec<Warning>,
    /// Whether any unit had installation rules; enable tells when none had.
    pub carries_install_info: bool,
    /// The error that the caller sees, if the operation failed.
    pub error: Option<InstallError>,
}

impl Outcome {
    /// Puts together what happened; a failed step counts only if nothing else succeeded or the operation ended there.
    pub(super) fn new(changes: Vec<Change>, warnings: Vec<Warning>, done: Result<usize, Errno>) -> Self {
        let failed = changes.iter().find_map(|change| match change {
            Change::Failed(error) => Some(error.clone()),
            _ => None,
        });
        let good = changes.iter().any(|change| !matches!(change, Change::Failed(_)));
        let error = match done {
            Err(errno) => failed.or(Some(InstallError { errno, message: errno.message().to_owned() })),
            Ok(_) if good => None,
            Ok(_) => failed,
        };
        Self { changes, warnings, carries_install_info: done.is_ok_and(|rules| rules > 0), error }
    }

    /// The lines that systemctl prints on stderr when there was no error.
    pub fn messages(&self) -> Vec<String> {
        self.changes.iter().filter_map(Change::message).collect()
    }
}
