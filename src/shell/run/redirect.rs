//! Redirections: bash(1), REDIRECTION.

use crate::shell::bash::Bash;
use crate::shell::expand::{Expanded, Expander, Failure, Halt, Reach};
use crate::shell::syntax::ast::{HereDoc, Redirect, RedirectFd, RedirectOp};
use crate::world::{Errno, Fd, OpenFileId, OpenFlags, PIPE_BYTES, Sys};

/// A redirection with its words expanded.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Ready {
    fd: RedirectFd,
    op: RedirectOp,
    target: String,
}

/// What a descriptor was before; nothing: it was closed.
#[derive(Clone, Debug, Default)]
pub(in crate::shell) struct SavedFds(Vec<(Fd, Option<Fd>)>);

/// Where copies of descriptors are kept.
const SAVED: Fd = 10;

/// Expands the words of redirections.
pub(in crate::shell) fn expand_redirects(expander: &mut Expander<'_>, redirects: &[Redirect]) -> Expanded<Vec<Ready>> {
    redirects.iter().map(|redirect| expand_redirect(expander, redirect)).collect()
}

fn expand_redirect(expander: &mut Expander<'_>, redirect: &Redirect) -> Expanded<Ready> {
    let target = match redirect.op {
        RedirectOp::HereDoc | RedirectOp::HereDocStrip => here_text(expander, redirect.here.as_ref())?,
        RedirectOp::HereString => format!("{}\n", expander.string(&redirect.target)?),
        _ => {
            let words = expander.words(std::slice::from_ref(&redirect.target))?;
            let [word] = words.as_slice() else {
                let message = format!("{}: ambiguous redirect", redirect.target.raw);
                return Err(Halt::Fail(Failure { message, reach: Reach::Command }));
            };
            word.clone()
        }
    };
    Ok(Ready { fd: redirect.fd.clone(), op: redirect.op, target })
}

/// Whether a host's name or address is one of this machine.
fn is_this_machine(sys: &Sys<'_>, host: &str) -> bool {
    let hosts = sys.world.files.text("/etc/hosts").unwrap_or_default();
    let named = hosts.lines().any(|line| line.split('#').next().unwrap_or("").split_whitespace().any(|w| w == host));
    named || host.parse::<std::net::IpAddr>().is_ok()
}

fn here_text(expander: &mut Expander<'_>, here: Option<&HereDoc>) -> Expanded<String> {
    let Some((here, body)) = here.and_then(|here| Some((here, here.body.get()?))) else { return Ok(String::new()) };
    if here.quoted { Ok(body.word.raw.to_string()) } else { expander.quoted_text(&body.word) }
}

impl Bash {
    /// Makes redirections; with `saved`, notes what they replace. The error has been told.
    pub(in crate::shell) fn redirect(
        &mut self,
        sys: &mut Sys<'_>,
        redirects: &[Ready],
        mut saved: Option<&mut SavedFds>,
    ) -> Result<(), ()> {
        for redirect in redirects {
            if let Err(message) = self.redirect_one(sys, redirect, &mut saved) {
                self.complain(&message);
                return Err(());
            }
        }
        Ok(())
    }

    fn redirect_one(
        &mut self,
        sys: &mut Sys<'_>,
        ready: &Ready,
        saved: &mut Option<&mut SavedFds>,
    ) -> Result<(), String> {
        let input = matches!(
            ready.op,
            RedirectOp::Input
                | RedirectOp::ReadWrite
                | RedirectOp::DupInput
                | RedirectOp::HereDoc
                | RedirectOp::HereDocStrip
                | RedirectOp::HereString
        );
        let fd = match &ready.fd {
            RedirectFd::Default => u32::from(!input),
            RedirectFd::Number(number) => *number,
            RedirectFd::Variable(name) => self.variable_fd(sys, name, ready)?,
        };
        match ready.op {
            RedirectOp::DupInput | RedirectOp::DupOutput => self.duplicate(sys, fd, ready, saved),
            RedirectOp::OutputAll | RedirectOp::AppendAll => {
                let append = ready.op == RedirectOp::AppendAll;
                self.open_both(sys, &ready.target, append, saved)
            }
            RedirectOp::HereDoc | RedirectOp::HereDocStrip | RedirectOp::HereString => {
                self.here_pipe(sys, fd, &ready.target, saved)
            }
            _ => self.open_at(sys, fd, ready, saved),
        }
    }

