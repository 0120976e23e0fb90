//! The functions that come with jq: jq(1), "BUILTIN OPERATORS AND FUNCTIONS".

use regex::RegexBuilder;

use super::eval::{Scope, Sink, Stop, collect, described, each, eval, index};
use super::operate::{format, operate, split};
use super::read::Reader;
use super::syntax::Expr;
use super::value::{Json, Object};

/// Calls a function.
pub fn call(name: &str, arguments: &[Expr], input: &Json, scope: &Scope, sink: Sink<'_>) -> Result<(), Stop> {
    match (name, arguments) {
        ("empty", []) => Ok(()),
        ("not", []) => sink(Json::Bool(!input.is_true())),
        ("error", []) => Err(Stop::Error(input.clone())),
        ("select", [test]) => eval(test, input, scope, &mut |test| {
            if test.is_true() { sink(input.clone()) } else { Ok(()) }
        }),
        ("recurse", []) => eval(&Expr::Recurse, input, scope, sink),
        ("map", [filter]) => {
            let mut all = Vec::new();
            each(input, &mut |item| {
                all.extend(collect(filter, &item, scope)?);
                Ok(())
            })?;
            sink(Json::array(all))
        }
        ("map_values", [filter]) => {
            let mut done = Object::default();
            let Json::Object(object) = input else { return call("map", arguments, input, scope, sink) };
            for (name, value) in object.members() {
                if let Some(value) = collect(filter, value, scope)?.into_iter().next() {
                    done.set(name, value);
                }
            }
            sink(Json::Object(done.into()))
        }
        ("first", [filter]) => limit(1, filter, input, scope, sink),
        ("limit", [count, filter]) => {
            let count = number(&one(count, input, scope)?)? as usize;
            limit(count, filter, input, scope, sink)
        }
        ("range", [to]) => range(&Json::Number(0.0), &one(to, input, scope)?, scope, sink),
        ("range", [from, to]) => range(&one(from, input, scope)?, &one(to, input, scope)?, scope, sink),
        ("any" | "all", [filter]) => {
            let mut found = false;
            each(input, &mut |item| {
                found |= collect(filter, &item, scope)?.iter().any(|v| v.is_true() == (name == "any"));
                Ok(())
            })?;
            sink(Json::Bool(found == (name == "any")))
        }
        ("sort_by" | "group_by" | "unique_by" | "min_by" | "max_by", [filter]) => sink(by(name, filter, input, scope)?),
        ("with_entries", [filter]) => {
            let entries = simple("to_entries", &[], input)?;
            call("map", std::slice::from_ref(filter), &entries, scope, &mut |mapped| {
                sink(simple("from_entries", &[], &mapped)?)
            })
        }
        (
            "has" | "split" | "join" | "startswith" | "endswith" | "ltrimstr" | "rtrimstr" | "test" | "contains"
            | "inside" | "index" | "match" | "sub" | "gsub" | "flatten" | "error",
            _,
        ) => {
            let mut values = Vec::new();
            for argument in arguments {
                values.push(one(argument, input, scope)?);
            }
            sink(simple(name, &values, input)?)
        }
        (_, []) => match simple(name, &[], input) {
            Err(Stop::Error(Json::Null)) => Err(undefined(name, 0)),
            other => sink(other?),
        },
        (_, arguments) => Err(undefined(name, arguments.len())),
    }
}

/// The first outputs of a filter.
fn limit(count: usize, filter: &Expr, input: &Json, scope: &Scope, sink: Sink<'_>) -> Result<(), Stop> {
    let mut left = count;
    if left == 0 {
        return Ok(());
    }
    let taken = eval(filter, input, scope, &mut |value| {
        left -= 1;
        sink(value)?;
        if left == 0 { Err(Stop::Enough) } else { Ok(()) }
    });
    match taken {
        Err(Stop::Enough) if left == 0 => Ok(()),
        other => other,
    }
}

fn undefined(name: &str, arguments: usize) -> Stop {
    Stop::error(format!("{name}/{arguments} is not defined"))
}

