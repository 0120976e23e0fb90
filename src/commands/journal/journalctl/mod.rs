//! journalctl reads the journal: journalctl(1).

mod actions;
mod options;
mod query;
mod reader;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::collections::VecDeque;

use options::{Action, Request};
use reader::{Progress, Reader};
use table::{OPTIONS, glue};
pub(super) use words::{FACILITIES, LEVELS, log_level};

use super::super::Command;
use super::super::options::{Refused, scan};
use crate::systemd::JOURNAL_CHANNEL;
use crate::systemd::journal::{Access, Journal, JournalFiles, Opened};
use crate::systemd::version::FEATURES;
use crate::vps::systemd;
use crate::world::{Channel, Errno, Fd, OpenFlags, Program, Step, Sys, Wait};

pub const COMMAND: Command = Command {
    name: "journalctl",
    path: "/usr/bin/journalctl",
    program: |argv| Box::new(Journalctl { argv: argv.to_vec(), ..Journalctl::default() }),
};

/// journalctl at work: it prints a piece, lets the reader of its output take it, and goes on.
#[derive(Clone, Default)]
struct Journalctl {
    argv: Vec<String>,
    output: Output,
    reader: Option<Box<Reader>>,
    status: Option<u8>,
    started: bool,
}

/// What is to be written, in order.
#[derive(Clone, Default)]
pub(super) struct Output {
    chunks: VecDeque<(Fd, Vec<u8>)>,
}

impl Output {
    /// Bytes for standard output.
    fn bytes(&mut self, fd: Fd, bytes: &[u8]) {
        match self.chunks.back_mut() {
            _ if bytes.is_empty() => {}
            Some((last, buffer)) if *last == fd => buffer.extend_from_slice(bytes),
            _ => self.chunks.push_back((fd, bytes.to_vec())),
        }
    }

    /// A line for standard output.
    fn line(&mut self, text: &str) {
        self.bytes(1, format!("{text}\n").as_bytes());
    }

    /// A line for standard error.
    fn error(&mut self, text: &str) {
        self.bytes(2, format!("{text}\n").as_bytes());
    }

    /// Writes what it can; false: the descriptor returned has to be waited for.
    fn flush(&mut self, sys: &mut Sys<'_>) -> Result<(), Fd> {
        while let Some((fd, bytes)) = self.chunks.front_mut() {
            match sys.write(*fd, bytes) {
                Ok(n) if n < bytes.len() => drop(bytes.drain(..n)),
                Err(Errno::EAGAIN) => return Err(*fd),
                Ok(_) | Err(_) => drop(self.chunks.pop_front()),
            }
            if sys.is_dead() {
                break;
            }
        }
        Ok(())
    }
}

impl Program for Journalctl {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.started = true;
            self.status = self.start(sys);
        }
        loop {
            if let Err(fd) = self.output.flush(sys) {
                return Step::Wait(Wait::fd(fd));
            }
            if sys.is_dead() {
                return Step::Yield;
            }
            if let Some(status) = self.status {
                return Step::Exit(status);
            }
            let Some(reader) = &mut self.reader else { return Step::Exit(0) };
            match reader.advance(&systemd(sys).0.journal, &mut self.output) {
                Progress::More => {}
                Progress::Done(status) => {
                    self.status = Some(status);
                    if let Some((path, cursor)) = reader.cursor_to_keep(&systemd(sys).0.journal) {
                        let flags = OpenFlags { write: true, create: true, truncate: true, ..OpenFlags::default() };
                        // A file that cannot be written is not worth a failure.
                        if let Ok(fd) = sys.open(&path, flags, 0o644) {
                            let _ = sys.write(fd, format!("{cursor}\n").as_bytes());
                        }
                    }
                }
                Progress::Wait if !self.output.chunks.is_empty() => {}
                Progress::Wait => return Step::Wait(Wait::channel(Channel::Init(JOURNAL_CHANNEL))),
            }
        }
    }
}

