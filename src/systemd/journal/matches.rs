//! Which entries are asked for: sd_journal_add_match(3).

use std::collections::BTreeSet;

use super::{Entry, Journal};

/// A condition on entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// A field has this value.
    Field(String, Vec<u8>),
    /// All of them hold; nothing at all always holds.
    All(Vec<Match>),
    /// One of them holds.
    Any(Vec<Match>),
}

impl Match {
    /// A field has this value.
    pub fn field(name: &str, value: impl AsRef<[u8]>) -> Self {
        Match::Field(name.to_owned(), value.as_ref().to_vec())
    }

    /// Everything that belongs to a unit of the system: what its processes say and what PID 1 says about it; for a
    /// slice also what is said in it.
    pub fn unit(unit: &str) -> Self {
        let mut any = vec![
            Match::field("_SYSTEMD_UNIT", unit),
            Match::All(vec![Match::field("UNIT", unit), Match::field("_PID", "1")]),
            Match::All(vec![Match::field("OBJECT_SYSTEMD_UNIT", unit), Match::field("_UID", "0")]),
        ];
        if unit.ends_with(".slice") {
            any.push(Match::field("_SYSTEMD_SLICE", unit));
        }
        Match::Any(any)
    }

    /// The same for a unit of the user's manager.
    pub fn user_unit(unit: &str, uid: u32) -> Self {
        let uid = uid.to_string();
        let with_uid = |name| Match::All(vec![Match::field(name, unit), Match::field("_UID", &uid)]);
        let mut any = vec![with_uid("_SYSTEMD_USER_UNIT"), with_uid("USER_UNIT")];
        if unit.ends_with(".slice") {
            any.push(with_uid("_SYSTEMD_USER_SLICE"));
        }
        Match::Any(any)
    }

    /// The terms of a command line: values of one field are alternatives, different fields must all hold.
    pub fn terms(terms: &[(String, Vec<u8>)]) -> Self {
        let names: BTreeSet<&String> = terms.iter().map(|(name, _)| name).collect();
        let groups = names.into_iter().map(|name| {
            let values = terms.iter().filter(|(other, _)| other == name);
            Match::Any(values.map(|(name, value)| Match::Field(name.clone(), value.clone())).collect())
        });
        Match::All(groups.collect())
    }

    /// Whether an entry is asked for.
    pub fn holds(&self, entry: &Entry) -> bool {
        match self {
            Match::Field(name, value) => entry.has(name, value),
            Match::All(all) => all.iter().all(|m| m.holds(entry)),
            Match::Any(any) => any.iter().any(|m| m.holds(entry)),
        }
    }

    /// The numbers of entries outside of which it cannot hold, ascending; `None`: any entry may match.
    pub fn candidates(&self, journal: &Journal) -> Option<Vec<u64>> {
        match self {
            Match::Field(name, value) => Some(journal.with_value(name, value)?.iter().copied().collect()),
            Match::All(all) => all.iter().filter_map(|m| m.candidates(journal)).min_by_key(Vec::len),
            Match::Any(any) => {
                let mut union = BTreeSet::new();
                for m in any {
                    union.extend(m.candidates(journal)?);
                }
                Some(union.into_iter().collect())
            }
        }
    }
}

/// A term of the command line, `FIELD=value`: a name of capitals, digits and underscores; `None` when it is none.
pub fn parse_term(text: &str) -> Option<(String, Vec<u8>)> {
    let (name, value) = text.split_once('=')?;
    is_field_name(name).then(|| (name.to_owned(), value.as_bytes().to_vec()))
}

/// Whether entries can have a field of this name.
pub fn is_field_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && !name.starts_with("__")
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::super::{EntryBuilder, Journal};
    use super::*;
    use crate::world::{Time, World};

    #[test]
    fn terms_of_one_field_are_alternatives() {
        let mut world = World::new(Time::from_secs(1_000_000_000), 1, |_, _| None);
        let mut journal = Journal::default();
        for unit in ["a.service", "b.service", "c.service"] {
            journal.append(&mut world, EntryBuilder::pid1(6, "x").field("COLOUR", "red").unit(unit));
        }
        let terms = |texts: &[&str]| {
            let terms: Vec<_> = texts.iter().map(|t| parse_term(t).unwrap()).collect();
            journal.entries().iter().filter(|e| Match::terms(&terms).holds(e)).count()
        };
        assert_eq!(terms(&["UNIT=a.service", "UNIT=b.service"]), 2);
        assert_eq!(terms(&["UNIT=a.service", "COLOUR=red"]), 1);
        assert_eq!(terms(&["UNIT=a.service", "COLOUR=blue"]), 0);
        assert_eq!(terms(&[]), 3);
        assert_eq!(Match::field("UNIT", "b.service").candidates(&journal), Some(vec![2]));
        assert!(parse_term("unit=a").is_none() && parse_term("a.service").is_none());
    }
}
