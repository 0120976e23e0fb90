//! Conditions and assertions as data (evaluated by the manager): systemd.unit(5).

use super::named::named_enum;

named_enum! {
    /// What is asked; the word is the setting without its `Condition` or `Assert`.
    pub enum ConditionKind {
        Architecture = "Architecture",
        Firmware = "Firmware",
        Virtualization = "Virtualization",
        Host = "Host",
        KernelCommandLine = "KernelCommandLine",
        KernelVersion = "KernelVersion",
        Credential = "Credential",
        Security = "Security",
        Capability = "Capability",
        AcPower = "ACPower",
        Memory = "Memory",
        CpuFeature = "CPUFeature",
        Cpus = "CPUs",
        Environment = "Environment",
        NeedsUpdate = "NeedsUpdate",
        FirstBoot = "FirstBoot",
        PathExists = "PathExists",
        PathExistsGlob = "PathExistsGlob",
        PathIsDirectory = "PathIsDirectory",
        PathIsSymbolicLink = "PathIsSymbolicLink",
        PathIsMountPoint = "PathIsMountPoint",
        PathIsReadWrite = "PathIsReadWrite",
        PathIsEncrypted = "PathIsEncrypted",
        DirectoryNotEmpty = "DirectoryNotEmpty",
        FileNotEmpty = "FileNotEmpty",
        FileIsExecutable = "FileIsExecutable",
        User = "User",
        Group = "Group",
        ControlGroupController = "ControlGroupController",
        OsRelease = "OSRelease",
        MemoryPressure = "MemoryPressure",
        CpuPressure = "CPUPressure",
        IoPressure = "IOPressure",
    }
}

impl ConditionKind {
    /// Whether the parameter is an absolute path.
    pub fn takes_path(self) -> bool {
        use ConditionKind::*;
        matches!(
            self,
            PathExists
                | PathExistsGlob
                | PathIsDirectory
                | PathIsSymbolicLink
                | PathIsMountPoint
                | PathIsReadWrite
                | PathIsEncrypted
                | DirectoryNotEmpty
                | FileNotEmpty
                | FileIsExecutable
                | NeedsUpdate
        )
    }
}

/// One `ConditionX=` or `AssertX=` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub kind: ConditionKind,
    /// Written with `|`: of all such conditions at least one must hold.
    pub trigger: bool,
    /// Written with `!`: holds when the question is answered no.
    pub negate: bool,
    /// What follows the prefixes, specifiers resolved.
    pub parameter: String,
}
