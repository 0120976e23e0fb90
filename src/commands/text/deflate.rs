//! The compressed form of gzip: RFC 1951 (deflate) and RFC 1952 (the file around it).

/// How far back a repetition may lie.
const WINDOW: usize = 32_768;
/// How many earlier places with the same three bytes are tried.
const TRIES: usize = 16;
/// More than this is not unpacked: a small file can hold very much.
const MAX_OUTPUT: usize = 64 * 1024 * 1024;

const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];
const DISTANCES: [(u16, u8); 30] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
    (513, 8),
    (769, 8),
    (1025, 9),
    (1537, 9),
    (2049, 10),
    (3073, 10),
    (4097, 11),
    (6145, 11),
    (8193, 12),
    (12289, 12),
    (16385, 13),
    (24577, 13),
];

/// Bits, the lowest first.
#[derive(Default)]
struct BitWriter {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl BitWriter {
    fn put(&mut self, value: u32, bits: u32) {
        self.held |= value << self.count;
        self.count += bits;
        while self.count >= 8 {
            self.out.push((self.held & 255) as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// A Huffman code stands with its highest bit first.
    fn code(&mut self, code: u32, bits: u32) {
        self.put(code.reverse_bits() >> (32 - bits), bits);
    }

    /// A letter, an end or a length in the fixed code.
    fn symbol(&mut self, symbol: u32) {
        match symbol {
            0..=143 => self.code(0x30 + symbol, 8),
            144..=255 => self.code(0x190 + symbol - 144, 9),
            256..=279 => self.code(symbol - 256, 7),
            _ => self.code(0xC0 + symbol - 280, 8),
        }
    }
}

/// The last row of a table whose base is not beyond `value`.
fn row(table: &[(u16, u8)], value: usize) -> usize {
    table.iter().rposition(|(base, _)| usize::from(*base) <= value).unwrap_or(0)
}

/// Compresses with the fixed Huffman code.
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = BitWriter::default();
    out.put(0b011, 3);
    let slot = |at: usize| {
        let key = u32::from(bytes[at]) << 16 | u32::from(bytes[at + 1]) << 8 | u32::from(bytes[at + 2]);
        (key.wrapping_mul(2_654_435_761) >> 17) as usize
    };
    let mut heads = vec![usize::MAX; 1 << 15];
    let mut before = vec![usize::MAX; bytes.len()];
    let mut at = 0;
    while at < bytes.len() {
        let (mut length, mut distance) = (0, 0);
        if at + 3 <= bytes.len() {
            let mut candidate = heads[slot(at)];
            for _ in 0..TRIES {
                if candidate == usize::MAX || at - candidate > WINDOW {
                    break;
                }
                let same = bytes[candidate..].iter().zip(&bytes[at..]).take(258).take_while(|(a, b)| a == b).count();
                if same > length {
                    (length, distance) = (same, at - candidate);
                }
                candidate = before[candidate];
            }
        }
        if length < 3 {
            length = 1;
            out.symbol(u32::from(bytes[at]));
        } else {
            let n = if length == 258 { 28 } else { row(&LENGTHS[..28], length) };
            out.symbol(257 + n as u32);
            out.put((length - usize::from(LENGTHS[n].0)) as u32, u32::from(LENGTHS[n].1));
            let n = row(&DISTANCES, distance);
            out.code(n as u32, 5);
            out.put((distance - usize::from(DISTANCES[n].0)) as u32, u32::from(DISTANCES[n].1));
        }
        for place in at..(at + length).min(bytes.len().saturating_sub(2)) {
            let head = &mut heads[slot(place)];
            before[place] = std::mem::replace(head, place);
        }
        at += length;
    }
    out.symbol(256);
    out.put(0, 7);
    out.out
}

struct BitReader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl BitReader<'_> {
    fn bit(&mut self) -> Option<u32> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = u32::from(byte >> (self.at % 8) & 1);
        self.at += 1;
        Some(bit)
    }

    fn bits(&mut self, count: u8) -> Option<usize> {
        (0..count).try_fold(0, |value, n| Some(value | (self.bit()? as usize) << n))
    }
}

/// A Huffman code: how many codes there are of each length, and the symbols in their order.
struct Huffman {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl Huffman {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; 16];
        lengths.iter().for_each(|length| counts[usize::from(*length)] += 1);
        counts[0] = 0;
        let mut symbols = Vec::new();
        for wanted in 1..16 {
            let of_length = lengths.iter().enumerate().filter(|(_, length)| **length == wanted);
            symbols.extend(of_length.map(|(symbol, _)| symbol as u16));
        }
        Huffman { counts, symbols }
    }