/// The first output of an argument.
fn one(filter: &Expr, input: &Json, scope: &Scope) -> Result<Json, Stop> {
    Ok(collect(filter, input, scope)?.into_iter().next().unwrap_or(Json::Null))
}

fn number(value: &Json) -> Result<f64, Stop> {
    match value {
        Json::Number(number) => Ok(*number),
        other => Err(Stop::error(format!("{} is not a number", described(other)))),
    }
}

fn range(from: &Json, to: &Json, scope: &Scope, sink: Sink<'_>) -> Result<(), Stop> {
    let (mut at, to) = (number(from)?, number(to)?);
    while at < to {
        scope.step()?;
        sink(Json::Number(at))?;
        at += 1.0;
    }
    Ok(())
}

fn items<'a>(value: &'a Json, what: &str) -> Result<&'a [Json], Stop> {
    match value {
        Json::Array(items) => Ok(items),
        other => Err(Stop::error(format!("{} cannot be {what}, as it is not an array", described(other)))),
    }
}

fn by(name: &str, filter: &Expr, input: &Json, scope: &Scope) -> Result<Json, Stop> {
    let mut keyed = Vec::new();
    for item in items(input, "sorted")? {
        keyed.push((Json::array(collect(filter, item, scope)?), item.clone()));
    }
    keyed.sort_by(|a, b| a.0.order(&b.0));
    let values = |list: &[(Json, Json)]| Json::array(list.iter().map(|(_, value)| value.clone()).collect());
    let same = |a: &(Json, Json), b: &(Json, Json)| a.0.order(&b.0).is_eq();
    Ok(match name {
        "sort_by" => values(&keyed),
        "group_by" => Json::array(keyed.chunk_by(same).map(values).collect()),
        "unique_by" => Json::array(keyed.chunk_by(same).map(|group| group[0].1.clone()).collect()),
        "min_by" => keyed.first().map_or(Json::Null, |(_, value)| value.clone()),
        _ => keyed.last().map_or(Json::Null, |(_, value)| value.clone()),
    })
}

/// Functions that give one value. The error `null` means that there is no such function.
fn simple(name: &str, arguments: &[Json], input: &Json) -> Result<Json, Stop> {
    match input {
        _ if name == "tostring" => Ok(Json::text(&format("text", input)?)),
        _ if name == "tojson" => Ok(Json::text(&input.compact())),
        _ if name == "type" => Ok(Json::text(input.kind())),
        _ if name == "error" => Err(Stop::Error(arguments.first().cloned().unwrap_or(Json::Null))),
        Json::String(text) => on_text(name, arguments, input, text),
        _ => on_value(name, arguments, input),
    }
}

fn on_text(name: &str, arguments: &[Json], input: &Json, text: &str) -> Result<Json, Stop> {
    let argument = arguments.first().map(|a| format("text", a)).transpose()?.unwrap_or_default();
    Ok(match name {
        "length" => Json::Number(text.chars().count() as f64),
        "utf8bytelength" => Json::Number(text.len() as f64),
        "ascii_downcase" => Json::text(&text.to_ascii_lowercase()),
        "ascii_upcase" => Json::text(&text.to_ascii_uppercase()),
        "tonumber" => match text.trim().parse() {
            Ok(number) => Json::Number(number),
            Err(_) => {
                return Err(Stop::error(format!(
                    "Invalid numeric literal at EOF at line 1, column {} (while parsing '{text}')",
                    text.len()
                )));
            }
        },
        "fromjson" => match Reader::new(text.as_bytes()).next_value() {
            Some(Ok(value)) => value,
            Some(Err(reason)) => return Err(Stop::error(format!("{reason} (while parsing '{text}')"))),
            None => Json::Null,
        },
        "explode" => Json::array(text.chars().map(|c| Json::Number(f64::from(u32::from(c)))).collect()),
        "split" => split(text, &argument),
        "startswith" => Json::Bool(text.starts_with(&argument)),
        "endswith" => Json::Bool(text.ends_with(&argument)),
        "contains" => Json::Bool(text.contains(&argument)),
        "inside" => Json::Bool(argument.contains(text)),
        "index" => text.find(&argument).map_or(Json::Null, |at| Json::Number(at as f64)),
        "ltrimstr" => Json::text(text.strip_prefix(&*argument).unwrap_or(text)),
        "rtrimstr" => Json::text(text.strip_suffix(&*argument).unwrap_or(text)),
        "test" | "sub" | "gsub" => matching(name, arguments, text, &argument)?,
        _ => return on_value(name, arguments, input),
    })
}

