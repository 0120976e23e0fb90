//! Signals to the processes of a unit, by the manager or by a client: systemd.kill(5), systemctl(1) `kill`.

use super::Core;
use super::api::KillWho;
use super::error::{ManagerError, name};
use super::log::{LOG_INFO, LOG_NOTICE};
use crate::systemd::config::{KillContext, KillMode};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{Pid, Signal};

/// What the manager kills for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KillOperation {
    Terminate,
    Restart,
    Kill,
    Watchdog,
}

impl KillOperation {
    fn signal(self, context: &KillContext) -> Signal {
        let (number, fallback) = match self {
            KillOperation::Terminate => (context.kill_signal, Signal::TERM),
            KillOperation::Restart => (context.restart_kill_signal.unwrap_or(context.kill_signal), Signal::TERM),
            KillOperation::Kill => (context.final_kill_signal, Signal::KILL),
            KillOperation::Watchdog => (context.watchdog_signal, Signal::ABRT),
        };
        Signal::from_number(i64::from(number)).unwrap_or(fallback)
    }
}

impl Core<'_> {
    /// Signals a unit's processes as its settings say; whether there is an end to wait for.
    pub(super) fn unit_kill_context(
        &mut self,
        u: &UnitName,
        context: &KillContext,
        operation: KillOperation,
        main: Option<Pid>,
        control: Option<Pid>,
        main_alien: bool,
    ) -> bool {
        if context.kill_mode == KillMode::None {
            return false;
        }
        let signal = operation.signal(context);
        let noteworthy = matches!(operation, KillOperation::Kill | KillOperation::Watchdog);
        let gentle = matches!(operation, KillOperation::Terminate | KillOperation::Restart);
        let hup = context.send_sighup && gentle && signal != Signal::HUP;
        let mut wait = false;
        for (pid, ours) in main.map(|pid| (pid, !main_alien)).into_iter().chain(control.map(|pid| (pid, true))) {
            self.kill_one(u, pid, signal, noteworthy, hup);
            wait |= ours;
        }
        let group = context.kill_mode == KillMode::ControlGroup
            || (context.kill_mode == KillMode::Mixed && operation == KillOperation::Kill);
        let members = match &self.m.unit(u).cgroup {
            Some(path) if group => self.w.cgroup_members(path, true),
            _ => Vec::new(),
        };
        for pid in members.into_iter().filter(|pid| Some(*pid) != main && Some(*pid) != control) {
            self.kill_one(u, pid, signal, noteworthy, hup);
            wait = true;
        }
        wait
    }

    fn kill_one(&mut self, u: &UnitName, pid: Pid, signal: Signal, noteworthy: bool, hup: bool) {
        if noteworthy {
            let comm = self.w.process(pid).map(|p| p.comm.to_string()).unwrap_or_default();
            let text = format!("Killing process {pid} ({comm}) with signal SIG{}.", signal.name());
            self.log_unit(u, LOG_NOTICE, &text);
        }
        self.w.send_signal(pid, signal);
        if signal != Signal::KILL && signal != Signal::CONT {
            self.w.send_signal(pid, Signal::CONT);
        }
        if hup {
            self.w.send_signal(pid, Signal::HUP);
        }
    }

    /// A client's signal to processes of a unit.
    pub(super) fn unit_kill(&mut self, u: &UnitName, who: KillWho, signal: Signal) -> Result<(), ManagerError> {
        let no = |text: String| Err(ManagerError::new(name::NO_SUCH_PROCESS, text));
        let unit = self.m.unit(u);
        let service = unit.service.as_deref();
        let (main, control) = (service.and_then(|s| s.main_pid), service.and_then(|s| s.control_pid));
        let kind = u.unit_type();
        match who {
            KillWho::Main | KillWho::MainFail if service.is_none() => {
                return no(format!("{} units have no main processes", capitalised(kind)));
            }
            KillWho::Main | KillWho::MainFail if main.is_none() => return no("No main process to kill".into()),
            KillWho::Control | KillWho::ControlFail if service.is_none() => {
                return no(format!("{} units have no control processes", capitalised(kind)));
            }
            KillWho::Control | KillWho::ControlFail if control.is_none() => {
                return no("No control process to kill".into());
            }
            _ => {}
        }
        let all = matches!(who, KillWho::All | KillWho::AllFail);
        let group = unit.cgroup.clone();
        let mut targets: Vec<(Pid, &str, &str)> = Vec::new();
        if all || matches!(who, KillWho::Control | KillWho::ControlFail) {
            targets.extend(control.map(|pid| (pid, "Sent", "control process")));
        }
        if all || matches!(who, KillWho::Main | KillWho::MainFail) {
            targets.extend(main.map(|pid| (pid, "Sent", "main process")));
        }
        if let (true, Some(group)) = (all, group) {
            let rest = self.w.cgroup_members(&group, true);
            let rest = rest.into_iter().filter(|pid| Some(*pid) != main && Some(*pid) != control);
            targets.extend(rest.map(|pid| (pid, "Sending", "process")));
        }
        let none = targets.is_empty();
        for (pid, verb, what) in targets {
            let comm = self.w.process(pid).map(|p| p.comm.to_string()).unwrap_or_default();
            let text = format!("{verb} signal SIG{} to {what} {pid} ({comm}) on client request.", signal.name());
            self.log_unit(u, LOG_INFO, &text);
            self.w.send_signal(pid, signal);
        }
        if none && who == KillWho::AllFail {
            return no("No matching processes to kill".into());
        }
        Ok(())
    }
}

fn capitalised(kind: UnitType) -> String {
    let word = kind.as_str();
    word[..1].to_uppercase() + &word[1..]
}
