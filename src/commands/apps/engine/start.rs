//! How a declared program starts: what it needs, what it connects to, the port it opens, the queue it will consume.

use super::app::App;
use super::leave::version;
use super::table;
use super::worker::Worker;
use crate::commands::process::launch::say;
use crate::vps::program_spec::{Counts, Deed, QueueSpec};
use crate::world::{Signal, Step, Sys};

impl App {
    /// The port that it opens.
    pub(super) fn port(&self, sys: &Sys<'_>) -> Option<u16> {
        let from = self.cx.spec.port_from.as_deref();
        let said = from.and_then(|name| self.cx.values.get(name).cloned().or_else(|| sys.getenv(name)));
        said.and_then(|text| text.parse().ok()).or(self.cx.spec.port)
    }

    /// Checks what it needs and opens its port. `Err` is the step with which it ends.
    pub(super) fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), Step> {
        let spec = self.cx.spec.clone();
        for need in &spec.needs {
            let path = self.cx.fill(sys, &need.path, &[]);
            if sys.access(&path, crate::world::fs::Access::Read).is_err() {
                return Err(self.cx.leave(sys, &need.otherwise, &[("path", path)]));
            }
        }
        for variable in &spec.variables {
            let file = variable.file.as_ref().map(|path| self.cx.fill(sys, path, &[]));
            let text = file.and_then(|path| sys.read_file(&path).ok()).unwrap_or_default();
            let line = format!("{}=", variable.name);
            let set = String::from_utf8_lossy(&text).lines().any(|l| l.starts_with(&line) && l.len() > line.len());
            if !set && sys.getenv(&variable.name).is_none() {
                return Err(self.cx.leave(sys, &variable.otherwise, &[]));
            }
        }
        if let Some(port) = self.port(sys)
            && let Err(errno) = self.door.open(sys, port)
        {
            let name = sys.argv().first().cloned().unwrap_or_default();
            say(sys, &format!("{name}: cannot listen on port {port}: {}", errno.message()));
            return Err(Step::Exit(1));
        }
        for reaction in &spec.on {
            for signal in reaction.signals.iter().filter_map(|name| Signal::parse(name)) {
                if reaction.does == Deed::Ignore { sys.ignore(signal) } else { sys.catch(signal) }
            }
        }
        self.hire(sys);
        let path = spec.stop_file.as_ref().map(|path| self.cx.fill(sys, path, &[]));
        if let Some(path) = path.filter(|_| spec.consumes.is_some()) {
            table::make_folders(sys, &path);
            let ino = sys.lookup(&path, true).ok().or_else(|| {
                let fd = sys.open(&path, crate::world::OpenFlags::APPEND, 0o666).ok()?;
                let _ = sys.close(fd);
                sys.lookup(&path, true).ok()
            });
            self.stop_file = ino.map(|ino| (ino, version(sys, ino)));
        }
        if sys.getenv("NOTIFY_SOCKET").is_some() {
            sys.sd_notify("READY=1");
        }
        Ok(())
    }

    /// Checks its connections once more; `Ok(true)`: all answer, `Ok(false)`: it tries again later.
    pub(super) fn connected(&mut self, sys: &mut Sys<'_>) -> Result<bool, Step> {
        let spec = self.cx.spec.clone();
        for connect in &spec.connects {
            if sys.world.net.tcp(sys.me().network(), "127.0.0.1", connect.port).is_none() {
                return match connect.retry {
                    Some(_) => Ok(false),
                    None => Err(self.cx.leave(sys, &connect.otherwise, &[])),
                };
            }
        }
        Ok(true)
    }

    pub(super) fn hire(&mut self, sys: &Sys<'_>) {
        let Some(rules) = self.cx.spec.consumes.clone() else { return };
        let name = self.cx.fill(sys, &rules.queue, &[("receivers", self.cx.operands.join(","))]);
        let first = name.split(',').next().unwrap_or_default().trim();
        let queue = self.cx.queue(first).cloned().unwrap_or_else(|| {
            // A queue that nobody declared is like the first one, under its own name.
            let like = self.cx.queues.first().cloned().unwrap_or_default();
            let key = like.key.replace(&like.name, first);
            let delayed = like.delayed.as_ref().map(|set| set.replace(&like.name, first));
            QueueSpec { name: first.to_owned(), key, delayed, ..like }
        });
        let mut worker = Worker::new(queue, rules, self.cx.started);
        worker.configure(self.cx.number("concurrency"), self.cx.number("sleep"), self.cx.number("tries"));
        worker.waits = !self.limits().any(|(end, _)| end.counts == Counts::WhenEmpty);
        self.worker = Some(worker);
    }
}
