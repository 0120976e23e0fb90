//! Checksums of files, and checking them: md5sum(1), sha1sum(1), sha256sum(1) and their kin.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::{Command, lines_of};
use crate::commands::options::{self, Opt, Options, Parsed, Stop, absent, ended, flag};
use crate::world::{Cx, one_shot};

const fn command(name: &'static str, path: &'static str) -> Command {
    Command { name, path, program: |argv| one_shot(|cx| ended(run(cx)), argv) }
}

/// `md5sum`.
pub const MD5: Command = command("md5sum", "/usr/bin/md5sum");
/// `sha1sum`.
pub const SHA1: Command = command("sha1sum", "/usr/bin/sha1sum");
/// `sha224sum`.
pub const SHA224: Command = command("sha224sum", "/usr/bin/sha224sum");
/// `sha256sum`.
pub const SHA256: Command = command("sha256sum", "/usr/bin/sha256sum");
/// `sha384sum`.
pub const SHA384: Command = command("sha384sum", "/usr/bin/sha384sum");
/// `sha512sum`.
pub const SHA512: Command = command("sha512sum", "/usr/bin/sha512sum");

const TABLE: &[Opt] = &[
    flag('b', "binary"),
    flag('c', "check"),
    flag('t', "text"),
    flag('\0', "tag"),
    flag('\0', "ignore-missing"),
    flag('\0', "quiet"),
    flag('\0', "status"),
    flag('\0', "strict"),
    flag('w', "warn"),
    absent('z', "zero"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");

/// The algorithms: the command's name, the name in `--tag` lines, the digest.
type Algorithm = (&'static str, &'static str, fn(&[u8]) -> Vec<u8>);
const ALGORITHMS: [Algorithm; 6] = [
    ("md5sum", "MD5", |bytes| Md5::digest(bytes).to_vec()),
    ("sha1sum", "SHA1", |bytes| Sha1::digest(bytes).to_vec()),
    ("sha224sum", "SHA224", |bytes| Sha224::digest(bytes).to_vec()),
    ("sha256sum", "SHA256", |bytes| Sha256::digest(bytes).to_vec()),
    ("sha384sum", "SHA384", |bytes| Sha384::digest(bytes).to_vec()),
    ("sha512sum", "SHA512", |bytes| Sha512::digest(bytes).to_vec()),
];

fn hex(algorithm: Algorithm, bytes: &[u8]) -> String {
    algorithm.2(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let name = cx.name();
    let algorithm = *ALGORITHMS.iter().find(|a| a.0 == name).unwrap_or(&ALGORITHMS[0]);
    let check = parsed.has("check");
    if check && parsed.has("tag") {
        cx.fail("the --tag option is meaningless when verifying checksums");
        return Ok(options::misuse(cx, &OPTIONS));
    }
    if let (false, Some(key)) = (check, parsed.last_of(&["ignore-missing", "quiet", "status", "strict", "warn"])) {
        cx.fail(&format!("the --{key} option is meaningful only when verifying checksums"));
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let files = if parsed.operands.is_empty() { vec!["-".to_owned()] } else { parsed.operands.clone() };
    let mut status = 0;
    for file in &files {
        match contents(cx, file)? {
            Err(reason) => {
                cx.fail(&format!("{file}: {reason}"));
                status = 1;
            }
            Ok(text) if check => status |= verify(cx, file, &text, algorithm, &parsed)?,
            Ok(bytes) => {
                let sum = hex(algorithm, &bytes);
                let mark = if parsed.last_of(&["binary", "text"]) == Some("binary") { '*' } else { ' ' };
                let escaped = file.replace('\\', "\\\\").replace('\n', "\\n");
                let lead = if escaped == *file { "" } else { "\\" };
                cx.outln(&match parsed.has("tag") {
                    true => format!("{lead}{} ({escaped}) = {sum}", algorithm.1),
                    false => format!("{lead}{sum} {mark}{escaped}"),
                });
            }
        }
    }
    Ok(status)
}

/// A file's bytes, or why they cannot be had.
fn contents(cx: &mut Cx<'_, '_>, file: &str) -> Result<Result<Vec<u8>, &'static str>, Stop> {
    Ok(cx.input(file)?.map_err(|errno| errno.message()))
}

/// The sum and the name on a line of a list, in either of the two forms.
fn entry(line: &str, algorithm: Algorithm) -> Option<(String, String)> {
    let length = algorithm.2(b"").len() * 2;
    let is_sum = |sum: &str| sum.len() == length && sum.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(rest) = line.strip_prefix(algorithm.1).and_then(|rest| rest.trim_start().strip_prefix('(')) {
        let (file, sum) = rest.rsplit_once(") = ")?;
        return is_sum(sum).then(|| (sum.to_lowercase(), file.to_owned()));
    }
    let (escaped, line) = line.strip_prefix('\\').map_or((false, line), |rest| (true, rest));
    let (sum, file) = line.trim_start().split_once(' ')?;
    let file = file.strip_prefix([' ', '*']).unwrap_or(file);
    let file = if escaped { file.replace("\\n", "\n").replace("\\\\", "\\") } else { file.to_owned() };
    (is_sum(sum) && !file.is_empty()).then(|| (sum.to_lowercase(), file))
}

/// Checks every line of a list.
fn verify(cx: &mut Cx<'_, '_>, list: &str, text: &[u8], algorithm: Algorithm, parsed: &Parsed) -> Result<u8, Stop> {
    let (mut good, mut wrong, mut unreadable, mut malformed) = (0_u32, 0_u32, 0_u32, 0_u32);
    let quiet = parsed.has("quiet") || parsed.has("status");
    let shown = if list == "-" { "'standard input'".to_owned() } else { list.to_owned() };
    for (number, line) in lines_of(text).iter().enumerate() {
        let line = String::from_utf8_lossy(line).into_owned();
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let Some((sum, file)) = entry(&line, algorithm) else {
            malformed += 1;
            if parsed.has("warn") {
                cx.fail(&format!("{shown}: {}: improperly formatted {} checksum line", number + 1, algorithm.1));
            }
            continue;
        };
        match contents(cx, &file)? {
            Err("No such file or directory") if parsed.has("ignore-missing") => {}
            Err(reason) => {
                cx.fail(&format!("{file}: {reason}"));
                unreadable += 1;
                if !parsed.has("status") {
                    cx.outln(&format!("{file}: FAILED open or read"));
                }
            }
            Ok(bytes) if hex(algorithm, &bytes) == sum => {
                good += 1;
                if !quiet {
                    cx.outln(&format!("{file}: OK"));
                }
            }
            Ok(_) => {
                wrong += 1;
                if !parsed.has("status") {
                    cx.outln(&format!("{file}: FAILED"));
                }
            }
        }
    }
    if good + wrong + unreadable == 0 && malformed > 0
        || (good + wrong + unreadable + malformed == 0 && !parsed.has("ignore-missing"))
    {
        cx.fail(&format!("{shown}: no properly formatted checksum lines found"));
        return Ok(1);
    }
    if !parsed.has("status") {
        warn(cx, malformed, "line is improperly formatted", "lines are improperly formatted");
        warn(cx, unreadable, "listed file could not be read", "listed files could not be read");
        warn(cx, wrong, "computed checksum did NOT match", "computed checksums did NOT match");
    }
    if parsed.has("ignore-missing") && good == 0 {
        cx.fail(&format!("{shown}: no file was verified"));
        return Ok(1);
    }
    Ok(u8::from(wrong + unreadable > 0 || (parsed.has("strict") && malformed > 0)))
}

fn warn(cx: &mut Cx<'_, '_>, count: u32, one: &str, many: &str) {
    if count > 0 {
        let what = if count == 1 { one } else { many };
        cx.fail(&format!("WARNING: {count} {what}"));
    }
}
