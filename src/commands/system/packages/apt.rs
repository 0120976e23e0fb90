//! `apt`, `apt-get` and `apt-cache`: installs from the catalogue, as if its packages came from a server: apt(8).

use super::catalogue::{GROUPS, PACKAGES, Package, UNITS, find};
use super::{ABSENT, is_installed, record};
use crate::commands::net::redis::glob;
use crate::commands::process::launch::{print, say};
use crate::commands::{Command, all};
use crate::vps::program_spec::{ArgPattern, PROGRAM, declared};
use crate::world::{Channel, ChildEvent, Pid, Program, Step, Sys, Wait, World};

/// `apt`.
pub const APT: Command = Command { name: "apt", path: "/usr/bin/apt", program: |argv| Box::new(Apt::new(argv)) };
/// `apt-get`.
pub const APT_GET: Command =
    Command { name: "apt-get", path: "/usr/bin/apt-get", program: |argv| Box::new(Apt::new(argv)) };
/// `apt-cache`.
pub const APT_CACHE: Command =
    Command { name: "apt-cache", path: "/usr/bin/apt-cache", program: |argv| Box::new(Apt::new(argv)) };

#[derive(Clone)]
struct Apt {
    argv: Vec<String>,
    started: bool,
    /// Commands that the packages' scripts run, the next one last.
    scripts: Vec<Vec<String>>,
    child: Option<Pid>,
}

impl Apt {
    fn new(argv: &[String]) -> Self {
        Apt { argv: argv.to_vec(), started: false, scripts: Vec::new(), child: None }
    }
}

impl Program for Apt {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.started = true;
            if let Err(status) = self.start(sys) {
                return Step::Exit(status);
            }
        }
        loop {
            if let Some(child) = self.child {
                match sys.wait_child(Some(child)) {
                    Some((_, ChildEvent::Ended(_))) => self.child = None,
                    Some(_) => continue,
                    None => return Step::Wait(Wait::channel(Channel::Children(sys.pid))),
                }
            }
            let Some(argv) = self.scripts.pop() else { return Step::Exit(0) };
            self.child = sys.spawn(&argv[0], &argv).ok();
        }
    }
}

/// How a list of packages is printed below its heading.
fn names(packages: &[&Package]) -> String {
    packages.iter().map(|p| format!(" {}", p.name)).collect()
}

