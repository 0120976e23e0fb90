//! `concierge check`: everything that can be wrong with a course, for people, JSON or JUnit. Lessons are played by as many
//! workers as the host has processors; the report does not depend on how many.
//!
//! Exit status: 0 when there is no error, 1 when there is (or a warning, with `--deny-warnings`), 2 when the check itself
//! could not be done.

use std::error::Error;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::args::{Args, CheckArgs};
use super::course::language;
use super::grade_report::xml;
use super::{screen, source};
use crate::lesson::check::{Report, check_lesson, read};
use crate::lesson::content::Source;
use crate::lesson::json::string;
use crate::lesson::text::Lang;
use crate::lesson::workshop::VpsWorkshop;

/// Checks the course and reports as asked.
pub fn check(args: &Args, how: &CheckArgs) -> Result<ExitCode, Box<dyn Error>> {
    if let Some(folder) = args.course.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(format!("{} is no folder; name one that holds lessons/ and scenarios/", folder.display()).into());
    }
    let source = source::open(args.course.as_ref());
    let report = in_parallel(source.as_ref());
    let lang = language(args.lang.as_deref(), None)?;
    if how.json {
        screen::line(&json(&report, lang));
    } else if how.junit {
        screen::line(&junit(&report, lang));
    } else {
        report.lines(lang).iter().for_each(|line| screen::line(line));
    }
    let clean = report.is_clean() && !(how.deny_warnings && report.warnings() > 0);
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The whole check, a lesson for each worker that is free.
pub fn in_parallel(source: &dyn Source) -> Report {
    let (loaded, report) = read(source);
    let report = Mutex::new(report);
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(lesson) = loaded.lessons.get(next.fetch_add(1, Ordering::Relaxed)) {
            let part = check_lesson(&loaded, lesson, &VpsWorkshop);
            if let Ok(mut report) = report.lock() {
                report.add(part);
            }
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from).min(loaded.lessons.len()).max(1);
    thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(work);
        }
        work();
    });
    report.into_inner().unwrap_or_default().sorted()
}

/// The words of a diagnostic without its place.
fn message(line: &str, place: &str) -> String {
    line.strip_prefix(place).unwrap_or(line).trim_start_matches([':', ' ']).to_owned()
}

fn json(report: &Report, lang: Lang) -> String {
    let mut found = Vec::new();
    for one in &report.found {
        let place = format!("{}:{}:{}", one.file, one.at.line, one.at.column);
        let level = if one.problem.is_warning() { "warning" } else { "error" };
        found.push(format!(
            "{{\"level\":\"{level}\",\"file\":{},\"line\":{},\"column\":{},\"message\":{}}}",
            string(&one.file),
            one.at.line,
            one.at.column,
            string(&message(&one.line(lang), &place))
        ));
    }
    let counts = report.counts;
    format!(
        "{{\"format\":1,\"lessons\":{},\"steps\":{},\"goals\":{},\"quizzes\":{},\"solutions\":{},\"wrong\":{},\"mutants\":{},\
         \"errors\":{},\"warnings\":{},\"found\":[\n{}\n]}}",
        counts.lessons,
        counts.steps,
        counts.goals,
        counts.quizzes,
        counts.solutions,
        counts.wrongs,
        counts.mutants,
        report.errors(),
        report.warnings(),
        found.join(",\n")
    )
}

/// A suite for each file with something in it; a warning is a test case that passes and says something.
fn junit(report: &Report, lang: Lang) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (errors, all) = (report.errors(), report.found.len().max(1));
    let _ = writeln!(out, "<testsuites>\n  <testsuite name=\"concierge check\" tests=\"{all}\" failures=\"{errors}\">");
    for one in &report.found {
        let (file, place) = (xml(&one.file), format!("{}:{}:{}", one.file, one.at.line, one.at.column));
        let text = xml(&message(&one.line(lang), &place));
        let (name, tag) = (xml(&place), if one.problem.is_warning() { "system-out" } else { "failure" });
        let inner = match tag {
            "failure" => format!("<failure message=\"{text}\"/>"),
            _ => format!("<system-out>{text}</system-out>"),
        };
        let _ = writeln!(out, "    <testcase classname=\"{file}\" name=\"{name}\">{inner}</testcase>");
    }
    if report.found.is_empty() {
        let name = xml(report.summary().get(lang));
        let _ = writeln!(out, "    <testcase classname=\"course\" name=\"{name}\"/>");
    }
    out.push_str("  </testsuite>\n</testsuites>");
    out
}
