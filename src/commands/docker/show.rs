//! How containers are shown: `docker ps`, `docker compose ps`, `docker inspect -f`.

use super::container::{Container, State};
use crate::world::{Duration, Time};

/// A duration in Docker's words: `5 seconds`, `About a minute`.
pub fn human(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds, seconds / 60, seconds / 3600) {
        (0, ..) => "Less than a second".into(),
        (1, ..) => "1 second".into(),
        (..60, ..) => format!("{seconds} seconds"),
        (_, 1, _) => "About a minute".into(),
        (_, minutes @ ..60, _) => format!("{minutes} minutes"),
        (_, _, 1) => "About an hour".into(),
        (_, _, hours @ ..48) => format!("{hours} hours"),
        (_, _, hours @ ..336) => format!("{} days", hours / 24),
        (_, _, hours @ ..1440) => format!("{} weeks", hours / 168),
        (_, _, hours) => format!("{} months", hours / 720),
    }
}

/// The column STATUS.
pub fn status(container: &Container, now: Time) -> String {
    let since = |at: Time| human(now.since(at));
    match container.state {
        State::Created => "Created".into(),
        State::Running => format!("Up {}", since(container.started)),
        State::Restarting => format!("Restarting ({}) {} ago", container.exit, since(container.finished)),
        State::Exited => format!("Exited ({}) {} ago", container.exit, since(container.finished)),
    }
}

/// The column COMMAND: quoted, and cut at twenty letters.
fn command(container: &Container) -> String {
    let letters: Vec<char> = container.shown.chars().collect();
    match letters.len() {
        ..=20 => format!("\"{}\"", container.shown),
        _ => format!("\"{}…\"", letters[..19].iter().collect::<String>()),
    }
}

fn ports(container: &Container) -> String {
    if container.state != State::Running {
        return String::new();
    }
    let shown = container.ports.iter().map(|(outside, inside)| format!("0.0.0.0:{outside}->{inside}/tcp"));
    shown.collect::<Vec<_>>().join(", ")
}

/// The table of `docker ps`.
pub fn table(containers: &[&Container], now: Time) -> String {
    let head = ["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"].map(str::to_owned);
    let row = |c: &&Container| {
        let created = format!("{} ago", human(now.since(c.created)));
        [c.short().to_owned(), c.image.clone(), command(c), created, status(c, now), ports(c), c.name.clone()]
    };
    columns(&[head], &containers.iter().map(row).collect::<Vec<_>>())
}

/// The table of `docker compose ps`.
pub fn project_table(containers: &[&Container], now: Time) -> String {
    let head = ["NAME", "IMAGE", "COMMAND", "SERVICE", "CREATED", "STATUS", "PORTS"].map(str::to_owned);
    let row = |c: &&Container| {
        let created = format!("{} ago", human(now.since(c.created)));
        [c.name.clone(), c.image.clone(), command(c), c.project.1.clone(), created, status(c, now), ports(c)]
    };
    columns(&[head], &containers.iter().map(row).collect::<Vec<_>>())
}

/// Columns that are three blanks apart.
fn columns<const N: usize>(head: &[[String; N]], rows: &[[String; N]]) -> String {
    let all: Vec<&[String; N]> = head.iter().chain(rows).collect();
    let width = |at: usize| all.iter().map(|row| row[at].chars().count()).max().unwrap_or(0) + 3;
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut text = String::new();
    for row in all {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let width = if at + 1 == N { 0 } else { widths[at] };
            line.push_str(&format!("{cell:<width$}"));
        }
        text.push_str(&format!("{line}\n"));
    }
    text
}

/// A template of `docker inspect -f`, with the fields that are known. `None`: one is not.
pub fn inspect(container: &Container, template: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find("{{") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find("}}")? + at;
        out.push_str(&field(container, rest[at + 2..end].trim())?);
        rest = &rest[end + 2..];
    }
    out.push_str(rest);
    Some(out)
}

fn field(c: &Container, name: &str) -> Option<String> {
    let time = |at: Time| at.strftime("%Y-%m-%dT%H:%M:%S.%6f000Z");
    Some(match name {
        ".Id" => c.id.clone(),
        ".Name" => format!("/{}", c.name),
        ".Config.Image" => c.image.clone(),
        ".Created" => time(c.created),
        ".RestartCount" => c.count.to_string(),
        ".HostConfig.RestartPolicy.Name" => c.restart.word().split(':').next().unwrap_or_default().to_owned(),
        ".State.Status" => c.state.word().to_owned(),
        ".State.Running" => (c.state == State::Running || c.state == State::Restarting).to_string(),
        ".State.Restarting" => (c.state == State::Restarting).to_string(),
        ".State.Pid" => c.pid.unwrap_or(0).to_string(),
        ".State.ExitCode" => c.exit.to_string(),
        ".State.StartedAt" => time(c.started),
        ".State.FinishedAt" => time(c.finished),
        ".State.OOMKilled" => "false".into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_words() {
        for (seconds, words) in [
            (0, "Less than a second"),
            (59, "59 seconds"),
            (60, "About a minute"),
            (150, "2 minutes"),
            (3700, "About an hour"),
            (172_800, "2 days"),
        ] {
            assert_eq!(human(Duration::from_secs(seconds)), words);
        }
    }

    #[test]
    fn commands_are_cut() {
        let container = Container { shown: "docker-entrypoint.sh redis-server".into(), ..Container::default() };
        assert_eq!(command(&container), "\"docker-entrypoint.s…\"");
        assert_eq!(inspect(&container, "{{.State.Status}} {{.RestartCount}}").as_deref(), Some("created 0"));
        assert_eq!(inspect(&container, "{{.Nosuch}}"), None);
    }
}
