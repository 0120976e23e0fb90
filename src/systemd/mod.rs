//! PID 1 and its friends in systemd's own vocabulary: systemd(1).

pub mod condition;
pub mod config;
pub mod dependency;
pub mod journal;
pub mod loaded;
mod named;
pub mod span;
pub mod states;
pub mod unit_name;
