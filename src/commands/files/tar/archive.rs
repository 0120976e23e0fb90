//! The blocks of an archive: tar(5), the ustar form with GNU's long names.

/// A member of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// Its name; a folder's ends in `/`.
    pub name: String,
    /// Permission bits.
    pub mode: u16,
    /// Owner and group, by number.
    pub ids: (u32, u32),
    /// Owner and group, by name.
    pub owners: (String, String),
    /// Seconds since 1970.
    pub time: u64,
    /// `0` file, `1` hard link, `2` symbolic link, `5` folder, `6` named pipe.
    pub kind: u8,
    /// Where a link leads.
    pub target: String,
    /// A file's contents.
    pub contents: Vec<u8>,
}

/// Blocks in a record: an archive is filled up to whole ones.
const RECORD: usize = 20 * BLOCK;
const BLOCK: usize = 512;

fn put(block: &mut [u8], at: usize, room: usize, text: &str) {
    let bytes = &text.as_bytes()[..text.len().min(room)];
    block[at..at + bytes.len()].copy_from_slice(bytes);
}

fn header(out: &mut Vec<u8>, member: &Member, name: &str, target: &str, kind: u8, size: usize) {
    let mut block = [0_u8; BLOCK];
    put(&mut block, 0, 100, name);
    put(&mut block, 100, 8, &format!("{:07o}", member.mode));
    put(&mut block, 108, 8, &format!("{:07o}", member.ids.0));
    put(&mut block, 116, 8, &format!("{:07o}", member.ids.1));
    put(&mut block, 124, 12, &format!("{size:011o}"));
    put(&mut block, 136, 12, &format!("{:011o}", member.time));
    block[148..156].fill(b' ');
    block[156] = kind;
    put(&mut block, 157, 100, target);
    put(&mut block, 257, 8, "ustar  ");
    put(&mut block, 265, 31, &member.owners.0);
    put(&mut block, 297, 31, &member.owners.1);
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    put(&mut block, 148, 8, &format!("{sum:06o}\0"));
    out.extend(block);
}

fn padded(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(bytes);
    out.resize(out.len().div_ceil(BLOCK) * BLOCK, 0);
}

/// Adds a member to an archive.
pub fn write(out: &mut Vec<u8>, member: &Member) {
    for (kind, text) in [(b'K', &member.target), (b'L', &member.name)] {
        if text.len() > 100 {
            let long = Member { mode: 0o644, ..Member::default() };
            header(out, &long, "././@LongLink", "", kind, text.len() + 1);
            padded(out, format!("{text}\0").as_bytes());
        }
    }
    header(out, member, &member.name, &member.target, member.kind, member.contents.len());
    padded(out, &member.contents);
}

/// Ends an archive.
pub fn finish(out: &mut Vec<u8>) {
    out.extend([0; 2 * BLOCK]);
    out.resize(out.len().div_ceil(RECORD) * RECORD, 0);
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

fn number(field: &[u8]) -> u64 {
    u64::from_str_radix(text(field).trim(), 8).unwrap_or(0)
}

/// How reading an archive ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Whole,
    /// It is cut off.
    Cut,
    /// It is none.
    NoArchive,
}

/// The members of an archive as far as they can be read.
pub fn read(bytes: &[u8]) -> (Vec<Member>, End) {
    let mut members = Vec::new();
    let (mut at, mut long_name, mut long_target) = (0, None, None);
    while let Some(block) = bytes.get(at..at + BLOCK) {
        if block.iter().all(|byte| *byte == 0) {
            return (members, End::Whole);
        }
        let sum: u64 =
            block.iter().enumerate().map(|(at, b)| u64::from(if (148..156).contains(&at) { b' ' } else { *b })).sum();
        if number(&block[148..156]) != sum {
            return (members, End::NoArchive);
        }
        let size = usize::try_from(number(&block[124..136])).unwrap_or(usize::MAX);
        at += BLOCK;
        let Some(contents) = at.checked_add(size).and_then(|end| bytes.get(at..end)) else {
            return (members, End::Cut);
        };
        at += size.div_ceil(BLOCK) * BLOCK;
        match block[156] {
            b'L' => long_name = Some(text(contents)),
            b'K' => long_target = Some(text(contents)),
            b'x' | b'g' => {}
            kind => {
                let prefix = if block[257..265] == *b"ustar\x0000" { text(&block[345..500]) } else { String::new() };
                let short = text(&block[..100]);
                let short = if prefix.is_empty() { short } else { format!("{prefix}/{short}") };
                members.push(Member {
                    name: long_name.take().unwrap_or(short),
                    mode: (number(&block[100..108]) & 0o7777) as u16,
                    ids: (number(&block[108..116]) as u32, number(&block[116..124]) as u32),
                    owners: (text(&block[265..297]), text(&block[297..329])),
                    time: number(&block[136..148]),
                    kind: if kind == 0 { b'0' } else { kind },
                    target: long_target.take().unwrap_or_else(|| text(&block[157..257])),
                    contents: contents.to_vec(),
                });
            }
        }
    }
    let end = if members.is_empty() { End::NoArchive } else { End::Cut };
    (members, if at == bytes.len() && end == End::Cut { End::Whole } else { end })
}

/// A member as `-tv` shows it; `width` grows with the longest owner and size so far.
pub fn long_line(member: &Member, width: &mut usize, numeric: bool) -> String {
    let letter = match member.kind {
        b'1' => 'h',
        b'2' => 'l',
        b'5' => 'd',
        b'6' => 'p',
        _ => '-',
    };
    let mut modes = String::from(letter);
    for (shift, special, mark) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = member.mode >> shift;
        modes.push(if bits & 4 != 0 { 'r' } else { '-' });
        modes.push(if bits & 2 != 0 { 'w' } else { '-' });
        modes.push(match (bits & 1 != 0, member.mode & special != 0) {
            (true, true) => mark,
            (false, true) => mark.to_ascii_uppercase(),
            (true, false) => 'x',
            (false, false) => '-',
        });
    }
    let named = |name: &String, id: u32| if name.is_empty() || numeric { id.to_string() } else { name.clone() };
    let owner = format!("{}/{}", named(&member.owners.0, member.ids.0), named(&member.owners.1, member.ids.1));
    let size = member.contents.len().to_string();
    *width = (*width).max(owner.len() + 1 + size.len());
    let room = *width - owner.len() - 1;
    let time = crate::world::Time::from_secs(member.time).strftime("%Y-%m-%d %H:%M");
    let link = match member.kind {
        b'1' => format!(" link to {}", member.target),
        b'2' => format!(" -> {}", member.target),
        _ => String::new(),
    };
    format!("{modes} {owner} {size:>room$} {time} {}{link}", member.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_back_as_they_went_in() {
        let long = "d/".repeat(80);
        let folder = Member { name: long.clone(), mode: 0o755, kind: b'5', time: 5, ..Member::default() };
        let file =
            Member { name: format!("{long}f"), mode: 0o640, kind: b'0', contents: vec![7; 700], ..folder.clone() };
        let mut bytes = Vec::new();
        write(&mut bytes, &folder);
        write(&mut bytes, &file);
        finish(&mut bytes);
        assert_eq!(bytes.len() % RECORD, 0);
        assert_eq!(read(&bytes), (vec![folder, file], End::Whole));
        assert_eq!(read(&bytes[..3000]).1, End::Cut);
        assert_eq!(read(b"hello").1, End::NoArchive);
        assert_eq!(read(&[b'x'; 2048]).1, End::NoArchive);
    }
}
