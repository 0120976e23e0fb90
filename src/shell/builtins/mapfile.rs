//! `mapfile`: bash(1), SHELL BUILTIN COMMANDS.

use super::Done;
use crate::shell::bash::{Bash, Frame};
use crate::shell::program::Flow;
use crate::shell::variables::{Value, Variable};
use crate::world::{Errno, Fd, Step, Sys, Wait};

/// `mapfile` at work.
#[derive(Clone)]
pub(in crate::shell) struct MapfileRun {
    array: String,
    fd: Fd,
    trim: bool,
    delimiter: u8,
    count: usize,
    origin: u64,
    skip: usize,
    bytes: Vec<u8>,
}

pub(super) fn mapfile(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let name = args[0].clone();
    let (mut trim, mut delimiter, mut count, mut origin, mut skip) = (false, b'\n', usize::MAX, 0u64, 0usize);
    let mut fd: Fd = 0;
    let mut at = 1;
    while let Some(word) = args.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
        at += 1;
        let letter = word.chars().nth(1).unwrap_or('-');
        if letter == 't' {
            trim = true;
            continue;
        }
        let value = if word.len() > 2 {
            word[2..].to_string()
        } else {
            at += 1;
            args.get(at - 1).cloned().unwrap_or_default()
        };
        let number = value.parse::<u64>().unwrap_or(0);
        match letter {
            'd' => delimiter = value.bytes().next().unwrap_or(0),
            'n' if number > 0 => count = usize::try_from(number).unwrap_or(usize::MAX),
            'n' => {}
            'O' => origin = number,
            's' => skip = usize::try_from(number).unwrap_or(usize::MAX),
            'u' => fd = Fd::try_from(number).unwrap_or(0),
            _ => return shell.bad_option(&name, &format!("-{letter}")),
        }
    }
    let array = args.get(at).cloned().unwrap_or_else(|| "MAPFILE".to_string());
    if !sys.me().fds.contains_key(&fd) {
        shell.builtin_error(&name, &format!("{fd}: invalid file descriptor: Bad file descriptor"));
        return Done::Status(1);
    }
    let run = MapfileRun { array, fd, trim, delimiter, count, origin, skip, bytes: Vec::new() };
    Done::Frames(vec![Frame::Mapfile(Box::new(run))])
}

impl Bash {
    pub(in crate::shell) fn step_mapfile(&mut self, sys: &mut Sys<'_>, mut run: Box<MapfileRun>) -> Flow {
        loop {
            match sys.read(run.fd, 65_536) {
                Ok(bytes) if !bytes.is_empty() => run.bytes.extend(bytes),
                Err(Errno::EAGAIN) => {
                    let fd = run.fd;
                    self.push(Frame::Mapfile(run));
                    return Flow::Block(Step::Wait(Wait::fd(fd)));
                }
                _ => break,
            }
        }
        let lines = run.bytes.split_inclusive(|b| *b == run.delimiter).skip(run.skip).take(run.count);
        let text = |line: &[u8]| {
            let line = String::from_utf8_lossy(line).into_owned();
            if run.trim { line.strip_suffix(char::from(run.delimiter)).unwrap_or(&line).to_string() } else { line }
        };
        // Without -O the array begins anew.
        let mut elements = match self.shell.variables.get(&run.array).map(|variable| variable.value.clone()) {
            Some(Some(Value::Indexed(elements))) if run.origin > 0 => elements,
            _ => imbl::OrdMap::new(),
        };
        let read =
            lines.enumerate().map(|(index, line)| (run.origin + index as u64, std::sync::Arc::<str>::from(text(line))));
        elements.extend(read);
        let variable = Variable { value: Some(Value::Indexed(elements)), ..Variable::default() };
        self.shell.variables.put(&run.array, variable);
        self.shell.status = 0;
        Flow::Next
    }
}
