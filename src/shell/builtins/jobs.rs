//! `jobs`, `fg`, `bg`, `disown`: bash(1), JOB CONTROL.

use super::Done;
use crate::shell::bash::{Bash, Frame};
use crate::shell::jobs::{JobId, NO_JOB, ProcessState};
use crate::world::{Pid, Signal, Sys};

pub(super) fn jobs(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "lnprsx") {
        Ok(found) => found,
        Err(done) => return done,
    };
    shell.reap(sys);
    shell.exit_warned = true;
    let folder = sys.me().cwd.to_string();
    if shell.child && shell.jobs.iter().next().is_none() {
        return show_parents(shell, &letters, &folder);
    }
    let mut status = 0;
    let mut wanted = Vec::new();
    for word in &rest {
        match find(shell, "jobs", word) {
            Some(id) => wanted.push(id),
            None => status = 1,
        }
    }
    let ids: Vec<JobId> = shell.jobs.iter().map(|job| job.id).collect();
    for id in ids {
        let Some(job) = shell.jobs.get(id).cloned() else { continue };
        let left_out = job.foreground
            || !rest.is_empty() && !wanted.contains(&id)
            || letters.contains('r') && (job.stopped().is_some() || job.is_done())
            || letters.contains('s') && job.stopped().is_none()
            || letters.contains('n') && job.told;
        if left_out {
            continue;
        }
        let marker = shell.jobs.marker(id);
        let text = if letters.contains('p') {
            format!("{}\n", job.processes.first().map_or(0, |process| process.pid))
        } else if letters.contains('l') {
            job.long_lines(Some(marker), &folder)
        } else {
            job.line(marker, &folder)
        };
        shell.print(1, &text);
        if let Some(job) = shell.jobs.get_mut(id) {
            job.told = true;
        }
    }
    let done: Vec<JobId> = shell.jobs.iter().filter(|job| job.is_done() && job.told).map(|job| job.id).collect();
    for id in done {
        shell.forget_job(id);
    }
    Done::Status(status)
}

/// A forked copy (`jobs | wc`, `$(jobs -p)`) shows the jobs of the shell it comes from.
fn show_parents(shell: &mut Bash, letters: &str, folder: &str) -> Done {
    let jobs = shell.parent_jobs.clone();
    let text: String = jobs
        .iter()
        .filter(|job| !job.foreground)
        .filter(|job| !letters.contains('r') || (job.stopped().is_none() && !job.is_done()))
        .filter(|job| !letters.contains('s') || job.stopped().is_some())
        .map(|job| match (letters.contains('p'), letters.contains('l')) {
            (true, _) => format!("{}\n", job.processes.first().map_or(0, |process| process.pid)),
            (_, true) => job.long_lines(Some(jobs.marker(job.id)), folder),
            _ => job.line(jobs.marker(job.id), folder),
        })
        .collect();
    shell.print(1, &text);
    Done::Status(0)
}

/// The job that a word names; or says that there is none.
fn find(shell: &mut Bash, builtin: &str, word: &str) -> Option<JobId> {
    match shell.jobs.find(word) {
        Ok(id) => Some(id),
        Err(message) => {
            // bash names what it looked for, without the `%`.
            let name = if message == NO_JOB { word } else { word.trim_start_matches(['%', '?']) };
            shell.builtin_error(builtin, &format!("{name}: {message}"));
            None
        }
    }
}

/// The current job; or says that there is none.
fn current(shell: &mut Bash, builtin: &str) -> Option<JobId> {
    let id = shell.jobs.current();
    if id.is_none() {
        shell.builtin_error(builtin, "current: no such job");
    }
    id
}

