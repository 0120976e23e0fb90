//! The verbs of `docker` on single containers: what each does, as steps.

use super::cli::Op;
use super::container::{Container, Restart, State};
use super::{images, shim, show};
use crate::world::{Duration, Sys};

/// The version of docker and of its compose plugin.
pub const VERSIONS: (&str, &str) = ("27.5.1", "v2.32.4");

/// What needs no daemon.
pub fn without_daemon(words: &[String]) -> Option<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Some(match words[..] {
        ["--version" | "-v", ..] => format!("Docker version {}, build 9f9e405\n", VERSIONS.0),
        ["compose", "version" | "--version", ..] => format!("Docker Compose version {}\n", VERSIONS.1),
        [] | ["--help" | "help", ..] => "Usage:  docker [OPTIONS] COMMAND\n".to_owned(),
        ["compose"] | ["compose", "--help" | "help"] => "Usage:  docker compose [OPTIONS] COMMAND\n".to_owned(),
        _ => return None,
    })
}

/// Options with their values, and the operands after them.
pub type Taken<'a> = (Vec<(&'a str, &'a str)>, &'a [String]);

/// Splits options from operands; `takes` lists the options that a word follows. Error: an option that is not known.
pub fn options<'a>(words: &'a [String], known: &[&'a str], takes: &[&str]) -> Result<Taken<'a>, String> {
    let (mut given, mut at) = (Vec::new(), 0);
    while let Some(word) = words.get(at).map(String::as_str).filter(|w| w.starts_with('-') && w.len() > 1) {
        at += 1;
        let (name, glued) = word.split_once('=').map_or((word, None), |(n, v)| (n, Some(v)));
        if takes.contains(&name) {
            let value = glued.or_else(|| {
                at += 1;
                words.get(at - 1).map(String::as_str)
            });
            given.push((name, value.ok_or_else(|| format!("flag needs an argument: {name}"))?));
        } else if known.contains(&name) {
            given.push((name, glued.unwrap_or_default()));
        } else if !name.starts_with("--")
            && name.len() > 2
            && name[1..].chars().all(|c| known.contains(&format!("-{c}").as_str()))
        {
            given.extend(known.iter().filter(|k| k.len() == 2 && name.contains(&k[1..])).map(|k| (*k, "")));
        } else {
            return Err(format!("unknown flag: {name}"));
        }
    }
    Ok((given, &words[at..]))
}

/// The steps of a command line. Error: what is printed instead.
pub fn plan(sys: &mut Sys<'_>, words: &[String], all: &[Container]) -> Result<Vec<Op>, String> {
    let words = if words.first().is_some_and(|w| w == "container") { &words[1..] } else { words };
    let (verb, rest) = words.split_first().ok_or("Usage:  docker [OPTIONS] COMMAND")?;
    match verb.as_str() {
        "ps" | "ls" => list(sys, rest, all),
        "logs" => logs(rest, all),
        "inspect" => inspect(rest, all),
        "exec" => exec(rest, all),
        "run" => run(sys, rest, true),
        "create" => run(sys, rest, false),
        "start" | "stop" | "restart" | "kill" | "rm" | "wait" => simple(verb, rest),
        "images" => Ok(vec![Op::Print(image_list(all))]),
        "info" | "build" | "pull" | "push" | "login" | "network" | "volume" | "stats" | "top" | "system" | "cp"
        | "attach" => Err(format!("docker: {verb} is not simulated")),
        other => Err(format!("docker: '{other}' is not a docker command.\nSee 'docker --help'")),
    }
}

fn needs(words: &[String], verb: &str) -> Result<(), String> {
    match words.is_empty() {
        true => Err(format!("\"docker {verb}\" requires at least 1 argument.\nSee 'docker {verb} --help'.")),
        false => Ok(()),
    }
}

fn simple(verb: &str, rest: &[String]) -> Result<Vec<Op>, String> {
    let (given, names) = options(rest, &["-f", "--force", "-v"], &["-t", "--time", "-s", "--signal"])?;
    needs(names, verb)?;
    let value = |names: [&str; 2]| given.iter().find(|(n, _)| names.contains(n)).map(|(_, v)| (*v).to_owned());
    let force = given.iter().any(|(n, _)| *n == "-f" || *n == "--force");
    let mut ops = Vec::new();
    for name in names {
        let mut words = vec![verb.to_owned(), name.clone()];
        match verb {
            "kill" => words.push(signal_name(&value(["-s", "--signal"]).unwrap_or_else(|| "KILL".into()))),
            "stop" | "restart" => words.extend(value(["-t", "--time"])),
            "rm" if force => ops.push(super::cli::ask(&["stop", name, "0"])),
            _ => {}
        }
        ops.push(Op::Ask { words, before: String::new(), after: String::new(), prints: true });
    }
    // `docker stop NAME` answers with the name, whatever the daemon said.
    Ok(ops.into_iter().zip_names(names, verb))
}

/// Gives the questions of `stop` and `restart` the name as their answer.
trait Named {
    fn zip_names(self, names: &[String], verb: &str) -> Vec<Op>;
}

impl<I: Iterator<Item = Op>> Named for I {
    fn zip_names(self, names: &[String], verb: &str) -> Vec<Op> {
        let named = matches!(verb, "stop" | "restart" | "start");
        let mut names = names.iter();
        let mut out = Vec::new();
        for op in self {
            match op {
                Op::Ask { words, before, after, .. } if named => {
                    out.push(Op::Ask { words, before, after, prints: false });
                    out.extend(names.next().map(|name| Op::Print(format!("{name}\n"))));
                }
                op => out.push(op),
            }
        }
        out
    }
}

fn signal_name(text: &str) -> String {
    if text.starts_with("SIG") || text.chars().all(|c| c.is_ascii_digit()) {
        text.to_owned()
    } else {
        format!("SIG{text}")
    }
}

fn list(sys: &Sys<'_>, rest: &[String], all: &[Container]) -> Result<Vec<Op>, String> {
    let known = ["-a", "--all", "-q", "--quiet", "--no-trunc", "-n", "-l"];
    let (given, _) = options(rest, &known, &["--format", "-f", "--filter"])?;
    let has = |names: [&str; 2]| given.iter().any(|(n, _)| names.contains(n));
    if let Some((name, _)) =
        given.iter().find(|(n, _)| matches!(*n, "--format" | "-f" | "--filter" | "--no-trunc" | "-n" | "-l"))
    {
        return Err(format!("docker: option {name} is not simulated"));
    }
    let every = has(["-a", "--all"]);
    let lives = |c: &&Container| every || matches!(c.state, State::Running | State::Restarting);
    let mut shown: Vec<&Container> = all.iter().filter(lives).collect();
    shown.sort_by_key(|c| std::cmp::Reverse(c.created));
    Ok(vec![Op::Print(match has(["-q", "--quiet"]) {
        true => shown.iter().map(|c| format!("{}\n", c.short())).collect(),
        false => show::table(&shown, sys.now()),
    })])
}

/// The container of this name.
pub fn find<'a>(all: &'a [Container], name: &str) -> Result<&'a Container, String> {
    let fits = |c: &&Container| c.name == name || (!name.is_empty() && c.id.starts_with(name));
    all.iter().find(fits).ok_or_else(|| format!("Error response from daemon: No such container: {name}"))
}

