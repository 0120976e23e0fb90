//! The configuration of supervisor: its sections, programs and their settings: supervisord.conf.

use std::collections::BTreeMap;

use crate::commands::net::redis::glob;
use crate::world::fs::Cred;
use crate::world::{Signal, World};

/// When a program that ended is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Autorestart {
    /// `true`.
    Always,
    /// `false`.
    Never,
    /// `unexpected`: when its exit status is none of `exitcodes`.
    Unexpected,
}

/// One process of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its group: the program, or a `[group:x]`.
    pub group: String,
    /// Its name in the group.
    pub name: String,
    /// The command line, taken apart.
    pub argv: Vec<String>,
    /// The user it runs as.
    pub user: Option<String>,
    /// The folder it starts in.
    pub directory: Option<String>,
    /// Variables added to its environment.
    pub environment: Vec<(String, String)>,
    /// It starts with the daemon.
    pub autostart: bool,
    /// When it is started again.
    pub autorestart: Autorestart,
    /// Seconds it must live to count as running.
    pub startsecs: u64,
    /// How often starting is tried again.
    pub startretries: u64,
    /// Statuses that are expected.
    pub exitcodes: Vec<u8>,
    /// What stops it.
    pub stopsignal: Signal,
    /// Seconds until SIGKILL.
    pub stopwaitsecs: u64,
    /// The signal that stops it goes to the whole process group.
    pub stop_as_group: bool,
    /// SIGKILL goes to the whole process group.
    pub kill_as_group: bool,
    /// Its group is a section of its own.
    pub group_declared: bool,
    /// The size at which a log is rotated (0: never), and how many old ones are kept: of standard output.
    pub stdout_rotation: (u64, u64),
    /// The same of standard error.
    pub stderr_rotation: (u64, u64),
    /// What it prints to its error stream goes with the rest.
    pub redirect_stderr: bool,
    /// Where its output goes; `None`: nowhere.
    pub stdout_logfile: Option<String>,
    /// Where its error output goes.
    pub stderr_logfile: Option<String>,
    /// Lower ones start first.
    pub priority: i64,
}

impl Program {
    /// The name that `supervisorctl` shows: `group:name`, or just the name where both are one.
    pub fn shown(&self) -> String {
        if self.group == self.name { self.name.clone() } else { format!("{}:{}", self.group, self.name) }
    }
}

/// What the files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The daemon's log.
    pub logfile: String,
    /// Where logs of programs go that name no file.
    pub childlogdir: String,
    /// The file with the daemon's process id.
    pub pidfile: String,
    /// The control socket.
    pub socket: String,
    /// Processes, in the order of their names.
    pub programs: Vec<Program>,
    /// Included files.
    pub included: Vec<String>,
}

