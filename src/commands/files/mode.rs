//! Modes in octal and in letters: chmod(1).

/// A change of mode, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Exactly these bits.
    Octal(u16),
    /// Clauses, one after the other.
    Symbolic(Vec<Clause>),
}

/// `u+x`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Whose bits (as a mask); 0: everyone's, but the umask applies.
    who: u16,
    operator: char,
    bits: u16,
    /// `X`: execute for folders and for what is executable.
    search: bool,
    /// `u`, `g` or `o` after the operator: copy theirs.
    copy: Option<u32>,
}

/// Parses a mode. `None`: it is none.
pub fn parse(text: &str) -> Option<Change> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let octal = u16::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o7777)?;
        return Some(Change::Octal(octal));
    }
    let mut clauses = Vec::new();
    for part in text.split(',') {
        let start = part.find(['+', '-', '='])?;
        let mut who = 0;
        for letter in part[..start].chars() {
            who |= match letter {
                'u' => 0o4700,
                'g' => 0o2070,
                'o' => 0o1007,
                'a' => 0o7777,
                _ => return None,
            };
        }
        let mut rest = &part[start..];
        while let Some(operator) = rest.chars().next() {
            let body = &rest[1..];
            let end = body.find(['+', '-', '=']).unwrap_or(body.len());
            clauses.push(clause(who, operator, &body[..end])?);
            rest = &body[end..];
        }
    }
    Some(Change::Symbolic(clauses))
}

fn clause(who: u16, operator: char, letters: &str) -> Option<Clause> {
    let mut clause = Clause { who, operator, bits: 0, search: false, copy: None };
    for letter in letters.chars() {
        match letter {
            'r' => clause.bits |= 0o444,
            'w' => clause.bits |= 0o222,
            'x' => clause.bits |= 0o111,
            's' => clause.bits |= 0o6000,
            't' => clause.bits |= 0o1000,
            'X' => clause.search = true,
            'u' | 'g' | 'o' if letters.len() == 1 => clause.copy = "ogu".find(letter).map(|at| at as u32 * 3),
            _ => return None,
        }
    }
    Some(clause)
}

impl Change {
    /// The mode after the change. For folders octal modes of four digits or fewer keep set-uid and set-gid, as chmod does.
    pub fn apply(&self, mode: u16, folder: bool, umask: u16) -> u16 {
        match self {
            Change::Octal(bits) if folder => bits | (mode & 0o6000),
            Change::Octal(bits) => *bits,
            Change::Symbolic(clauses) => clauses.iter().fold(mode, |mode, clause| clause.apply(mode, folder, umask)),
        }
    }

    /// Bits that were asked for and that the umask took away (`chmod -x` under a umask).
    pub fn is_octal(&self) -> bool {
        matches!(self, Change::Octal(_))
    }
}

impl Clause {
    fn apply(&self, mode: u16, folder: bool, umask: u16) -> u16 {
        let mut bits = self.bits;
        if self.search && (folder || mode & 0o111 != 0) {
            bits |= 0o111;
        }
        if let Some(shift) = self.copy {
            let from = (mode >> shift) & 7;
            bits |= from | from << 3 | from << 6;
        }
        let mask = if self.who == 0 { !umask & 0o7777 } else { self.who };
        let special = if self.who == 0 || self.who == 0o7777 { 0o7777 } else { self.who };
        bits &= (mask & 0o777) | (special & 0o7000);
        match self.operator {
            '+' => mode | bits,
            '-' => mode & !bits,
            _ => {
                let whose = if self.who == 0 { 0o7777 } else { self.who };
                let kept = if folder { mode & 0o6000 & !bits } else { 0 };
                (mode & !whose) | bits | kept
            }
        }
    }
}

/// `rwxr-x---`
pub fn letters(mode: u16) -> String {
    let node = crate::world::fs::Inode {
        kind: crate::world::fs::Kind::Fifo,
        mode,
        uid: 0,
        gid: 0,
        nlink: 1,
        mtime: Default::default(),
        ctime: Default::default(),
        atime: Default::default(),
        version: 0,
    };
    node.mode_string()[1..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_change_as_with_chmod() {
        for (text, before, folder, after) in [
            ("644", 0o755, false, 0o644),
            ("u+x", 0o644, false, 0o744),
            ("+x", 0o644, false, 0o755),
            ("a-w", 0o666, false, 0o444),
            ("u=rw,go=", 0o755, false, 0o600),
            ("go=u", 0o740, false, 0o777),
            ("a+X", 0o644, false, 0o644),
            ("a+X", 0o644, true, 0o755),
            ("u+s", 0o755, false, 0o4755),
            ("+t", 0o777, true, 0o1777),
            ("755", 0o2700, true, 0o2755),
            ("+w", 0o444, false, 0o644),
        ] {
            assert_eq!(parse(text).unwrap().apply(before, folder, 0o022), after, "{text}");
        }
        assert_eq!(parse("999"), None);
        assert_eq!(parse("xyz"), None);
        assert_eq!(letters(0o4750), "rwsr-x---");
    }
}