fn logs(rest: &[String], all: &[Container]) -> Result<Vec<Op>, String> {
    let (given, names) = options(rest, &["-f", "--follow"], &["-n", "--tail"])?;
    needs(names, "logs")?;
    let follow = given.iter().any(|(n, _)| matches!(*n, "-f" | "--follow"));
    let tail = given.iter().find(|(n, _)| matches!(*n, "-n" | "--tail")).and_then(|(_, v)| v.parse().ok());
    let container = find(all, &names[0])?;
    Ok(vec![Op::Log { id: container.id.clone(), prefix: String::new(), follow, tail }])
}

fn inspect(rest: &[String], all: &[Container]) -> Result<Vec<Op>, String> {
    let (given, names) = options(rest, &[], &["-f", "--format"])?;
    needs(names, "inspect")?;
    let Some((_, template)) = given.first() else { return Err("docker: inspect without -f is not simulated".into()) };
    let mut ops = Vec::new();
    for name in names {
        let container = find(all, name).map_err(|_| format!("Error: No such object: {name}"))?;
        let text =
            show::inspect(container, template).ok_or(format!("docker: the template {template} is not simulated"))?;
        ops.push(Op::Print(format!("{text}\n")));
    }
    Ok(ops)
}

fn exec(rest: &[String], all: &[Container]) -> Result<Vec<Op>, String> {
    let known = ["-i", "-t", "--interactive", "--tty", "-T"];
    let (given, words) = options(rest, &known, &["-u", "--user", "-w", "--workdir", "-e", "--env"])?;
    let (name, argv) = words
        .split_first()
        .filter(|(_, argv)| !argv.is_empty())
        .ok_or("\"docker exec\" requires at least 2 arguments.\nSee 'docker exec --help'.")?;
    let mut container = find(all, name)?.clone();
    if container.state != State::Running {
        return Err(format!("Error response from daemon: container {} is not running", container.id));
    }
    for (option, value) in given {
        match option {
            "-u" | "--user" => container.user = value.to_owned(),
            "-w" | "--workdir" => container.folder = value.to_owned(),
            "-e" | "--env" => container.env.push(value.to_owned()),
            _ => {}
        }
    }
    Ok(vec![Op::Exec { container: Box::new(container), argv: argv.to_vec() }])
}

