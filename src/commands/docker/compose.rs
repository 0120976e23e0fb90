//! `docker compose`: the services of a project together: docker-compose(1).

use super::cli::{Op, ask};
use super::compose_file::{Project, read};
use super::container::{Container, State};
use super::show;
use super::verbs::options;
use crate::world::Sys;

/// The steps of a command line. Error: what is printed instead.
pub fn plan(sys: &mut Sys<'_>, words: &[String], all: &[Container]) -> Result<Vec<Op>, String> {
    let (given, words) = options(words, &[], &["-f", "--file", "-p", "--project-name"])?;
    let value = |names: [&str; 2]| given.iter().find(|(n, _)| names.contains(n)).map(|(_, v)| *v);
    let project = read(sys, value(["-f", "--file"]), value(["-p", "--project-name"]))?;
    let own: Vec<&Container> = all.iter().filter(|c| c.project.0 == project.name).collect();
    let (verb, rest) = words.split_first().ok_or("Usage:  docker compose [OPTIONS] COMMAND")?;
    match verb.as_str() {
        "up" => up(sys, &project, &own, rest),
        "ps" => ps(sys, &project, &own, rest),
        "logs" => logs(&project, &own, rest),
        "exec" => exec(&own, rest),
        "start" | "stop" | "restart" | "kill" => together(sys, verb, &project, &own, rest),
        "down" => down(sys, &project, &own, rest),
        "config" | "build" | "pull" | "run" | "top" | "rm" | "pause" | "create" | "images" | "port" | "events"
        | "watch" => Err(format!("docker compose: {verb} is not simulated")),
        other => Err(format!("unknown docker command: \"compose {other}\"")),
    }
}

/// ` Container NAME  Created`: on a terminal the final picture only, with a tick.
fn told(sys: &Sys<'_>, kind: &str, name: &str, doing: &str, done: &str) -> (String, String) {
    match sys.isatty(2) {
        true => (String::new(), format!(" ✔ {kind} {name}  {done}\n")),
        false => (format!(" {kind} {name}  {doing}\n"), format!(" {kind} {name}  {done}\n")),
    }
}

fn step(sys: &Sys<'_>, words: &[&str], name: &str, doing: &str, done: &str) -> Op {
    let (before, after) = told(sys, "Container", name, doing, done);
    Op::Ask { words: words.iter().map(|w| (*w).to_owned()).collect(), before, after, prints: false }
}

/// The services that are meant: those named, or all. Error: one that there is not.
fn meant<'p>(project: &'p Project, names: &[String]) -> Result<Vec<&'p Container>, String> {
    for name in names {
        if !project.services.iter().any(|s| s.project.1 == *name) {
            return Err(format!("no such service: {name}"));
        }
    }
    let wanted = |s: &&Container| names.is_empty() || names.contains(&s.project.1);
    Ok(project.services.iter().filter(wanted).collect())
}

