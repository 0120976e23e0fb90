//! Docker and Docker Compose, enough to compare who supervises whom: docker(1), dockerd(8), containerd(8).

mod cli;
mod compose;
mod compose_file;
mod container;
mod daemon;
mod images;
mod proxy;
mod requests;
mod shim;
mod show;
mod verbs;
mod view;
mod yaml;

use super::Command;
use crate::world::{Program, Signal, Step, Sys, Wait};

/// Every command of this group. Their files come with the package, not with the baseline.
pub const COMMANDS: &[&Command] = &[&cli::COMMAND, &daemon::COMMAND, &CONTAINERD];

/// `containerd`: the parent of the shims in name only; it waits.
const CONTAINERD: Command =
    Command { name: "containerd", path: "/usr/libexec/concierge/containerd", program: |_| Box::new(Containerd(false)) };

#[derive(Clone)]
struct Containerd(bool);

impl Program for Containerd {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !std::mem::replace(&mut self.0, true) {
            sys.catch(Signal::TERM);
            sys.me_mut().rss = 41 << 20;
            sys.sd_notify("READY=1");
        }
        if sys.take_signal().is_some() { Step::Exit(0) } else { Step::Wait(Wait::signal()) }
    }
}
