//! The part of YAML that compose files are written in: block mappings and lists, quoted and plain scalars, one-line `[…]`
//! and `{…}`, `|` texts. Anchors, tags and documents of several parts are refused by name. YAML 1.2.

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// Nothing, or a scalar as text.
    Text(String),
    /// A list.
    List(Vec<Yaml>),
    /// A mapping in its order.
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    /// The value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Yaml> {
        match self {
            Yaml::Map(pairs) => pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// A scalar's text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Yaml::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The pairs of a mapping.
    pub fn pairs(&self) -> &[(String, Yaml)] {
        match self {
            Yaml::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The texts of a list, or the one text.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Yaml::Text(text) if !text.is_empty() => vec![text.clone()],
            Yaml::List(items) => items.iter().filter_map(|i| i.text().map(str::to_owned)).collect(),
            _ => Vec::new(),
        }
    }
}

/// How deep values may nest.
const DEPTH: usize = 40;

/// Reads a document. Errors: the line, counted from 1, and what is wrong there.
pub fn read(text: &str) -> Result<Yaml, (usize, String)> {
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let bare = without_comment(line);
        if bare.trim().is_empty() || bare.trim() == "---" {
            // Blank lines count inside `|` texts only; those are rare enough in compose files.
            continue;
        }
        let indent = bare.len() - bare.trim_start_matches(' ').len();
        if bare[indent..].starts_with('\t') {
            return Err((at + 1, "found character that cannot start any token".into()));
        }
        lines.push(Line { number: at + 1, indent, text: bare.trim().to_owned() });
    }
    let mut reader = Reader { lines, at: 0 };
    let Some(first) = reader.lines.first() else { return Ok(Yaml::Text(String::new())) };
    let indent = first.indent;
    let value = reader.block(indent, 0)?;
    match reader.lines.get(reader.at) {
        Some(line) => Err((line.number, "did not find expected key".into())),
        None => Ok(value),
    }
}

struct Line {
    number: usize,
    indent: usize,
    text: String,
}

struct Reader {
    lines: Vec<Line>,
    at: usize,
}

type Read<T> = Result<T, (usize, String)>;

impl Reader {
    /// The value whose lines begin at this indentation.
    fn block(&mut self, indent: usize, depth: usize) -> Read<Yaml> {
        let Some(line) = self.lines.get(self.at) else { return Ok(Yaml::Text(String::new())) };
        if depth > DEPTH {
            return Err((line.number, "nested too deeply".into()));
        }
        if line.text == "-" || line.text.starts_with("- ") { self.list(indent, depth) } else { self.map(indent, depth) }
    }

    fn list(&mut self, indent: usize, depth: usize) -> Read<Yaml> {
        let mut items = Vec::new();
        while let Some(line) = self.lines.get_mut(self.at) {
            if line.indent != indent || !(line.text == "-" || line.text.starts_with("- ")) {
                break;
            }
            let rest = line.text[1..].trim_start().to_owned();
            if rest.is_empty() {
                self.at += 1;
                items.push(self.nested(indent, depth)?);
            } else if key_of(&rest).is_some() {
                // `- key: value`: the mapping begins where its first key stands.
                let inner = indent + (line.text.len() - rest.len());
                (line.text, line.indent) = (rest, inner);
                items.push(self.map(inner, depth + 1)?);
            } else {
                let number = line.number;
                self.at += 1;
                items.push(scalar(&rest, number, depth)?);
            }
        }
        Ok(Yaml::List(items))
    }

    fn map(&mut self, indent: usize, depth: usize) -> Read<Yaml> {
        let mut pairs: Vec<(String, Yaml)> = Vec::new();
        while let Some(line) = self.lines.get(self.at) {
            if line.indent < indent || line.text.starts_with("- ") {
                break;
            }
            let number = line.number;
            let found = (line.indent == indent).then(|| key_of(&line.text)).flatten();
            let Some((key, rest)) = found else {
                let lone = pairs.is_empty() && self.lines.len() == 1;
                return if lone {
                    scalar(&line.text.clone(), number, depth)
                } else {
                    Err((number, "could not find expected ':'".into()))
                };
            };
            if pairs.iter().any(|(k, _)| *k == key) {
                return Err((number, format!("mapping key \"{key}\" already defined")));
            }
            self.at += 1;
            let value = match rest.as_str() {
                "" => self.nested(indent, depth)?,
                "|" | "|-" | ">" | ">-" => self.literal(indent, rest.starts_with('|')),
                rest => scalar(rest, number, depth)?,
            };
            pairs.push((key, value));
        }
        Ok(Yaml::Map(pairs))
    }

    /// What stands below a key or a dash. A list may stand as far left as its key.
    fn nested(&mut self, indent: usize, depth: usize) -> Read<Yaml> {
        match self.lines.get(self.at) {
            Some(line) if line.indent > indent || line.indent == indent && line.text.starts_with("- ") => {
                let inner = line.indent;
                self.block(inner, depth + 1)
            }
            _ => Ok(Yaml::Text(String::new())),
        }
    }

