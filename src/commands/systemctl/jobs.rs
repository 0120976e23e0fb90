//! `list-jobs` and `cancel`: systemctl(1), "Job commands".

use super::args::Args;
use super::table::Table;
use super::{Next, bus, units};
use crate::systemd::manager::Job;
use crate::world::Cx;

/// `list-jobs`
pub fn list(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let patterns = words.get(1..).unwrap_or_default();
    let all: Vec<Job> = bus::manager(cx, scope).jobs().cloned().collect();
    let jobs: Vec<&Job> = all
        .iter()
        .filter(|job| patterns.is_empty() || patterns.iter().any(|p| units::fnmatch(p, job.unit.as_str())))
        .collect();
    if jobs.is_empty() {
        if args.shows_legend() {
            cx.outln(if all.is_empty() { "No jobs running." } else { "No jobs listed." });
        }
        return Next::Exit(0);
    }
    let mut table = Table::new(&["job", "unit", "type", "state"]);
    table.show_header = args.shows_legend();
    table.align_right(0);
    for job in &jobs {
        let cells = [job.id.to_string(), job.unit.to_string(), job.kind.to_string(), job.state.to_string()];
        table.row(cells.to_vec());
    }
    let text = table.print();
    cx.out(&text);
    if args.shows_legend() {
        cx.outln(&format!("\n{} jobs listed.", jobs.len()));
    }
    Next::Exit(0)
}

/// `cancel`; without numbers all jobs.
pub fn cancel(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    if words.len() <= 1 {
        if let Err(error) = bus::authorize(cx, scope) {
            cx.errln(&format!("Failed to execute operation: {}", error.message));
            return Next::Exit(1);
        }
        let ids: Vec<u64> = bus::manager(cx, scope).jobs().map(|job| job.id).collect();
        for id in ids {
            // A job may be gone because an earlier one took it along.
            if let Err(error) = bus::request(cx, scope, |core| core.cancel_job(id))
                && error.name == bus::INTERACTIVE_AUTHORIZATION_REQUIRED
            {
                cx.errln(&format!("Failed to execute operation: {}", error.message));
                return Next::Exit(1);
            }
        }
        return Next::Exit(0);
    }
    let mut status = 0;
    for word in &words[1..] {
        let Ok(id) = word.parse::<u32>() else {
            cx.errln(&format!("Failed to parse job id \"{word}\": Invalid argument"));
            return Next::Exit(1);
        };
        if let Err(error) = bus::request(cx, scope, |core| core.cancel_job(u64::from(id))) {
            cx.errln(&format!("Failed to cancel job {id}: {}", error.message));
            status = 1;
        }
    }
    Next::Exit(status)
}
