//! `docker-compose.yml`: the services of a project and how each is run: the Compose specification, as far as it is simulated.

use super::container::{Container, Restart};
use super::images::{self, Image};
use super::yaml::{self, Yaml};
use crate::world::{Duration, Sys};

/// A project.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// Its services, each after those it depends on.
    pub services: Vec<Container>,
    /// Names of its volumes.
    pub volumes: Vec<String>,
    /// The file's folder.
    pub folder: String,
}

/// The names of the file, the first that is there counts.
const NAMES: &[&str] = &["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
/// Keys of a service that are known; those marked `false` make no difference here.
const KEYS: &[&str] = &[
    "image",
    "build",
    "command",
    "entrypoint",
    "environment",
    "env_file",
    "restart",
    "ports",
    "volumes",
    "depends_on",
    "working_dir",
    "user",
    "container_name",
    "stop_grace_period",
    "networks",
    "healthcheck",
    "labels",
    "expose",
    "stdin_open",
    "tty",
    "init",
    "hostname",
    "logging",
    "deploy",
    "extra_hosts",
    "profiles",
];

/// Reads the project of the working folder, or of the file that is named. Error: what compose says.
pub fn read(sys: &mut Sys<'_>, file: Option<&str>, name: Option<&str>) -> Result<Project, String> {
    let cwd = sys.cwd().to_string();
    let path = match file {
        Some(file) => crate::world::fs::join(&cwd, file),
        None => {
            let here = NAMES.iter().map(|name| format!("{}/{name}", cwd.trim_end_matches('/')));
            let mut here = here.filter(|path| sys.stat(path).is_ok());
            here.next().ok_or("no configuration file provided: not found")?
        }
    };
    let bytes = sys.read_file(&path).map_err(|errno| format!("open {path}: {}", errno.message().to_lowercase()))?;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let yaml =
        yaml::read(&String::from_utf8_lossy(&bytes)).map_err(|(line, why)| format!("yaml: line {line}: {why}"))?;
    let base = folder.rsplit('/').next().unwrap_or_default().to_lowercase();
    let base: String = base.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let name = name.or(yaml.get("name").and_then(Yaml::text)).map_or(base, str::to_owned);
    let services = yaml.get("services").map(Yaml::pairs).unwrap_or_default();
    if services.is_empty() {
        return Err("no service selected".into());
    }
    let mut project = Project { name, folder, ..Project::default() };
    project.volumes = yaml.get("volumes").map(Yaml::pairs).unwrap_or_default().iter().map(|(k, _)| k.clone()).collect();
    let mut rest: Vec<&(String, Yaml)> = services.iter().collect();
    while !rest.is_empty() {
        let done = |name: &String| project.services.iter().any(|s| s.project.1 == *name);
        let ready = rest.iter().position(|(_, service)| depends(service).iter().all(done));
        let Some(at) = ready else {
            let (name, service) = rest[0];
            let missing = depends(service).into_iter().find(|d| services.iter().all(|(n, _)| n != d));
            return Err(match missing {
                Some(other) => {
                    format!("service \"{name}\" depends on undefined service \"{other}\": invalid compose project")
                }
                None => format!("dependency cycle detected: {name} -> {}", depends(service).join(" -> ")),
            });
        };
        let (service, yaml) = rest.remove(at);
        let container = container(sys, &project, service, yaml)?;
        project.services.push(container);
    }
    Ok(project)
}

fn depends(service: &Yaml) -> Vec<String> {
    match service.get("depends_on") {
        Some(map @ Yaml::Map(_)) => map.pairs().iter().map(|(name, _)| name.clone()).collect(),
        Some(list) => list.texts(),
        None => Vec::new(),
    }
}

/// A command: a list, or one line that is taken apart at its blanks and quotes.
fn words(yaml: &Yaml) -> Vec<String> {
    let Yaml::Text(line) = yaml else { return yaml.texts() };
    let (mut words, mut quote, mut open) = (Vec::<String>::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ' | '\t' | '\n') => {
                open = false;
                continue;
            }
            (_, c) => {
                if !open {
                    words.push(String::new());
                }
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
        if !open && (quote.is_some() || words.is_empty()) {
            words.push(String::new());
        }
        open = true;
    }
    words
}

fn container(sys: &mut Sys<'_>, project: &Project, name: &str, service: &Yaml) -> Result<Container, String> {
    if let Some((key, _)) = service.pairs().iter().find(|(key, _)| !KEYS.contains(&key.as_str())) {
        return Err(format!("validating docker-compose.yml: services.{name} Additional property {key} is not allowed"));
    }
    let text = |key: &str| service.get(key).and_then(Yaml::text).filter(|t| !t.is_empty());
    let (image_name, image) = image(sys, project, name, service)?;
    let restart = text("restart").unwrap_or("no");
    let restart = Restart::parse(restart).ok_or_else(|| format!("invalid restart policy: unknown policy '{restart}'; use one of 'no', 'on-failure', 'always', or 'unless-stopped'"))?;
    let argv = match (service.get("entrypoint").map(words), service.get("command").map(words)) {
        (Some(entry), command) => [entry, command.unwrap_or_default()].concat(),
        (None, Some(command)) => command,
        (None, None) => image.argv.clone(),
    };
    if argv.is_empty() {
        return Err(format!("service \"{name}\" has neither a command nor an image that brings one"));
    }
    let shown = [vec![image.entrypoint.clone()], argv.clone()].concat().join(" ").trim().to_owned();
    let mut env = vec![format!("PATH={}", super::shim::PATH), "HOME=/root".to_owned()];
    env.extend(image.env.iter().cloned());
    for file in service.get("env_file").map(Yaml::texts).unwrap_or_default() {
        let path = crate::world::fs::join(&project.folder, &file);
        let bytes = sys
            .read_file(&path)
            .map_err(|_| format!("env file {path} not found: stat {path}: no such file or directory"))?;
        env.extend(
            String::from_utf8_lossy(&bytes)
                .lines()
                .filter(|l| l.contains('=') && !l.starts_with('#'))
                .map(str::to_owned),
        );
    }
    match service.get("environment") {
        Some(map @ Yaml::Map(_)) => {
            env.extend(map.pairs().iter().map(|(k, v)| format!("{k}={}", v.text().unwrap_or_default())));
        }
        Some(list) => env.extend(list.texts()),
        None => {}
    }
    let ports = service.get("ports").map(Yaml::texts).unwrap_or_default();
    let ports = ports.iter().filter_map(|text| {
        let mut parts = text.split('/').next().unwrap_or(text).rsplit(':');
        let inside = parts.next()?.parse().ok()?;
        Some((parts.next()?.parse().ok()?, inside))
    });
    let grace = text("stop_grace_period").and_then(|t| crate::systemd::span::parse_sec(t).ok());
    Ok(Container {
        name: text("container_name").map_or_else(|| format!("{}-{name}-1", project.name), str::to_owned),
        image: image_name,
        argv,
        shown,
        env,
        folder: text("working_dir").map_or(image.folder.clone(), str::to_owned),
        user: text("user").map_or(image.user.clone(), |user| user.split(':').next().unwrap_or_default().to_owned()),
        restart,
        ports: ports.collect(),
        volumes: volumes(project, service),
        project: (project.name.clone(), name.to_owned()),
        grace: grace.map_or(Duration::from_secs(10), Duration::from_micros),
        ..Container::default()
    })
}

/// The image of a service: its name and what it brings.
fn image(sys: &mut Sys<'_>, project: &Project, name: &str, service: &Yaml) -> Result<(String, Image), String> {
    let named = service.get("image").and_then(Yaml::text);
    let Some(build) = service.get("build") else {
        let named = named.ok_or_else(|| {
            format!("service \"{name}\" has neither an image nor a build context specified: invalid compose project")
        })?;
        let brings = service.get("command").is_some() || service.get("entrypoint").is_some();
        return match images::known(named) {
            Some(image) => Ok((named.to_owned(), image)),
            None if brings => Ok((named.to_owned(), Image { folder: "/".into(), ..Image::default() })),
            None => Err(format!("Error response from daemon: the image {named} is not simulated")),
        };
    };
    let context = build.text().or(build.get("context").and_then(Yaml::text)).unwrap_or(".");
    let file = build.get("dockerfile").and_then(Yaml::text).unwrap_or("Dockerfile");
    let path = crate::world::fs::join(&crate::world::fs::join(&project.folder, context), file);
    let bytes = sys
        .read_file(&path)
        .map_err(|_| format!("failed to solve: failed to read dockerfile: open {file}: no such file or directory"))?;
    let image = images::built(&String::from_utf8_lossy(&bytes))?;
    Ok((named.map_or_else(|| format!("{}-{name}", project.name), str::to_owned), image))
}

/// Folder of the host and of the container, for each volume.
fn volumes(project: &Project, service: &Yaml) -> Vec<(String, String)> {
    let texts = service.get("volumes").map(Yaml::texts).unwrap_or_default();
    let pair = |text: &String| {
        let mut parts = text.split(':');
        let (host, target) = (parts.next()?, parts.next()?);
        let host = match host.starts_with(['.', '/', '~']) {
            true => crate::world::fs::normalize(&crate::world::fs::join(&project.folder, host)).to_string(),
            false => format!("/var/lib/docker/volumes/{}_{host}/_data", project.name),
        };
        Some((host.trim_end_matches("/.").to_owned(), target.to_owned()))
    };
    texts.iter().filter_map(pair).collect()
}
