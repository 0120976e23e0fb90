//! Where standard input, output and error lead: systemd.exec(5) "Logging and Standard Input/Output".

use super::context::{Context, PathCheck};
use crate::systemd::config::{ExecContext, ExecInput, ExecOutput, UnitSettings};
use crate::systemd::unit_file::LOG_NOTICE;
use crate::systemd::unit_file::escape::unescape;
use crate::world::Errno;

/// A target after a prefix: a file's path or a descriptor's name. Errors have been logged.
fn target(c: &mut Context<'_, '_>, prefix: &str, rest: &str) -> Option<String> {
    if prefix == "fd" {
        return match c.resolve(rest) {
            Ok(name) => Some(if name.is_empty() { default_name(c.key).to_owned() } else { name }),
            Err(errno) => {
                c.error(format!("Failed to resolve unit specifiers in {rest}: {errno}"));
                None
            }
        };
    }
    let resolved = c.resolve_path(rest);
    let path = c.or_warn_as(resolved, rest)?;
    c.simplify(&path, PathCheck::AbsoluteFatal)
}

fn default_name(key: &str) -> &'static str {
    match key {
        "StandardInput" => "stdin",
        "StandardError" => "stderr",
        _ => "stdout",
    }
}

/// `StandardInput=`.
pub fn std_input(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    let (kind, rest) = match value.split_once(':') {
        Some(("fd", rest)) => ("fd", Some(rest)),
        Some(("file", rest)) => ("file", Some(rest)),
        _ => (value, None),
    };
    let target = match rest {
        Some(rest) => match target(c, kind, rest) {
            Some(target) => Some(target),
            None => return Ok(()),
        },
        None if kind == "fd" => Some("stdin".to_owned()),
        None => None,
    };
    match ExecInput::parse(kind).filter(|k| *k != ExecInput::File || target.is_some()) {
        Some(input) => {
            exec.std_input = input;
            exec.std_input_target = target;
        }
        None => c.ignoring("input specifier", value),
    }
    Ok(())
}

/// `StandardOutput=` and `StandardError=`.
pub fn std_output(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    let (kind, rest) = match value.split_once(':') {
        Some((kind @ ("fd" | "file" | "append" | "truncate"), rest)) => (kind, Some(rest)),
        _ => (value, None),
    };
    let kind = match kind {
        "syslog" | "syslog+console" => {
            let new = kind.replace("syslog", "journal");
            let advice = "Please update your unit file, and consider removing the setting altogether.";
            let text = format!("Standard output type {kind} is obsolete, automatically updating to {new}. {advice}");
            c.log.add(c.line, LOG_NOTICE, text);
            new
        }
        other => other.to_owned(),
    };
    let target = match rest {
        Some(rest) => match target(c, &kind, rest) {
            Some(target) => Some(target),
            None => return Ok(()),
        },
        None if kind == "fd" => Some(default_name(c.key).to_owned()),
        None => None,
    };
    let needs_file = |o: &ExecOutput| matches!(o, ExecOutput::File | ExecOutput::FileAppend | ExecOutput::FileTruncate);
    match ExecOutput::parse(&kind).filter(|o| target.is_some() || !needs_file(o)) {
        Some(output) => store(exec, c.key, output, target),
        None => c.ignoring("output specifier", value),
    }
    Ok(())
}

fn store(exec: &mut ExecContext, key: &str, output: ExecOutput, target: Option<String>) {
    if key == "StandardError" {
        exec.std_error = Some(output);
        exec.std_error_target = target;
    } else {
        exec.std_output = Some(output);
        exec.std_output_target = target;
    }
}

/// `StandardInputText=`: C escapes and specifiers, a newline after each value.
pub fn std_input_text(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.std_input_data.clear();
        return Ok(());
    }
    let Some(text) = unescape(value) else {
        c.warn(format!("Failed to decode C escaped text '{value}', ignoring: {}", Errno::EINVAL));
        return Ok(());
    };
    let resolved = c.resolve(&text);
    if let Some(text) = c.or_warn(resolved, &text) {
        exec.std_input_data.extend_from_slice(text.as_bytes());
        exec.std_input_data.push(b'\n');
        imply_data(exec);
    }
    Ok(())
}

/// `StandardInputData=`: base 64.
pub fn std_input_data(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.std_input_data.clear();
        return Ok(());
    }
    match decode_base64(value) {
        Some(data) => {
            exec.std_input_data.extend(data);
            imply_data(exec);
        }
        None => c.warn(format!("Failed to decode base64 data, ignoring: {value}")),
    }
    Ok(())
}

/// Data without a `StandardInput=` is what standard input reads.
fn imply_data(exec: &mut ExecContext) {
    if exec.std_input == ExecInput::Null {
        exec.std_input = ExecInput::Data;
    }
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let clean: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let body: Vec<u8> = clean.iter().copied().take_while(|b| *b != b'=').collect();
    let padding = clean.len() - body.len();
    if !clean.len().is_multiple_of(4) || padding > 2 || !clean[body.len()..].iter().all(|b| *b == b'=') {
        return None;
    }
    let mut out = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for byte in body {
        let digit = ALPHABET.iter().position(|b| *b == byte)?;
        bits = (bits << 6) | digit as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(out)
}
