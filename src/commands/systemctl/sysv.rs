//! Init scripts beside unit files: Debian's systemd-sysv-install, which systemctl calls along: systemctl(1), `enable`.

use super::args::Args;
use super::unit_files;
use crate::systemd::manager::RuntimeScope;
use crate::world::Cx;

/// The program that is called.
const INSTALL: &str = "/lib/systemd/systemd-sysv-install";

/// Says what is done to the init scripts of these units; names that are init scripts only are taken out. The error is the
/// status to end with.
pub fn synchronize(cx: &mut Cx<'_, '_>, args: &Args, verb: &str, names: &mut Vec<String>) -> Result<(), u8> {
    if !matches!(verb, "enable" | "disable") {
        return Ok(());
    }
    let mut native = Vec::new();
    for name in names.drain(..) {
        let script = name.strip_suffix(".service").filter(|stem| !stem.contains('/')).map(str::to_owned);
        let script = script.filter(|stem| cx.stat(&format!("/etc/init.d/{stem}")).is_ok());
        let Some(stem) = script else {
            native.push(name);
            continue;
        };
        let is_native = unit_files::file(cx, RuntimeScope::System, &name).is_some();
        if !args.quiet {
            cx.errln(&if is_native {
                format!("Synchronizing state of {name} with SysV service script with {INSTALL}.")
            } else {
                format!("{name} is not a native service, redirecting to systemd-sysv-install.")
            });
            cx.errln(&format!("Executing: {INSTALL} {verb} {stem}"));
        }
        if cx.uid() != 0 {
            cx.errln("update-rc.d: error: Permission denied");
            return Err(1);
        }
        if is_native {
            native.push(name);
        }
    }
    *names = native;
    Ok(())
}
