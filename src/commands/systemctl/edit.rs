//! `edit`: changes a unit's files in an editor and reads them again: systemctl(1).

use super::args::{Args, Scope};
use super::{Next, Waiting, bus, daemon_reload, units};
use crate::systemd::manager::{RuntimeScope, Unit};
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::fs::normalize;
use crate::world::{Channel, ChildEvent, Cx, Errno, ExitStatus, OpenFlags, Pid, Wait};

/// The line below which the new contents of a drop-in stand, and the line above which they end.
const MARKER_START: &str = "### Anything between here and the comment below will become the new contents of the file";
const MARKER_END: &str = "### Lines below this comment will be discarded";

/// A file that is edited.
#[derive(Clone)]
struct Target {
    /// Where it will stand.
    path: String,
    /// What the editor is given.
    temporary: String,
}

/// An editor at work.
#[derive(Clone)]
pub struct Editing {
    args: Args,
    scope: RuntimeScope,
    editor: Pid,
    targets: Vec<Target>,
}

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    if !cx.isatty(1) || !cx.isatty(2) {
        cx.errln("Cannot edit units if not on a tty.");
        return Next::Exit(1);
    }
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let names = units::expand(cx, args, scope, &words[1..], UnitType::Service).names;
    let mut targets = Vec::new();
    for name in names {
        match prepare(cx, args, scope, &name) {
            Ok(target) => targets.push(target),
            Err(message) => {
                cx.errln(&message);
                discard(cx, &targets);
                return Next::Exit(1);
            }
        }
    }
    if targets.is_empty() {
        return Next::Exit(0);
    }
    match start_editor(cx, &targets) {
        Some(editor) => Editing { args: args.clone(), scope, editor, targets }.step(cx),
        None => {
            cx.errln("Cannot edit units, no editor available. Please set either $SYSTEMD_EDITOR, $EDITOR or $VISUAL.");
            discard(cx, &targets);
            Next::Exit(1)
        }
    }
}

/// The folder in which a person's unit files stand.
fn config_folder(cx: &Cx<'_, '_>, args: &Args) -> String {
    match (args.scope, args.runtime) {
        (Scope::System, false) => "/etc/systemd/system".into(),
        (Scope::System, true) => "/run/systemd/system".into(),
        (Scope::Global, false) => "/etc/systemd/user".into(),
        (Scope::Global, true) => "/run/systemd/user".into(),
        (Scope::User, false) => format!("{}/.config/systemd/user", cx.getenv("HOME").unwrap_or_default()),
        (Scope::User, true) => format!("{}/systemd/user", cx.getenv("XDG_RUNTIME_DIR").unwrap_or_default()),
    }
}

/// Makes the temporary file for a unit.
fn prepare(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, name: &str) -> Result<Target, String> {
    let user = args.user_flag();
    let unit = UnitName::new(name).map(|name| bus::unit(cx, scope, &name));
    let unit = unit.ok_or_else(|| format!("Failed to edit {name}: Invalid argument"))?;
    if unit.load_state() == LoadState::Masked {
        return Err(format!("Cannot edit {name}: unit is masked."));
    }
    let folder = config_folder(cx, args);
    if unit.loaded.fragment_path.is_none() && args.force == 0 {
        return Err(format!(
            "No files found for {name}.\nRun 'systemctl edit{user} --force --full {name}' to create a new unit."
        ));
    }
    let path = if args.full { format!("{folder}/{name}") } else { format!("{folder}/{name}.d/override.conf") };
    let contents = if args.full { fragment(cx, &unit) } else { override_text(cx, &unit, &path) };
    let parent = path.rsplit_once('/').map_or("/", |(parent, _)| parent).to_owned();
    if args.runtime {
        let kept = config_folder(cx, &Args { runtime: false, ..args.clone() });
        let other = format!("{kept}{}", &path[folder.len()..]);
        if cx.stat(&other).is_ok() {
            return Err(format!("Refusing to create \"{path}\" because it would be overridden by \"{other}\" anyway."));
        }
    }
    // systemctl finds that it cannot make a folder only when it looks for it.
    make_folders(cx, &parent)
        .map_err(|errno| if errno == Errno::EACCES { Errno::ENOENT } else { errno })
        .map_err(|errno| format!("Failed to create directories for \"{path}\": {}", errno.message()))?;
    let leaf = path.rsplit('/').next().unwrap_or_default();
    let temporary = format!("{parent}/.#{leaf}{:016x}", cx.world.rng.next_u64());
    if args.full && contents.is_empty() {
        return Ok(Target { path, temporary });
    }
    write_file(cx, &temporary, contents.as_bytes())
        .map_err(|errno| format!("Failed to create temporary file \"{temporary}\": {}", errno.message()))?;
    Ok(Target { path, temporary })
}

fn fragment(cx: &mut Cx<'_, '_>, unit: &Unit) -> String {
    unit.loaded.fragment_path.as_ref().and_then(|path| read(cx, path)).unwrap_or_default()
}

/// What the editor shows for a drop-in: its contents, and the rest of the unit as a comment.
fn override_text(cx: &mut Cx<'_, '_>, unit: &Unit, path: &str) -> String {
    let own = read(cx, path).unwrap_or_default();
    let newline = if own.ends_with('\n') { "" } else { "\n" };
    let mut text = format!("### Editing {path}\n{MARKER_START}\n\n{own}{newline}\n{MARKER_END}");
    for other in unit.loaded.fragment_path.iter().chain(&unit.loaded.dropin_paths) {
        if normalize(other) == normalize(path) {
            continue;
        }
        if let Some(contents) = read(cx, other) {
            let commented = contents.trim_end_matches('\n').replace('\n', "\n# ");
            text.push_str(&format!("\n\n### {other}\n# {commented}"));
        }
    }
    text
}

