//! What curl tells beside the answer: `--write-out` and the progress meter.

use super::Ended;

/// Replaces `%{name}` and the escapes of `--write-out`.
pub fn expand(format: &str, ended: &Ended) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['%', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((name, tail)) = rest.strip_prefix("%{").and_then(|r| r.split_once('}')) {
            out.push_str(&variable(name, ended));
            rest = tail;
            continue;
        }
        let escape = [("%%", "%"), ("\\n", "\n"), ("\\t", "\t"), ("\\r", "\r")];
        match escape.iter().find(|(from, _)| rest.starts_with(from)) {
            Some((from, to)) => {
                out.push_str(to);
                rest = &rest[from.len()..];
            }
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn variable(name: &str, ended: &Ended) -> String {
    match name {
        "http_code" | "response_code" => format!("{:03}", ended.http_code),
        "size_download" => ended.size.to_string(),
        "url_effective" | "url" => ended.url.clone(),
        "content_type" => ended.kind.clone(),
        "exitcode" => ended.status.to_string(),
        "num_redirects" => ended.redirects.to_string(),
        "time_total" => format!("{:.6}", ended.seconds),
        "time_connect" | "time_starttransfer" | "time_namelookup" => format!("{:.6}", ended.seconds / 2.0),
        "method" => "GET".into(),
        _ => String::new(),
    }
}

/// The progress meter of a transfer of so many bytes.
pub fn meter(size: usize) -> String {
    let head = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n";
    let idle = "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0";
    if size == 0 {
        return format!("{head}\r{idle}\n");
    }
    let speed = format!("{}k", size / 2 + 1);
    format!(
        "{head}\r{idle}\r100 {size:>5}  100 {size:>5}    0     0  {speed:>5}      0 --:--:-- --:--:-- --:--:-- {speed:>5}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced() {
        let ended = Ended {
            status: 7,
            http_code: 0,
            size: 3,
            url: "u".into(),
            kind: String::new(),
            seconds: 0.0,
            redirects: 0,
        };
        assert_eq!(expand("%{http_code}\\n%{exitcode}%%%{nope} %", &ended), "000\n7% %");
    }
}
