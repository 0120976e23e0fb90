//! Cursors: a text that names an entry for ever: systemd.journal-fields(7), `__CURSOR=`.

use super::{Entry, Journal};

/// A place that a cursor names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The entry's number, when the cursor comes from this journal.
    pub seqnum: u64,
    /// Its time.
    pub realtime: u64,
}

impl Journal {
    /// The cursor of an entry: sequence, number, boot, times and a hash of its fields.
    pub fn cursor(&self, entry: &Entry) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for field in entry.fields() {
            for byte in field.name.bytes().chain([b'=']).chain(field.value.iter().copied()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        format!(
            "s={};i={:x};b={};m={:x};t={:x};x={hash:x}",
            self.seqnum_id, entry.seqnum, entry.boot, entry.monotonic, entry.realtime.0
        )
    }

    /// Reads a cursor; `None` when it is none.
    pub fn parse_cursor(&self, text: &str) -> Option<Cursor> {
        let (mut seqnum, mut realtime) = (None, None);
        for part in text.split(';') {
            let (name, value) = part.split_once('=')?;
            match name {
                "i" => seqnum = Some(u64::from_str_radix(value, 16).ok()?),
                "t" => realtime = Some(u64::from_str_radix(value, 16).ok()?),
                "s" | "b" if value.len() == 32 => {}
                "m" | "x" if u64::from_str_radix(value, 16).is_ok() => {}
                _ => return None,
            }
        }
        Some(Cursor { seqnum: seqnum?, realtime: realtime.unwrap_or(0) })
    }
}
