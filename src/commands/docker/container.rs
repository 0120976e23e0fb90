//! A container as the daemon keeps it, and when it is started again: docker-container(1), restart policies.

use crate::world::{Duration, Pid, Time};

/// When a container that ended is started again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Restart {
    /// `no`
    #[default]
    No,
    /// `always`
    Always,
    /// `unless-stopped`
    UnlessStopped,
    /// `on-failure`, at most so often; 0: without end.
    OnFailure(u64),
}

impl Restart {
    /// Reads a policy; `None`: there is no such policy.
    pub fn parse(text: &str) -> Option<Restart> {
        Some(match text {
            "" | "no" | "false" => Restart::No,
            "always" => Restart::Always,
            "unless-stopped" => Restart::UnlessStopped,
            "on-failure" => Restart::OnFailure(0),
            _ => Restart::OnFailure(text.strip_prefix("on-failure:")?.parse().ok()?),
        })
    }

    /// As compose files write it.
    pub fn word(self) -> String {
        match self {
            Restart::No => "no".into(),
            Restart::Always => "always".into(),
            Restart::UnlessStopped => "unless-stopped".into(),
            Restart::OnFailure(0) => "on-failure".into(),
            Restart::OnFailure(n) => format!("on-failure:{n}"),
        }
    }
}

/// What a container does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Made, never started.
    #[default]
    Created,
    /// Its process lives.
    Running,
    /// Its process ended; it is started again soon.
    Restarting,
    /// Its process ended.
    Exited,
}

impl State {
    /// As `docker inspect` names it.
    pub fn word(self) -> &'static str {
        match self {
            State::Created => "created",
            State::Running => "running",
            State::Restarting => "restarting",
            State::Exited => "exited",
        }
    }
}

/// A container.
#[derive(Clone, Debug, Default)]
pub struct Container {
    /// 64 hexadecimal digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// What runs in it.
    pub argv: Vec<String>,
    /// What `docker ps` shows as its command.
    pub shown: String,
    /// `NAME=value`.
    pub env: Vec<String>,
    /// The folder it starts in.
    pub folder: String,
    /// The user it runs as; empty: root.
    pub user: String,
    /// Its restart policy.
    pub restart: Restart,
    /// Published ports: of the host, of the container.
    pub ports: Vec<(u16, u16)>,
    /// Volumes: the folder of the host, the folder of the container.
    pub volumes: Vec<(String, String)>,
    /// Its network's number.
    pub network: u64,
    /// Its project and its service in it; empty outside of compose.
    pub project: (String, String),
    /// How long it has after SIGTERM.
    pub grace: Duration,
    /// When it was made.
    pub created: Time,
    /// What it does.
    pub state: State,
    /// Its process.
    pub pid: Option<Pid>,
    /// How its process ended last.
    pub exit: u8,
    /// When it was started last.
    pub started: Time,
    /// When it ended last.
    pub finished: Time,
    /// Somebody stopped it: `docker stop`, `docker kill`.
    pub by_hand: bool,
    /// How often its policy started it again in a row.
    pub count: u64,
    /// How long the next start waits.
    pub delay: Duration,
    /// When it is started again.
    pub again: Option<Time>,
    /// When SIGKILL follows SIGTERM.
    pub kill_at: Option<Time>,
}

/// The first delay before a container is started again; it doubles each time.
pub const FIRST_DELAY: Duration = Duration::from_millis(100);
/// The longest delay.
const LONGEST_DELAY: Duration = Duration::from_secs(60);
/// Whoever lived that long begins again with the first delay.
const GOOD_LIFE: Duration = Duration::from_secs(10);

impl Container {
    /// The short id.
    pub fn short(&self) -> &str {
        self.id.get(..12).unwrap_or(&self.id)
    }

    /// Its control group.
    pub fn cgroup(&self) -> String {
        format!("/system.slice/docker-{}.scope", self.id)
    }

    /// Its process ended: decides whether and when it is started again.
    pub fn ended(&mut self, exit: u8, now: Time) {
        let lived = now.since(self.started);
        (self.pid, self.exit, self.finished, self.kill_at) = (None, exit, now, None);
        let wanted = match self.restart {
            Restart::No => false,
            Restart::Always | Restart::UnlessStopped => true,
            Restart::OnFailure(max) => exit != 0 && (max == 0 || self.count < max),
        };
        if !wanted || self.by_hand {
            self.state = State::Exited;
            return;
        }
        if lived >= GOOD_LIFE || self.delay.is_zero() {
            (self.delay, self.count) = (FIRST_DELAY, if lived >= GOOD_LIFE { 0 } else { self.count });
        } else {
            self.delay = (self.delay * 2).min(LONGEST_DELAY);
        }
        self.count += 1;
        self.state = State::Restarting;
        self.again = Some(now + self.delay);
    }

