//! Who may do what: sudoers(5), without aliases.

use crate::world::World;
use crate::world::accounts::{self, User};

/// A rule that fits the user: `(ALL : ALL) NOPASSWD: ALL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What stands between the parentheses, `root` when there are none.
    pub runas: String,
    /// No password is asked.
    pub nopasswd: bool,
    /// The commands, `ALL` or paths with arguments; `!` forbids.
    pub commands: Vec<String>,
}

/// What the files say about one user.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The rules that fit, in order; the last one that names a command decides.
    pub rules: Vec<Rule>,
    /// `Defaults`, one setting each.
    pub defaults: Vec<String>,
    /// Files with mistakes: path and line.
    pub errors: Vec<(String, usize)>,
}

/// How deep files may include one another.
const DEPTH: u8 = 8;

/// Reads `/etc/sudoers` and what it includes for `user`.
pub fn policy(world: &World, user: &User) -> Policy {
    let mut policy = Policy::default();
    read(world, "/etc/sudoers", user, &mut policy, DEPTH);
    policy
}

fn read(world: &World, path: &str, user: &User, policy: &mut Policy, depth: u8) {
    let Some(text) = world.files.text(path).filter(|_| depth > 0) else { return };
    let text = text.replace("\\\n", " ");
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let include = line.strip_prefix(['@', '#']).unwrap_or_default();
        if let Some(folder) = include.strip_prefix("includedir") {
            let folder = folder.trim();
            let names = world.files.list(&crate::world::fs::Cred::root(), "/", folder).unwrap_or_default();
            for (name, _) in names.iter().filter(|(name, _)| !name.contains('.') && !name.ends_with('~')) {
                read(world, &format!("{folder}/{name}"), user, policy, depth - 1);
            }
        } else if let Some(file) = include.strip_prefix("include ") {
            read(world, file.trim(), user, policy, depth - 1);
        } else if line.is_empty() || line.starts_with('#') {
        } else if let Some(settings) = line.strip_prefix("Defaults") {
            if settings.starts_with([' ', '\t']) {
                policy.defaults.extend(split_settings(settings.trim()));
            }
        } else if line.contains("_Alias") {
        } else {
            match rule(world, line, user) {
                Some(Some(rule)) => policy.rules.push(rule),
                Some(None) => {}
                None => policy.errors.push((path.to_owned(), number + 1)),
            }
        }
    }
}