impl Config {
    /// The names of all groups.
    pub fn groups(&self) -> Vec<String> {
        let mut names: Vec<String> = self.programs.iter().map(|p| p.group.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The processes of a group.
    pub fn group(&self, name: &str) -> Vec<&Program> {
        self.programs.iter().filter(|p| p.group == name).collect()
    }
}

type Section = BTreeMap<String, String>;

/// Sections of an INI file; values may go on in indented lines. Errors: supervisor's message.
fn sections(path: &str, text: &str) -> Result<Vec<(String, Section)>, String> {
    let mut out: Vec<(String, Section)> = Vec::new();
    let mut key = String::new();
    for (number, line) in text.lines().enumerate() {
        let bare = line.split(" ;").next().unwrap_or(line).trim_end();
        if bare.trim().is_empty() || bare.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = bare.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            out.push((name.to_owned(), Section::new()));
            key.clear();
            continue;
        }
        let Some((_, section)) = out.last_mut() else {
            return Err(format!(
                "File contains no section headers.\nfile: '{path}', line: {}\n'{line}\\n'",
                number + 1
            ));
        };
        if line.starts_with([' ', '\t']) && !key.is_empty() {
            let value = section.entry(key.clone()).or_default();
            value.push('\n');
            value.push_str(bare.trim());
        } else if let Some((name, value)) = bare.split_once(['=', ':']) {
            key = name.trim().to_owned();
            section.insert(key.clone(), value.trim().to_owned());
        } else {
            return Err(format!("Source contains parsing errors: '{path}'\n\t[line {:>2}]: '{line}\\n'", number + 1));
        }
    }
    Ok(out)
}

/// Reads the file and what its `[include]` names. Errors: supervisor's message.
pub fn read(world: &World, path: &str) -> Result<Config, String> {
    let text = world.files.text(path).ok_or_else(|| format!("could not find config file {path}"))?;
    let mut all = sections(path, &text)?;
    let mut included = Vec::new();
    let patterns: Vec<String> = all
        .iter()
        .filter(|(name, _)| name == "include")
        .filter_map(|(_, s)| s.get("files").cloned())
        .flat_map(|files| files.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    for pattern in patterns {
        let (folder, name) = pattern.rsplit_once('/').unwrap_or(("/etc/supervisor", &pattern));
        for (file, _) in world.files.list(&Cred::root(), "/", folder).unwrap_or_default() {
            if glob(name, &file) {
                let path = format!("{folder}/{file}");
                let text = world.files.text(&path).unwrap_or_default();
                all.extend(sections(&path, &text)?);
                included.push(path);
            }
        }
    }
    let find = |name: &str, key: &str, usual: &str| {
        let value = all.iter().find(|(n, _)| n == name).and_then(|(_, s)| s.get(key));
        value.map_or_else(|| usual.to_owned(), |v| v.split(' ').next().unwrap_or(v).to_owned())
    };
    let mut config = Config {
        logfile: find("supervisord", "logfile", "/var/log/supervisor/supervisord.log"),
        childlogdir: find("supervisord", "childlogdir", "/var/log/supervisor"),
        pidfile: find("supervisord", "pidfile", "/var/run/supervisord.pid"),
        socket: find("unix_http_server", "file", "/var/run/supervisor.sock"),
        programs: Vec::new(),
        included,
    };
    let groups: Vec<(String, Vec<String>)> = all
        .iter()
        .filter_map(|(name, section)| {
            let programs = section.get("programs")?.split(',').map(|p| p.trim().to_owned()).collect();
            Some((name.strip_prefix("group:")?.to_owned(), programs))
        })
        .collect();
    for (name, section) in &all {
        if let Some(name) = name.strip_prefix("program:") {
            let group = groups.iter().find(|(_, programs)| programs.iter().any(|p| p == name)).map_or(name, |g| &g.0);
            config.programs.extend(programs(world, name.trim(), group, section, &config.childlogdir)?);
        }
    }
    config.programs.sort_by_key(Program::shown);
    Ok(config)
}

fn number(section: &Section, program: &str, key: &str, usual: u64) -> Result<u64, String> {
    match section.get(key).map(|v| v.parse()) {
        None => Ok(usual),
        Some(Ok(n)) => Ok(n),
        Some(Err(_)) => {
            let value = section.get(key).cloned().unwrap_or_default();
            Err(format!("invalid literal for int() with base 10: '{value}' in section 'program:{program}'"))
        }
    }
}

/// `stdout_logfile_maxbytes` and `stdout_logfile_backups`.
fn rotation(section: &Section, program: &str, channel: &str) -> Result<(u64, u64), String> {
    let size = section.get(&format!("{channel}_logfile_maxbytes")).map_or("50MB", String::as_str).to_uppercase();
    let (digits, scale) = match (size.strip_suffix("KB"), size.strip_suffix("MB"), size.strip_suffix("GB")) {
        (Some(n), ..) => (n, 1 << 10),
        (_, Some(n), _) => (n, 1 << 20),
        (.., Some(n)) => (n, 1 << 30),
        _ => (size.as_str(), 1),
    };
    let bytes = digits.trim().parse::<u64>().ok().and_then(|n| n.checked_mul(scale));
    let bytes = bytes.ok_or_else(|| {
        format!("invalid literal for int() with base 10: '{}' in section 'program:{program}'", size.to_lowercase())
    })?;
    Ok((bytes, number(section, program, &format!("{channel}_logfile_backups"), 10)?))
}

fn flag(section: &Section, key: &str, usual: bool) -> bool {
    section.get(key).map_or(usual, |v| matches!(v.to_lowercase().as_str(), "true" | "yes" | "on" | "1" | "t" | "y"))
}

/// The processes of one `[program:x]`.
fn programs(world: &World, program: &str, group: &str, section: &Section, logs: &str) -> Result<Vec<Program>, String> {
    let command = section
        .get("command")
        .ok_or_else(|| format!("program section program:{program} does not specify a command"))?;
    let count = number(section, program, "numprocs", 1)?.min(64);
    let template = section.get("process_name").map_or("%(program_name)s", String::as_str);
    if count > 1 && !template.contains("%(process_num)") {
        return Err(format!(
            "%(process_num) must be present within process_name when numprocs > 1 in section 'program:{program}'"
        ));
    }
    if let Some(user) = section.get("user").filter(|u| crate::world::accounts::user(&world.files, u).is_none()) {
        return Err(format!("Invalid user name {user} in section 'program:{program}'"));
    }
    let autorestart = match section.get("autorestart").map(|v| v.to_lowercase()).as_deref() {
        None | Some("unexpected") => Autorestart::Unexpected,
        Some("true" | "yes" | "on" | "1") => Autorestart::Always,
        Some("false" | "no" | "off" | "0") => Autorestart::Never,
        Some(other) => return Err(format!("invalid 'autorestart' value '{other}' in section 'program:{program}'")),
    };
    let stopsignal = match section.get("stopsignal") {
        None => Signal::TERM,
        Some(name) => Signal::parse(&name.to_uppercase())
            .ok_or_else(|| format!("value '{name}' is not a valid signal name in section 'program:{program}'"))?,
    };
    let start = number(section, program, "numprocs_start", 0)?;
    let mut out = Vec::new();
    for n in start..start + count {
        let name = expand(template, program, group, n);
        let log = |key: &str, channel: &str| match section.get(key).map(String::as_str) {
            None | Some("AUTO") => Some(format!("{logs}/{name}-{channel}---supervisor-{}.log", suffix(&name, channel))),
            Some("NONE" | "/dev/null") => None,
            Some("syslog") => None,
            Some(path) => Some(expand(path, program, group, n)),
        };
        out.push(Program {
            group: group.to_owned(),
            argv: words(&expand(command, program, group, n)),
            user: section.get("user").cloned(),
            directory: section.get("directory").map(|d| expand(d, program, group, n)),
            environment: environment(&expand(section.get("environment").map_or("", String::as_str), program, group, n)),
            autostart: flag(section, "autostart", true),
            autorestart,
            startsecs: number(section, program, "startsecs", 1)?,
            startretries: number(section, program, "startretries", 3)?,
            exitcodes: section
                .get("exitcodes")
                .map_or_else(|| vec![0], |v| v.split(',').filter_map(|c| c.trim().parse().ok()).collect()),
            stopsignal,
            stopwaitsecs: number(section, program, "stopwaitsecs", 10)?,
            stop_as_group: flag(section, "stopasgroup", false),
            kill_as_group: flag(section, "killasgroup", flag(section, "stopasgroup", false)),
            group_declared: group != program,
            stdout_rotation: rotation(section, program, "stdout")?,
            stderr_rotation: rotation(section, program, "stderr")?,
            redirect_stderr: flag(section, "redirect_stderr", false),
            stdout_logfile: log("stdout_logfile", "stdout"),
            stderr_logfile: log("stderr_logfile", "stderr"),
            priority: section.get("priority").and_then(|p| p.parse().ok()).unwrap_or(999),
            name,
        });
    }
    Ok(out)
}

/// Eight letters for the name of a log file that nobody chose.
fn suffix(name: &str, channel: &str) -> String {
    let mut hash: u32 = 5381;
    for b in name.bytes().chain(channel.bytes()) {
        hash = hash.wrapping_mul(33) ^ u32::from(b);
    }
    format!("{hash:08x}")
}

/// Replaces `%(program_name)s`, `%(group_name)s` and `%(process_num)02d`.
fn expand(text: &str, program: &str, group: &str, n: u64) -> String {
    text.replace("%(program_name)s", program)
        .replace("%(group_name)s", group)
        .replace("%(process_num)02d", &format!("{n:02}"))
        .replace("%(process_num)03d", &format!("{n:03}"))
        .replace("%(process_num)s", &n.to_string())
        .replace("%(process_num)d", &n.to_string())
        .replace("%(here)s", "/etc/supervisor/conf.d")
        .replace("%%", "%")
}

/// Words of a command line as a shell without variables would see them.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut letters = line.chars();
    while let Some(c) = letters.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some('"') | None, '\\') => word.get_or_insert_default().extend(letters.next()),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// `KEY="value",KEY2=value`.
fn environment(text: &str) -> Vec<(String, String)> {
    let (mut out, mut quote, mut part) = (Vec::new(), None, String::new());
    for c in text.chars().chain([',']) {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, ',' | '\n') => {
                if let Some((name, value)) = part.split_once('=') {
                    out.push((name.trim().to_owned(), value.trim().to_owned()));
                }
                part.clear();
            }
            (_, c) => part.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Time;

    fn config(text: &str) -> Result<Config, String> {
        let mut world = World::new(Time::default(), 1, |_, _| None);
        world.files.put("/s.conf", text.as_bytes(), 0o644, (0, 0), Time::default());
        read(&world, "/s.conf")
    }

    #[test]
    fn programs_come_in_numbers() {
        let text = "[program:w]\ncommand=/bin/w --id %(process_num)02d \"a b\"\nnumprocs=2\nprocess_name=%(program_name)s_%(process_num)02d\nenvironment=A=\"1,2\",B=3\nautorestart=true ; always\n";
        let config = config(text).unwrap();
        assert_eq!(config.programs.iter().map(Program::shown).collect::<Vec<_>>(), ["w:w_00", "w:w_01"]);
        assert_eq!(config.programs[1].argv, ["/bin/w", "--id", "01", "a b"]);
        assert_eq!(config.programs[0].environment, [("A".into(), "1,2".into()), ("B".into(), "3".into())]);
        assert_eq!(config.programs[0].autorestart, Autorestart::Always);
    }

    #[test]
    fn mistakes_are_named() {
        assert!(config("[program:w]\nuser=x\n").unwrap_err().contains("does not specify a command"));
        assert!(config("command=x\n").unwrap_err().starts_with("File contains no section headers."));
        assert!(config("[program:w]\ncommand=x\nautorestart=maybe\n").is_err());
    }
}
