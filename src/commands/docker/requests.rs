//! What clients ask of the docker daemon: create, start, stop, restart, kill, remove, wait.

use super::container::{Container, State};
use super::daemon::{Answer, Daemon};
use crate::world::{Duration, Fd, Signal, Sys};

impl Daemon {
    pub(super) fn find(&self, name: &str) -> Result<usize, String> {
        let fits = |c: &Container| c.name == name || (!name.is_empty() && c.id.starts_with(name));
        self.containers.iter().position(fits).ok_or_else(|| format!("No such container: {name}"))
    }

    /// Sends a container's process a signal, and SIGKILL after its time of grace.
    pub(super) fn stop(&mut self, sys: &mut Sys<'_>, at: usize, grace: Duration) -> bool {
        let now = sys.now();
        let container = &mut self.containers[at];
        container.by_hand = true;
        container.again = None;
        let Some(pid) = container.pid.filter(|_| container.state == State::Running) else {
            if container.state == State::Restarting {
                container.state = State::Exited;
            }
            return false;
        };
        container.kill_at = Some(now + grace);
        sys.world.send_signal(pid, Signal::TERM);
        true
    }

    /// One request. `None`: the answer comes later.
    pub(super) fn answer(&mut self, sys: &mut Sys<'_>, fd: Fd, words: &[String]) -> Option<Answer> {
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let seconds = |at: usize| word(at).parse::<u64>().ok().map(Duration::from_secs);
        if word(0) == "list" {
            let lines: Vec<String> = self.containers.iter().map(|c| c.save().join("\u{1e}")).collect();
            return Some(Ok(lines.join("\n")));
        }
        if word(0) == "create" {
            return Some(self.create(sys, &words[1..]));
        }
        let at = match self.find(word(1)) {
            Ok(at) => at,
            Err(text) => return Some(Err(text)),
        };
        let running = self.containers[at].state == State::Running;
        let id = self.containers[at].id.clone();
        let answer = match word(0) {
            "start" if running => Ok(word(1).to_owned()),
            "start" => {
                let container = &mut self.containers[at];
                (container.by_hand, container.count, container.delay) = (false, 0, Duration::ZERO);
                self.run(sys, at)
            }
            verb @ ("stop" | "restart") => {
                let grace = seconds(2).unwrap_or(self.containers[at].grace);
                let again = verb == "restart";
                if self.stop(sys, at, grace) {
                    self.waiting.push_back((fd, id, again));
                    return None;
                }
                self.containers[at].by_hand = !again;
                if again { self.run(sys, at) } else { Ok(word(1).to_owned()) }
            }
            "kill" => match (self.containers[at].pid.filter(|_| running), Signal::parse(word(2))) {
                (Some(pid), Some(signal)) => {
                    self.containers[at].by_hand = signal == Signal::KILL || self.containers[at].by_hand;
                    sys.world.send_signal(pid, signal);
                    Ok(word(1).to_owned())
                }
                (None, _) => Err(format!("cannot kill container: {}: container {id} is not running", word(1))),
                (_, None) => Err(format!("Invalid signal: {}", word(2))),
            },
            "id" => Ok(id),
            "wait" if running => {
                self.waiting.push_back((fd, id, false));
                return None;
            }
            "wait" => Ok(self.containers[at].exit.to_string()),
            "rm" if running => Err(format!(
                "cannot remove container \"/{}\": container is running: stop the container before removing or force remove",
                self.containers[at].name
            )),
            "rm" => {
                let now = sys.now();
                sys.world.files.remove_all(&format!("/var/lib/docker/containers/{id}"), now);
                self.containers.remove(at);
                Ok(word(1).to_owned())
            }
            other => Err(format!("{other} is not simulated")),
        };
        self.save(sys);
        Some(answer)
    }

    pub(super) fn create(&mut self, sys: &mut Sys<'_>, words: &[String]) -> Answer {
        let mut container = Container::load(words);
        if let Ok(at) = self.find(&container.name) {
            return Err(format!(
                "Conflict. The container name \"/{}\" is already in use by container \"{}\". You have to remove (or rename) that container to be able to reuse that name.",
                container.name, self.containers[at].id
            ));
        }
        container.id = format!("{}{}", sys.world.rng.id128(), sys.world.rng.id128());
        (container.created, container.state, container.pid) = (sys.now(), State::Created, None);
        let now = sys.now();
        sys.world.files.mkdir_all(&format!("/var/lib/docker/containers/{}", container.id), now);
        let id = container.id.clone();
        self.containers.push(container);
        Ok(id)
    }
}
