//! The line protocol between redis and its clients: RESP.

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// `OK`, `PONG`.
    Status(String),
    /// An error, its code first.
    Error(String),
    /// A number.
    Integer(i64),
    /// A string.
    Bulk(String),
    /// Nothing.
    Nil,
    /// A list.
    Array(Vec<Reply>),
}

impl Reply {
    /// `OK`.
    pub fn ok() -> Reply {
        Reply::Status("OK".into())
    }

    /// A list of strings.
    pub fn bulks(words: impl IntoIterator<Item = String>) -> Reply {
        Reply::Array(words.into_iter().map(Reply::Bulk).collect())
    }

    /// The bytes on the wire.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Reply::Status(text) => format!("+{text}\r\n").into_bytes(),
            Reply::Error(text) => format!("-{text}\r\n").into_bytes(),
            Reply::Integer(n) => format!(":{n}\r\n").into_bytes(),
            Reply::Bulk(text) => format!("${}\r\n{text}\r\n", text.len()).into_bytes(),
            Reply::Nil => b"$-1\r\n".to_vec(),
            Reply::Array(items) => {
                let mut out = format!("*{}\r\n", items.len()).into_bytes();
                items.iter().for_each(|item| out.extend(item.encode()));
                out
            }
        }
    }

    /// Takes one whole answer off the front of `buffer`; `None` while it is incomplete.
    pub fn take(buffer: &mut Vec<u8>) -> Option<Reply> {
        let mut at = 0;
        let reply = decode(buffer, &mut at, 0)?;
        buffer.drain(..at);
        Some(reply)
    }
}

/// How deep lists may stand in lists.
const DEPTH: u8 = 16;

fn line(buffer: &[u8], at: &mut usize) -> Option<String> {
    let end = buffer.get(*at..)?.windows(2).position(|w| w == b"\r\n")?;
    let text = String::from_utf8_lossy(&buffer[*at..*at + end]).into_owned();
    *at += end + 2;
    Some(text)
}

fn decode(buffer: &[u8], at: &mut usize, depth: u8) -> Option<Reply> {
    let head = line(buffer, at)?;
    let (kind, rest) = head.split_at(head.chars().next().map_or(0, char::len_utf8));
    Some(match kind {
        "+" => Reply::Status(rest.into()),
        ":" => Reply::Integer(rest.parse().unwrap_or(0)),
        "$" => match rest.parse::<usize>() {
            Err(_) => Reply::Nil,
            Ok(length) => {
                let end = at.checked_add(length)?;
                let text = String::from_utf8_lossy(buffer.get(*at..end)?).into_owned();
                buffer.get(end..end + 2)?;
                *at = end + 2;
                Reply::Bulk(text)
            }
        },
        "*" if depth < DEPTH => {
            let count = rest.parse::<usize>().unwrap_or(0);
            let mut items = Vec::new();
            for _ in 0..count {
                items.push(decode(buffer, at, depth + 1)?);
            }
            Reply::Array(items)
        }
        "-" => Reply::Error(rest.into()),
        _ => Reply::Error(format!("ERR Protocol error: unexpected '{head}'")),
    })
}

/// A request on the wire.
pub fn encode_request(words: &[String]) -> Vec<u8> {
    Reply::bulks(words.iter().cloned()).encode()
}

/// Takes one whole request off the front of `buffer`: an array of strings, or a line of words.
pub fn take_request(buffer: &mut Vec<u8>) -> Option<Vec<String>> {
    if buffer.first() == Some(&b'*') {
        return match Reply::take(buffer)? {
            Reply::Array(items) => Some(
                items.into_iter().map(|item| if let Reply::Bulk(text) = item { text } else { String::new() }).collect(),
            ),
            _ => Some(Vec::new()),
        };
    }
    let end = buffer.iter().position(|b| *b == b'\n')?;
    let line: Vec<u8> = buffer.drain(..=end).collect();
    Some(String::from_utf8_lossy(&line).split_whitespace().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_comes_back_only_when_it_is_whole() {
        let reply = Reply::Array(vec![Reply::Bulk("a\r\nb".into()), Reply::Nil, Reply::Integer(-3), Reply::ok()]);
        let bytes = reply.encode();
        for cut in 0..bytes.len() {
            assert_eq!(Reply::take(&mut bytes[..cut].to_vec()), None);
        }
        let mut buffer = [bytes, b"+x".to_vec()].concat();
        assert_eq!(Reply::take(&mut buffer), Some(reply));
        assert_eq!(buffer, b"+x");
    }

    #[test]
    fn requests_may_be_typed() {
        let mut buffer = b"SET a 1\r\nGE".to_vec();
        assert_eq!(take_request(&mut buffer).unwrap(), ["SET", "a", "1"]);
        assert_eq!(take_request(&mut buffer), None);
        let mut buffer = encode_request(&["GET".into(), "a b".into()]);
        assert_eq!(take_request(&mut buffer).unwrap(), ["GET", "a b"]);
    }
}
