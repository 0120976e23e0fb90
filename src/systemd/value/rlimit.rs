//! Resource limits such as `LimitNOFILE=1024:4096`: systemd.exec(5) "Process Properties".

use super::number::{parse_size, parse_u64};
use crate::systemd::config::{Rlimit, RlimitValue};
use crate::systemd::span::{SEC, parse_time};
use crate::world::Errno;

/// Reads `limit` or `soft:hard`; `EILSEQ` if soft is above hard.
pub fn parse_rlimit(kind: Rlimit, text: &str) -> Result<RlimitValue, Errno> {
    let (soft, hard) = match text.split_once(':') {
        Some((soft, hard)) => (parse_one(kind, soft)?, parse_one(kind, hard)?),
        None => {
            let both = parse_one(kind, text)?;
            (both, both)
        }
    };
    if soft > hard { Err(Errno::EILSEQ) } else { Ok(RlimitValue { soft, hard }) }
}

fn parse_one(kind: Rlimit, text: &str) -> Result<u64, Errno> {
    if text == "infinity" && kind != Rlimit::Nice {
        return Ok(u64::MAX);
    }
    match kind {
        Rlimit::Cpu => parse_time(text, SEC).map(|span| span.div_ceil(SEC)).map_err(|_| Errno::EINVAL),
        Rlimit::Rttime => parse_time(text, 1).map_err(|_| Errno::EINVAL),
        Rlimit::Nice => nice(text),
        Rlimit::Nofile | Rlimit::Nproc | Rlimit::Locks | Rlimit::Sigpending | Rlimit::Rtprio => parse_u64(text),
        _ => parse_size(text, 1024),
    }
}

/// `+5` and `-5` are nice levels, a bare number is the kernel's own scale (20 - level).
fn nice(text: &str) -> Result<u64, Errno> {
    let value = match text.as_bytes().first() {
        Some(b'+') => 20i64 - i64::try_from(parse_u64(&text[1..])?).map_err(|_| Errno::ERANGE)?,
        Some(b'-') => 20i64.saturating_add(i64::try_from(parse_u64(&text[1..])?).map_err(|_| Errno::ERANGE)?),
        _ => i64::try_from(parse_u64(text)?).map_err(|_| Errno::ERANGE)?,
    };
    u64::try_from(value).ok().filter(|v| *v <= 40).ok_or(Errno::ERANGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        let value = |soft, hard| Ok(RlimitValue { soft, hard });
        for (kind, text, expected) in [
            (Rlimit::Nofile, "1024:4096", value(1024, 4096)),
            (Rlimit::Nofile, "infinity", value(u64::MAX, u64::MAX)),
            (Rlimit::Nofile, "5:4", Err(Errno::EILSEQ)),
            (Rlimit::Nofile, "lots", Err(Errno::EINVAL)),
            (Rlimit::Memlock, "64M", value(64 << 20, 64 << 20)),
            (Rlimit::Cpu, "1min", value(60, 60)),
            (Rlimit::Rttime, "500ms", value(500_000, 500_000)),
            (Rlimit::Nice, "-5", value(25, 25)),
        ] {
            assert_eq!(parse_rlimit(kind, text), expected, "{kind} {text}");
        }
    }
}
