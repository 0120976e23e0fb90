//! The `[Install]` section: systemd.unit(5).

/// What `systemctl enable` is to do. Names are as written, specifiers unresolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstallConfig {
    pub aliases: Vec<String>,
    pub wanted_by: Vec<String>,
    pub required_by: Vec<String>,
    pub also: Vec<String>,
    pub default_instance: Option<String>,
}

impl InstallConfig {
    /// Whether the section says anything that enabling can act on (`Also=` and `DefaultInstance=` aside).
    pub fn has_rules(&self) -> bool {
        !self.aliases.is_empty() || !self.wanted_by.is_empty() || !self.required_by.is_empty()
    }
}