    /// `{name}>`: a free descriptor, stored in the variable; `{name}>&-`: the one stored there.
    fn variable_fd(&mut self, sys: &Sys<'_>, name: &str, ready: &Ready) -> Result<Fd, String> {
        if ready.target == "-" {
            let text = self.variable(name);
            return text.parse().map_err(|_| format!("{name}: ambiguous redirect"));
        }
        let fd = sys.world.free_fd(sys.pid, SAVED).map_err(|errno| errno.message().to_string())?;
        self.shell.assign(name, None, &fd.to_string(), false)?;
        Ok(fd)
    }

    /// Keeps what a descriptor was.
    fn save(&mut self, sys: &mut Sys<'_>, fd: Fd, saved: &mut Option<&mut SavedFds>) {
        let Some(saved) = saved else { return };
        if saved.0.iter().any(|(known, _)| *known == fd) {
            return;
        }
        let copy = if sys.me().fds.contains_key(&fd) { sys.world.free_fd(sys.pid, SAVED).ok() } else { None };
        if let Some(copy) = copy {
            let _ = sys.dup2(fd, copy);
            if let Some(descriptor) = sys.me_mut().fds.get_mut(&copy) {
                descriptor.cloexec = true;
            }
        }
        saved.0.push((fd, copy));
    }

    /// Takes redirections back.
    pub(in crate::shell) fn restore(&mut self, sys: &mut Sys<'_>, saved: SavedFds) {
        for (fd, copy) in saved.0.into_iter().rev() {
            match copy {
                Some(copy) => {
                    let _ = sys.dup2(copy, fd);
                    let _ = sys.close(copy);
                }
                None => {
                    let _ = sys.close(fd);
                }
            }
        }
    }

    fn open_at(
        &mut self,
        sys: &mut Sys<'_>,
        fd: Fd,
        ready: &Ready,
        saved: &mut Option<&mut SavedFds>,
    ) -> Result<(), String> {
        let flags = match ready.op {
            RedirectOp::Input => OpenFlags::READ,
            RedirectOp::Append => OpenFlags::APPEND,
            RedirectOp::ReadWrite => OpenFlags::READ_WRITE,
            _ => OpenFlags::WRITE,
        };
        if ready.op == RedirectOp::Output && self.shell.switches.is("noclobber") && is_plain_file(sys, &ready.target) {
            return Err(format!("{}: cannot overwrite existing file", ready.target));
        }
        let file = match self.connect_redirect(sys, &ready.target) {
            Some(file) => file?,
            None => sys
                .world
                .free_fd(sys.pid, 0)
                .and_then(|_| sys.open_file(&ready.target, flags, 0o666))
                .map_err(|errno| self.refused(&ready.target, errno, ready.op == RedirectOp::Input))?,
        };
        self.save(sys, fd, saved);
        sys.world.install(sys.pid, fd, file, false);
        Ok(())
    }

    /// `/dev/tcp/HOST/PORT` is a connection to that port, for bash alone; `None` for any other path.
    fn connect_redirect(&mut self, sys: &mut Sys<'_>, path: &str) -> Option<Result<OpenFileId, String>> {
        let (host, port) = path.strip_prefix("/dev/tcp/").filter(|_| !self.shell.posix)?.split_once('/')?;
        let refused = |errno: Errno| format!("{path}: {}", errno.message());
        let Ok(port) = port.parse() else {
            self.complain(&format!("{port}: Servname not supported for ai_socktype"));
            return Some(Err(refused(Errno::EINVAL)));
        };
        if !is_this_machine(sys, host) {
            self.complain(&format!("{host}: Name or service not known"));
            return Some(Err(refused(Errno::EINVAL)));
        }
        let listener = sys.tcp_listener(host, port);
        Some(listener.and_then(|listener| sys.world.connect(sys.pid, listener)).map_err(|errno| {
            self.complain(&format!("connect: {}", errno.message()));
            refused(errno)
        }))
    }