fn up(sys: &Sys<'_>, project: &Project, own: &[&Container], rest: &[String]) -> Result<Vec<Op>, String> {
    let known = ["-d", "--detach", "--build", "--force-recreate", "--remove-orphans", "--no-deps"];
    let (given, names) = options(rest, &known, &["--scale"])?;
    if let Some((name, _)) = given.iter().find(|(n, _)| *n == "--scale") {
        return Err(format!("docker compose: option {name} is not simulated"));
    }
    if !given.iter().any(|(n, _)| matches!(*n, "-d" | "--detach")) {
        return Err("docker compose: up without -d is not simulated".into());
    }
    let anew = given.iter().any(|(n, _)| *n == "--force-recreate");
    let mut services = meant(project, names)?;
    if !names.is_empty() {
        // What they depend on comes with them; the file's order is that of the dependencies.
        let last = services.last().map(|s| s.project.1.clone()).unwrap_or_default();
        let upto = project.services.iter().position(|s| s.project.1 == last).map_or(0, |at| at + 1);
        services = project.services[..upto].iter().collect();
    }
    let mut ops = Vec::new();
    if own.is_empty() {
        let (before, after) = told(sys, "Network", &format!("{}_default", project.name), "Creating", "Created");
        ops.push(Op::Say(before + &after));
        for volume in &project.volumes {
            let (before, after) = told(sys, "Volume", &format!("\"{}_{volume}\"", project.name), "Creating", "Created");
            ops.push(Op::Say(before + &after));
        }
    }
    let mut starts = Vec::new();
    for service in services {
        let name = service.name.as_str();
        let old = own.iter().find(|c| c.name == name);
        let same = old.is_some_and(|c| is_same(c, service)) && !anew;
        match old {
            Some(c) if same && c.state == State::Running => {
                ops.push(Op::Say(format!(" {}Container {name}  Running\n", if sys.isatty(2) { "✔ " } else { "" })));
                continue;
            }
            Some(_) if same => {}
            old => {
                if old.is_some() {
                    ops.extend([ask(&["stop", name]), ask(&["rm", name])]);
                }
                let (doing, done) = if old.is_some() { ("Recreate", "Recreated") } else { ("Creating", "Created") };
                let (before, after) = told(sys, "Container", name, doing, done);
                let after = if sys.isatty(2) { String::new() } else { after };
                ops.push(Op::Create { container: Box::new(service.clone()), before, after });
            }
        }
        starts.push(step(sys, &["start", name], name, "Starting", "Started"));
    }
    if sys.isatty(2) {
        let count = ops.iter().filter(|op| matches!(op, Op::Say(_))).count() + starts.len();
        ops.insert(0, Op::Say(format!("[+] Running {count}/{count}\n")));
    }
    ops.extend(starts);
    Ok(ops)
}

/// Whether a container was made from the same declaration.
fn is_same(old: &Container, new: &Container) -> bool {
    let kept =
        |c: &Container| (c.image.clone(), c.argv.clone(), c.env.clone(), c.restart, c.ports.clone(), c.volumes.clone());
    kept(old) == kept(new) && old.folder == new.folder && old.user == new.user
}

fn ps(sys: &Sys<'_>, project: &Project, own: &[&Container], rest: &[String]) -> Result<Vec<Op>, String> {
    let (given, names) = options(rest, &["-a", "--all", "-q", "--services"], &[])?;
    meant(project, names)?;
    let every = given.iter().any(|(n, _)| matches!(*n, "-a" | "--all"));
    let lives = |c: &&&Container| every || matches!(c.state, State::Running | State::Restarting);
    let wanted = |c: &&&Container| names.is_empty() || names.contains(&c.project.1);
    let mut shown: Vec<&Container> = own.iter().filter(lives).filter(wanted).copied().collect();
    shown.sort_by(|a, b| a.name.cmp(&b.name));
    let text = match given.iter().find(|(n, _)| matches!(*n, "-q" | "--services")) {
        Some((name, _)) if *name == "-q" => shown.iter().map(|c| format!("{}\n", c.id)).collect(),
        Some(_) => shown.iter().map(|c| format!("{}\n", c.project.1)).collect(),
        None => show::project_table(&shown, sys.now()),
    };
    Ok(vec![Op::Print(text)])
}

fn logs(project: &Project, own: &[&Container], rest: &[String]) -> Result<Vec<Op>, String> {
    // Options may stand after the services.
    let (flags, names): (Vec<String>, Vec<String>) = rest.iter().cloned().partition(|w| w.starts_with('-'));
    let known = ["-f", "--follow", "--no-color", "--no-log-prefix"];
    let (given, _) = options(&flags, &known, &["--tail", "-n"])?;
    meant(project, &names)?;
    let has = |names: [&str; 2]| given.iter().any(|(n, _)| names.contains(n));
    let (follow, bare) = (has(["-f", "--follow"]), has(["--no-log-prefix", ""]));
    let tail = given.iter().find(|(n, _)| matches!(*n, "-n" | "--tail")).and_then(|(_, v)| v.parse().ok());
    let wanted = |c: &&&Container| names.is_empty() || names.contains(&c.project.1);
    let short = |c: &Container| format!("{}-1", c.project.1);
    let width = own.iter().filter(wanted).map(|c| short(c).len()).max().unwrap_or(0);
    let log = |c: &&Container| {
        let prefix = if bare { String::new() } else { format!("{:<width$}  | ", short(c)) };
        Op::Log { id: c.id.clone(), prefix, follow, tail }
    };
    Ok(own.iter().filter(wanted).map(log).collect())
}