    fn literal(&mut self, indent: usize, keeps_lines: bool) -> Yaml {
        let mut lines = Vec::new();
        while let Some(line) = self.lines.get(self.at).filter(|line| line.indent > indent) {
            lines.push(line.text.clone());
            self.at += 1;
        }
        Yaml::Text(lines.join(if keeps_lines { "\n" } else { " " }))
    }
}

/// `key: rest`, when the line is one.
fn key_of(text: &str) -> Option<(String, String)> {
    let quote = text.chars().next().filter(|c| "'\"".contains(*c));
    let end = match quote {
        Some(quote) => text[1..].find(quote)? + 2,
        None => text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1))?,
    };
    let rest = text.get(end..)?.strip_prefix(':')?;
    if quote.is_none() && text.starts_with(['[', '{']) || !(rest.is_empty() || rest.starts_with(' ')) {
        return None;
    }
    Some((text[..end].trim_matches(['\'', '"']).to_owned(), rest.trim().to_owned()))
}

/// A value on one line.
fn scalar(text: &str, number: usize, depth: usize) -> Read<Yaml> {
    if depth > DEPTH {
        return Err((number, "nested too deeply".into()));
    }
    let closed = |close: char| text.ends_with(close) && text.len() > 1;
    match text.chars().next() {
        Some('[') if closed(']') => {
            let items = split(&text[1..text.len() - 1]);
            Ok(Yaml::List(items.iter().map(|item| scalar(item, number, depth + 1)).collect::<Read<_>>()?))
        }
        Some('{') if closed('}') => {
            let pair = |item: &String| {
                let (key, rest) = key_of(item).ok_or((number, "could not find expected ':'".to_owned()))?;
                Ok((key, scalar(&rest, number, depth + 1)?))
            };
            Ok(Yaml::Map(split(&text[1..text.len() - 1]).iter().map(pair).collect::<Read<_>>()?))
        }
        Some('[') => Err((number, "did not find expected ',' or ']'".into())),
        Some('{') => Err((number, "did not find expected ',' or '}'".into())),
        Some('&' | '*' | '!') => Err((number, "anchors, aliases and tags are not simulated".into())),
        Some('"') if closed('"') => Ok(Yaml::Text(unescape(&text[1..text.len() - 1]))),
        Some('\'') if closed('\'') => Ok(Yaml::Text(text[1..text.len() - 1].replace("''", "'"))),
        Some('"' | '\'') => Err((number, "found unexpected end of stream".into())),
        _ => Ok(Yaml::Text(if text == "~" { String::new() } else { text.to_owned() })),
    }
}

fn unescape(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"").replace("\\\\", "\\")
}

/// Splits at commas that stand in no quotes and no brackets.
fn split(text: &str) -> Vec<String> {
    let (mut items, mut quote, mut depth) = (vec![String::new()], None, 0_usize);
    for c in text.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(item) = items.last_mut() {
            item.push(c);
        }
    }
    items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// The line up to a comment: a `#` at its start or after a blank, outside quotes.
fn without_comment(line: &str) -> &str {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in line.char_indices() {
        match quote {
            Some(q) if c == q => quote = None,
            Some(_) => {}
            None if c == '#' && before == ' ' => return &line[..at],
            None if "'\"".contains(c) && " [{,:".contains(before) => quote = Some(c),
            None => {}
        }
        before = c;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compose_file_is_read() {
        let text = "services:\n  app:   # ours\n    image: \"php:8.2\"\n    command: [php, bin/console, \"a b\"]\n    ports:\n    - 8080:80\n    environment:\n      - A=1\n  redis:\n    image: redis:7\nvolumes: {}\n";
        let read = read(text).unwrap();
        let app = read.get("services").and_then(|s| s.get("app")).unwrap();
        assert_eq!(app.get("image").and_then(Yaml::text), Some("php:8.2"));
        assert_eq!(app.get("command").unwrap().texts(), ["php", "bin/console", "a b"]);
        assert_eq!(app.get("ports").unwrap().texts(), ["8080:80"]);
        assert_eq!(app.get("environment").unwrap().texts(), ["A=1"]);
        assert_eq!(read.get("volumes"), Some(&Yaml::Map(Vec::new())));
    }

    #[test]
    fn mistakes_have_their_line() {
        assert_eq!(read("a:\n  b: 1\n c: 2\n").unwrap_err().0, 3);
        assert_eq!(read("a: [1, 2\n").unwrap_err().0, 1);
        assert_eq!(read("a: *x\n").unwrap_err().1, "anchors, aliases and tags are not simulated");
        assert!(read(&"- ".repeat(5000)).is_ok() || read(&"- ".repeat(5000)).is_err());
        assert!(read(&"[".repeat(5000)).is_err());
    }
}
