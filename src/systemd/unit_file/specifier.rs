//! Specifiers, the `%x` of unit files: systemd.unit(5).

use crate::systemd::escaping::{unescape_name, unescape_path};
use crate::systemd::unit_name::UnitName;
use crate::world::Errno;

/// What specifiers know of the machine and of the manager that reads the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    pub hostname: String,
    /// 32 hexadecimal digits.
    pub machine_id: String,
    /// 32 hexadecimal digits.
    pub boot_id: String,
    pub kernel_release: String,
    /// systemd's word: `x86-64`.
    pub architecture: String,
    /// `/etc/os-release`: `ID`, `VERSION_ID`, `VARIANT_ID`, `BUILD_ID`, `IMAGE_ID`, `IMAGE_VERSION`; empty when absent.
    pub os: [String; 6],
    /// The manager's own user: root for the system.
    pub user: String,
    pub uid: u32,
    pub group: String,
    pub gid: u32,
    pub home: String,
    pub shell: String,
    /// Whether this is a user's manager and not the system's.
    pub user_manager: bool,
}

impl Default for Host {
    fn default() -> Self {
        let [id, version] = ["debian".to_owned(), "12".to_owned()];
        Self {
            hostname: "vps".to_owned(),
            machine_id: "0123456789abcdef0123456789abcdef".to_owned(),
            boot_id: "fedcba9876543210fedcba9876543210".to_owned(),
            kernel_release: crate::world::KERNEL_RELEASE.to_owned(),
            architecture: "x86-64".to_owned(),
            os: [id, version, String::new(), String::new(), String::new(), String::new()],
            user: "root".to_owned(),
            uid: 0,
            group: "root".to_owned(),
            gid: 0,
            home: "/root".to_owned(),
            shell: "/bin/bash".to_owned(),
            user_manager: false,
        }
    }
}

impl Host {
    /// `$XDG_CONFIG_HOME` and kin, or the system's folders: `%E %S %C %L %t`.
    fn directory(&self, letter: char) -> String {
        if !self.user_manager {
            let folder = match letter {
                'E' => "/etc",
                'S' => "/var/lib",
                'C' => "/var/cache",
                'L' => "/var/log",
                _ => "/run",
            };
            return folder.to_owned();
        }
        match letter {
            'E' | 'S' => format!("{}/.config", self.home),
            'C' => format!("{}/.cache", self.home),
            'L' => format!("{}/.config/log", self.home),
            _ => format!("/run/user/{}", self.uid),
        }
    }
}

/// Which specifiers are known where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Values of most settings.
    Full,
    /// Names of units in dependencies, `[Install]` and `Unit=`.
    Name,
}

/// The unit whose file is read.
#[derive(Clone, Debug)]
pub struct Specifiers<'a> {
    pub name: &'a UnitName,
    pub fragment_path: Option<&'a str>,
    pub host: &'a Host,
}

/// The longest result of a value, in bytes (`sysconf(_SC_ARG_MAX)`).
pub const ARG_MAX: usize = 2 * 1024 * 1024;
/// The longest result of a path, in bytes.
pub const PATH_MAX: usize = 4095;
/// The longest result of a unit name, in bytes.
pub const NAME_MAX: usize = 255;

