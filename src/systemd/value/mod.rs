//! Values of settings: booleans, numbers, sizes, modes, limits, sets of exit statuses: systemd.syntax(7).

pub mod exit_status;
pub mod names;
pub mod number;
pub mod rlimit;
pub mod syscalls;

pub use number::{parse_boolean, parse_mode, parse_percent, parse_permyriad, parse_signal, parse_size, parse_unsigned};