    fn read(&self, from: &mut BitReader<'_>) -> Option<usize> {
        let (mut code, mut first, mut index) = (0_i32, 0_i32, 0_i32);
        for count in &self.counts[1..] {
            code |= from.bit()? as i32;
            let count = i32::from(*count);
            if code - count < first {
                return self.symbols.get(usize::try_from(index + code - first).ok()?).map(|s| usize::from(*s));
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

/// The two codes of a block with its own: written as code lengths, themselves in a code.
fn own_codes(from: &mut BitReader<'_>) -> Option<(Huffman, Huffman)> {
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let (letters, distances, count) = (from.bits(5)? + 257, from.bits(5)? + 1, from.bits(4)? + 4);
    let mut lengths = [0_u8; 19];
    for place in ORDER.iter().take(count) {
        lengths[*place] = from.bits(3)? as u8;
    }
    let code = Huffman::new(&lengths);
    let mut all: Vec<u8> = Vec::new();
    while all.len() < letters + distances {
        let (value, times) = match code.read(from)? {
            16 => (*all.last()?, 3 + from.bits(2)?),
            17 => (0, 3 + from.bits(3)?),
            18 => (0, 11 + from.bits(7)?),
            length => (length as u8, 1),
        };
        all.resize(all.len() + times, value);
    }
    Some((Huffman::new(&all[..letters]), Huffman::new(&all[letters..letters + distances])))
}

/// Unpacks a stream; also how many bytes it took. `None`: it is damaged, or holds too much.
pub fn inflate(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut from = BitReader { bytes, at: 0 };
    let mut out = Vec::new();
    loop {
        let last = from.bit()? == 1;
        let (letters, distances) = match from.bits(2)? {
            0 => {
                from.at = from.at.div_ceil(8) * 8;
                let (length, check) = (from.bits(16)?, from.bits(16)?);
                if length != !check & 0xFFFF {
                    return None;
                }
                let start = from.at / 8;
                out.extend(bytes.get(start..start + length)?);
                from.at += length * 8;
                if last {
                    break;
                }
                continue;
            }
            1 => {
                let length = |symbol: usize| match symbol {
                    0..=143 => 8,
                    144..=255 => 9,
                    256..=279 => 7,
                    _ => 8,
                };
                (Huffman::new(&(0..288).map(length).collect::<Vec<u8>>()), Huffman::new(&[5; 30]))
            }
            2 => own_codes(&mut from)?,
            _ => return None,
        };
        block(&mut from, &letters, &distances, &mut out)?;
        if last {
            break;
        }
    }
    Some((out, from.at.div_ceil(8)))
}

fn block(from: &mut BitReader<'_>, letters: &Huffman, distances: &Huffman, out: &mut Vec<u8>) -> Option<()> {
    loop {
        match letters.read(from)? {
            256 => return Some(()),
            letter @ 0..=255 => out.push(letter as u8),
            symbol => {
                let (base, extra) = *LENGTHS.get(symbol - 257)?;
                let length = usize::from(base) + from.bits(extra)?;
                let (base, extra) = *DISTANCES.get(distances.read(from)?)?;
                let distance = usize::from(base) + from.bits(extra)?;
                let start = out.len().checked_sub(distance)?;
                (0..length).for_each(|n| out.push(out[start + n]));
            }
        }
        if out.len() > MAX_OUTPUT {
            return None;
        }
    }
}

/// The cyclic redundancy check of gzip.
pub fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        let mut crc = crc ^ u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
        crc
    };
    !bytes.iter().fold(!0, step)
}

/// A gzip file; `name` and `time` (seconds) stand in its head.
pub fn gzip(bytes: &[u8], name: Option<&str>, time: u32) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, if name.is_some() { 8 } else { 0 }];
    out.extend(time.to_le_bytes());
    out.extend([0, 3]);
    if let Some(name) = name {
        out.extend(name.bytes().chain([0]));
    }
    out.extend(deflate(bytes));
    out.extend(crc32(bytes).to_le_bytes());
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}

/// Whether these bytes are a gzip file.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// What a gzip file holds, all members one after the other. Errors: what gzip says after the file's name.
pub fn gunzip(mut bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut out = Vec::new();
    if !is_gzip(bytes) {
        return Err("not in gzip format");
    }
    while is_gzip(bytes) {
        let flags = *bytes.get(3).ok_or("unexpected end of file")?;
        let mut at = 10;
        if flags & 4 != 0 {
            let low = *bytes.get(at).ok_or("unexpected end of file")?;
            let high = *bytes.get(at + 1).ok_or("unexpected end of file")?;
            at += 2 + usize::from(low) + (usize::from(high) << 8);
        }
        for flag in [8, 16] {
            if flags & flag != 0 {
                let rest = bytes.get(at..).ok_or("unexpected end of file")?;
                at += rest.iter().position(|byte| *byte == 0).ok_or("unexpected end of file")? + 1;
            }
        }
        let rest = bytes.get(at..).ok_or("unexpected end of file")?;
        let (member, used) = inflate(rest).ok_or("invalid compressed data--format violated")?;
        let end = rest.get(used..used + 8).ok_or("unexpected end of file")?;
        if end[..4] != crc32(&member).to_le_bytes() {
            return Err("invalid compressed data--crc error");
        }
        out.extend(member);
        bytes = &rest[used + 8..];
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_out_again() {
        let mut text = String::new();
        (0..3000).for_each(|n| text.push_str(&format!("line {} of a log\n", n % 97)));
        for bytes in [&b""[..], b"a", b"abcabcabcabcabcabc", text.as_bytes(), &[0; 70_000]] {
            let packed = gzip(bytes, Some("x"), 0);
            assert_eq!(gunzip(&packed).as_deref(), Ok(bytes));
            assert!(bytes.len() < 100 || packed.len() < bytes.len() / 2);
        }
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let packed = gzip(b"some text, some text", None, 0);
        for cut in 0..packed.len() {
            assert!(gunzip(&packed[..cut]).is_err());
        }
        for at in 10..packed.len() {
            let mut broken = packed.clone();
            broken[at] ^= 0x55;
            let _ = gunzip(&broken);
        }
    }
}