fn exec(own: &[&Container], rest: &[String]) -> Result<Vec<Op>, String> {
    let known = ["-T", "-i", "-t", "-d", "--no-TTY"];
    let (given, words) = options(rest, &known, &["-u", "--user", "-w", "--workdir", "-e", "--env", "--index"])?;
    let (service, argv) = words
        .split_first()
        .filter(|(_, argv)| !argv.is_empty())
        .ok_or("requires at least 2 arg(s), only received 1")?;
    let running = own.iter().find(|c| c.project.1 == *service && c.state == State::Running);
    let mut container = running.map(|c| (*c).clone()).ok_or_else(|| format!("service \"{service}\" is not running"))?;
    for (option, value) in given {
        match option {
            "-u" | "--user" => container.user = value.to_owned(),
            "-w" | "--workdir" => container.folder = value.to_owned(),
            "-e" | "--env" => container.env.push(value.to_owned()),
            "-d" => return Err("docker compose: option -d of exec is not simulated".into()),
            _ => {}
        }
    }
    Ok(vec![Op::Exec { container: Box::new(container), argv: argv.to_vec() }])
}

fn together(
    sys: &Sys<'_>,
    verb: &str,
    project: &Project,
    own: &[&Container],
    rest: &[String],
) -> Result<Vec<Op>, String> {
    let (given, names) = options(rest, &[], &["-t", "--timeout", "-s", "--signal"])?;
    let mut services: Vec<&Container> = meant(project, names)?;
    services.retain(|s| own.iter().any(|c| c.name == s.name && (verb != "kill" || c.state == State::Running)));
    if services.is_empty() && verb == "start" {
        return Err(format!("service \"{}\" has no container to start", project.services[0].project.1));
    }
    if matches!(verb, "stop" | "kill") {
        services.reverse();
    }
    let time = given.iter().find(|(n, _)| matches!(*n, "-t" | "--timeout")).map(|(_, v)| *v);
    let signal = given.iter().find(|(n, _)| matches!(*n, "-s" | "--signal")).map_or("SIGKILL", |(_, v)| *v);
    let (doing, done) = match verb {
        "start" => ("Starting", "Started"),
        "stop" => ("Stopping", "Stopped"),
        "kill" => ("Killing", "Killed"),
        _ => ("Restarting", "Started"),
    };
    let mut ops = Vec::new();
    if sys.isatty(2) {
        let count = services.len();
        ops.push(Op::Say(format!("[+] {doing} {count}/{count}\n")));
    }
    for service in services {
        let name = service.name.as_str();
        let mut words = vec![verb, name];
        match verb {
            "kill" => words.push(signal),
            "stop" | "restart" => words.extend(time),
            _ => {}
        }
        ops.push(step(sys, &words, name, doing, done));
    }
    Ok(ops)
}

fn down(sys: &Sys<'_>, project: &Project, own: &[&Container], rest: &[String]) -> Result<Vec<Op>, String> {
    options(rest, &["-v", "--volumes", "--remove-orphans"], &["-t", "--timeout"])?;
    let mut ops = Vec::new();
    let mut names: Vec<&str> = project.services.iter().map(|s| s.name.as_str()).collect();
    names.retain(|name| own.iter().any(|c| c.name == *name));
    names.reverse();
    if sys.isatty(2) && !names.is_empty() {
        ops.push(Op::Say(format!("[+] Running {0}/{0}\n", names.len() + 1)));
    }
    for name in &names {
        let quiet = sys.isatty(2);
        ops.push(if quiet { ask(&["stop", name]) } else { step(sys, &["stop", name], name, "Stopping", "Stopped") });
        ops.push(step(sys, &["rm", name], name, "Removing", "Removed"));
    }
    if !names.is_empty() {
        let (before, after) = told(sys, "Network", &format!("{}_default", project.name), "Removing", "Removed");
        ops.push(Op::Say(before + &after));
    }
    Ok(ops)
}
