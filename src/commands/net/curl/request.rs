//! Where a URL leads, and the request that is sent there.

use crate::commands::options::Parsed;
use crate::world::Sys;

/// A URL, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// As it was written.
    pub text: String,
    /// The name or address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// From the first slash on, with the query.
    pub path: String,
    /// `https`.
    pub secure: bool,
}

impl Url {
    /// Reads a URL; a missing scheme is `http`. Errors: curl's status and message.
    pub fn parse(text: &str) -> Result<Url, (u8, String)> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let secure = match scheme.to_lowercase().as_str() {
            "http" => false,
            "https" => true,
            other => return Err((1, format!("Protocol \"{other}\" not supported or disabled in libcurl"))),
        };
        let bad = || (3, "URL using bad/illegal format or missing URL".to_owned());
        let cut = rest.find(['/', '?']).unwrap_or(rest.len());
        let (place, path) = rest.split_at(cut);
        let place = place.rsplit('@').next().unwrap_or(place);
        let (host, port) = match place.strip_prefix('[') {
            Some(six) => {
                let (host, tail) = six.split_once(']').ok_or_else(bad)?;
                (host, tail.strip_prefix(':'))
            }
            None => match place.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (place, None),
            },
        };
        if host.is_empty() || host.contains(char::is_whitespace) {
            return Err(bad());
        }
        let default = if secure { 443 } else { 80 };
        let port = match port {
            None | Some("") => default,
            Some(port) => port.parse().map_err(|_| bad())?,
        };
        let path = match path {
            "" => "/".to_owned(),
            path if path.starts_with('?') => format!("/{path}"),
            path => path.to_owned(),
        };
        Ok(Url { text: text.to_owned(), host: host.to_owned(), port, path, secure })
    }
}

/// Where a name leads.
pub enum Target {
    /// To this machine, at this address.
    Local(String),
    /// To an address of another machine.
    Elsewhere,
    /// Nowhere: the name is not known.
    Unknown,
}

/// Looks a name up in `/etc/hosts`; there is no other source.
pub fn resolve(sys: &Sys<'_>, host: &str) -> Target {
    let local = |address: &str| address.starts_with("127.") || matches!(address, "::1" | "0.0.0.0" | "10.0.2.15");
    let is_address =
        |text: &str| text.contains(':') || text.split('.').filter(|p| p.parse::<u8>().is_ok()).count() == 4;
    if local(host) {
        return Target::Local(if host == "::1" { "::1".into() } else { "127.0.0.1".into() });
    }
    if is_address(host) {
        return Target::Elsewhere;
    }
    if host == "localhost" || host.ends_with(".localhost") || *host == sys.world.hostname {
        return Target::Local("127.0.0.1".into());
    }
    let hosts = sys.world.files.text("/etc/hosts").unwrap_or_default();
    let found = hosts.lines().find_map(|line| {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let address = words.next()?;
        words.any(|name| name == host).then(|| address.to_owned())
    });
    match found {
        Some(address) if local(&address) => Target::Local("127.0.0.1".into()),
        Some(_) => Target::Elsewhere,
        None => Target::Unknown,
    }
}

/// The bytes of the request.
pub fn build(url: &Url, parsed: &Parsed) -> Vec<u8> {
    let data: Vec<&str> = parsed.options.iter().filter(|o| o.key == "data").map(|o| o.text()).collect();
    let default = match (parsed.has("head"), data.is_empty()) {
        (true, _) => "HEAD",
        (_, false) => "POST",
        _ => "GET",
    };
    let method = parsed.last("request").unwrap_or(default);
    let host = if url.host.contains(':') { format!("[{}]", url.host) } else { url.host.clone() };
    let host = if url.port == 80 { host } else { format!("{host}:{}", url.port) };
    let agent = parsed.last("user-agent").unwrap_or("curl/7.88.1");
    let mut head = format!("{method} {} HTTP/1.1\r\n", url.path);
    let own: Vec<&str> = parsed.options.iter().filter(|o| o.key == "header").map(|o| o.text()).collect();
    let given = |name: &str| own.iter().any(|h| h.split(':').next().is_some_and(|n| n.eq_ignore_ascii_case(name)));
    for (name, value) in [("Host", host.as_str()), ("User-Agent", agent), ("Accept", "*/*")] {
        if !given(name) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    for header in &own {
        head.push_str(&format!("{header}\r\n"));
    }
    let body = data.join("&");
    if !data.is_empty() {
        if !given("Content-Type") {
            head.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
        }
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    format!("{head}\r\n{body}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let url = Url::parse("localhost:8000").unwrap();
        assert_eq!((url.host.as_str(), url.port, url.path.as_str()), ("localhost", 8000, "/"));
        let url = Url::parse("http://[::1]:81/a?b").unwrap();
        assert_eq!((url.host.as_str(), url.port, url.path.as_str()), ("::1", 81, "/a?b"));
        assert_eq!(Url::parse("http://").unwrap_err().0, 3);
        assert_eq!(Url::parse("foo://x").unwrap_err().0, 1);
    }
}
