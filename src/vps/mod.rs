//! The machine whole: it owns the world and the system manager, boots, steps, advances and forks.

pub mod program_spec;
