//! Lines as systemd's reader cuts them: LF, CR, NUL, and one of each kind in a row as a single end of line.

/// The longest line, in bytes.
const LONG_LINE_MAX: usize = 1 << 20;

/// The lines of a file without their ends; `None` stands for a line that is too long, after which reading ends.
pub struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Lines<'a> {
    /// The lines of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Option<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|b| is_end(*b)).unwrap_or(self.rest.len());
        if end >= LONG_LINE_MAX {
            self.rest = &[];
            return Some(None);
        }
        let line = &self.rest[..end];
        let mut after = end;
        let mut seen: Vec<u8> = Vec::new();
        while let Some(byte) = self.rest.get(after).copied().filter(|b| is_end(*b)) {
            if seen.contains(&byte) || seen.contains(&0) {
                break;
            }
            seen.push(byte);
            after += 1;
        }
        self.rest = &self.rest[after..];
        Some(Some(line))
    }
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_lines() {
        let cut = |text: &str| -> Vec<String> {
            Lines::new(text.as_bytes()).map(|l| String::from_utf8_lossy(l.unwrap_or(b"?")).into_owned()).collect()
        };
        assert_eq!(cut("a\nb"), ["a", "b"]);
        assert_eq!(cut("a\r\n\r\nb\n"), ["a", "", "b"]);
        assert_eq!(cut("a\0b\n\n"), ["a", "b", ""]);
        assert_eq!(cut(&"x".repeat(1 << 20)), ["?"]);
    }
}
