//! The kernel: who runs when, and what happens to signals, children, descriptors and terminals.

mod cgroup;
mod clock;
pub mod cost;
mod exec;
mod exit;
mod files;
mod io;
mod run;
mod signals;
mod terminals;

pub use cgroup::CgroupLimits;
pub use exec::Loaded;
pub(in crate::world) use exec::SMALL;
pub use files::Opener;
