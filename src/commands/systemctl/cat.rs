//! `cat`: the files of units, as they are now: systemctl(1).

use super::args::Args;
use super::{Next, bus, units};
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let mut first = true;
    for name in units::expand(cx, args, scope, &words[1..], UnitType::Service).names {
        let Some(unit_name) = units::loadable(&name) else {
            match template_path(cx, &name) {
                Some(path) => {
                    separate(cx, &mut first);
                    print(cx, &path);
                    continue;
                }
                None => {
                    cx.errln(&format!("No files found for {name}."));
                    return Next::Exit(1);
                }
            }
        };
        let unit = bus::unit(cx, scope, &unit_name);
        let files: Vec<String> = unit.loaded.fragment_path.iter().chain(&unit.loaded.dropin_paths).cloned().collect();
        if unit.load_state() == LoadState::Masked {
            separate(cx, &mut first);
            cx.outln(&format!("# Unit {} is masked.", unit.name));
            continue;
        }
        if files.is_empty() {
            cx.errln(&format!("No files found for {name}."));
            return Next::Exit(1);
        }
        separate(cx, &mut first);
        if bus::need_daemon_reload(cx, scope, &unit) {
            let user = args.user_flag();
            cx.errln(&format!(
                "# Warning: {name} changed on disk, the version systemd has loaded is outdated.\n\
                 # This output shows the current version of the unit's original fragment and drop-in files.\n\
                 # If fragments or drop-ins were added or removed, they are not properly reflected in this output.\n\
                 # Run 'systemctl{user} daemon-reload' to reload units."
            ));
        }
        for (number, path) in files.iter().enumerate() {
            if number > 0 {
                cx.outln("");
            }
            if !print(cx, path) {
                return Next::Exit(1);
            }
        }
    }
    Next::Exit(0)
}

fn separate(cx: &mut Cx<'_, '_>, first: &mut bool) {
    if !std::mem::take(first) {
        cx.outln("");
    }
}

/// The file of a template, which the manager never loads.
fn template_path(cx: &mut Cx<'_, '_>, name: &str) -> Option<String> {
    ["/etc/systemd/system", "/run/systemd/system", "/lib/systemd/system"]
        .iter()
        .map(|folder| format!("{folder}/{name}"))
        .find(|path| cx.stat(path).is_ok())
}

/// A file under its name; false when it cannot be read, which has been said.
fn print(cx: &mut Cx<'_, '_>, path: &str) -> bool {
    match cx.read_file(path) {
        Ok(bytes) => {
            cx.outln(&format!("# {path}"));
            cx.print(1, &bytes);
            if bytes.last().is_some_and(|last| *last != b'\n') {
                cx.outln("");
            }
            true
        }
        Err(errno) => {
            cx.errln(&format!("Failed to cat {path}: {}", errno.message()));
            false
        }
    }
}