/// Splits at commas that stand outside quotes.
fn split_settings(text: &str) -> Vec<String> {
    let (mut out, mut quoted) = (vec![String::new()], false);
    for letter in text.chars() {
        quoted ^= letter == '"';
        match (letter, out.last_mut()) {
            (',', _) if !quoted => out.push(String::new()),
            (c, Some(last)) => last.push(c),
            _ => {}
        }
    }
    out.into_iter().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

/// One line `WHO HOST=(RUNAS) TAGS: COMMANDS`. `None`: it is no rule; `Some(None)`: it is about somebody else.
fn rule(world: &World, line: &str, user: &User) -> Option<Option<Rule>> {
    let (who, rest) = line.split_once([' ', '\t'])?;
    let (_host, rest) = rest.split_once('=')?;
    let rest = rest.trim();
    let (runas, rest) = match rest.strip_prefix('(') {
        Some(rest) => rest.split_once(')')?,
        None => ("root", rest),
    };
    let mut rest = rest.trim();
    let mut nopasswd = false;
    while let Some((tag, tail)) =
        rest.split_once(':').filter(|(tag, _)| tag.trim().chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    {
        match tag.trim() {
            "NOPASSWD" => nopasswd = true,
            "PASSWD" => nopasswd = false,
            _ => {}
        }
        rest = tail.trim();
    }
    if rest.is_empty() {
        return None;
    }
    if !who.split(',').any(|who| names(world, who, user)) {
        return Some(None);
    }
    let commands = rest.split(',').map(|c| c.trim().to_owned()).collect();
    Some(Some(Rule { runas: runas.trim().to_owned(), nopasswd, commands }))
}

/// Whether `name`, `%group` or `#uid` means the user.
fn names(world: &World, who: &str, user: &User) -> bool {
    if who == "ALL" || who == user.name {
        return true;
    }
    if let Some(uid) = who.strip_prefix('#') {
        return uid.parse() == Ok(user.uid);
    }
    let Some(group) = who.strip_prefix('%') else { return false };
    accounts::group(&world.files, group).is_some_and(|g| g.gid == user.gid || g.members.contains(&user.name))
}

impl Policy {
    /// The rule that lets the user run `command` (with its arguments) as `target`.
    pub fn allows(&self, target: &str, command: &str) -> Option<&Rule> {
        self.rules.iter().rev().filter(|rule| rule.runs_as(target)).find_map(|rule| {
            let fits = |pattern: &str| {
                let pattern = pattern.trim_start_matches('!').trim();
                pattern == "ALL"
                    || pattern == command
                    || command.strip_prefix(pattern).is_some_and(|rest| rest.starts_with(' '))
            };
            let last = rule.commands.iter().rev().find(|pattern| fits(pattern))?;
            Some((!last.starts_with('!')).then_some(rule))
        })?
    }

    /// The value of `secure_path`, if it is set.
    pub fn secure_path(&self) -> Option<String> {
        let value = self.defaults.iter().rev().find_map(|d| d.strip_prefix("secure_path"))?;
        Some(value.trim_start_matches([' ', '=']).trim_matches('"').to_owned())
    }

    /// Whether the environment is made anew (it is unless `!env_reset`).
    pub fn env_reset(&self) -> bool {
        !self.defaults.iter().any(|d| d == "!env_reset")
    }

    /// Variables that `env_keep` adds.
    pub fn env_keep(&self) -> Vec<String> {
        let values = self.defaults.iter().filter_map(|d| d.strip_prefix("env_keep"));
        values
            .flat_map(|v| {
                v.trim_start_matches([' ', '+', '='])
                    .trim_matches('"')
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

impl Rule {
    fn runs_as(&self, target: &str) -> bool {
        let users = self.runas.split(':').next().unwrap_or_default();
        users.split(',').any(|u| matches!(u.trim(), "ALL") || u.trim() == target)
    }

    /// The rule as `sudo -l` prints it.
    pub fn shown(&self) -> String {
        let runas = self.runas.split(':').map(str::trim).collect::<Vec<_>>().join(" : ");
        let tag = if self.nopasswd { "NOPASSWD: " } else { "" };
        format!("    ({runas}) {tag}{}", self.commands.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Time;

    fn world(text: &str) -> (World, User) {
        let mut world = World::new(Time::default(), 1, |_, _| None);
        let now = Time::default();
        world.files.put("/etc/passwd", b"deploy:x:1000:1000::/home/deploy:/bin/bash\n", 0o644, (0, 0), now);
        world.files.put("/etc/group", b"sudo:x:27:deploy\n", 0o644, (0, 0), now);
        world.files.put("/etc/sudoers", text.as_bytes(), 0o440, (0, 0), now);
        world.files.put("/etc/sudoers.d/deploy", b"deploy ALL=(ALL) NOPASSWD:ALL\n", 0o440, (0, 0), now);
        let user = accounts::user(&world.files, "deploy").unwrap();
        (world, user)
    }

    #[test]
    fn the_last_rule_that_fits_decides() {
        let (with, user) = world("%sudo ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n");
        let policy = policy(&with, &user);
        assert!(policy.allows("root", "/usr/bin/id").is_some_and(|r| r.nopasswd));
        assert_eq!(policy.rules[0].shown(), "    (ALL : ALL) ALL");
        assert_eq!(policy.rules[1].shown(), "    (ALL) NOPASSWD: ALL");
    }

    #[test]
    fn a_listed_command_is_allowed_and_no_other() {
        let (world, user) = world("deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart worker\n");
        let policy = policy(&world, &user);
        assert!(policy.allows("root", "/usr/bin/systemctl restart worker").is_some());
        assert!(policy.allows("root", "/usr/bin/systemctl stop worker").is_none());
        assert!(policy.allows("www-data", "/usr/bin/systemctl restart worker").is_none());
    }
}