fn run(sys: &mut Sys<'_>, rest: &[String], start: bool) -> Result<Vec<Op>, String> {
    let takes =
        ["--name", "--restart", "-p", "--publish", "-e", "--env", "-v", "--volume", "-w", "--workdir", "-u", "--user"];
    let (given, words) = options(rest, &["-d", "--detach", "--init"], &takes)?;
    if start && !given.iter().any(|(n, _)| matches!(*n, "-d" | "--detach")) {
        return Err("docker: run without -d is not simulated".into());
    }
    let (name, argv) =
        words.split_first().ok_or("\"docker run\" requires at least 1 argument.\nSee 'docker run --help'.")?;
    let image = images::known(name).ok_or_else(|| format!("docker: the image {name} is not simulated"))?;
    let id = sys.world.rng.below(1_000_000);
    let argv = if argv.is_empty() { image.argv.clone() } else { argv.to_vec() };
    let shown = [vec![image.entrypoint.clone()], argv.clone()].concat().join(" ").trim().to_owned();
    let env = vec![format!("PATH={}", shim::PATH), "HOME=/root".to_owned()];
    let mut container = Container {
        name: format!("eager_turing{id}"),
        image: name.clone(),
        argv,
        shown,
        env,
        folder: image.folder,
        grace: Duration::from_secs(10),
        ..Container::default()
    };
    for (option, value) in given {
        match option {
            "--name" => container.name = value.to_owned(),
            "--restart" => {
                container.restart = Restart::parse(value).ok_or(format!("docker: Error response from daemon: invalid restart policy: unknown policy '{value}'; use one of 'no', 'on-failure', 'always', or 'unless-stopped'."))?;
            }
            "-p" | "--publish" => {
                let pair = value
                    .rsplit_once(':')
                    .and_then(|(a, b)| Some((a.rsplit(':').next()?.parse().ok()?, b.parse().ok()?)));
                container.ports.extend(pair);
            }
            "-e" | "--env" => container.env.push(value.to_owned()),
            "-v" | "--volume" => {
                container.volumes.extend(value.split_once(':').map(|(a, b)| (a.to_owned(), b.to_owned())))
            }
            "-w" | "--workdir" => container.folder = value.to_owned(),
            "-u" | "--user" => container.user = value.to_owned(),
            _ => {}
        }
    }
    let name = container.name.clone();
    let inspect =
        Op::Ask { words: vec!["id".into(), name.clone()], before: String::new(), after: String::new(), prints: true };
    let mut ops =
        vec![Op::Create { container: Box::new(container), before: String::new(), after: String::new() }, inspect];
    if start {
        ops.push(super::cli::ask(&["start", &name]));
    }
    Ok(ops)
}

fn image_list(all: &[Container]) -> String {
    let mut names: Vec<&str> = all.iter().map(|c| c.image.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut text = format!("{:<13}{:<10}{:<15}{:<15}SIZE\n", "REPOSITORY", "TAG", "IMAGE ID", "CREATED");
    for name in names {
        let (base, tag) = name.split_once(':').unwrap_or((name, "latest"));
        let id: String =
            format!("{:012x}", base.bytes().fold(7_u64, |n, b| n.wrapping_mul(131) + u64::from(b)) & 0xffff_ffff_ffff);
        text.push_str(&format!("{base:<13}{tag:<10}{id:<15}{:<15}{}MB\n", "2 weeks ago", 40 + base.len() * 17));
    }
    text
}
