//! The words of a tmux command, as getopt(3) reads them.

/// A command's words, taken apart: flags, values of flags, the rest.
pub struct Words {
    /// Flags without a value.
    pub flags: Vec<char>,
    /// Flags with one.
    pub values: Vec<(char, String)>,
    /// The rest.
    pub rest: Vec<String>,
}

impl Words {
    /// `with` names the flags that take a value. Errors: what tmux says about a wrong one.
    pub fn read(words: &[String], with: &str, without: &str) -> Result<Words, String> {
        let mut out = Words { flags: Vec::new(), values: Vec::new(), rest: Vec::new() };
        let verb = words.first().cloned().unwrap_or_default();
        let mut words = words.iter().skip(1);
        while let Some(word) = words.next() {
            if word == "--" || !word.starts_with('-') || word == "-" {
                out.rest.extend((word != "--").then(|| word.clone()));
                out.rest.extend(words.by_ref().cloned());
                break;
            }
            for (at, flag) in word.char_indices().skip(1) {
                if with.contains(flag) {
                    let glued = &word[at + 1..];
                    let value = if glued.is_empty() { words.next().cloned() } else { Some(glued.to_owned()) };
                    let Some(value) = value else {
                        return Err(format!("command {verb}: -{flag} expects an argument"));
                    };
                    out.values.push((flag, value));
                    break;
                }
                if !without.contains(flag) {
                    return Err(format!("command {verb}: -{flag} is not simulated"));
                }
                out.flags.push(flag);
            }
        }
        Ok(out)
    }

    /// Whether a flag was given.
    pub fn has(&self, flag: char) -> bool {
        self.flags.contains(&flag)
    }

    /// The last value of a flag.
    pub fn value(&self, flag: char) -> Option<&str> {
        self.values.iter().rev().find(|(f, _)| *f == flag).map(|(_, value)| value.as_str())
    }
}
