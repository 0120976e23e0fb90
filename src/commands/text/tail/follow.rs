//! Files that grow, are cut, replaced or taken away while tail looks: tail(1) `-f -F`.

use super::{Tail, is_pipe, open};
use crate::world::fs::Ino;
use crate::world::{Channel, Cx, Errno, Fd, TaskStep, Wait};

/// A file that is followed.
#[derive(Clone, Default)]
pub(super) struct Followed {
    pub name: String,
    pub fd: Option<Fd>,
    ino: Option<Ino>,
    /// How far it was read.
    pub offset: usize,
    /// Read and not printed.
    pub held: Vec<u8>,
    /// How many bytes of memory that takes.
    pub memory: u64,
    /// Bytes or lines left out at its start.
    pub skipped: u64,
    /// Its name leads nowhere.
    pub missing: bool,
}

impl Followed {
    pub fn new(name: String) -> Self {
        Followed { name, ..Followed::default() }
    }

    /// Takes note of which file the name leads to.
    pub fn remember(&mut self, cx: &mut Cx<'_, '_>) {
        self.ino = if self.name == "-" { None } else { cx.lookup(&self.name, true).ok() };
    }
}

impl Tail {
    /// Prints what was added, and waits for more.
    pub(super) fn follow(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if is_pipe(cx, 1) && cx.write(1, b"") == Err(Errno::EPIPE) {
            return TaskStep::Exit(1);
        }
        for index in 0..self.files.len() {
            if self.by_name {
                self.look_for(cx, index);
            }
            self.read_on(cx, index);
        }
        if !self.retry && self.files.iter().all(|file| file.fd.is_none()) {
            cx.fail("no files remaining");
            return TaskStep::Exit(1);
        }
        let gone = self.watched.is_some_and(|pid| cx.world.process(pid).is_none_or(|p| p.is_zombie()));
        if gone {
            return TaskStep::Exit(u8::from(self.failed));
        }
        TaskStep::Wait(self.wait(cx))
    }

    fn wait(&self, cx: &mut Cx<'_, '_>) -> Wait {
        let mut wait = Wait::default();
        let (cred, cwd) = (cx.cred(), cx.cwd());
        let mut poll = self.watched.is_some();
        for file in &self.files {
            match (file.ino, file.fd) {
                (Some(ino), _) => wait = wait.or_channel(Channel::File(ino)),
                (None, Some(fd)) => wait = wait.or_fd(fd),
                (None, None) => {}
            }
            if self.by_name {
                match cx.world.files.find(&cred, &cwd, &file.name, true) {
                    Ok(found) => wait = wait.or_channel(Channel::File(found.parent)),
                    Err(_) => poll = true,
                }
            }
        }
        if is_pipe(cx, 1) {
            wait = wait.or_fd(1);
        }
        // Without a file there is nothing whose change would wake us.
        poll |= self.by_name || wait.is_nothing();
        if poll { wait.or_until(cx.now() + self.interval) } else { wait }
    }

    /// Whether the name still leads to the same file; opens the new one.
    fn look_for(&mut self, cx: &mut Cx<'_, '_>, index: usize) {
        let name = self.files[index].name.clone();
        if name == "-" {
            return;
        }
        let present = cx.lookup(&name, true);
        let (known, was_missing) = (self.files[index].ino, self.files[index].missing);
        match present {
            Ok(ino) if Some(ino) == known && !was_missing => (),
            Ok(_) => {
                let what = if was_missing { "has appeared" } else { "has been replaced" };
                self.read_on(cx, index);
                self.drop_file(cx, index);
                match open(cx, &name) {
                    Ok(fd) => {
                        cx.fail(&format!("'{name}' {what};  following new file"));
                        self.files[index] = Followed { fd: Some(fd), ..Followed::new(name) };
                        self.files[index].remember(cx);
                    }
                    Err(_) => self.files[index].missing = true,
                }
            }
            Err(errno) if !was_missing => {
                self.read_on(cx, index);
                cx.fail(&format!("'{name}' has become inaccessible: {}", errno.message()));
                self.drop_file(cx, index);
                self.files[index].missing = true;
            }
            Err(_) => {}
        }
    }

    fn drop_file(&mut self, cx: &mut Cx<'_, '_>, index: usize) {
        let file = &mut self.files[index];
        if let Some(fd) = file.fd.take() {
            let _ = cx.close(fd);
        }
        file.ino = None;
    }

    fn read_on(&mut self, cx: &mut Cx<'_, '_>, index: usize) {
        let Some(fd) = self.files[index].fd else { return };
        let size = self.files[index].ino.and_then(|ino| cx.world.files.inode(ino)).map(|node| node.size() as usize);
        if size.is_some_and(|size| size < self.files[index].offset) {
            let name = self.files[index].name.clone();
            cx.fail(&format!("{name}: file truncated"));
            let pid = cx.pid;
            let _ = cx.world.lseek(pid, fd, 0);
            self.files[index].offset = 0;
        }
        while let Ok(bytes) = cx.read(fd, 65_536) {
            if bytes.is_empty() {
                break;
            }
            self.files[index].offset += bytes.len();
            self.header(cx, index, true);
            cx.print(1, &bytes);
        }
    }
}
