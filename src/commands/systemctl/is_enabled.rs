//! `is-enabled`: what the links say about unit files: systemctl(1).

use super::args::Args;
use super::{Next, bus, unit_files, units};
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;

/// Prints the states; 0 if any unit file is enabled. Ends at the first that there is none of.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let mut enabled = false;
    for word in &words[1..] {
        let name = units::mangle(cx, word, "to check", UnitType::Service);
        match unit_files::state(cx, args, scope, &name) {
            Ok(state) => {
                enabled |= state.is_enabled();
                if !args.quiet {
                    cx.outln(state.as_str());
                    if args.full {
                        for path in unit_files::links(cx, args, scope, &name) {
                            cx.outln(&format!("  {path}"));
                        }
                    }
                }
            }
            Err(errno) => {
                cx.errln(&format!("Failed to get unit file state for {name}: {}", errno.message()));
                return Next::Exit(1);
            }
        }
    }
    Next::Exit(u8::from(!enabled))
}
