//! jq's operators and formats: jq(1), "BUILTIN OPERATORS AND FUNCTIONS", "Format strings and escaping".

use std::cmp::Ordering;

use super::eval::{Stop, described};
use super::value::Json;

/// `left SIGN right` for arithmetic and comparison.
pub fn operate(sign: &str, left: &Json, right: &Json) -> Result<Json, Stop> {
    let order = left.order(right);
    Ok(match (sign, left, right) {
        ("==", ..) => Json::Bool(order == Ordering::Equal),
        ("!=", ..) => Json::Bool(order != Ordering::Equal),
        ("<", ..) => Json::Bool(order == Ordering::Less),
        ("<=", ..) => Json::Bool(order != Ordering::Greater),
        (">", ..) => Json::Bool(order == Ordering::Greater),
        (">=", ..) => Json::Bool(order != Ordering::Less),
        ("+", Json::Null, other) | ("+", other, Json::Null) => other.clone(),
        ("+", Json::Number(a), Json::Number(b)) => Json::Number(a + b),
        ("+", Json::String(a), Json::String(b)) => Json::text(&format!("{a}{b}")),
        ("+", Json::Array(a), Json::Array(b)) => Json::array(a.iter().chain(b.iter()).cloned().collect()),
        ("+", Json::Object(a), Json::Object(b)) => {
            let mut sum = (**a).clone();
            b.members().for_each(|(name, value)| sum.set(name, value.clone()));
            Json::Object(sum.into())
        }
        ("-", Json::Number(a), Json::Number(b)) => Json::Number(a - b),
        ("-", Json::Array(a), Json::Array(b)) => {
            Json::array(a.iter().filter(|item| !b.contains(item)).cloned().collect())
        }
        ("*", Json::Number(a), Json::Number(b)) => Json::Number(a * b),
        ("*", Json::String(text), Json::Number(n)) if *n > 0.0 && *n * text.len() as f64 <= 1e6 => {
            Json::text(&text.repeat(n.ceil() as usize))
        }
        ("*", Json::String(_), Json::Number(n)) if *n <= 0.0 => Json::Null,
        ("/", Json::Number(a), Json::Number(b)) if *b != 0.0 => Json::Number(a / b),
        ("/", Json::String(a), Json::String(b)) => split(a, b),
        ("%", Json::Number(a), Json::Number(b)) if b.trunc() != 0.0 => Json::Number(a.trunc() % b.trunc()),
        ("/", Json::Number(_), Json::Number(_)) | ("%", Json::Number(_), Json::Number(_)) => {
            let text = "cannot be divided because the divisor is zero";
            return Err(Stop::error(format!("{} and {} {text}", described(left), described(right))));
        }
        _ => {
            let what = match sign {
                "+" => "added",
                "-" => "subtracted",
                "*" => "multiplied",
                _ => "divided",
            };
            return Err(Stop::error(format!("{} and {} cannot be {what}", described(left), described(right))));
        }
    })
}

/// A string in pieces.
pub(super) fn split(text: &str, separator: &str) -> Json {
    if text.is_empty() {
        return Json::array(Vec::new());
    }
    if separator.is_empty() {
        return Json::array(text.chars().map(|c| Json::text(c.encode_utf8(&mut [0; 4]))).collect());
    }
    Json::array(text.split(separator).map(Json::text).collect())
}

/// `@text`, `@json`, `@csv`, `@tsv`, `@sh`, `@html`, `@uri`.
pub fn format(name: &str, value: &Json) -> Result<String, Stop> {
    let plain = |value: &Json| match value {
        Json::String(text) => text.to_string(),
        other => other.compact(),
    };
    let row = |value: &Json, cell: &dyn Fn(&Json) -> String, separator: &str| match value {
        Json::Array(items) => Ok(items.iter().map(cell).collect::<Vec<_>>().join(separator)),
        other => Err(Stop::error(format!("{} cannot be {name}-formatted, only an array can be", described(other)))),
    };
    match name {
        "text" => Ok(plain(value)),
        "json" => Ok(value.compact()),
        "csv" => row(
            value,
            &|cell| match cell {
                Json::String(text) => format!("\"{}\"", text.replace('"', "\"\"")),
                Json::Null => String::new(),
                other => other.compact(),
            },
            ",",
        ),
        "tsv" => row(
            value,
            &|cell| match cell {
                Json::Null => String::new(),
                other => plain(other).replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n"),
            },
            "\t",
        ),
        "sh" => {
            let quoted = |cell: &Json| match cell {
                Json::String(text) => format!("'{}'", text.replace('\'', "'\\''")),
                other => other.compact(),
            };
            match value {
                Json::Array(items) => Ok(items.iter().map(quoted).collect::<Vec<_>>().join(" ")),
                other => Ok(quoted(other)),
            }
        }
        "html" => {
            let text = plain(value).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            Ok(text.replace('\'', "&#39;").replace('"', "&quot;"))
        }
        _ => Err(Stop::error(format!("{name} is not a valid format"))),
    }
}
