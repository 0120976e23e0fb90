//! The commands of the VPS, one a file: what a student types that is not bash itself. Each group of commands has a folder
//! and a table; this module joins the tables.

pub mod accounts;
pub mod apps;
mod docker;
pub mod files;
pub mod journal;
pub mod net;
pub mod options;
pub mod posix;
pub mod process;
pub mod supervisor;
pub mod system;
pub mod systemctl;
pub mod systemd;
pub mod terminals;
#[cfg(test)]
pub mod testing;
pub mod text;

use crate::world::Program;

/// A command: a program file of the baseline and its code.
pub struct Command {
    /// Its name, also the name in the program file.
    pub name: &'static str,
    /// Where its file stands: `/usr/bin/ls`.
    pub path: &'static str,
    /// Makes a process's code from its arguments (the name first).
    pub program: fn(&[String]) -> Box<dyn Program>,
}

/// Every group's table.
const GROUPS: &[&[&Command]] = &[
    accounts::COMMANDS,
    apps::COMMANDS,
    docker::COMMANDS,
    files::COMMANDS,
    journal::COMMANDS,
    net::COMMANDS,
    posix::COMMANDS,
    process::COMMANDS,
    supervisor::COMMANDS,
    system::COMMANDS,
    system::ABSENT,
    systemctl::COMMANDS,
    systemd::COMMANDS,
    terminals::COMMANDS,
    text::COMMANDS,
];

/// Every command, group by group.
pub fn all() -> impl Iterator<Item = &'static Command> {
    GROUPS.iter().flat_map(|group| group.iter().copied())
}

/// The verbs of a command that has verbs, from its own table.
pub fn verbs(name: &str) -> Option<Vec<&'static str>> {
    Some(match name {
        "systemctl" => systemctl::verbs::VERBS.iter().filter(|v| v.run.is_some()).map(|v| v.name).collect(),
        "loginctl" => journal::loginctl::verbs(),
        "systemd-analyze" => systemd::analyze::verbs(),
        "supervisorctl" => supervisor::control::verbs(),
        _ => return None,
    })
}

/// The program files of the baseline, path and name: every command but those whose package is not installed there, and
/// the programs that the machine has and that are not simulated.
pub fn baseline() -> impl Iterator<Item = (&'static str, &'static str)> {
    let commands = all().filter(|command| !system::packages::is_extra(command.path));
    let unsimulated = system::packages::UNSIMULATED.iter().filter(|path| all().all(|command| command.path != **path));
    commands.map(|command| (command.path, command.name)).chain(unsimulated.map(|path| (*path, "unsimulated")))
}

/// The code of a built-in program by the name in its file: a [`crate::world::Loader`].
pub fn load(name: &str, argv: &[String]) -> Option<Box<dyn Program>> {
    all().find(|command| command.name == name).map(|command| (command.program)(argv))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_its_own_name_and_place() {
        let mut names: Vec<&str> = all().map(|command| command.name).collect();
        let mut paths: Vec<&str> = all().map(|command| command.path).collect();
        for list in [&mut names, &mut paths] {
            list.sort_unstable();
            let twice = list.windows(2).find(|pair| pair[0] == pair[1]);
            assert_eq!(twice, None);
        }
    }
}
