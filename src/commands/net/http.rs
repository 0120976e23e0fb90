//! As much of HTTP as `curl`, `nginx` and small servers need to talk to each other: RFC 9112.

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `HEAD`, `POST`.
    pub method: String,
    /// What stands after it: `/path?query`.
    pub target: String,
    /// The value of `Host:`.
    pub host: String,
    /// The value of `User-Agent:`.
    pub agent: String,
    /// The whole request as it came.
    pub raw: Vec<u8>,
}

/// Takes a request off the front of `buffer`; `None` while it is incomplete. `Some(None)`: it is not HTTP.
pub fn take_request(buffer: &mut Vec<u8>) -> Option<Option<Request>> {
    let end = find(buffer, b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    let header = |name: &str| {
        head.lines()
            .skip(1)
            .filter_map(|l| l.split_once(':'))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.trim().to_owned())
    };
    let length: usize = header("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let whole = end.checked_add(length)?;
    if buffer.len() < whole {
        return None;
    }
    let raw: Vec<u8> = buffer.drain(..whole).collect();
    let mut words = head.lines().next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
        return Some(None);
    };
    if !version.starts_with("HTTP/") {
        return Some(None);
    }
    Some(Some(Request {
        method: method.to_owned(),
        target: target.to_owned(),
        host: header("host").unwrap_or_default(),
        agent: header("user-agent").unwrap_or_else(|| "-".into()),
        raw,
    }))
}

/// Where a byte string first stands in another.
pub fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

/// The words for a status.
pub fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Not Allowed",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Temporarily Unavailable",
        504 => "Gateway Time-out",
        _ => "Unknown",
    }
}

/// The type that a file's name tells.
pub fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html" | "htm") => "text/html",
        Some("css") => "text/css",
        Some("js") => "application/javascript",
        Some("json") => "application/json",
        Some("txt" | "log") => "text/plain",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_taken_when_its_body_is_there() {
        let whole = b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabcGET";
        assert_eq!(take_request(&mut whole[..40].to_vec()), None);
        let mut buffer = whole.to_vec();
        let request = take_request(&mut buffer).unwrap().unwrap();
        assert_eq!(
            (request.method.as_str(), request.target.as_str(), request.host.as_str()),
            ("POST", "/x", "localhost")
        );
        assert_eq!(buffer, b"GET");
        assert_eq!(take_request(&mut b"PING\r\n\r\n".to_vec()), Some(None));
    }
}
