//! `Accept=yes`: a service instance for each connection, which it gets as its descriptor: systemd.socket(5).

use super::{Connection, Endpoint};
use crate::systemd::config::JobMode;
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::manager::Core;
use crate::systemd::manager::job::JobType;
use crate::systemd::manager::log::LOG_WARNING;
use crate::systemd::manager::reason::Reason;
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{Address, Errno, OpenFileId};

/// Who is at the other end.
struct Peer {
    /// The instance's name without its number.
    instance: String,
    /// As the description of the service has it.
    shown: String,
    remote: Option<(String, u16)>,
}

impl Core<'_> {
    /// Takes the first waiting connection and starts an instance for it.
    pub(super) fn socket_accept(&mut self, u: &UnitName, endpoint: Endpoint) {
        let Some(peer) = self.peer(endpoint) else { return };
        let Ok(file) = self.w.accept(self.m.pid, endpoint.fd) else { return };
        if self.m.stop_pending(u) || !self.below_trigger_limit(u) {
            return self.turn_away(u, file);
        }
        let config = self.m.socket_config(u);
        let run = self.m.socket_mut(u);
        if run.n_connections >= config.max_connections {
            let text = format!("Too many incoming connections ({}), dropping connection.", run.n_connections);
            self.log_unit(u, LOG_WARNING, &text);
            return self.turn_away(u, file);
        }
        let number = run.n_accepted;
        let template = u.with_type(UnitType::Service).map(|name| format!("{}@.service", name.stem()));
        let service = template
            .and_then(|name| UnitName::new(&name))
            .and_then(|name| name.with_instance(&format!("{number}-{}", peer.instance)));
        let Some(service) = service else { return self.turn_away(u, file) };
        let service = self.ensure_loaded(&service);
        if self.m.unit(&service).load_state() != LoadState::Loaded {
            self.turn_away(u, file);
            return self.refuse_activation(u, "template", &Errno::EINVAL.to_string());
        }
        self.add_weak_dependency(u, Dep::Before, &service);
        self.add_weak_dependency(u, Dep::Triggers, &service);
        let run = self.m.socket_mut(u);
        (run.n_accepted, run.n_connections) = (run.n_accepted + 1, run.n_connections + 1);
        let unit = self.m.unit_mut(&service);
        unit.described = Some(match &unit.config().description {
            Some(text) => format!("{text} ({})", peer.shown),
            None => peer.shown,
        });
        self.m.service_mut(&service).connection = Some(Connection { file, socket: u.clone(), remote: peer.remote });
        let reason = Reason::Triggered { by: u.clone() };
        if let Err(error) = self.add_job(JobType::Start, &service, JobMode::Replace, reason) {
            self.close_connection(&service);
            self.refuse_activation(u, "template", &error.message);
        }
    }

    fn turn_away(&mut self, u: &UnitName, file: OpenFileId) {
        self.m.socket_mut(u).n_refused += 1;
        self.w.release(file);
    }

    /// Who made the first waiting connection.
    fn peer(&self, endpoint: Endpoint) -> Option<Peer> {
        let listener = self.w.net.listeners.get(&endpoint.object)?;
        let pending = listener.pending.front()?;
        Some(match &listener.address {
            Address::Tcp(host, port) => {
                let host = if host == "::1" { "::1" } else { "127.0.0.1" };
                let end =
                    if host == "::1" { format!("[::1]:{}", pending.port) } else { format!("{host}:{}", pending.port) };
                Peer {
                    instance: format!("{host}:{port}-{host}:{}", pending.port),
                    shown: end,
                    remote: Some((host.to_owned(), pending.port)),
                }
            }
            _ => {
                let uid = self.w.process(pending.client).map_or(0, |process| process.cred.uid);
                let pid = pending.client;
                Peer { instance: format!("{pid}-{uid}"), shown: format!("PID {pid}/UID {uid}"), remote: None }
            }
        })
    }

    /// The service has done with its connection.
    pub(in crate::systemd::manager) fn close_connection(&mut self, u: &UnitName) {
        if self.m.unit(u).service.as_ref().is_none_or(|service| service.connection.is_none()) {
            return;
        }
        let Some(connection) = self.m.service_mut(u).connection.take() else { return };
        self.w.release(connection.file);
        let run = self.m.socket_mut(&connection.socket);
        run.n_connections = run.n_connections.saturating_sub(1);
    }
}
