//! Socket units: what they listen on, and what the first byte or each connection starts: systemd.socket(5).

mod accept;
mod listen;
mod state;

pub(super) use state::Endpoint;
pub use state::{Connection, SocketRun};

use super::job::JobType;
use super::job_run::Refusal;
use super::log::{LOG_ERR, LOG_WARNING};
use super::reason::Reason;
use super::unit::PlainState;
use super::{Core, Manager, Timeout};
use crate::systemd::config::{JobMode, ListenKind, SocketConfig, TypeConfig};
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::states::{LoadState, ServiceState};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Time;

/// How long the child takes that gives the files to `SocketUser=`, in microseconds.
const CHOWN: u64 = 4_000;

impl Manager {
    pub(super) fn socket_config(&self, u: &UnitName) -> SocketConfig {
        match &self.unit(u).settings().kind {
            TypeConfig::Socket(socket) => (**socket).clone(),
            _ => SocketConfig::default(),
        }
    }

    pub(super) fn socket_mut(&mut self, u: &UnitName) -> &mut SocketRun {
        self.unit_mut(u).socket.get_or_insert_with(Box::default)
    }
}

impl Core<'_> {
    /// Starts a socket unit. Its service must be there and must not run yet.
    pub(super) fn socket_start(&mut self, u: &UnitName) -> Result<bool, Refusal> {
        let config = self.m.socket_config(u);
        if !config.accept {
            self.check_service(u)?;
        }
        self.acquire_invocation_id(u);
        self.m.unit_mut(u).plain_result = "success";
        *self.m.socket_mut(u) = SocketRun::default();
        let inert = [ListenKind::Fifo, ListenKind::Special, ListenKind::Netlink, ListenKind::MessageQueue];
        if config.listens.iter().any(|listen| !inert.contains(&listen.kind)) {
            self.reset_accounting(u);
            self.realize_cgroup(u);
        }
        if let Err(errno) = self.socket_open(u, &config) {
            self.log_unit(u, LOG_WARNING, &format!("Failed to listen on sockets: {errno}"));
            self.socket_enter_dead(u, "resources");
            return Ok(true);
        }
        if config.socket_user.is_none() && config.socket_group.is_none() {
            self.socket_enter_listening(u);
            return Ok(true);
        }
        self.set_plain_state(u, PlainState::StartChown);
        self.arm_plain(u, CHOWN);
        Ok(true)
    }

    /// The file's new owners are set: it listens, or there is no such account.
    pub(super) fn socket_chown_done(&mut self, u: &UnitName) {
        let config = self.m.socket_config(u);
        match self.socket_chown(&config) {
            Ok(()) => self.socket_enter_listening(u),
            Err(_) => {
                let status = if config.socket_user.is_some() { "217/USER" } else { "216/GROUP" };
                let text = format!("Control process exited, code=exited, status={status}");
                self.log_unit(u, super::log::LOG_NOTICE, &text);
                self.socket_enter_dead(u, "exit-code");
            }
        }
    }

    fn check_service(&mut self, u: &UnitName) -> Result<(), Refusal> {
        let Some(service) = self.m.unit(u).dependency(Dep::Triggers).next().cloned() else { return Ok(()) };
        self.retry_load(&service);
        let unit = self.m.unit(&service);
        let text = if unit.load_state() != LoadState::Loaded {
            format!("Socket service {service} not loaded, refusing.")
        } else if matches!(unit.service_state(), ServiceState::Dead | ServiceState::Failed | ServiceState::AutoRestart)
        {
            return Ok(());
        } else {
            format!("Socket service {service} already active, refusing.")
        };
        self.log_unit(u, LOG_ERR, &text);
        Err(Refusal::Failed)
    }

    /// Waits for traffic; what waits already is traffic.
    fn socket_enter_listening(&mut self, u: &UnitName) {
        let config = self.m.socket_config(u);
        if config.flush_pending && !config.accept {
            self.socket_flush(u);
        }
        self.set_plain_state(u, PlainState::Listening);
        let waiting = self.m.unit(u).socket.iter().flat_map(|run| run.endpoints.clone()).find(|e| self.has_traffic(e));
        if let Some(endpoint) = waiting {
            self.socket_incoming(u, endpoint);
        }
    }

    fn has_traffic(&self, endpoint: &Endpoint) -> bool {
        let connection = self.w.net.listeners.get(&endpoint.object).is_some_and(|l| !l.pending.is_empty());
        connection || self.w.pipe(endpoint.object).is_some_and(|pipe| !pipe.buffer.is_empty())
    }

    /// Throws away what waits: `FlushPending=`.
    fn socket_flush(&mut self, u: &UnitName) {
        for endpoint in self.m.socket_mut(u).endpoints.clone() {
            while let Ok(file) = self.w.accept(self.m.pid, endpoint.fd) {
                self.w.release(file);
            }
            self.w.drain_pipe(endpoint.object);
        }
    }

    /// The kernel tells of a connection, or of bytes in a named pipe.
    pub fn connection(&mut self, object: u64) {
        let found = self.m.units().find_map(|unit| {
            let run = unit.socket.as_ref().filter(|_| unit.plain == PlainState::Listening)?;
            let endpoint = run.endpoints.iter().find(|endpoint| endpoint.object == object)?;
            Some((unit.name.clone(), *endpoint))
        });
        if let Some((u, endpoint)) = found {
            self.socket_incoming(&u, endpoint);
            self.dispatch();
        }
    }

    fn socket_incoming(&mut self, u: &UnitName, endpoint: Endpoint) {
        let accepts = self.m.socket_config(u).accept && self.w.net.listeners.contains_key(&endpoint.object);
        if !accepts {
            return self.socket_enter_running(u);
        }
        while self.m.unit(u).plain == PlainState::Listening && self.has_traffic(&endpoint) {
            self.socket_accept(u, endpoint);
        }
    }

    /// Whether the unit may be triggered once more; if not, it fails.
    fn below_trigger_limit(&mut self, u: &UnitName) -> bool {
        let config = self.m.socket_config(u);
        let (interval, burst) = (config.trigger_limit_interval.unwrap_or(0), config.trigger_limit_burst.unwrap_or(0));
        let now = self.w.now;
        if self.m.unit_mut(u).trigger_limit.below(now, interval, burst) {
            return true;
        }
        self.log_unit(u, LOG_WARNING, "Trigger limit hit, refusing further activation.");
        self.socket_enter_dead(u, "trigger-limit-hit");
        false
    }

    /// Traffic on a socket whose service accepts for itself: the service is started.
    fn socket_enter_running(&mut self, u: &UnitName) {
        if self.m.stop_pending(u) {
            return self.socket_flush(u);
        }
        if !self.below_trigger_limit(u) {
            return;
        }
        let pending = self.m.unit(u).dependency(Dep::Triggers).any(|other| {
            let unit = self.m.unit(other);
            unit.is_active_or_reloading()
                || unit.active_state() == crate::systemd::states::ActiveState::Activating
                || self.m.has_job(other, JobType::Start)
        });
        if !pending {
            let Some(service) = self.m.unit(u).dependency(Dep::Triggers).next().cloned() else {
                return self.socket_enter_dead(u, "resources");
            };
            let reason = Reason::Triggered { by: u.clone() };
            if let Err(error) = self.add_job(JobType::Start, &service, JobMode::Replace, reason) {
                return self.refuse_activation(u, "non-template", &error.message);
            }
        }
        self.set_plain_state(u, PlainState::Running);
    }

    /// The service cannot be started at all.
    fn refuse_activation(&mut self, u: &UnitName, kind: &str, message: &str) {
        let text = format!(
            "Failed to queue service startup job (Maybe the service file is missing or not a {kind} unit?): {message}"
        );
        self.log_unit(u, LOG_WARNING, &text);
        self.socket_enter_dead(u, "resources");
    }

    /// It is down: closed, and failed unless the result is `success`.
    pub(super) fn socket_enter_dead(&mut self, u: &UnitName, result: &'static str) {
        let unit = self.m.unit_mut(u);
        if unit.plain_result == "success" {
            unit.plain_result = result;
        }
        let result = unit.plain_result;
        let config = self.m.socket_config(u);
        self.socket_close(u, &config);
        if result == "success" {
            self.log_unit_success(u);
            self.set_plain_state(u, PlainState::Dead);
        } else {
            self.log_unit_failure(u, result);
            self.set_plain_state(u, PlainState::Failed);
        }
    }

    /// What a socket unit makes of a change of state of its service.
    pub(super) fn socket_trigger_notify(&mut self, u: &UnitName, service: &UnitName) {
        let state = self.m.unit(u).plain;
        if !matches!(state, PlainState::Running | PlainState::Listening)
            || service.unit_type() != UnitType::Service
            || self.m.socket_config(u).accept
        {
            return;
        }
        let unit = self.m.unit(service);
        if unit.start_limit_hit {
            return self.socket_enter_dead(u, "service-start-limit-hit");
        }
        if unit.job.is_some() {
            return;
        }
        use ServiceState::{AutoRestart, Dead, Failed, FinalSigkill, FinalSigterm, Running};
        match unit.service_state() {
            Dead | Failed | FinalSigterm | FinalSigkill | AutoRestart if state == PlainState::Running => {
                // Traffic that nobody took starts the service again, after a breath.
                let soon = Time(self.w.now.0 + 200);
                let timer = self.arm(soon, Timeout::State(u.clone()));
                if let Some(old) = self.m.unit_mut(u).plain_timer.replace(timer) {
                    self.disarm(old);
                }
            }
            Running if state == PlainState::Listening => self.set_plain_state(u, PlainState::Running),
            _ => {}
        }
    }

    /// A socket's own timer: the owner of its files is set, or its service is down and it listens again.
    pub(super) fn socket_timed_out(&mut self, u: &UnitName) {
        match self.m.unit(u).plain {
            PlainState::StartChown => self.socket_chown_done(u),
            PlainState::Running => self.socket_enter_listening(u),
            _ => {}
        }
    }
}