    /// Whether the daemon starts it when it starts itself.
    pub fn starts_with_daemon(&self) -> bool {
        let was_started = self.state != State::Created;
        match self.restart {
            Restart::No => false,
            Restart::Always => was_started,
            Restart::UnlessStopped => was_started && !self.by_hand,
            Restart::OnFailure(max) => was_started && !self.by_hand && self.exit != 0 && (max == 0 || self.count < max),
        }
    }

    /// The words by which the daemon's disk keeps it.
    pub fn save(&self) -> Vec<String> {
        let list = |words: &[String]| words.join("\u{1f}");
        let ports: Vec<String> = self.ports.iter().map(|(a, b)| format!("{a}:{b}")).collect();
        vec![
            self.id.clone(),
            self.name.clone(),
            self.image.clone(),
            list(&self.argv),
            self.shown.clone(),
            list(&self.env),
            self.folder.clone(),
            self.user.clone(),
            self.restart.word(),
            ports.join(","),
            self.project.0.clone(),
            self.project.1.clone(),
            self.grace.as_secs().to_string(),
            self.created.0.to_string(),
            self.state.word().to_owned(),
            self.exit.to_string(),
            self.started.0.to_string(),
            self.finished.0.to_string(),
            u8::from(self.by_hand).to_string(),
            self.count.to_string(),
            self.pid.unwrap_or(0).to_string(),
            list(&self.volumes.iter().map(|(a, b)| format!("{a}:{b}")).collect::<Vec<_>>()),
            self.network.to_string(),
        ]
    }

    /// Reads what [`Container::save`] wrote; missing words are empty.
    pub fn load(words: &[String]) -> Container {
        let word = |at: usize| words.get(at).cloned().unwrap_or_default();
        let number = |at: usize| word(at).parse::<u64>().unwrap_or(0);
        let list =
            |at: usize| word(at).split('\u{1f}').filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let pair = |text: &str| text.split_once(':').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        Container {
            id: word(0),
            name: word(1),
            image: word(2),
            argv: list(3),
            shown: word(4),
            env: list(5),
            folder: word(6),
            user: word(7),
            restart: Restart::parse(&word(8)).unwrap_or_default(),
            ports: word(9).split(',').filter_map(pair).collect(),
            project: (word(10), word(11)),
            grace: Duration::from_secs(number(12)),
            created: Time(number(13)),
            state: match word(14).as_str() {
                "running" => State::Running,
                "restarting" => State::Restarting,
                "exited" => State::Exited,
                _ => State::Created,
            },
            exit: u8::try_from(number(15)).unwrap_or(255),
            started: Time(number(16)),
            finished: Time(number(17)),
            by_hand: number(18) == 1,
            count: number(19),
            pid: Pid::try_from(number(20)).ok().filter(|pid| *pid > 0),
            volumes: list(21)
                .iter()
                .filter_map(|v| v.split_once(':'))
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .collect(),
            network: number(22),
            ..Container::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(restart: &str, exit: u8, by_hand: bool) -> Container {
        let mut container = Container { restart: Restart::parse(restart).unwrap(), by_hand, ..Container::default() };
        container.state = State::Running;
        container.ended(exit, Time(5_000_000));
        container
    }

    #[test]
    fn policies_decide_who_comes_back() {
        for (restart, exit, by_hand, now, after_boot) in [
            ("no", 1, false, false, false),
            ("always", 0, false, true, true),
            ("always", 0, true, false, true),
            ("unless-stopped", 137, false, true, true),
            ("unless-stopped", 137, true, false, false),
            ("on-failure", 0, false, false, false),
            ("on-failure", 1, false, true, true),
        ] {
            let container = ended(restart, exit, by_hand);
            assert_eq!(container.state == State::Restarting, now, "{restart} {exit} {by_hand}");
            assert_eq!(container.starts_with_daemon(), after_boot, "{restart} {exit} {by_hand}, boot");
        }
        let mut tired = ended("on-failure:1", 1, false);
        assert_eq!((tired.state, tired.delay), (State::Restarting, FIRST_DELAY));
        tired.ended(1, Time(5_200_000));
        assert_eq!(tired.state, State::Exited);
        assert_eq!(Container::load(&tired.save()).save(), tired.save());
    }
}
