//! Programs that the baseline's units start.

pub mod helpers;
pub mod idle;