impl Apt {
    /// Does the work; `Err` is the status to end with at once.
    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), u8> {
        let name = crate::commands::process::launch::base_name(&self.argv).to_owned();
        let words: Vec<String> = self.argv.iter().skip(1).filter(|w| !w.starts_with('-')).cloned().collect();
        let options: Vec<&str> = self.argv.iter().skip(1).filter(|w| w.starts_with('-')).map(String::as_str).collect();
        let verb = words.first().map_or("", String::as_str);
        let rest = words.get(1..).unwrap_or_default();
        if name == "apt" && !sys.isatty(1) {
            say(sys, "\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n");
        }
        match verb {
            "list" if name == "apt" => list(sys, &options, rest),
            "policy" => policy(sys, rest),
            "show" => return show(sys, rest),
            "search" => search(sys, rest),
            "install" | "reinstall" => self.install(sys, rest)?,
            "remove" | "purge" => self.remove(sys, verb, rest)?,
            "update" => {
                lock(sys, "/var/lib/apt/lists/lock")?;
                print(
                    sys,
                    1,
                    "Hit:1 http://deb.debian.org/debian bookworm InRelease\nHit:2 http://deb.debian.org/debian bookworm-updates InRelease\nHit:3 http://security.debian.org/debian-security bookworm-security InRelease\n",
                );
                reading(sys);
                if name == "apt" {
                    print(sys, 1, "All packages are up to date.\n");
                }
            }
            "upgrade" | "dist-upgrade" | "full-upgrade" | "autoremove" | "autoclean" | "clean" => {
                lock(sys, "/var/lib/dpkg/lock-frontend")?;
                if !verb.contains("clean") {
                    reading(sys);
                    if verb != "autoremove" {
                        print(sys, 1, "Calculating upgrade...\n");
                    }
                    print(sys, 1, "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n");
                }
            }
            "" => print(sys, 1, "apt 2.6.1 (amd64)\nUsage: apt [options] command\n"),
            other => {
                say(sys, &format!("E: Invalid operation {other}"));
                return Err(100);
            }
        }
        Ok(())
    }

    fn install(&mut self, sys: &mut Sys<'_>, wanted: &[String]) -> Result<(), u8> {
        lock(sys, "/var/lib/dpkg/lock-frontend")?;
        reading(sys);
        let mut new: Vec<&'static Package> = Vec::new();
        let mut missing = false;
        for name in wanted {
            match find(name) {
                None => {
                    say(sys, &format!("E: Unable to locate package {name}"));
                    missing = true;
                }
                Some(package) if is_installed(sys.world, package) => {
                    print(sys, 1, &format!("{} is already the newest version ({}).\n", package.name, package.version));
                }
                Some(package) => {
                    let needed = package.depends.iter().filter_map(|d| find(d));
                    for p in needed.chain([package]) {
                        if !is_installed(sys.world, p) && new.iter().all(|n| n.name != p.name) {
                            new.push(p);
                        }
                    }
                }
            }
        }
        if missing {
            return Err(100);
        }
        let mut text = String::new();
        if !new.is_empty() {
            let extra: Vec<&Package> = new.iter().copied().filter(|p| !wanted.iter().any(|w| w == p.name)).collect();
            if !extra.is_empty() {
                text += &format!("The following additional packages will be installed:\n {}\n", names(&extra));
            }
            text += &format!("The following NEW packages will be installed:\n {}\n", names(&new));
        }
        text += &format!("0 upgraded, {} newly installed, 0 to remove and 0 not upgraded.\n", new.len());
        print(sys, 1, &text);
        for p in &new {
            self.unpack(sys, p);
        }
        Ok(())
    }

    fn unpack(&mut self, sys: &mut Sys<'_>, p: &'static Package) {
        let (name, version) = (p.name, p.version);
        let file = format!("{name}_{}_{}.deb", version.replace(':', "%3a"), p.arch);
        print(
            sys,
            1,
            &format!(
                "Selecting previously unselected package {name}.\nPreparing to unpack .../{file} ...\nUnpacking {name} ({version}) ...\nSetting up {name} ({version}) ...\n"
            ),
        );
        put_files(sys.world, p);
        record(sys.world, p, true);
        for unit in p.units.iter().rev() {
            let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
            self.scripts.push(words(&["/usr/bin/systemctl", "enable", "--now", unit]));
        }
        if !p.units.is_empty() {
            self.scripts.push(vec!["/usr/bin/systemctl".into(), "daemon-reload".into()]);
        }
    }

    fn remove(&mut self, sys: &mut Sys<'_>, verb: &str, wanted: &[String]) -> Result<(), u8> {
        lock(sys, "/var/lib/dpkg/lock-frontend")?;
        reading(sys);
        let mut gone: Vec<&'static Package> = Vec::new();
        for name in wanted {
            match find(name) {
                None => {
                    say(sys, &format!("E: Unable to locate package {name}"));
                    return Err(100);
                }
                Some(p) if is_installed(sys.world, p) => gone.push(p),
                Some(p) => print(sys, 1, &format!("Package '{}' is not installed, so not removed\n", p.name)),
            }
        }
        if !gone.is_empty() {
            let star = if verb == "purge" { "*" } else { "" };
            let list: String = gone.iter().map(|p| format!(" {}{star}", p.name)).collect();
            print(sys, 1, &format!("The following packages will be REMOVED:\n {list}\n"));
        }
        print(sys, 1, &format!("0 upgraded, 0 newly installed, {} to remove and 0 not upgraded.\n", gone.len()));
        for p in gone {
            print(sys, 1, &format!("Removing {} ({}) ...\n", p.name, p.version));
            record(sys.world, p, false);
            let now = sys.now();
            for unit in p.units {
                self.scripts.push(vec![
                    "/usr/bin/systemctl".into(),
                    "disable".into(),
                    "--now".into(),
                    (*unit).to_owned(),
                ]);
            }
            let kept = |f: &&&str| !f.starts_with("/etc/") && !f.contains("/systemd/system/");
            for file in p.files.iter().filter(kept) {
                sys.world.files.remove_all(file, now);
            }
        }
        Ok(())
    }
}

