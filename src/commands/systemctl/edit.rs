//! STUB edit: systemctl(1).

use super::Next;
use super::args::Args;
use crate::world::Cx;

/// Stub.
pub fn run(_cx: &mut Cx<'_, '_>, _args: &Args, _words: &[String]) -> Next {
    Next::Exit(2)
}

#[derive(Clone)]
pub struct Editing;
impl Editing {
    pub fn step(self, _cx: &mut Cx<'_, '_>) -> Next {
        Next::Exit(2)
    }
}
