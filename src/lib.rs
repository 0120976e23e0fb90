//! Concierge: a simulated VPS with its systemd, and the lessons that are lived on it.
//!
//! The layers, each of which may use those above it in this list and none below: [`world`], [`systemd`], [`vps`],
//! [`commands`], [`shell`], [`lesson`], and (feature `cli`) `ui`.

pub mod commands;
pub mod lesson;
pub mod shell;
pub mod systemd;
#[cfg(feature = "cli")]
pub mod ui;
pub mod vps;
pub mod world;