fn matching(name: &str, arguments: &[Json], text: &str, pattern: &str) -> Result<Json, Stop> {
    let flags = arguments.get(if name == "test" { 1 } else { 2 }).map(|f| format("text", f)).transpose()?;
    let flags = flags.unwrap_or_default();
    let regex = RegexBuilder::new(pattern).case_insensitive(flags.contains('i')).size_limit(1 << 20).build();
    let regex = regex.map_err(|_| Stop::error(format!("{pattern} (at offset 0) is not a valid regex")))?;
    if name == "test" {
        return Ok(Json::Bool(regex.is_match(text)));
    }
    let by = arguments.get(1).map(|b| format("text", b)).transpose()?.unwrap_or_default();
    let by = regex::NoExpand(&by);
    Ok(Json::text(&if name == "gsub" { regex.replace_all(text, by) } else { regex.replace(text, by) }))
}

fn on_value(name: &str, arguments: &[Json], input: &Json) -> Result<Json, Stop> {
    let argument = arguments.first().unwrap_or(&Json::Null);
    Ok(match name {
        "length" => match input {
            Json::Null => Json::Number(0.0),
            Json::Number(number) => Json::Number(number.abs()),
            Json::Array(items) => Json::Number(items.len() as f64),
            Json::Object(object) => Json::Number(object.keys().count() as f64),
            other => return Err(Stop::error(format!("{} has no length", described(other)))),
        },
        "tonumber" | "values" if matches!(input, Json::Number(_)) => input.clone(),
        "keys" | "keys_unsorted" => match input {
            Json::Object(object) if name == "keys" => Json::array(object.keys().map(|k| Json::text(k)).collect()),
            Json::Object(object) => Json::array(object.members().map(|(k, _)| Json::text(k)).collect()),
            Json::Array(items) => Json::array((0..items.len()).map(|n| Json::Number(n as f64)).collect()),
            other => return Err(Stop::error(format!("{} has no keys", described(other)))),
        },
        "has" => Json::Bool(match (input, argument) {
            (Json::Object(object), Json::String(name)) => object.get(name).is_some(),
            (Json::Array(items), Json::Number(n)) => *n >= 0.0 && (*n as usize) < items.len(),
            _ => {
                return Err(Stop::error(format!(
                    "Cannot check whether {} has a {} key",
                    input.kind(),
                    argument.kind()
                )));
            }
        }),
        "add" => {
            let mut sum = Json::Null;
            each(input, &mut |item| {
                sum = operate("+", &sum, &item)?;
                Ok(())
            })?;
            sum
        }
        "any" | "all" => Json::Bool(match name {
            "any" => items(input, "iterated over")?.iter().any(Json::is_true),
            _ => items(input, "iterated over")?.iter().all(Json::is_true),
        }),
        "to_entries" => to_entries(input)?,
        "from_entries" => from_entries(input)?,
        "floor" | "ceil" | "round" | "sqrt" | "fabs" => {
            let value = number(input)?;
            Json::Number(match name {
                "floor" => value.floor(),
                "ceil" => value.ceil(),
                "round" => value.round(),
                "sqrt" => value.sqrt(),
                _ => value.abs(),
            })
        }
        "todate" => {
            let micros = (number(input)? * 1e6) as u64;
            Json::text(&crate::world::Time(micros).strftime("%Y-%m-%dT%H:%M:%SZ"))
        }
        "contains" => Json::Bool(contains(input, argument)),
        "inside" => Json::Bool(contains(argument, input)),
        "split" | "startswith" | "endswith" | "test" | "sub" | "gsub" | "ascii_downcase" | "ascii_upcase"
        | "fromjson" | "tonumber" => {
            return Err(Stop::error(format!("{} cannot be parsed as a string", described(input))));
        }
        _ => return on_array(name, argument, input),
    })
}

