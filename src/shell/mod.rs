//! bash, the shell of the simulated machine: bash(1).

pub mod syntax;
