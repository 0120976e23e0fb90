//! The verbs that queue a job: start, stop, restart, reload and their kin: systemctl(1), "Unit commands".

use super::args::Args;
use super::wait::JobWait;
use super::{Next, bus, units};
use crate::systemd::config::JobMode;
use crate::systemd::manager::{ManagerError, RuntimeScope, Verb, error_name};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Cx;

/// What a verb of systemctl asks of the manager, and the word in its messages.
struct Request {
    word: &'static str,
    verb: Verb,
    says: &'static str,
}

const fn request(word: &'static str, verb: Verb, says: &'static str) -> Request {
    Request { word, verb, says }
}

const REQUESTS: &[Request] = &[
    request("start", Verb::Start, "start"),
    request("stop", Verb::Stop, "stop"),
    request("condstop", Verb::Stop, "stop"),
    request("reload", Verb::Reload, "reload"),
    request("restart", Verb::Restart, "restart"),
    request("try-restart", Verb::TryRestart, "try-restart"),
    request("condrestart", Verb::TryRestart, "try-restart"),
    request("reload-or-restart", Verb::ReloadOrRestart, "reload-or-restart"),
    request("try-reload-or-restart", Verb::ReloadOrTryRestart, "reload-or-try-restart"),
    request("reload-or-try-restart", Verb::ReloadOrTryRestart, "reload-or-try-restart"),
    request("force-reload", Verb::ReloadOrTryRestart, "reload-or-try-restart"),
    request("condreload", Verb::ReloadOrTryRestart, "reload-or-try-restart"),
    request("isolate", Verb::Start, "start"),
    request("default", Verb::Start, "start"),
    request("rescue", Verb::Start, "start"),
    request("emergency", Verb::Start, "start"),
];

/// The target that a verb without argument starts.
const ONE_NAME: &[(&str, &str)] =
    &[("default", "default.target"), ("rescue", "rescue.target"), ("emergency", "emergency.target")];

/// The verbs of this file.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let Some(word) = words.first() else { return Next::Exit(1) };
    let Some(request) = REQUESTS.iter().find(|request| request.word == word) else { return Next::Exit(1) };
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    if args.wait && !matches!(request.word, "start" | "restart") {
        cx.errln("--wait may only be used with the 'start' or 'restart' commands.");
        return Next::Exit(1);
    }
    let one = ONE_NAME.iter().find(|(verb, _)| verb == word);
    let names = match one {
        Some((_, target)) => vec![(*target).to_owned()],
        None => names(cx, args, scope, request, &words[1..]),
    };
    let isolating = word == "isolate" || one.is_some();
    let mode = if isolating { Some(JobMode::Isolate) } else { args.mode().ok() };
    queue(cx, args, scope, request, mode, &names)
}

fn names(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, request: &Request, typed: &[String]) -> Vec<String> {
    let kind = if request.word == "isolate" { UnitType::Target } else { UnitType::Service };
    let expanded = units::expand(cx, args, scope, typed, kind);
    if expanded.has_globs && !args.all && !args.quiet && request.word == "start" {
        cx.errln("Warning: systemctl start called with a glob pattern.");
        cx.errln(
            "Hint: unit globs expand to loaded units, so start will usually have no effect.\n      \
             Passing --all will also load units which are pulled in by other units.\n      \
             See systemctl(1) for more details.",
        );
    }
    expanded.names
}

/// Queues one job a name, complains about the refused ones, and waits for the others.
fn queue(
    cx: &mut Cx<'_, '_>,
    args: &Args,
    scope: RuntimeScope,
    request: &Request,
    mode: Option<JobMode>,
    names: &[String],
) -> Next {
    let mut wait = JobWait {
        args: args.clone(),
        scope,
        jobs: Vec::new(),
        status: 0,
        failed: false,
        stopped: Vec::new(),
        ends: Vec::new(),
    };
    for name in names {
        match enqueue(cx, scope, request.verb, name, mode, args) {
            Ok((job, unit)) => {
                let state = bus::unit(cx, scope, &unit);
                if bus::need_daemon_reload(cx, scope, &state) {
                    bus::warn_changed(cx, args, unit.as_str());
                }
                if request.verb == Verb::Stop {
                    wait.stopped.push(unit.clone());
                }
                if args.wait {
                    wait.ends.push(unit.clone());
                }
                wait.jobs.push((job, unit));
            }
            Err(error) => {
                refused(cx, args, request.says, name, &error);
                if wait.status == 0 {
                    wait.status = bus::exit_status(&error);
                }
            }
        }
    }
    if args.no_block {
        return Next::Exit(wait.status);
    }
    wait.step(cx)
}

fn enqueue(
    cx: &mut Cx<'_, '_>,
    scope: RuntimeScope,
    verb: Verb,
    name: &str,
    mode: Option<JobMode>,
    args: &Args,
) -> Result<(u64, UnitName), ManagerError> {
    let invalid = |text: String| ManagerError::new(error_name::INVALID_ARGS, text);
    let unit = UnitName::new(name).ok_or_else(|| invalid(format!("Unit name {name} is not valid.")))?;
    if unit.is_template() {
        return Err(invalid(format!("Unit name {name} is missing the instance name.")));
    }
    let mode =
        mode.ok_or_else(|| invalid(format!("Job mode {} invalid", args.job_mode.as_deref().unwrap_or_default())))?;
    let client = bus::client(cx);
    let job = bus::request(cx, scope, |core| core.enqueue(verb, &unit, mode, client))?;
    let main = bus::manager(cx, scope).job(job).map_or(unit, |job| job.unit.clone());
    Ok((job, main))
}

/// Says why a request was refused.
fn refused(cx: &mut Cx<'_, '_>, args: &Args, says: &str, name: &str, error: &ManagerError) {
    cx.errln(&format!("Failed to {says} {name}: {}", error.message));
    let plain = [error_name::NO_SUCH_UNIT, error_name::UNIT_MASKED, error_name::JOB_TYPE_NOT_APPLICABLE];
    if plain.contains(&error.name) {
        return;
    }
    let user = args.user_flag();
    let logs = if user.is_empty() { "system" } else { "user" };
    let dashes = if name.starts_with('-') { " --" } else { "" };
    cx.errln(&format!("See {logs} logs and 'systemctl{user} status{dashes} {name}' for details."));
}