fn read(cx: &mut Cx<'_, '_>, path: &str) -> Option<String> {
    cx.read_file(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn make_folders(cx: &mut Cx<'_, '_>, path: &str) -> Result<(), Errno> {
    if cx.stat(path).is_ok() {
        return Ok(());
    }
    if let Some((parent, _)) = path.rsplit_once('/')
        && !parent.is_empty()
    {
        make_folders(cx, parent)?;
    }
    cx.mkdir(path, 0o755)
}

/// Writes a whole file.
pub fn write_file(cx: &mut Cx<'_, '_>, path: &str, contents: &[u8]) -> Result<(), Errno> {
    let fd = cx.open(path, OpenFlags { write: true, create: true, truncate: true, ..OpenFlags::default() }, 0o644)?;
    let mut rest = contents;
    while !rest.is_empty() {
        let written = cx.write(fd, rest)?;
        rest = &rest[written..];
    }
    cx.close(fd)
}

/// Starts the first editor that there is.
fn start_editor(cx: &mut Cx<'_, '_>, targets: &[Target]) -> Option<Pid> {
    let chosen = ["SYSTEMD_EDITOR", "EDITOR", "VISUAL"]
        .iter()
        .find_map(|name| cx.getenv(name))
        .filter(|editor| !editor.trim().is_empty());
    let candidates: Vec<String> = match chosen {
        Some(editor) => vec![editor],
        None => ["editor", "nano", "vim", "vi"].map(str::to_owned).to_vec(),
    };
    for candidate in candidates {
        let mut argv: Vec<String> = candidate.split_whitespace().map(str::to_owned).collect();
        argv.extend(targets.iter().map(|target| target.temporary.clone()));
        let name = argv.first()?.clone();
        let path = cx.getenv("PATH").unwrap_or_default();
        let places: Vec<String> = if name.contains('/') {
            vec![name]
        } else {
            path.split(':').map(|folder| format!("{folder}/{name}")).collect()
        };
        for place in places {
            if let Ok(pid) = cx.spawn(&place, &argv) {
                return Some(pid);
            }
        }
    }
    None
}

fn discard(cx: &mut Cx<'_, '_>, targets: &[Target]) {
    for target in targets {
        // A file that the editor has taken away needs no removal.
        let _ = cx.unlink(&target.temporary, false);
    }
}

impl Editing {
    /// Looks whether the editor has ended; then puts the files into place.
    pub fn step(self, cx: &mut Cx<'_, '_>) -> Next {
        let status = match cx.wait_child(Some(self.editor)) {
            Some((_, ChildEvent::Ended(status))) => status,
            _ => {
                let wait = Wait::channel(Channel::Children(cx.pid));
                return Next::Wait(Box::new(Waiting::Editor(self)), wait);
            }
        };
        match status {
            ExitStatus::Exited(0) => {}
            ExitStatus::Exited(code) => cx.errln(&format!("(editor) failed with exit status {code}.")),
            ExitStatus::Signaled(signal, _) => {
                let name = signal.name();
                cx.errln(&format!("(editor) terminated by signal {}.", name.trim_start_matches("SIG")));
                discard(cx, &self.targets);
                return Next::Exit(1);
            }
        }
        for target in &self.targets {
            if let Err(errno) = cx.stat(&target.temporary) {
                let message = errno.message();
                cx.errln(&format!("Failed to read temporary file \"{}\": {message}", target.temporary));
                return Next::Exit(1);
            }
            if let Err(errno) = keep(cx, target, self.args.full) {
                cx.errln(&format!(
                    "Failed to rename \"{}\" to \"{}\": {}",
                    target.temporary,
                    target.path,
                    errno.message()
                ));
                return Next::Exit(1);
            }
        }
        if let (false, Err(error)) = (self.args.no_reload, daemon_reload::reload(cx, self.scope)) {
            cx.errln(&format!("Failed to reload daemon: {}", error.message));
            return Next::Exit(1);
        }
        Next::Exit(0)
    }
}

/// Puts an edited file into its place, unless nothing is left of it.
fn keep(cx: &mut Cx<'_, '_>, target: &Target, full: bool) -> Result<(), Errno> {
    let text = read(cx, &target.temporary).unwrap_or_default();
    let kept = if full { text.clone() } else { between_markers(&text) };
    if kept.trim().is_empty() {
        cx.errln(&format!("Editing \"{}\" canceled: temporary file is empty.", target.path));
        cx.unlink(&target.temporary, false)?;
        if !full && let Some((folder, _)) = target.path.rsplit_once('/') {
            // Other drop-ins keep the folder.
            let _ = cx.unlink(folder, true);
        }
        return Ok(());
    }
    if kept != text {
        write_file(cx, &target.temporary, kept.as_bytes())?;
    }
    cx.rename(&target.temporary, &target.path)
}

/// What stands between the two comments, or the whole text without them; trimmed, with one newline at its end.
fn between_markers(text: &str) -> String {
    let after = text.split_once(MARKER_START).map_or(text, |(_, after)| after);
    let inner = after.split_once(MARKER_END).map_or(after, |(inner, _)| inner).trim();
    if inner.is_empty() { String::new() } else { format!("{inner}\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_comments_is_kept() {
        let text = format!("### Editing x\n{MARKER_START}\n\n[Service]\nNice=5\n\n\n{MARKER_END}\n\n### /lib/x\n# y");
        assert_eq!(between_markers(&text), "[Service]\nNice=5\n");
        assert_eq!(between_markers("[Service]\nNice=1"), "[Service]\nNice=1\n");
        assert_eq!(between_markers(&format!("{MARKER_START}\n\n\n{MARKER_END}\n")), "");
    }
}
