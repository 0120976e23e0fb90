//! STUB is_enabled: systemctl(1).

use super::Next;
use super::args::Args;
use crate::world::Cx;

/// Stub.
pub fn run(_cx: &mut Cx<'_, '_>, _args: &Args, _words: &[String]) -> Next {
    Next::Exit(2)
}
