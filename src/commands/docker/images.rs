//! The images that are known, and what a Dockerfile says: what runs in a container when nobody says otherwise.

/// What an image brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// What runs.
    pub argv: Vec<String>,
    /// What `docker ps` shows before the words of the command; empty: nothing.
    pub entrypoint: String,
    /// The folder it starts in.
    pub folder: String,
    /// Its user; empty: root.
    pub user: String,
    /// `NAME=value`.
    pub env: Vec<String>,
}

/// Name, entry point, command, folder.
const KNOWN: &[(&str, &str, &[&str], &str)] = &[
    ("alpine", "", &["/bin/sh"], "/"),
    ("busybox", "", &["sh"], "/"),
    ("debian", "", &["bash"], "/"),
    ("dunglas/frankenphp", "", &["php", "-v"], "/app"),
    ("nginx", "/docker-entrypoint.sh", &["nginx", "-g", "daemon off;"], "/"),
    ("node", "docker-entrypoint.sh", &["node"], "/"),
    ("php", "docker-php-entrypoint", &["php", "-a"], "/var/www/html"),
    ("python", "", &["python3"], "/"),
    ("redis", "docker-entrypoint.sh", &["redis-server"], "/data"),
    ("ubuntu", "", &["/bin/bash"], "/"),
];

/// The image of this name, without its tag.
pub fn known(name: &str) -> Option<Image> {
    let base =
        name.split(['@', ':']).next().unwrap_or(name).trim_start_matches("docker.io/").trim_start_matches("library/");
    let (_, entrypoint, argv, folder) = KNOWN.iter().find(|row| row.0 == base)?;
    Some(Image {
        argv: argv.iter().map(|w| (*w).to_owned()).collect(),
        entrypoint: (*entrypoint).to_owned(),
        folder: (*folder).to_owned(),
        ..Image::default()
    })
}

/// The image that a Dockerfile builds. Error: what is wrong with it.
pub fn built(dockerfile: &str) -> Result<Image, String> {
    let mut image = Image { folder: "/".into(), ..Image::default() };
    let mut from = false;
    let joined = dockerfile.replace("\\\n", " ");
    for line in joined.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word.to_uppercase().as_str() {
            "FROM" => {
                let name = rest.split_whitespace().next().unwrap_or_default();
                let base = known(name).ok_or_else(|| {
                    format!("failed to solve: {name}: pull access denied, repository does not exist or may require authorization")
                })?;
                (image, from) = (base, true);
            }
            "WORKDIR" => image.folder = rest.to_owned(),
            "USER" => image.user = rest.split(':').next().unwrap_or_default().to_owned(),
            "ENV" => match rest.split_once(['=', ' ']) {
                Some((name, value)) => image.env.push(format!("{name}={}", value.trim().trim_matches('"'))),
                None => image.env.push(format!("{rest}=")),
            },
            "CMD" | "ENTRYPOINT" => {
                image.argv = command(rest);
                image.entrypoint.clear();
            }
            "RUN" | "COPY" | "ADD" | "EXPOSE" | "ARG" | "LABEL" | "VOLUME" | "HEALTHCHECK" | "STOPSIGNAL" | "SHELL" => {
            }
            other => return Err(format!("failed to solve: dockerfile parse error: unknown instruction: {other}")),
        }
    }
    if from { Ok(image) } else { Err("failed to solve: no build stage in current context".into()) }
}

/// `["a", "b"]`, or a line for the shell.
fn command(text: &str) -> Vec<String> {
    let list = text.starts_with('[').then(|| super::yaml::read(&format!("argv: {text}")).ok()).flatten();
    match list.as_ref().and_then(|document| document.get("argv")) {
        Some(list @ super::yaml::Yaml::List(_)) => list.texts(),
        _ => ["/bin/sh", "-c", text].map(str::to_owned).to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dockerfile_says_what_runs() {
        let image =
            built("FROM php:8.2-cli\nWORKDIR /app\nRUN a \\\n  && b\nUSER www-data\nCMD [\"php\", \"-v\"]\n").unwrap();
        assert_eq!(
            (image.argv, image.folder, image.user),
            (vec!["php".into(), "-v".into()], "/app".into(), "www-data".into())
        );
        assert!(built("RUN x").is_err() && built("FROM nosuch").is_err());
        assert_eq!(known("redis:7-alpine").unwrap().argv, ["redis-server"]);
    }
}
