//! `jq`: filters JSON: jq(1). Assignment (`|=`, `=`), `def`, `foreach`, `label` and modules are not simulated.

mod builtins;
mod eval;
mod operate;
mod read;
mod syntax;
mod tokens;
mod value;

use eval::{Scope, Stop, eval};
use read::Reader;
use syntax::Expr;
use value::{Json, Layout, Object};

use crate::commands::Command;
use crate::commands::options::{Hint, Options, Parsed, absent, flag, parse_args};
use crate::world::{Cx, NeedInput, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "jq", path: "/usr/bin/jq", program: |argv| one_shot(run, argv) };

/// The text that stands in a JSON object under these names, one inside the other.
pub fn text_at(json: &[u8], path: &[&str]) -> Option<String> {
    let mut value = Reader::new(json).next_value()?.ok()?;
    for name in path {
        let Json::Object(object) = value else { return None };
        value = object.get(name)?.clone();
    }
    match value {
        Json::String(text) => Some(text.to_string()),
        _ => None,
    }
}

const OPTIONS: Options = Options {
    table: &[
        flag('c', "compact-output"),
        flag('r', "raw-output"),
        flag('j', "join-output"),
        flag('n', "null-input"),
        flag('s', "slurp"),
        flag('R', "raw-input"),
        flag('e', "exit-status"),
        flag('S', "sort-keys"),
        flag('M', "monochrome-output"),
        flag('C', "color-output"),
        flag('a', "ascii-output"),
        flag('\0', "tab"),
        flag('\0', "unbuffered"),
        flag('h', "help"),
        absent('f', "from-file"),
        absent('\0', "stream"),
        absent('\0', "seq"),
        absent('\0', "slurpfile"),
        absent('\0', "rawfile"),
        absent('\0', "args"),
        absent('\0', "jsonargs"),
    ],
    usage: "[options] <jq filter> [file...]",
    version: "jq-1.6",
    status: 2,
    hint: Hint::Nothing,
    in_order: false,
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let (words, scope, indent) = match settings(cx) {
        Ok(settings) => settings,
        Err(message) => {
            cx.errln(&message);
            return Ok(2);
        }
    };
    let parsed = match parse_args(cx, &OPTIONS, &words) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let Some((text, files)) = parsed.operands.split_first() else {
        cx.errln("jq - commandline JSON processor [version 1.6]");
        cx.errln("Usage: jq [options] <jq filter> [file...]");
        return Ok(2);
    };
    let filter = match syntax::parse(text) {
        Ok(filter) => filter,
        Err(message) => {
            let hint = if message.starts_with("syntax") { " (Unix shell quoting issues?)" } else { "" };
            cx.errln(&format!("jq: error: {message}{hint} at <top-level>, line 1:\n{text}\njq: 1 compile error"));
            return Ok(3);
        }
    };
    let mut input = Vec::new();
    let mut missing = false;
    if files.is_empty() && !parsed.has("null-input") {
        input = cx.stdin()?;
    }
    for file in files {
        match cx.read_file(file) {
            Ok(bytes) => input.extend_from_slice(&bytes),
            Err(errno) => {
                cx.errln(&format!("jq: error: Could not open file {file}: {}", errno.message()));
                missing = true;
            }
        }
    }
    let layout = Layout {
        indent: if parsed.has("compact-output") { None } else { Some(indent) },
        sorted: parsed.has("sort-keys"),
    };
    let status = Work { filter: &filter, scope, layout, parsed: &parsed }.all(cx, &input);
    Ok(if missing && status == 0 { 2 } else { status })
}

