//! Copies blocks: dd(1), from and to files and devices.

use super::Command;
use crate::commands::options::{self, Options, Refused, Stop, ended, scan};
use crate::commands::posix::number::size;
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::{Cx, Errno, Fd, OpenFlags, one_shot};

/// `dd`.
pub const COMMAND: Command =
    Command { name: "dd", path: "/usr/bin/dd", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const OPTIONS: Options = Options::coreutils(&[], "[OPERAND]...");

/// So much is copied from a device that never ends when nobody says how much.
const MAX_COPY: u64 = 512 * 1024 * 1024;

struct Settings {
    input: String,
    output: String,
    block: u64,
    count: Option<u64>,
    skip: u64,
    seek: u64,
    truncate: bool,
    append: bool,
    status: String,
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let args = cx.args();
    if let Err(Refused::Help | Refused::Version | Refused::Wrong(_)) = scan(&OPTIONS, &args) {
        return Err(options::parse(cx, &OPTIONS).err().unwrap_or(1).into());
    }
    let set = settings(cx, &args)?;
    let stdin = if set.input.is_empty() { cx.stdin()? } else { Vec::new() };
    let source = match set.input.as_str() {
        "" => None,
        path => match cx.open(path, OpenFlags::READ, 0) {
            Ok(fd) => Some(fd),
            Err(errno) => {
                cx.fail(&format!("failed to open {}: {}", quoted(path), errno.message()));
                return Ok(1);
            }
        },
    };
    let flags = OpenFlags { truncate: set.truncate && set.seek == 0, append: set.append, ..OpenFlags::WRITE };
    let target = match set.output.as_str() {
        "" => 1,
        path => match cx.open(path, flags, 0o666) {
            Ok(fd) => fd,
            Err(errno) => {
                cx.fail(&format!("failed to open {}: {}", quoted(path), errno.message()));
                return Ok(1);
            }
        },
    };
    let pid = cx.pid;
    let from = set.skip.saturating_mul(set.block);
    let to = set.seek.saturating_mul(set.block);
    let offset = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    if let Some(fd) = source {
        let _ = cx.world.lseek(pid, fd, offset(from));
    }
    if to > 0 {
        let _ = cx.world.lseek(pid, target, offset(to));
    }
    let stdin = stdin.get(offset(from)..).unwrap_or_default();
    copy(cx, &set, source, stdin, target)
}

fn settings(cx: &mut Cx<'_, '_>, args: &[String]) -> Result<Settings, u8> {
    let mut set = Settings {
        input: String::new(),
        output: String::new(),
        block: 512,
        count: None,
        skip: 0,
        seek: 0,
        truncate: true,
        append: false,
        status: String::new(),
    };
    for arg in args.iter().filter(|arg| *arg != "--") {
        let Some((name, value)) = arg.split_once('=') else {
            cx.fail(&format!("unrecognized operand ‘{arg}’"));
            return Err(options::misuse(cx, &OPTIONS));
        };
        let number = |cx: &mut Cx<'_, '_>| {
            size(value).ok_or_else(|| {
                cx.fail(&format!("invalid number: ‘{value}’"));
                1
            })
        };
        match name {
            "if" => set.input = value.to_owned(),
            "of" => set.output = value.to_owned(),
            "bs" | "ibs" | "obs" => {
                set.block = number(cx)?;
                if set.block == 0 {
                    cx.fail(&format!("invalid number: ‘{value}’"));
                    return Err(1);
                }
            }
            "count" => set.count = Some(number(cx)?),
            "skip" | "iseek" => set.skip = number(cx)?,
            "seek" | "oseek" => set.seek = number(cx)?,
            "status" => set.status = value.to_owned(),
            "conv" | "oflag" | "iflag" => {
                for flag in value.split(',') {
                    match flag {
                        "notrunc" => set.truncate = false,
                        "append" => (set.append, set.truncate) = (true, false),
                        "fsync" | "fdatasync" | "sync" | "direct" | "dsync" | "fullblock" | "noerror" => {}
                        other => return Err(options::not_simulated(cx, &format!("{name}={other}"))),
                    }
                }
            }
            "cbs" => return Err(options::not_simulated(cx, "cbs=")),
            _ => {
                cx.fail(&format!("unrecognized operand ‘{arg}’"));
                return Err(options::misuse(cx, &OPTIONS));
            }
        }
    }
    Ok(set)
}

fn copy(cx: &mut Cx<'_, '_>, set: &Settings, source: Option<Fd>, mut stdin: &[u8], target: Fd) -> Result<u8, Stop> {
    let (mut whole_in, mut part_in, mut bytes, mut failure) = (0u64, 0u64, 0u64, None);
    let block = usize::try_from(set.block).unwrap_or(usize::MAX).min(64 * 1024 * 1024);
    while set.count.is_none_or(|count| whole_in + part_in < count) && bytes < MAX_COPY {
        let mut data = Vec::new();
        match source {
            None => {
                let n = block.min(stdin.len());
                data.extend_from_slice(&stdin[..n]);
                stdin = &stdin[n..];
            }
            Some(fd) => {
                while data.len() < block {
                    match cx.read(fd, block - data.len()) {
                        Ok(piece) if piece.is_empty() => break,
                        Ok(piece) => data.extend(piece),
                        Err(Errno::EAGAIN) => break,
                        Err(errno) => {
                            cx.fail(&format!("error reading {}: {}", quoted(&set.input), errno.message()));
                            failure = Some(());
                            break;
                        }
                    }
                }
            }
        }
        if data.is_empty() {
            break;
        }
        if data.len() == block {
            whole_in += 1
        } else {
            part_in += 1
        }
        if target == 1 && set.output.is_empty() {
            cx.print(1, &data);
        } else if let Err(errno) = cx.write(target, &data) {
            cx.fail(&format!("error writing {}: {}", quoted(&set.output), errno.message()));
            failure = Some(());
            break;
        }
        bytes += data.len() as u64;
    }
    let failed = failure.is_some();
    report(cx, set, (whole_in, part_in), bytes, failed);
    Ok(u8::from(failed))
}

fn report(cx: &mut Cx<'_, '_>, set: &Settings, records: (u64, u64), bytes: u64, failed: bool) {
    if set.status == "none" {
        return;
    }
    let (whole, part) = records;
    cx.errln(&format!("{whole}+{part} records in"));
    let written = if failed { (bytes / set.block, 0) } else { (whole, part) };
    cx.errln(&format!("{}+{} records out", written.0, written.1));
    if set.status == "noxfer" {
        return;
    }
    // A disk of 400 MB/s.
    let seconds = (bytes as f64 / 400e6).max(0.000_05);
    let time = crate::commands::posix::conversion::Conversion::default().float(seconds, 'g');
    let units = |amount: f64| match amount {
        a if a >= 1e9 => format!("{:.1} G", a / 1e9),
        a if a >= 1e6 => format!("{:.1} M", a / 1e6),
        a if a >= 1e3 => format!("{:.1} k", a / 1e3),
        a => format!("{a:.1} "),
    };
    let speed = units(bytes as f64 / seconds);
    let amount = match bytes {
        1 => "1 byte".to_owned(),
        b if b < 1000 => format!("{b} bytes"),
        b => {
            let decimal = units(b as f64).replace(".0 ", " ");
            let binary = crate::commands::posix::number::human(b, 1024);
            let cut = binary.len() - 1;
            match b < 1024 {
                true => format!("{b} bytes ({decimal}B)"),
                false => format!("{b} bytes ({decimal}B, {} {}iB)", &binary[..cut], &binary[cut..]),
            }
        }
    };
    cx.errln(&format!("{amount} copied, {} s, {speed}B/s", String::from_utf8_lossy(&time)));
}
