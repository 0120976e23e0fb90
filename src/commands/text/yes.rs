//! Prints a line for ever: yes(1).

use super::Command;
use crate::commands::options::{self, Options};
use crate::world::{Cx, Filter, FilterFlow, Produce, filter};

/// `yes`.
pub const COMMAND: Command =
    Command { name: "yes", path: "/usr/bin/yes", program: |argv| filter(Yes::default(), argv) };

const OPTIONS: Options = Options::coreutils(&[], "[STRING]...");

#[derive(Clone, Default)]
struct Yes {
    lines: Vec<u8>,
}

impl Filter for Yes {
    const WRITE_ERROR: &'static str = "standard output";

    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        let line = if parsed.operands.is_empty() { "y\n".into() } else { parsed.operands.join(" ") + "\n" };
        self.lines = line.repeat((8_192 / line.len()).max(1)).into_bytes();
        Ok(Vec::new())
    }

    fn produce(&mut self, cx: &mut Cx<'_, '_>) -> Produce {
        cx.print(1, &self.lines);
        Produce::More
    }

    fn line(&mut self, _: &mut Cx<'_, '_>, _: &str, _: &[u8]) -> FilterFlow {
        FilterFlow::Done
    }

    fn end(&mut self, _: &mut Cx<'_, '_>) -> u8 {
        0
    }
}