impl Journalctl {
    /// Reads the command line and opens the journal; a status when that was all.
    fn start(&mut self, sys: &mut Sys<'_>) -> Option<u8> {
        let mut request = match self.request(sys) {
            Ok(request) => request,
            Err(status) => return Some(status),
        };
        if let Some(path) = &request.cursor_file
            && let Ok(bytes) = sys.read_file(path)
        {
            request.after_cursor = Some(String::from_utf8_lossy(&bytes).trim().to_owned());
        }
        // Copies of the journal share its entries; this one lives until the query is made.
        let journal = systemd(sys).0.journal.clone();
        if let Some(status) = actions::without_files(sys, &request, &mut self.output) {
            return Some(status);
        }
        let access = Access::new(sys.world, &sys.cred(), request.files);
        match self.open(sys, &journal, &access, &request) {
            Ok(true) => {}
            Ok(false) => {
                self.nothing(&request);
                return Some(0);
            }
            Err(status) => return Some(status),
        }
        if request.action != Action::Show {
            return Some(actions::with_files(sys, &journal, &access, &request, &mut self.output));
        }
        let (query, notices) = query::query(sys, &journal, &access, &request);
        notices.iter().for_each(|notice| self.output.error(notice));
        let reader = query.and_then(|query| Reader::new(sys, &journal, access, query, request));
        match reader {
            Ok(reader) => {
                self.reader = Some(Box::new(reader));
                None
            }
            Err(message) => {
                self.output.error(&message);
                Some(1)
            }
        }
    }

    fn request(&mut self, sys: &Sys<'_>) -> Result<Request, u8> {
        let args = glue(self.argv.get(1..).unwrap_or_default());
        let called = self.argv.first().map_or("journalctl", String::as_str);
        let output = &mut self.output;
        let parsed = scan(&OPTIONS, &args).map_err(|refused| match refused {
            Refused::Wrong(message) => {
                output.error(&format!("{called}: {message}"));
                1
            }
            Refused::NotSimulated(option) => {
                output.error(&format!("{called}: option {option} is not simulated"));
                2
            }
            Refused::Help => {
                output.line(&format!("{called} {}", OPTIONS.usage));
                0
            }
            Refused::Version => {
                output.line(&format!("systemd {}\n{FEATURES}", OPTIONS.version));
                0
            }
        })?;
        options::understand(parsed, sys.now()).map_err(|(status, message)| {
            match status {
                0 => output.line(&message),
                _ => output.error(&message),
            }
            status
        })
    }

    /// Opens the files; `Ok(false)`: there are none, which is no mistake.
    fn open(&mut self, sys: &mut Sys<'_>, journal: &Journal, access: &Access, request: &Request) -> Result<bool, u8> {
        let output = &mut self.output;
        if let Some(machine) = request.machine.as_deref().filter(|m| !matches!(*m, "" | ".host")) {
            let _ = machine;
            output.error(
                "Failed to open root directory: The name org.freedesktop.machine1 was not provided by any .service files",
            );
            return Err(1);
        }
        for (path, what) in [(&request.directory, None), (&request.file, Some("files"))] {
            let Some(path) = path else { continue };
            if let Err(errno) = sys.stat(path) {
                let what = what.map_or(path.as_str(), |what| what);
                output.error(&format!("Failed to open {what}: {}", errno.message()));
                return Err(1);
            }
            if !journal.folder(sys.world).starts_with(path.trim_end_matches('/')) {
                if !request.quiet {
                    output.error("No journal files were found.");
                }
                return Ok(false);
            }
        }
        let opened = if request.elsewhere { Opened::NoFiles } else { access.opened(journal) };
        let hinted = matches!(opened, Opened::Some | Opened::NoPermission)
            || (request.files == JournalFiles::User && opened == Opened::All && !access.sees_everything());
        if hinted && !request.quiet {
            let whom = if request.files == JournalFiles::User { "the system" } else { "other users and the system" };
            output.error(&format!("Hint: You are currently not seeing messages from {whom}."));
            output.error("      Users in groups 'adm', 'systemd-journal' can see all messages.");
            output.error("      Pass -q to turn off this notice.");
        }
        match opened {
            Opened::NoPermission => {
                output.error("No journal files were opened due to insufficient permissions.");
                Err(1)
            }
            Opened::NoFiles => {
                if !request.quiet {
                    output.error("No journal files were found.");
                }
                Ok(false)
            }
            _ => Ok(true),
        }
    }

    fn nothing(&mut self, request: &Request) {
        if request.action == Action::Show && !request.quiet {
            self.output.line("-- No entries --");
        }
    }
}
