//! Where the program of a name stands: whereis(1). There are no manual pages and no sources here.

use super::Command;
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, short};
use crate::world::{Cx, one_shot};

/// `whereis`.
pub const COMMAND: Command =
    Command { name: "whereis", path: "/usr/bin/whereis", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    short('b', "b"),
    short('m', "m"),
    short('s', "s"),
    absent('B', ""),
    absent('M', ""),
    absent('u', ""),
    absent('g', ""),
];
const OPTIONS: Options = Options::util_linux(TABLE, "[options] <name>...");
/// Folders that are looked into besides those of `PATH`.
const FOLDERS: [&str; 7] =
    ["/usr/bin", "/usr/sbin", "/usr/lib", "/etc", "/usr/local/bin", "/usr/local/sbin", "/usr/local/lib"];

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let programs = parsed.has("b") || parsed.last_of(&["m", "s"]).is_none();
    let path = cx.getenv("PATH").unwrap_or_default();
    for name in &parsed.operands {
        let base = name.rsplit('/').next().unwrap_or(name);
        let mut found: Vec<String> = Vec::new();
        for folder in FOLDERS.into_iter().chain(path.split(':').filter(|folder| folder.starts_with('/'))) {
            if matches!(folder, "/bin" | "/sbin") || !programs {
                continue;
            }
            for entry in cx.read_dir(folder).unwrap_or_default() {
                let file = format!("{folder}/{entry}");
                let fits = *entry == *base || entry.strip_prefix(base).is_some_and(|rest| rest.starts_with('.'));
                if fits && !found.contains(&file) {
                    found.push(file);
                }
            }
        }
        cx.outln(&format!("{base}:{}", found.iter().map(|file| format!(" {file}")).collect::<String>()));
    }
    Ok(0)
}