fn to_entries(input: &Json) -> Result<Json, Stop> {
    let Json::Object(object) = input else {
        return Err(Stop::error(format!("{} has no keys", described(input))));
    };
    let entry = |(name, value): (&std::sync::Arc<str>, &Json)| {
        let mut entry = Object::default();
        entry.set("key", Json::String(name.clone()));
        entry.set("value", value.clone());
        Json::Object(entry.into())
    };
    Ok(Json::array(object.members().map(entry).collect()))
}

fn from_entries(input: &Json) -> Result<Json, Stop> {
    let mut object = Object::default();
    for entry in items(input, "iterated over")? {
        let field = |name: &str| index(entry, &Json::text(name));
        let key = [field("key")?, field("name")?, field("k")?].into_iter().find(|k| *k != Json::Null);
        object.set(&format("text", &key.unwrap_or(Json::Null))?, field("value")?);
    }
    Ok(Json::Object(object.into()))
}

fn contains(outer: &Json, inner: &Json) -> bool {
    match (outer, inner) {
        (Json::Object(a), Json::Object(b)) => b.members().all(|(k, b)| a.get(k).is_some_and(|a| contains(a, b))),
        (Json::Array(a), Json::Array(b)) => b.iter().all(|b| a.iter().any(|a| contains(a, b))),
        (Json::String(a), Json::String(b)) => a.contains(&**b),
        _ => outer == inner,
    }
}

fn on_array(name: &str, argument: &Json, input: &Json) -> Result<Json, Stop> {
    const KNOWN: &[&str] = &["sort", "unique", "reverse", "first", "last", "min", "max", "join", "flatten", "implode"];
    if !KNOWN.contains(&name) {
        return Err(Stop::Error(Json::Null));
    }
    let list = match (name, input) {
        ("reverse", Json::Null) => &[],
        ("first" | "last", Json::Null) => return Ok(Json::Null),
        _ => items(input, if name == "join" { "iterated over" } else { "sorted" })?,
    };
    let mut sorted = list.to_vec();
    sorted.sort_by(Json::order);
    Ok(match name {
        "sort" => Json::array(sorted),
        "unique" => {
            sorted.dedup_by(|a, b| a.order(b).is_eq());
            Json::array(sorted)
        }
        "reverse" => Json::array(list.iter().rev().cloned().collect()),
        "first" => list.first().cloned().unwrap_or(Json::Null),
        "last" => list.last().cloned().unwrap_or(Json::Null),
        "min" => sorted.first().cloned().unwrap_or(Json::Null),
        "max" => sorted.last().cloned().unwrap_or(Json::Null),
        "join" => {
            let separator = format("text", argument)?;
            let mut words = Vec::new();
            for item in list {
                words.push(match item {
                    Json::Null => String::new(),
                    Json::Array(_) | Json::Object(_) => {
                        return Err(Stop::error(format!(
                            "{} and {} cannot be added",
                            described(argument),
                            described(item)
                        )));
                    }
                    other => format("text", other)?,
                });
            }
            Json::text(&words.join(&separator))
        }
        "flatten" => {
            let depth = number(argument).unwrap_or(256.0) as usize;
            let mut flat = Vec::new();
            flatten(list, depth, &mut flat);
            Json::array(flat)
        }
        _ => {
            let code = |item: &Json| number(item).ok().and_then(|n| char::from_u32(n as u32)).unwrap_or('\u{fffd}');
            Json::text(&list.iter().map(code).collect::<String>())
        }
    })
}

fn flatten(list: &[Json], depth: usize, flat: &mut Vec<Json>) {
    for item in list {
        match item {
            Json::Array(inner) if depth > 0 => flatten(inner, depth - 1, flat),
            other => flat.push(other.clone()),
        }
    }
}