impl Specifiers<'_> {
    /// Resolves all specifiers of a value: `EBADSLT` ("Invalid slot") for an unknown one, `ENAMETOOLONG` past `max` bytes.
    pub fn resolve(&self, text: &str, scope: Scope, max: usize) -> Result<String, Errno> {
        let mut out = String::with_capacity(text.len());
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '%' => match chars.next() {
                    None | Some('%') => out.push('%'),
                    Some(letter) => match self.lookup(letter, scope)? {
                        Some(value) => out.push_str(&value),
                        None if letter.is_ascii_alphanumeric() => return Err(Errno::EBADSLT),
                        None => out.extend(['%', letter]),
                    },
                },
                other => out.push(other),
            }
            if out.len() > max {
                return Err(Errno::ENAMETOOLONG);
            }
        }
        Ok(out)
    }

    /// The value of one specifier; `None` if there is none of that letter here.
    fn lookup(&self, letter: char, scope: Scope) -> Result<Option<String>, Errno> {
        if let Some(value) = self.of_name(letter) {
            return Ok(Some(value));
        }
        if let Some(value) = self.of_host(letter) {
            return Ok(Some(value));
        }
        if scope == Scope::Name {
            return Ok(None);
        }
        let unescaped = |text: &str| unescape_name(text).ok_or(Errno::EINVAL);
        Ok(Some(match letter {
            'I' => unescaped(self.name.instance().unwrap_or(""))?,
            'P' => unescaped(self.name.prefix())?,
            'J' => unescaped(last_component(self.name.prefix()))?,
            'f' => {
                let source = self.name.instance().filter(|i| !i.is_empty()).unwrap_or(self.name.prefix());
                unescape_path(source).ok_or(Errno::EINVAL)?
            }
            'y' => self.fragment_path.unwrap_or("").to_owned(),
            'Y' => self.fragment_path.and_then(|p| p.rsplit_once('/')).map_or("", |(dir, _)| dir).to_owned(),
            'E' | 'S' | 'C' | 'L' | 't' => self.host.directory(letter),
            'd' => {
                let root = if self.host.user_manager { self.host.directory('t') } else { "/run".to_owned() };
                format!("{root}/credentials/{}", self.name)
            }
            'h' => self.host.home.clone(),
            's' => self.host.shell.clone(),
            'c' => format!("/system.slice/{}", self.name),
            'r' => "/system.slice".to_owned(),
            'R' => String::new(),
            _ => return Ok(None),
        }))
    }

    /// Specifiers of the unit's name that are known everywhere.
    fn of_name(&self, letter: char) -> Option<String> {
        Some(match letter {
            'n' => self.name.to_string(),
            'N' => self.name.stem().to_owned(),
            'p' => self.name.prefix().to_owned(),
            'j' => last_component(self.name.prefix()).to_owned(),
            'i' => self.name.instance().unwrap_or("").to_owned(),
            _ => return None,
        })
    }

    /// Specifiers of the machine and the manager's user that are known everywhere.
    fn of_host(&self, letter: char) -> Option<String> {
        let host = self.host;
        Some(match letter {
            'H' | 'q' => host.hostname.clone(),
            'l' => host.hostname.split('.').next().unwrap_or("").to_owned(),
            'm' => host.machine_id.clone(),
            'b' => host.boot_id.clone(),
            'v' => host.kernel_release.clone(),
            'a' => host.architecture.clone(),
            'o' => host.os[0].clone(),
            'w' => host.os[1].clone(),
            'W' => host.os[2].clone(),
            'B' => host.os[3].clone(),
            'M' => host.os[4].clone(),
            'A' => host.os[5].clone(),
            'u' => host.user.clone(),
            'U' => host.uid.to_string(),
            'g' => host.group.clone(),
            'G' => host.gid.to_string(),
            'T' => "/tmp".to_owned(),
            'V' => "/var/tmp".to_owned(),
            _ => return None,
        })
    }
}

/// What follows the last dash of a prefix.
fn last_component(prefix: &str) -> &str {
    prefix.rsplit_once('-').map_or(prefix, |(_, last)| last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(unit: &str, text: &str) -> Result<String, Errno> {
        let name = UnitName::new(unit).unwrap();
        let host = Host::default();
        let specifiers = Specifiers { name: &name, fragment_path: Some("/etc/systemd/system/x.service"), host: &host };
        specifiers.resolve(text, Scope::Full, ARG_MAX)
    }

    #[test]
    fn values() {
        for (text, expected) in [
            ("%i|%I|%p|%P|%j|%J", r"a\x20b-c|a b/c|my-\x40w|my/@w|\x40w|@w"),
            ("%n", r"my-\x40w@a\x20b-c.service"),
            ("%N", r"my-\x40w@a\x20b-c"),
            ("%f", "/a b/c"),
            ("%h %u %U %g %G %s", "/root root 0 root 0 /bin/bash"),
            ("%t %S %C %L %E %T %V", "/run /var/lib /var/cache /var/log /etc /tmp /var/tmp"),
            ("%H %l", "vps vps"),
            ("%y %Y", "/etc/systemd/system/x.service /etc/systemd/system"),
            ("100% %% %- %", "100% % %- %"),
            ("%d", r"/run/credentials/my-\x40w@a\x20b-c.service"),
        ] {
            assert_eq!(resolve(r"my-\x40w@a\x20b-c.service", text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn unknown_ones_are_an_error_unless_they_are_no_letters() {
        assert_eq!(resolve("a.service", "50%z"), Err(Errno::EBADSLT));
        assert_eq!(resolve("a.service", "50%!"), Ok("50%!".to_owned()));
        assert_eq!(resolve(r"a@\xzz.service", "%I"), Err(Errno::EINVAL));
    }
}
