//! The configuration of nginx: blocks and directives, and what `nginx -t` says about them: nginx(8).

use crate::world::World;
use crate::world::fs::Cred;

/// A directive with its arguments, its place, and what stands in its block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// The file and the line.
    pub place: (String, usize),
    /// The directives between its braces; `None`: it ended with `;`.
    pub block: Option<Vec<Directive>>,
}

impl Directive {
    /// The first directive of this name in the block.
    pub fn get(&self, name: &str) -> Option<&Directive> {
        self.block.iter().flatten().find(|d| d.name == name)
    }

    /// Every directive of this name in the block.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Directive> {
        self.block.iter().flatten().filter(move |d| d.name == name)
    }
}

/// A word of the file and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Semicolon,
    Open,
    Close,
}

fn tokens(text: &str) -> Vec<(Token, usize)> {
    let mut out = Vec::new();
    let mut line = 1;
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\n' => line += 1,
            c if c.is_whitespace() => {}
            '#' => {
                while letters.peek().is_some_and(|c| *c != '\n') {
                    letters.next();
                }
            }
            ';' => out.push((Token::Semicolon, line)),
            '{' => out.push((Token::Open, line)),
            '}' => out.push((Token::Close, line)),
            quote @ ('"' | '\'') => {
                let mut word = String::new();
                for c in letters.by_ref() {
                    line += usize::from(c == '\n');
                    if c == quote {
                        break;
                    }
                    word.push(c);
                }
                out.push((Token::Word(word), line));
            }
            c => {
                let mut word = String::from(c);
                while let Some(c) = letters.peek().copied() {
                    let variable = word.ends_with('$') && c == '{';
                    if c.is_whitespace() || c == ';' || (c == '{' && !variable) {
                        break;
                    }
                    word.push(c);
                    letters.next();
                    if variable {
                        word.extend(letters.by_ref().take_while(|c| *c != '}'));
                        word.push('}');
                    }
                }
                out.push((Token::Word(word), line));
            }
        }
    }
    out.push((Token::Semicolon, line));
    out
}

/// How deep blocks and included files may stand in one another.
const DEPTH: usize = 16;

struct Reader<'a> {
    world: &'a World,
}

/// Reads a configuration file and all it includes. Errors: nginx's message.
pub fn read(world: &World, path: &str) -> Result<Directive, String> {
    let block = Reader { world }.file(path, DEPTH, None)?;
    let main = Directive { name: "main".into(), args: Vec::new(), place: (path.to_owned(), 1), block: Some(block) };
    check(&main, "main")?;
    Ok(main)
}

impl Reader<'_> {
    fn file(&self, path: &str, depth: usize, from: Option<&(String, usize)>) -> Result<Vec<Directive>, String> {
        let Some(text) = self.world.files.text(path) else {
            let place = from.map_or(String::new(), |(file, line)| format!(" in {file}:{line}"));
            return Err(format!("open() \"{path}\" failed (2: No such file or directory){place}"));
        };
        let mut tokens = tokens(&text);
        let last = tokens.pop().map_or(1, |t| t.1);
        let mut at = 0;
        self.block(path, &tokens, &mut at, depth, last, true)
    }

    fn block(
        &self,
        path: &str,
        tokens: &[(Token, usize)],
        at: &mut usize,
        depth: usize,
        last: usize,
        top: bool,
    ) -> Result<Vec<Directive>, String> {
        let mut block = Vec::new();
        let mut words: Vec<String> = Vec::new();
        let mut begun = 0;
        if depth == 0 {
            return Err(format!("too deep nesting in {path}:{last}"));
        }
        while let Some((token, line)) = tokens.get(*at) {
            *at += 1;
            match token {
                Token::Word(word) => {
                    if words.is_empty() {
                        begun = *line;
                    }
                    words.push(word.clone());
                }
                Token::Semicolon if words.is_empty() => return Err(format!("unexpected \";\" in {path}:{line}")),
                Token::Open if words.is_empty() => return Err(format!("unexpected \"{{\" in {path}:{line}")),
                Token::Close if !words.is_empty() || top => return Err(format!("unexpected \"}}\" in {path}:{line}")),
                Token::Close => return Ok(block),
                Token::Semicolon => {
                    let place = (path.to_owned(), *line);
                    let name = words.remove(0);
                    let args = std::mem::take(&mut words);
                    if name == "include" {
                        for file in self.included(args.first().map_or("", String::as_str)) {
                            block.extend(self.file(&file, depth - 1, Some(&place))?);
                        }
                        continue;
                    }
                    block.push(Directive { name, args, place, block: None });
                }
                Token::Open => {
                    let name = words.remove(0);
                    let args = std::mem::take(&mut words);
                    let place = (path.to_owned(), begun);
                    let inner = self.block(path, tokens, at, depth - 1, last, false)?;
                    block.push(Directive { name, args, place, block: Some(inner) });
                }
            }
        }
        if !words.is_empty() {
            return Err(format!("unexpected end of file, expecting \";\" or \"}}\" in {path}:{last}"));
        }
        if top { Ok(block) } else { Err(format!("unexpected end of file, expecting \"}}\" in {path}:{last}")) }
    }

    fn included(&self, pattern: &str) -> Vec<String> {
        let path = if pattern.starts_with('/') { pattern.to_owned() } else { format!("/etc/nginx/{pattern}") };
        if !path.contains('*') {
            return vec![path];
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let names = self.world.files.list(&Cred::root(), "/", folder).unwrap_or_default();
        let fits = |n: &str| !n.starts_with('.') && crate::commands::net::redis::glob(name, n);
        names.iter().filter(|(n, _)| fits(n)).map(|(n, _)| format!("{folder}/{n}")).collect()
    }
}

