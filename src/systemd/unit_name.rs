//! Unit names: validity, templates and instances, and what systemctl makes of what is typed: systemd.unit(5).

use super::named::named_enum;
use std::fmt;
use std::sync::Arc;

named_enum! {
    /// The kind of a unit, named by its suffix.
    pub enum UnitType {
        Service = "service",
        Mount = "mount",
        Swap = "swap",
        Socket = "socket",
        Target = "target",
        Device = "device",
        Automount = "automount",
        Timer = "timer",
        Path = "path",
        Slice = "slice",
        Scope = "scope",
    }
}

impl UnitType {
    /// The section that holds the settings of this type alone, if it has any.
    pub fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Service => "Service",
            Self::Mount => "Mount",
            Self::Swap => "Swap",
            Self::Socket => "Socket",
            Self::Automount => "Automount",
            Self::Timer => "Timer",
            Self::Path => "Path",
            Self::Slice => "Slice",
            Self::Scope => "Scope",
            Self::Target | Self::Device => return None,
        })
    }

    /// Whether units of this type may have an `@` in their name.
    pub fn may_template(self) -> bool {
        matches!(self, Self::Service | Self::Socket | Self::Target | Self::Timer | Self::Path)
    }

    /// Whether a file of this type may be another unit's alias.
    pub fn may_alias(self) -> bool {
        matches!(self, Self::Service | Self::Socket | Self::Target | Self::Device | Self::Timer | Self::Path)
    }
}

/// The longest name, with its suffix.
pub const NAME_MAX: usize = 255;

/// A valid unit name (plain, template or instance). Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitName(Arc<str>);

impl UnitName {
    /// The name, if it is valid: a known suffix, allowed characters, at most 255 bytes, no `@` at the start.
    pub fn new(name: &str) -> Option<Self> {
        is_valid(name).then(|| Self(Arc::from(name)))
    }

    /// The whole name, with its suffix.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the suffix says.
    pub fn unit_type(&self) -> UnitType {
        type_of(&self.0).unwrap_or(UnitType::Service)
    }

    /// The name without its suffix: `worker@1` of `worker@1.service` (`%N` before unescaping).
    pub fn stem(&self) -> &str {
        self.0.rsplit_once('.').map_or(&self.0, |(stem, _)| stem)
    }

    /// The part before `@` or the suffix: `worker` of `worker@1.service`.
    pub fn prefix(&self) -> &str {
        let stem = self.stem();
        stem.split_once('@').map_or(stem, |(prefix, _)| prefix)
    }

    /// The part between `@` and the suffix: `None` in a plain name, empty in a template.
    pub fn instance(&self) -> Option<&str> {
        self.stem().split_once('@').map(|(_, instance)| instance)
    }

    /// Whether this is `name@.suffix`.
    pub fn is_template(&self) -> bool {
        self.instance() == Some("")
    }

    /// Whether this is `name@something.suffix`.
    pub fn is_instance(&self) -> bool {
        self.instance().is_some_and(|instance| !instance.is_empty())
    }

    /// The template of an instance: `worker@.service` of `worker@1.service`.
    pub fn template(&self) -> Option<Self> {
        self.is_instance().then(|| Self(Arc::from(format!("{}@.{}", self.prefix(), self.unit_type()))))
    }

    /// This template or instance with another instance; `None` for a plain name or if the result is not valid.
    pub fn with_instance(&self, instance: &str) -> Option<Self> {
        self.instance()?;
        Self::new(&format!("{}@{instance}.{}", self.prefix(), self.unit_type()))
    }

    /// The same stem with another suffix: the service of a timer.
    pub fn with_type(&self, kind: UnitType) -> Option<Self> {
        Self::new(&format!("{}.{kind}", self.stem()))
    }
}

impl fmt::Display for UnitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for UnitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl AsRef<str> for UnitName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for UnitName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The characters a unit name may hold besides `@`.
pub fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.' | '\\')
}

/// The type a name's suffix says, if it is one.
pub fn type_of(name: &str) -> Option<UnitType> {
    name.rsplit_once('.').and_then(|(_, suffix)| UnitType::parse(suffix))
}

fn is_valid(name: &str) -> bool {
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    name.len() <= NAME_MAX
        && type_of(name).is_some()
        && !stem.is_empty()
        && !stem.starts_with('@')
        && stem.chars().all(|c| c == '@' || is_name_char(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_at_the_first_at_and_the_last_dot() {
        let name = UnitName::new("worker@a@b.c.service").unwrap();
        assert_eq!((name.prefix(), name.instance(), name.stem()), ("worker", Some("a@b.c"), "worker@a@b.c"));
        assert_eq!(name.template().unwrap().as_str(), "worker@.service");
        assert_eq!(name.with_instance("2").unwrap().as_str(), "worker@2.service");
        assert_eq!(UnitName::new("a.timer").unwrap().with_type(UnitType::Service).unwrap().as_str(), "a.service");
    }

    #[test]
    fn validity() {
        for (name, valid) in [
            ("a.service", true),
            ("a", false),
            (".service", false),
            ("@.service", false),
            ("a@.service", true),
            ("a b.service", false),
            ("a/b.service", false),
            ("é.service", false),
            ("a.foo", false),
            ("-.mount", true),
            ("-.slice", true),
            ("x\\x2d.service", true),
        ] {
            assert_eq!(UnitName::new(name).is_some(), valid, "{name}");
        }
        assert!(UnitName::new(&format!("{}.service", "a".repeat(248))).is_none());
        assert!(UnitName::new(&format!("{}.service", "a".repeat(247))).is_some());
    }
}
