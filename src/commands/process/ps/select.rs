//! Which processes `ps` shows.

use super::parse::Request;
use crate::world::{Pid, Process, TtyId};

/// A list that selects; a process is shown when any list names it.
pub enum Selector {
    /// `-p`.
    Pid(Vec<Pid>),
    /// `--ppid`.
    Parent(Vec<Pid>),
    /// `-s`.
    Session(Vec<Pid>),
    /// `-C`.
    Name(Vec<String>),
    /// `-u`: effective.
    Uid(Vec<u32>),
    /// `-U`: real.
    Ruid(Vec<u32>),
    /// `-G`.
    Gid(Vec<u32>),
    /// `-t`.
    Tty(Vec<Option<TtyId>>),
    /// `T`.
    OwnTty,
    /// `r`.
    Running,
}

impl Selector {
    fn takes(&self, p: &Process, me: &Process) -> bool {
        match self {
            Selector::Pid(list) => list.contains(&p.pid),
            Selector::Parent(list) => list.contains(&p.ppid),
            Selector::Session(list) => list.contains(&p.sid),
            Selector::Name(list) => list.iter().any(|name| {
                **name == *p.comm
                    || (name.len() > 15 && name.as_bytes().starts_with(p.comm.as_bytes()) && p.comm.len() == 15)
            }),
            Selector::Uid(list) => list.contains(&p.cred.uid),
            Selector::Ruid(list) => list.contains(&p.ruid),
            Selector::Gid(list) => list.contains(&p.cred.gid),
            Selector::Tty(list) => list.contains(&p.tty),
            Selector::OwnTty => p.tty == me.tty,
            Selector::Running => p.state_letter() == 'R' || p.pid == me.pid,
        }
    }
}

/// Whether the request shows this process; `me` is the one that asks.
pub fn is_selected(request: &Request, p: &Process, me: &Process) -> bool {
    let same_user = p.cred.uid == me.cred.uid;
    let own = same_user && p.tty.is_some() && p.tty == me.tty;
    let mut any = !request.selectors.is_empty() || request.all;
    let mut taken = request.all || request.selectors.iter().any(|s| s.takes(p, me));
    if let Some((others, without_terminal)) = request.bsd {
        // BSD lists widen only when no other list was given.
        if !any || others || without_terminal {
            any = true;
            taken |= match (others, without_terminal) {
                (true, true) => true,
                (true, false) => p.tty.is_some(),
                (false, true) => same_user,
                (false, false) => own,
            };
        }
    }
    if let Some(with_terminal) = request.no_leaders {
        any = true;
        taken |= p.sid != p.pid && (!with_terminal || p.tty.is_some());
    }
    if !any {
        taken = own || (me.tty.is_none() && same_user && p.tty.is_none());
    }
    taken != request.negate
}