/// Directives by the block in which they stand. A name in several lists may stand in each.
const KNOWN: &[(&str, &str)] = &[
    (
        "main",
        "user worker_processes pid error_log events http include worker_rlimit_nofile daemon master_process load_module stream",
    ),
    ("events", "worker_connections multi_accept use"),
    (
        "http",
        "server upstream map log_format types default_type sendfile tcp_nopush tcp_nodelay keepalive_timeout types_hash_max_size server_tokens gzip gzip_types gzip_vary ssl_protocols ssl_prefer_server_ciphers access_log error_log client_max_body_size root index proxy_set_header proxy_read_timeout limit_req_zone add_header charset",
    ),
    (
        "server",
        "listen server_name root index location access_log error_log return rewrite try_files client_max_body_size ssl_certificate ssl_certificate_key error_page add_header proxy_set_header if set gzip charset proxy_pass autoindex",
    ),
    (
        "location",
        "root alias index try_files return rewrite proxy_pass proxy_set_header proxy_http_version proxy_read_timeout proxy_connect_timeout proxy_buffering fastcgi_pass fastcgi_param fastcgi_split_path_info fastcgi_index internal deny allow expires access_log error_log add_header location if set autoindex limit_req client_max_body_size charset",
    ),
    ("upstream", "server keepalive least_conn ip_hash"),
    ("if", "return rewrite set proxy_pass"),
];

fn check(block: &Directive, context: &str) -> Result<(), String> {
    let Some((_, list)) = KNOWN.iter().find(|(name, _)| *name == context) else { return Ok(()) };
    for d in block.block.iter().flatten() {
        let (file, line) = &d.place;
        let known = |list: &str| list.split(' ').any(|name| name == d.name);
        if !known(list) {
            if KNOWN.iter().any(|(_, list)| known(list)) {
                return Err(format!("\"{}\" directive is not allowed here in {file}:{line}", d.name));
            }
            return Err(format!("unknown directive \"{}\" in {file}:{line}", d.name));
        }
        let is_block =
            KNOWN.iter().any(|(name, _)| *name == d.name) || matches!(d.name.as_str(), "map" | "types" | "stream");
        let upstream_server = context == "upstream";
        match (&d.block, is_block && !upstream_server) {
            (None, true) => return Err(format!("directive \"{}\" has no opening \"{{\" in {file}:{line}", d.name)),
            (Some(_), false) => {
                return Err(format!("directive \"{}\" is not terminated by \";\" in {file}:{line}", d.name));
            }
            (Some(_), true) => check(d, &d.name)?,
            (None, false) if d.args.is_empty() && !matches!(d.name.as_str(), "internal" | "least_conn" | "ip_hash") => {
                return Err(format!("invalid number of arguments in \"{}\" directive in {file}:{line}", d.name));
            }
            (None, false) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Time;

    fn test(text: &str) -> Result<Directive, String> {
        let mut world = World::new(Time::default(), 1, |_, _| None);
        world.files.put("/n.conf", text.as_bytes(), 0o644, (0, 0), Time::default());
        read(&world, "/n.conf")
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let error = |text: &str| test(text).unwrap_err();
        assert_eq!(error("http { server { root /x } }"), "unexpected \"}\" in /n.conf:1");
        assert_eq!(error("http {\n"), "unexpected end of file, expecting \"}\" in /n.conf:2");
        assert_eq!(error("events {}\nhttp { server { listn 80; } }"), "unknown directive \"listn\" in /n.conf:2");
        assert_eq!(error("server { }"), "\"server\" directive is not allowed here in /n.conf:1");
        assert_eq!(
            error("http { include /none.conf; }"),
            "open() \"/none.conf\" failed (2: No such file or directory) in /n.conf:1"
        );
    }

    #[test]
    fn blocks_and_quotes_are_read() {
        let main = test("http { server { listen 80; location /a { return 200 'hi; }'; } } }").unwrap();
        let server = main.get("http").and_then(|h| h.get("server")).unwrap();
        assert_eq!(server.get("location").and_then(|l| l.get("return")).unwrap().args, ["200", "hi; }"]);
    }
}
