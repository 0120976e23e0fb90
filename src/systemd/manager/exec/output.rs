//! Standard input, output and error of a unit's process: systemd.exec(5), "Logging and Standard Input/Output".

use super::child::{ExecChild, FIRST_PASSED};
use crate::systemd::config::{ExecContext, ExecInput, ExecOutput};
use crate::systemd::journal::{Journal, StreamOptions};
use crate::world::fs::{Cred, Device};
use crate::world::{Errno, Fd, OpenFlags, OpenKind, Opener, Pid, World, comm_of};

/// Which descriptor could not be set up, and why.
pub(super) struct OutputError {
    pub fd: Fd,
    pub errno: Errno,
}

fn open(world: &mut World, path: &str, flags: OpenFlags) -> Result<u64, Errno> {
    let root = Cred::root();
    let who = Opener { cred: &root, cwd: "/", umask: 0o022, tty: None };
    world.open(&who, path, flags, 0o666)
}

impl ExecChild {
    /// Puts files behind descriptors 0, 1 and 2. Tells the number of the journal's stream, if there is one.
    pub(super) fn set_up_output(
        &self,
        world: &mut World,
        journal: &mut Journal,
        pid: Pid,
        exec: &ExecContext,
        uid: u32,
    ) -> Result<Option<u64>, OutputError> {
        let fail = |fd| move |errno| OutputError { fd, errno };
        if let Some(lender) = exec.streams_of {
            for fd in 0..3 {
                world.lend(lender, pid, fd).map_err(fail(fd))?;
            }
            return Ok(None);
        }
        self.input(world, pid, exec).map_err(fail(0))?;
        let mut stream = None;
        let output = exec.effective_std_output();
        self.output(world, journal, pid, exec, 1, output, exec.std_output_target.as_deref(), uid, &mut stream)
            .map_err(fail(1))?;
        let error = exec.std_error.unwrap_or(ExecOutput::Inherit);
        let target = exec.std_error_target.as_deref();
        self.output(world, journal, pid, exec, 2, error, target, uid, &mut stream).map_err(fail(2))?;
        Ok(stream)
    }

    fn input(&self, world: &mut World, pid: Pid, exec: &ExecContext) -> Result<(), Errno> {
        let file = match exec.std_input {
            ExecInput::File => {
                let path = exec.std_input_target.as_deref().unwrap_or("/dev/null");
                open(world, path, OpenFlags::READ)?
            }
            ExecInput::Tty | ExecInput::TtyForce | ExecInput::TtyFail => {
                let path = exec.tty_path.as_deref().unwrap_or("/dev/console");
                let flags = OpenFlags { create: false, truncate: false, ..OpenFlags::READ_WRITE };
                open(world, path, flags)?
            }
            ExecInput::Data => {
                let (reader, writer) = world.make_pipe();
                world.install(pid, 0, writer, false);
                let _ = world.write_fd(pid, 0, &exec.std_input_data);
                reader
            }
            ExecInput::Socket => return world.dup2(pid, FIRST_PASSED, 0),
            ExecInput::NamedFd => {
                let fd = self.named_fd(exec.std_input_target.as_deref()).ok_or(Errno::ENOENT)?;
                return world.dup2(pid, fd, 0);
            }
            _ => open(world, "/dev/null", OpenFlags::READ)
                .unwrap_or_else(|_| world.open_object(OpenKind::Device(Device::Null), "/dev/null")),
        };
        world.install(pid, 0, file, false);
        Ok(())
    }

    /// The descriptor of the passed socket with that name.
    fn named_fd(&self, name: Option<&str>) -> Option<Fd> {
        let at = self.sockets.iter().position(|socket| Some(socket.as_str()) == name)?;
        Some(FIRST_PASSED + Fd::try_from(at).ok()?)
    }

    #[allow(clippy::too_many_arguments)]
    fn output(
        &self,
        world: &mut World,
        journal: &mut Journal,
        pid: Pid,
        exec: &ExecContext,
        fd: Fd,
        kind: ExecOutput,
        target: Option<&str>,
        uid: u32,
        stream: &mut Option<u64>,
    ) -> Result<(), Errno> {
        let truncate = |truncate, append| OpenFlags { truncate, append, ..OpenFlags::WRITE };
        let path = target.unwrap_or("/dev/null");
        let file = match kind {
            ExecOutput::Inherit if fd == 2 => return world.dup2(pid, 1, 2),
            ExecOutput::Inherit if exec.std_input != ExecInput::Null && exec.std_input != ExecInput::Data => {
                return world.dup2(pid, 0, fd);
            }
            ExecOutput::Socket => return world.dup2(pid, FIRST_PASSED, fd),
            ExecOutput::NamedFd => {
                let passed = self.named_fd(target).ok_or(Errno::ENOENT)?;
                return world.dup2(pid, passed, fd);
            }
            ExecOutput::Inherit | ExecOutput::Null => open(world, "/dev/null", truncate(false, false))?,
            ExecOutput::Tty => {
                let path = exec.tty_path.as_deref().unwrap_or("/dev/console");
                open(world, path, OpenFlags { create: false, truncate: false, ..OpenFlags::READ_WRITE })?
            }
            ExecOutput::File => open(world, path, truncate(false, false))?,
            ExecOutput::FileAppend => open(world, path, truncate(false, true))?,
            ExecOutput::FileTruncate => open(world, path, truncate(true, false))?,
            _ => {
                let id = journal.open_stream(world, self.stream_options(exec, uid));
                *stream = Some(id);
                world.open_object(OpenKind::Stream(id), &format!("socket:[{id}]"))
            }
        };
        world.install(pid, fd, file, false);
        Ok(())
    }

    fn stream_options(&self, exec: &ExecContext, uid: u32) -> StreamOptions {
        let base = comm_of(&self.command.path);
        let name = self.command.path.rsplit('/').next().unwrap_or(&base);
        StreamOptions {
            cgroup: self.group.as_str().into(),
            identifier: exec.syslog_identifier.clone().unwrap_or_else(|| name.to_owned()),
            priority: exec.syslog_level,
            facility: Some(exec.syslog_facility),
            level_prefix: exec.syslog_level_prefix,
            uid,
        }
    }
}