/// Options that take more than one word, and the indentation: the words that are left.
fn settings(cx: &Cx<'_, '_>) -> Result<(Vec<String>, Scope, String), String> {
    let (mut words, mut scope) = (Vec::new(), Scope::default());
    let mut indent = "  ".to_owned();
    let mut args = cx.args().into_iter();
    let mut named = Object::default();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--arg" | "--argjson" => {
                let (Some(name), Some(text)) = (args.next(), args.next()) else {
                    return Err(format!("jq: error: {arg} takes two parameters (e.g. {arg} name value)"));
                };
                let value = if arg == "--arg" { Some(Json::text(&text)) } else { one_value(&text) };
                let value = value.ok_or_else(|| "jq: Invalid JSON text passed to --argjson".to_owned())?;
                named.set(&name, value.clone());
                scope = scope.with(&name, value);
            }
            "--indent" => {
                let width = args.next().and_then(|n| n.parse().ok()).filter(|n: &usize| *n <= 7);
                indent = " ".repeat(width.ok_or("jq: Cannot indent more than 7 characters")?);
            }
            "--tab" => indent = "\t".into(),
            _ => words.push(arg),
        }
    }
    let mut env = Object::default();
    for pair in cx.me().env.iter() {
        if let Some((name, value)) = pair.split_once('=') {
            env.set(name, Json::text(value));
        }
    }
    let scope = scope.with("ENV", Json::Object(env.into()));
    let mut all = Object::default();
    all.set("named", Json::Object(named.into()));
    Ok((words, scope.with("__prog_args", Json::Object(all.into())), indent))
}

fn one_value(text: &str) -> Option<Json> {
    Reader::new(text.as_bytes()).next_value()?.ok()
}

/// A filter about to meet its inputs.
struct Work<'a> {
    filter: &'a Expr,
    scope: Scope,
    layout: Layout,
    parsed: &'a Parsed,
}

impl Work<'_> {
    /// Filters everything; returns the exit status.
    fn all(&self, cx: &mut Cx<'_, '_>, input: &[u8]) -> u8 {
        let (mut status, mut last) = (0, None);
        let mut each = |cx: &mut Cx<'_, '_>, value: &Json, line: usize| {
            if let Some(failure) = self.one(cx, value, line, &mut last) {
                status = failure;
            }
        };
        let slurp = self.parsed.has("slurp");
        if self.parsed.has("null-input") {
            each(cx, &Json::Null, 0);
        } else if self.parsed.has("raw-input") {
            let text = String::from_utf8_lossy(input);
            if slurp {
                each(cx, &Json::text(&text), 0);
            } else {
                text.lines().enumerate().for_each(|(n, line)| each(cx, &Json::text(line), n + 1));
            }
        } else {
            let mut reader = Reader::new(input);
            let mut all = Vec::new();
            while let Some(value) = reader.next_value() {
                match value {
                    Ok(value) if slurp => all.push(value),
                    Ok(value) => each(cx, &value, reader.line()),
                    Err(reason) => {
                        cx.errln(&format!("parse error: {reason}"));
                        return 2;
                    }
                }
            }
            if slurp {
                each(cx, &Json::array(all), reader.line());
            }
        }
        match last {
            _ if status != 0 || !self.parsed.has("exit-status") => status,
            None => 4,
            Some(true) => 0,
            Some(false) => 1,
        }
    }

    /// Filters one input; a status when it failed. `last` tells whether the last output was true.
    fn one(&self, cx: &mut Cx<'_, '_>, input: &Json, line: usize, last: &mut Option<bool>) -> Option<u8> {
        let raw = self.parsed.has("raw-output") || self.parsed.has("join-output");
        let newline = if self.parsed.has("join-output") { "" } else { "\n" };
        let result = eval(self.filter, input, &self.scope, &mut |value| {
            *last = Some(value.is_true());
            let mut text = String::new();
            match &value {
                Json::String(plain) if raw => text.push_str(plain),
                other => other.print(&mut text, &self.layout, 0),
            }
            text.push_str(newline);
            cx.out(&text);
            Ok(())
        });
        let message = match result {
            Ok(()) | Err(Stop::Enough) => return None,
            Err(Stop::TooMuch) => "a filter of so many steps is not simulated".to_owned(),
            Err(Stop::Error(Json::String(text))) if text.ends_with("is not defined") => {
                cx.errln(&format!(
                    "jq: error: {text} at <top-level>, line 1:\n{}\njq: 1 compile error",
                    self.parsed.operands[0]
                ));
                return Some(3);
            }
            Err(Stop::Error(Json::String(text))) => text.to_string(),
            Err(Stop::Error(other)) => format!("{} (not a string)", other.compact()),
        };
        let place = if self.parsed.has("null-input") { "<unknown>".to_owned() } else { format!("<stdin>:{line}") };
        cx.errln(&format!("jq: error (at {place}): {message}"));
        Some(5)
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;

    #[test]
    fn filters_as_jq_does() {
        Bench::new().play(include_str!("cases.txt"));
    }
}
