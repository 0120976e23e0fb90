//! STUB default_target: systemctl(1).

use super::Next;
use super::args::Args;
use crate::world::Cx;

/// Stub.
pub fn get(_cx: &mut Cx<'_, '_>, _args: &Args, _words: &[String]) -> Next {
    Next::Exit(2)
}

/// Stub.
pub fn set(_cx: &mut Cx<'_, '_>, _args: &Args, _words: &[String]) -> Next {
    Next::Exit(2)
}