pub(super) fn fg(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    if !shell.job_control && !shell.shell.switches.is("monitor") {
        shell.builtin_error("fg", "no job control");
        return Done::Status(1);
    }
    shell.reap(sys);
    let word = args.iter().skip(1).find(|word| *word != "--");
    let id = match word {
        Some(word) => find(shell, "fg", word),
        None => current(shell, "fg"),
    };
    let Some(id) = id else { return Done::Status(1) };
    let Some(job) = shell.jobs.get(id).cloned() else { return Done::Status(1) };
    if job.is_done() {
        shell.builtin_error("fg", "job has terminated");
        shell.forget_job(id);
        return Done::Status(1);
    }
    let folder = sys.me().cwd.to_string();
    let place = if folder == job.folder { String::new() } else { format!("\t(wd: {})", job.folder) };
    shell.print(1, &format!("{}{place}\n", job.text()));
    go_on(shell, id);
    if let Some(job) = shell.jobs.get_mut(id) {
        job.foreground = true;
    }
    shell.give_terminal(sys, job.pgid);
    sys.world.signal_group(job.pgid, Signal::CONT);
    Done::Frames(vec![Frame::Foreground(id)])
}

/// The processes of a stopped job count as running again.
fn go_on(shell: &mut Bash, id: JobId) {
    let Some(job) = shell.jobs.get_mut(id) else { return };
    job.told = true;
    for process in &mut job.processes {
        if matches!(process.state, ProcessState::Stopped(_)) {
            process.state = ProcessState::Running;
        }
    }
}

pub(super) fn bg(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    if !shell.job_control && !shell.shell.switches.is("monitor") {
        shell.builtin_error("bg", "no job control");
        return Done::Status(1);
    }
    shell.reap(sys);
    let words: Vec<Option<&String>> = if args.len() > 1 { args[1..].iter().map(Some).collect() } else { vec![None] };
    let mut status = 0;
    for word in words {
        let id = match word {
            Some(word) => find(shell, "bg", word),
            None => current(shell, "bg"),
        };
        let Some(id) = id else {
            status = 1;
            continue;
        };
        let Some(job) = shell.jobs.get(id).cloned() else { continue };
        if job.stopped().is_none() {
            shell.builtin_error("bg", &format!("job {id} already in background"));
            continue;
        }
        let marker = shell.jobs.marker(id);
        shell.print(1, &format!("[{id}]{marker} {} &\n", job.text()));
        go_on(shell, id);
        if let Some(job) = shell.jobs.get_mut(id) {
            job.foreground = false;
        }
        shell.shell.background = Some(job.last_pid());
        sys.world.signal_group(job.pgid, Signal::CONT);
    }
    Done::Status(status)
}

pub(super) fn disown(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "ahr") {
        Ok(found) => found,
        Err(done) => return done,
    };
    shell.reap(sys);
    let mut status = 0;
    let mut ids = Vec::new();
    if rest.is_empty() && letters.contains(['a', 'r']) {
        let running_only = letters.contains('r');
        let chosen = shell.jobs.iter().filter(|job| !running_only || job.stopped().is_none() && !job.is_done());
        ids = chosen.map(|job| job.id).collect();
    } else if rest.is_empty() {
        match current(shell, "disown") {
            Some(id) => ids.push(id),
            None => status = 1,
        }
    }
    for word in &rest {
        let by_pid = word.parse::<Pid>().ok().and_then(|pid| shell.jobs.of_pid(pid)).map(|job| job.id);
        match by_pid.map_or_else(|| shell.jobs.find(word), Ok) {
            Ok(id) => ids.push(id),
            Err(message) => {
                shell.builtin_error("disown", &format!("{word}: {message}"));
                status = 1;
            }
        }
    }
    for id in ids {
        if letters.contains('h') {
            if let Some(job) = shell.jobs.get_mut(id) {
                job.no_hup = true;
            }
        } else {
            let stopped = shell.jobs.get(id).filter(|job| job.stopped().is_some()).map(|job| job.pgid);
            if let Some(pgid) = stopped {
                let message = format!("warning: deleting stopped job {id} with process group {pgid}");
                shell.complain(&message);
            }
            shell.jobs.remove(id);
        }
    }
    Done::Status(status)
}
