//! Streams into the journal: what services write to stdout and stderr, line by line: systemd-journald.service(8),
//! systemd.exec(5) `SyslogLevelPrefix=`.

use std::sync::Arc;

use crate::world::{Sender, World};

use super::Journal;
use super::entry::{EntryBuilder, Field, priority_text};

/// `LineMax=`: longer lines are cut into several entries.
pub const LINE_MAX: usize = 48 * 1024;

/// How a stream was opened.
#[derive(Clone, Debug)]
pub struct StreamOptions {
    /// The control group of whoever opened it (`/system.slice/x.service`): its unit, even when the process is gone.
    pub cgroup: Arc<str>,
    /// `SyslogIdentifier=`, by default the name of the program.
    pub identifier: String,
    /// `SyslogLevel=`: 0 to 7.
    pub priority: u8,
    /// `SyslogFacility=` by number; `None`: no facility is recorded (systemd-cat).
    pub facility: Option<u8>,
    /// Whether `<N>` at the start of a line sets its priority.
    pub level_prefix: bool,
    /// Whose processes write: the entries' owner.
    pub uid: u32,
}

impl StreamOptions {
    /// The stream of a service with the defaults of systemd.exec(5): priority 6, facility `daemon`, prefixes heeded.
    pub fn service(cgroup: &str, identifier: &str, uid: u32) -> Self {
        StreamOptions {
            cgroup: cgroup.into(),
            identifier: identifier.to_owned(),
            priority: 6,
            facility: Some(3),
            level_prefix: true,
            uid,
        }
    }
}

/// An open stream.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    options: StreamOptions,
    /// `_STREAM_ID=`.
    id: String,
    /// Written and not yet a whole line, and by whom.
    rest: Vec<u8>,
    writer: Option<Sender>,
}

impl Journal {
    /// Opens a stream; put the number into a descriptor of kind `OpenKind::Stream`.
    pub fn open_stream(&mut self, world: &mut World, options: StreamOptions) -> u64 {
        self.next_stream += 1;
        let stream = Stream { options, id: world.rng.id128(), rest: Vec::new(), writer: None };
        self.streams.insert(self.next_stream, stream);
        self.next_stream
    }

    /// A process wrote to a stream: whole lines become entries.
    pub fn stream_write(&mut self, world: &mut World, stream: u64, sender: Sender, bytes: &[u8]) {
        let Some(mut open) = self.streams.remove(&stream) else { return };
        if open.writer.as_ref().is_none_or(|writer| writer.pid != sender.pid) && !open.rest.is_empty() {
            let rest = std::mem::take(&mut open.rest);
            self.stream_line(world, &open, &rest, Some("pid-change"));
        }
        open.writer = Some(sender);
        open.rest.extend_from_slice(bytes);
        let buffer = std::mem::take(&mut open.rest);
        let mut left = &buffer[..];
        loop {
            let end = left.iter().position(|b| matches!(b, b'\n' | 0));
            match end {
                Some(end) if end <= LINE_MAX => {
                    let reason = (left[end] == 0).then_some("nul");
                    self.stream_line(world, &open, &left[..end], reason);
                    left = &left[end + 1..];
                }
                _ if left.len() > LINE_MAX => {
                    self.stream_line(world, &open, &left[..LINE_MAX], Some("line-max"));
                    left = &left[LINE_MAX..];
                }
                _ => break,
            }
        }
        open.rest = left.to_vec();
        self.streams.insert(stream, open);
    }

    /// Nobody can write to a stream any more: what is left becomes an entry.
    pub fn stream_closed(&mut self, world: &mut World, stream: u64) {
        if let Some(open) = self.streams.remove(&stream) {
            self.stream_line(world, &open, &open.rest, Some("eof"));
        }
    }

    fn stream_line(&mut self, world: &mut World, stream: &Stream, line: &[u8], line_break: Option<&str>) {
        let options = &stream.options;
        let (priority, text) = match line {
            [b'<', digit @ b'0'..=b'7', b'>', text @ ..] if options.level_prefix => (digit - b'0', text),
            _ => (options.priority, line),
        };
        if text.is_empty() {
            return;
        }
        let mut fields = vec![Field::new("MESSAGE", text), Field::new("PRIORITY", priority_text(priority))];
        if let Some(facility) = options.facility {
            fields.push(Field::new("SYSLOG_FACILITY", facility.to_string()));
        }
        if !options.identifier.is_empty() {
            fields.push(Field::new("SYSLOG_IDENTIFIER", &options.identifier));
        }
        fields.push(Field::new("_STREAM_ID", &stream.id));
        if let Some(reason) = line_break {
            fields.push(Field::new("_LINE_BREAK", reason));
        }
        let entry = EntryBuilder {
            pid: stream.writer.as_ref().map(|writer| writer.pid),
            sender: stream.writer.clone(),
            transport: "stdout",
            fields,
            cgroup: Some(options.cgroup.clone()),
            owner: options.uid,
        };
        self.append(world, entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Time;

    fn written(options: StreamOptions, chunks: &[&[u8]]) -> Vec<String> {
        let mut world = World::new(Time::from_secs(1_000_000_000), 1, |_, _| None);
        let mut journal = Journal::default();
        let stream = journal.open_stream(&mut world, options);
        world.start_init("/sbin/init", &["/sbin/init"]);
        let sender = world.sender(1).unwrap();
        for chunk in chunks {
            journal.stream_write(&mut world, stream, sender.clone(), chunk);
        }
        journal.stream_closed(&mut world, stream);
        journal.entries().iter().map(|e| format!("{} {}", e.priority().unwrap_or(9), e.message())).collect()
    }

    #[test]
    fn lines_are_split_and_levels_read() {
        let options = StreamOptions::service("/system.slice/a.service", "a", 0);
        let lines = written(options, &[b"one\ntw", b"o\n\n<3>bad\n<9>odd\n< 3>odd\n  in\n<4>\nend"]);
        assert_eq!(lines, ["6 one", "6 two", "3 bad", "6 <9>odd", "6 < 3>odd", "6   in", "6 end"]);
    }

    #[test]
    fn prefixes_can_be_off_and_long_lines_are_cut() {
        let mut options = StreamOptions::service("/system.slice/a.service", "a", 0);
        options.level_prefix = false;
        let long = vec![b'x'; LINE_MAX * 2 + 5];
        let lines = written(options, &[b"<3>as it is\n", &long]);
        assert_eq!(lines[0], "6 <3>as it is");
        assert_eq!(lines[1..].iter().map(|l| l.len() - 2).collect::<Vec<_>>(), [LINE_MAX, LINE_MAX, 5]);
    }
}
