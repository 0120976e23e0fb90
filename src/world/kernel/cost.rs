//! How much virtual time things take. Fixed and small, so that log lines are ordered and look alive.

use crate::world::time::Duration;

/// From fork to the child's first instruction.
pub const FORK: Duration = Duration::from_micros(250);
/// Loading a program.
pub const EXEC: Duration = Duration::from_micros(900);
/// One turn of a program.
pub const TURN: Duration = Duration::from_micros(40);
/// One turn of a program that has more to compute: [`crate::world::Step::Yield`].
pub const SLICE: Duration = Duration::from_millis(1);
