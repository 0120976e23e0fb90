//! Signals: numbers, names, default actions and sets: signal(7).

use std::fmt;

/// What the kernel does with a signal that the process neither ignores nor catches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultAction {
    /// The process ends.
    Terminate,
    /// The process ends and leaves a core dump.
    Core,
    /// Nothing happens.
    Ignore,
    /// The process is stopped.
    Stop,
    /// A stopped process goes on.
    Continue,
}

/// A signal by number, 1 to 64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal(u8);

macro_rules! signals {
    ($($name:ident = $number:literal, $action:ident, $text:literal;)*) => {
        #[allow(missing_docs)]
        impl Signal { $(pub const $name: Signal = Signal($number);)* }

        const TABLE: &[(u8, &str, DefaultAction, &str)] =
            &[$(($number, stringify!($name), DefaultAction::$action, $text)),*];
    };
}

signals! {
    HUP = 1, Terminate, "Hangup";
    INT = 2, Terminate, "Interrupt";
    QUIT = 3, Core, "Quit";
    ILL = 4, Core, "Illegal instruction";
    TRAP = 5, Core, "Trace/breakpoint trap";
    ABRT = 6, Core, "Aborted";
    BUS = 7, Core, "Bus error";
    FPE = 8, Core, "Floating point exception";
    KILL = 9, Terminate, "Killed";
    USR1 = 10, Terminate, "User defined signal 1";
    SEGV = 11, Core, "Segmentation fault";
    USR2 = 12, Terminate, "User defined signal 2";
    PIPE = 13, Terminate, "Broken pipe";
    ALRM = 14, Terminate, "Alarm clock";
    TERM = 15, Terminate, "Terminated";
    STKFLT = 16, Terminate, "Stack fault";
    CHLD = 17, Ignore, "Child exited";
    CONT = 18, Continue, "Continued";
    STOP = 19, Stop, "Stopped (signal)";
    TSTP = 20, Stop, "Stopped";
    TTIN = 21, Stop, "Stopped (tty input)";
    TTOU = 22, Stop, "Stopped (tty output)";
    URG = 23, Ignore, "Urgent I/O condition";
    XCPU = 24, Core, "CPU time limit exceeded";
    XFSZ = 25, Core, "File size limit exceeded";
    VTALRM = 26, Terminate, "Virtual timer expired";
    PROF = 27, Terminate, "Profiling timer expired";
    WINCH = 28, Ignore, "Window changed";
    IO = 29, Terminate, "I/O possible";
    PWR = 30, Terminate, "Power failure";
    SYS = 31, Core, "Bad system call";
}

/// The first and the last real-time signal, as glibc numbers them.
const RT: (u8, u8) = (34, 64);

impl Signal {
    /// Every signal that has a name of its own, by number.
    pub fn all() -> impl Iterator<Item = Signal> {
        TABLE.iter().map(|row| Signal(row.0))
    }

    /// The signal with this number, if there is one (1..=31 and the real-time ones 34..=64).
    pub fn from_number(n: i64) -> Option<Signal> {
        let n = u8::try_from(n).ok()?;
        ((1..=31).contains(&n) || (RT.0..=RT.1).contains(&n)).then_some(Signal(n))
    }

    /// The signal with this name, with or without `SIG`, or with this number in digits. Names are in upper case.
    pub fn parse(text: &str) -> Option<Signal> {
        if let Ok(n) = text.parse::<i64>() {
            return Signal::from_number(n);
        }
        let name = text.strip_prefix("SIG").unwrap_or(text);
        let alias = match name {
            "IOT" => "ABRT",
            "CLD" => "CHLD",
            "POLL" => "IO",
            other => other,
        };
        if let Some(row) = TABLE.iter().find(|row| row.1 == alias) {
            return Some(Signal(row.0));
        }
        let (base, offset) = match (name.strip_prefix("RTMIN"), name.strip_prefix("RTMAX")) {
            (Some(rest), _) => (i64::from(RT.0), rest),
            (_, Some(rest)) => (i64::from(RT.1), rest),
            _ => return None,
        };
        let offset = if offset.is_empty() { 0 } else { offset.strip_prefix('+').unwrap_or(offset).parse().ok()? };
        let number = base.checked_add(offset)?;
        (number >= i64::from(RT.0)).then(|| Signal::from_number(number)).flatten()
    }

    /// The signal's number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The name without `SIG`: `TERM`, `RTMIN+3`.
    pub fn name(self) -> String {
        match TABLE.iter().find(|row| row.0 == self.0) {
            Some(row) => row.1.to_owned(),
            None if self.0 == RT.0 => "RTMIN".to_owned(),
            None => format!("RTMIN+{}", self.0 - RT.0),
        }
    }

    /// What strsignal(3) says: `Terminated`.
    pub fn description(self) -> String {
        match TABLE.iter().find(|row| row.0 == self.0) {
            Some(row) => row.3.to_owned(),
            None => format!("Real-time signal {}", self.0 - RT.0),
        }
    }

    /// What happens when nobody cares for it.
    pub fn default_action(self) -> DefaultAction {
        TABLE.iter().find(|row| row.0 == self.0).map_or(DefaultAction::Terminate, |row| row.2)
    }

    /// SIGKILL and SIGSTOP can be neither caught nor ignored nor blocked.
    pub fn is_unstoppable(self) -> bool {
        self == Signal::KILL || self == Signal::STOP
    }
}

impl fmt::Debug for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SIG{}", self.name())
    }
}

/// A set of signals, printed by `/proc/PID/status` as a bit mask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignalSet(pub u64);

impl SignalSet {
    /// The set with just these members.
    pub fn of(members: &[Signal]) -> Self {
        let mut set = SignalSet::default();
        members.iter().for_each(|s| set.insert(*s));
        set
    }

    fn bit(signal: Signal) -> u64 {
        1 << (signal.0 - 1)
    }

    /// Whether `signal` is a member.
    pub fn contains(self, signal: Signal) -> bool {
        self.0 & Self::bit(signal) != 0
    }

    /// Adds a member.
    pub fn insert(&mut self, signal: Signal) {
        self.0 |= Self::bit(signal);
    }

    /// Takes a member out.
    pub fn remove(&mut self, signal: Signal) {
        self.0 &= !Self::bit(signal);
    }

    /// The member with the lowest number.
    pub fn first(self) -> Option<Signal> {
        (self.0 != 0).then(|| Signal(self.0.trailing_zeros() as u8 + 1))
    }

    /// Whether there is no member.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_agree() {
        assert_eq!(Signal::parse("SIGTERM"), Some(Signal::TERM));
        assert_eq!(Signal::parse("9"), Some(Signal::KILL));
        assert_eq!(Signal::parse("RTMIN+3").map(Signal::number), Some(37));
        assert_eq!(Signal::parse("RTMAX").map(|s| s.name()), Some("RTMIN+30".into()));
        assert_eq!(Signal::parse("NOPE"), None);
        assert_eq!(Signal::parse("0"), None);
    }

    #[test]
    fn sets_print_as_the_kernel_prints_them() {
        assert_eq!(SignalSet::of(&[Signal::HUP, Signal::QUIT]).0, 0x5);
    }
}
