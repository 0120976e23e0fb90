//! service(8): runs an init script, or asks systemctl where a unit stands in its place.

use crate::commands::Command;
use crate::world::{Channel, ChildEvent, Pid};
use crate::world::{Cx, Task, TaskStep, Wait, task};

/// service(8).
pub const COMMAND: Command =
    Command { name: "service", path: "/usr/sbin/service", program: |argv| task(Service::default(), argv) };

/// Waits for systemctl or for the script.
#[derive(Clone, Default)]
struct Service {
    child: Option<Pid>,
}

const USAGE: &str = "Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]";

impl Task for Service {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if let Some(child) = self.child {
            return match cx.wait_child(Some(child)) {
                Some((_, ChildEvent::Ended(status))) => TaskStep::Exit(status.code()),
                _ => TaskStep::Wait(Wait::channel(Channel::Children(cx.pid))),
            };
        }
        match begin(cx) {
            Ok(child) => {
                self.child = Some(child);
                TaskStep::Wait(Wait::channel(Channel::Children(cx.pid)))
            }
            Err(status) => TaskStep::Exit(status),
        }
    }
}

/// Starts what does the work; the error is the status to end with.
fn begin(cx: &mut Cx<'_, '_>) -> Result<Pid, u8> {
    let args = cx.args();
    let mut words = args.iter().map(String::as_str);
    let (name, verb) = match (words.next(), words.next()) {
        (Some("--help" | "-h" | "--h"), _) => {
            cx.outln(USAGE);
            return Err(0);
        }
        (Some("--version" | "-V"), _) => {
            cx.outln("service ver. 1.65.2");
            return Err(0);
        }
        (Some("--status-all"), _) => {
            cx.errln("service: option --status-all is not simulated");
            return Err(2);
        }
        (None, _) | (Some(_), None) => {
            cx.errln(USAGE);
            return Err(1);
        }
        (Some(name), Some(verb)) => (name.to_owned(), verb.to_owned()),
    };
    let folders = ["/etc/systemd/system", "/run/systemd/system", "/lib/systemd/system"];
    let is_unit = folders.iter().any(|folder| cx.stat(&format!("{folder}/{name}.service")).is_ok());
    let script = format!("/etc/init.d/{name}");
    let is_script = cx.stat(&script).is_ok();
    if !is_unit && !is_script {
        cx.errln(&format!("{name}: unrecognized service"));
        return Err(1);
    }
    if !is_unit {
        let argv = [vec![script.clone()], args[1..].to_vec()].concat();
        return cx.spawn(&script, &argv).map_err(|_| 1);
    }
    let unit = format!("{name}.service");
    let words: Vec<String> = match verb.as_str() {
        "status" => vec!["status".into(), unit],
        "start" | "stop" | "restart" => vec![verb.clone(), unit],
        "reload" | "force-reload" => vec!["reload".into(), unit],
        "try-restart" | "condrestart" => vec!["try-restart".into(), unit],
        "--full-restart" => vec!["restart".into(), unit],
        _ if is_script => {
            let argv = [vec![script.clone()], args[1..].to_vec()].concat();
            return cx.spawn(&script, &argv).map_err(|_| 1);
        }
        _ => vec![verb.clone(), unit],
    };
    let argv = [vec!["systemctl".to_owned()], words].concat();
    cx.spawn("/usr/bin/systemctl", &argv).map_err(|_| 1)
}
