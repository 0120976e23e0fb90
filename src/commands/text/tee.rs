//! Copies its input to standard output and to files: tee(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Takes, flag, optional};
use crate::world::{Cx, Fd, Filter, FilterFlow, OpenFlags, Signal, filter};

/// `tee`.
pub const COMMAND: Command =
    Command { name: "tee", path: "/usr/bin/tee", program: |argv| filter(Tee::default(), argv) };

const TABLE: &[Opt] = &[
    flag('a', "append"),
    flag('i', "ignore-interrupts"),
    options::also('p', "", "p", Takes::Nothing),
    optional('\0', "output-error"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");

#[derive(Clone, Default)]
struct Tee {
    outputs: Vec<Fd>,
    failed: bool,
}

impl Filter for Tee {
    const WRITE_ERROR: &'static str = "'standard output'";

    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        if parsed.has("ignore-interrupts") {
            cx.ignore(Signal::INT);
        }
        let flags = if parsed.has("append") { OpenFlags::APPEND } else { OpenFlags::WRITE };
        for file in &parsed.operands {
            match cx.open(file, flags, 0o666) {
                Ok(fd) => self.outputs.push(fd),
                Err(errno) => {
                    self.failed = true;
                    super::complain(cx, file, errno);
                }
            }
        }
        Ok(Vec::new())
    }

    fn wants_bytes(&self) -> bool {
        true
    }

    fn line(&mut self, _: &mut Cx<'_, '_>, _: &str, _: &[u8]) -> FilterFlow {
        FilterFlow::More
    }

    fn bytes(&mut self, cx: &mut Cx<'_, '_>, _: &str, bytes: &[u8]) -> FilterFlow {
        cx.print(1, bytes);
        for fd in &self.outputs {
            cx.print(*fd, bytes);
        }
        FilterFlow::More
    }

    fn end(&mut self, _: &mut Cx<'_, '_>) -> u8 {
        u8::from(self.failed)
    }
}