/// Puts a package's programs where they belong; those that are not simulated say so when they are run.
fn put_files(world: &mut World, p: &Package) {
    let now = world.now;
    for (path, text) in UNITS.iter().filter(|(path, _)| p.files.contains(path)) {
        world.files.put(path, text.as_bytes(), 0o644, (0, 0), now);
    }
    for (_, line) in GROUPS.iter().filter(|(package, _)| *package == p.name) {
        let text = world.files.text("/etc/group").unwrap_or_default();
        if !text.lines().any(|old| old.split(':').next() == line.split(':').next()) {
            world.files.put("/etc/group", format!("{text}{line}").as_bytes(), 0o644, (0, 0), now);
        }
    }
    for path in p.files.iter().filter(|f| f.contains("bin/")) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let coded = all().find(|c| c.path.ends_with(path) || c.name == name).map(|c| c.name);
        let known = coded.unwrap_or(if is_declared(world, name) { PROGRAM } else { ABSENT.name });
        if world.files.get(path).is_none() {
            world.files.put(path, &World::program_file(known), 0o755, (0, 0), now);
        }
    }
}

/// Whether a declaration answers to a program of this name.
fn is_declared(world: &World, name: &str) -> bool {
    let programs = declared(world).flat_map(|file| &file.program);
    programs.filter_map(|spec| spec.argv.first()).any(|word| *word == ArgPattern::Word(name.to_owned()))
}

fn reading(sys: &mut Sys<'_>) {
    let done = if sys.isatty(1) { " Done" } else { "" };
    print(
        sys,
        1,
        &format!(
            "Reading package lists...{done}\nBuilding dependency tree...{done}\nReading state information...{done}\n"
        ),
    );
}

/// Only root may change what is installed.
fn lock(sys: &mut Sys<'_>, path: &str) -> Result<(), u8> {
    if sys.uid() == 0 {
        return Ok(());
    }
    say(sys, &format!("E: Could not open lock file {path} - open (13: Permission denied)"));
    if path.ends_with("lock-frontend") {
        say(sys, &format!("E: Unable to acquire the dpkg frontend lock ({path}), are you root?"));
    } else {
        say(sys, "E: Unable to lock directory /var/lib/apt/lists/");
    }
    Err(100)
}

fn list(sys: &mut Sys<'_>, options: &[&str], patterns: &[String]) {
    print(sys, 1, if sys.isatty(1) { "Listing... Done\n" } else { "Listing...\n" });
    let only = options.contains(&"--installed") || options.contains(&"-i");
    let wanted = |p: &&Package| patterns.is_empty() || patterns.iter().any(|w| w == p.name || glob(w, p.name));
    let text: String = PACKAGES
        .iter()
        .filter(wanted)
        .filter_map(|p| {
            let here = is_installed(sys.world, p);
            let mark = if here { ",now" } else { "" };
            let state = if here { " [installed]" } else { "" };
            (here || !only).then(|| format!("{}/stable{mark} {} {}{state}\n", p.name, p.version, p.arch))
        })
        .collect();
    print(sys, 1, &text);
}

fn policy(sys: &mut Sys<'_>, wanted: &[String]) {
    for name in wanted {
        let text = match find(name).filter(|p| p.name == name) {
            None => {
                say(sys, &format!("N: Unable to locate package {name}"));
                continue;
            }
            Some(p) => {
                let here = is_installed(sys.world, p);
                let now = if here { p.version } else { "(none)" };
                let mark = if here { "***" } else { "   " };
                let status = if here { "\n        100 /var/lib/dpkg/status" } else { "" };
                format!(
                    "{name}:\n  Installed: {now}\n  Candidate: {v}\n  Version table:\n {mark} {v} 500\n        500 http://deb.debian.org/debian bookworm/main amd64 Packages{status}\n",
                    v = p.version
                )
            }
        };
        print(sys, 1, &text);
    }
}

fn show(sys: &mut Sys<'_>, wanted: &[String]) -> Result<(), u8> {
    let mut status = Ok(());
    for name in wanted {
        match find(name) {
            Some(p) => print(
                sys,
                1,
                &format!(
                    "Package: {}\nVersion: {}\nArchitecture: {}\nDescription: {}\n\n",
                    p.name, p.version, p.arch, p.about
                ),
            ),
            None => {
                say(sys, &format!("N: Unable to locate package {name}\nE: No packages found"));
                status = Err(100);
            }
        }
    }
    status
}

fn search(sys: &mut Sys<'_>, words: &[String]) {
    let fits = |p: &&Package| words.iter().all(|w| p.name.contains(w.as_str()) || p.about.contains(w.as_str()));
    let text: String = PACKAGES.iter().filter(fits).map(|p| format!("{} - {}\n", p.name, p.about)).collect();
    print(sys, 1, &text);
}
