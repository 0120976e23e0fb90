//! Niceness, the OOM score and resource limits: systemd.exec(5) "Process Properties".

use super::Context;
use crate::systemd::config::{Rlimit, UnitSettings};
use crate::systemd::value::number::parse_int;
use crate::systemd::value::rlimit::parse_rlimit;
use crate::world::Errno;

/// `Nice=`, -20 to 19.
pub fn nice(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.nice = None;
        return Ok(());
    }
    match parse_int(value).and_then(|n| if (-20..20).contains(&n) { Ok(n) } else { Err(Errno::ERANGE) }) {
        Ok(level) => exec.nice = Some(level),
        Err(Errno::ERANGE) => c.warn(format!("Nice priority out of range, ignoring: {value}")),
        Err(errno) => c.warn(format!("Failed to parse nice priority '{value}', ignoring: {errno}")),
    }
    Ok(())
}

/// `OOMScoreAdjust=`, -1000 to 1000.
pub fn oom_score_adjust(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.oom_score_adjust = None;
        return Ok(());
    }
    match parse_int(value).and_then(|n| if (-1000..=1000).contains(&n) { Ok(n) } else { Err(Errno::ERANGE) }) {
        Ok(score) => exec.oom_score_adjust = Some(score),
        Err(Errno::ERANGE) => c.warn(format!("OOM score adjust value out of range, ignoring: {value}")),
        Err(errno) => c.warn(format!("Failed to parse the OOM score adjust value '{value}', ignoring: {errno}")),
    }
    Ok(())
}

/// `Limit…=`.
pub fn rlimit(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let (Some(exec), Some(kind)) = (u.exec_mut(), Rlimit::parse(c.key)) else { return Ok(()) };
    match parse_rlimit(kind, value) {
        Ok(limit) => {
            exec.rlimits.insert(kind, limit);
        }
        Err(Errno::EILSEQ) => {
            c.warn(format!("Soft resource limit chosen higher than hard limit, ignoring: {value}"));
        }
        Err(_) => c.ignoring("resource value", value),
    }
    Ok(())
}