    fn refused(&self, path: &str, errno: Errno, input: bool) -> String {
        if self.shell.posix {
            // dash says what it wanted to do.
            let what = match (errno, input) {
                (Errno::ENOENT, true) => "No such file",
                (Errno::ENOENT, false) => "Directory nonexistent",
                _ => errno.message(),
            };
            return format!("cannot {} {path}: {what}", if input { "open" } else { "create" });
        }
        format!("{path}: {}", errno.message())
    }

    fn open_both(
        &mut self,
        sys: &mut Sys<'_>,
        path: &str,
        append: bool,
        saved: &mut Option<&mut SavedFds>,
    ) -> Result<(), String> {
        let flags = if append { OpenFlags::APPEND } else { OpenFlags::WRITE };
        let file = sys.open_file(path, flags, 0o666).map_err(|errno| self.refused(path, errno, false))?;
        self.save(sys, 1, saved);
        self.save(sys, 2, saved);
        sys.world.install(sys.pid, 1, file, false);
        sys.dup2(1, 2).map_err(|errno| errno.message().to_string())
    }

    /// `>&n`, `<&n`, `>&n-`, `>&-`, `>&file`.
    fn duplicate(
        &mut self,
        sys: &mut Sys<'_>,
        fd: Fd,
        ready: &Ready,
        saved: &mut Option<&mut SavedFds>,
    ) -> Result<(), String> {
        let target = ready.target.as_str();
        if target == "-" {
            self.save(sys, fd, saved);
            let _ = sys.close(fd);
            return Ok(());
        }
        let (digits, moves) = target.strip_suffix('-').map_or((target, false), |digits| (digits, true));
        let Ok(from) = digits.parse::<Fd>() else {
            if ready.op == RedirectOp::DupOutput && ready.fd == RedirectFd::Default {
                return self.open_both(sys, target, false, saved);
            }
            return Err(format!("{target}: ambiguous redirect"));
        };
        if !sys.me().fds.contains_key(&from) {
            return Err(format!("{from}: Bad file descriptor"));
        }
        if from != fd {
            self.save(sys, fd, saved);
            sys.dup2(from, fd).map_err(|errno| format!("{from}: {}", errno.message()))?;
            if moves {
                self.save(sys, from, saved);
                let _ = sys.close(from);
            }
        }
        Ok(())
    }

    /// A here-document is a pipe, or a file where it is too long for one.
    fn here_pipe(
        &mut self,
        sys: &mut Sys<'_>,
        fd: Fd,
        text: &str,
        saved: &mut Option<&mut SavedFds>,
    ) -> Result<(), String> {
        let failed = |errno: Errno| format!("cannot create temp file for here-document: {}", errno.message());
        let file = if text.len() <= PIPE_BYTES {
            let (reader, writer) = sys.world.make_pipe();
            let free = sys.world.free_fd(sys.pid, SAVED).map_err(failed)?;
            sys.world.install(sys.pid, free, writer, true);
            let written = sys.write(free, text.as_bytes());
            let _ = sys.close(free);
            written.map_err(failed)?;
            reader
        } else {
            let path = format!("/tmp/sh-thd.{}", sys.world.rng.next_u64());
            let writer = sys.open(&path, OpenFlags::WRITE, 0o600).map_err(failed)?;
            let written = sys.write(writer, text.as_bytes());
            let _ = sys.close(writer);
            written.map_err(failed)?;
            sys.open_file(&path, OpenFlags::READ, 0).map_err(failed)?
        };
        self.save(sys, fd, saved);
        sys.world.install(sys.pid, fd, file, false);
        Ok(())
    }
}

fn is_plain_file(sys: &mut Sys<'_>, path: &str) -> bool {
    sys.stat(path).is_ok_and(|node| !node.is_dir() && matches!(node.kind, crate::world::fs::Kind::File(_)))
}
