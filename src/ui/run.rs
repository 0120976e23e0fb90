//! `concierge run`: commands on a fresh machine, without lessons; exits with the last status.

use std::error::Error;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::vps::Vps;
use crate::world::Duration;

/// How much virtual time a script may take: a year.
const LIMIT: Duration = Duration::from_secs(365 * 86_400);
/// How many events a script may cause before it counts as endless.
const EVENTS: u64 = 20_000_000;

/// Runs `command`, or the commands in `file` (`-` or nothing: standard input).
pub fn run(mut vps: Vps, command: Option<&str>, file: Option<&Path>, user: &str) -> Result<ExitCode, Box<dyn Error>> {
    let text = match (command, file) {
        (Some(command), _) => command.to_owned(),
        (None, Some(path)) if path.as_os_str() != "-" => {
            let bytes = std::fs::read(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        _ => {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes)?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    let running = vps.start_command(user, &text).ok_or_else(|| format!("there is no user {user} on the VPS"))?;
    let deadline = vps.now() + LIMIT;
    let mut out = std::io::stdout();
    let mut events = 0;
    while vps.command_status(&running).is_none() && vps.run_one(deadline) {
        out.write_all(&vps.take_command_output(&running))?;
        events += 1;
        if events > EVENTS {
            out.flush()?;
            return Err("the commands did not end within 20 million events of the machine".into());
        }
    }
    out.write_all(&vps.take_command_output(&running))?;
    out.flush()?;
    match vps.command_status(&running) {
        Some(status) => Ok(ExitCode::from(status.code())),
        None => Err("the commands did not end within a year of the machine's time".into()),
    }
}
