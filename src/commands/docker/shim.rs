//! `containerd-shim-runc-v2`: the parent of a container's process; it writes the container's log and tells the daemon how
//! the process ended. It outlives the daemon.

use super::container::Container;
use crate::commands::accounts::pam::become_user;
use crate::commands::process::launch::{find_program, print};
use crate::world::{
    Channel, ChildEvent, Errno, ExitStatus, Fd, OpenFlags, Pid, Program, Signal, Step, Sys, Wait, accounts,
};

/// Where shims tell the daemon what happened: a line `ID PID` or `ID exit STATUS` each.
pub const EVENTS: &str = "/run/containerd/events";
/// Where programs are looked for in a container.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The shim.
#[derive(Clone)]
pub struct Shim {
    container: Container,
    child: Option<Pid>,
    exit: Option<u8>,
    /// The reading ends of the process's output: descriptor, stream, what has no end of line yet.
    outputs: Vec<(Fd, &'static str, Vec<u8>)>,
}

/// The log of a container.
pub fn log_path(id: &str) -> String {
    format!("/var/lib/docker/containers/{id}/{id}-json.log")
}

/// The file of the container's program. Errors: ENOENT, EACCES.
pub fn locate(sys: &mut Sys<'_>, container: &Container) -> Result<String, Errno> {
    let name = container.argv.first().cloned().unwrap_or_default();
    find_program(sys, &name, PATH)
}

impl Shim {
    /// The shim of a container that is about to start.
    pub fn new(container: Container) -> Self {
        Shim { container, child: None, exit: None, outputs: Vec::new() }
    }

    fn start(&mut self, sys: &mut Sys<'_>) -> Result<Pid, Errno> {
        let id = self.container.id.clone();
        let me = sys.me_mut();
        me.ppid = 1;
        me.cgroup = "/system.slice/containerd.service".into();
        me.comm = "containerd-shim".into();
        me.rss = 11 << 20;
        let words = ["/usr/bin/containerd-shim-runc-v2", "-namespace", "moby", "-id", &id, "-address"];
        let mut argv: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
        argv.push("/run/containerd/containerd.sock".into());
        me.argv = std::sync::Arc::new(argv);
        let fds: Vec<Fd> = sys.me().fds.keys().copied().collect();
        for fd in fds {
            let _ = sys.close(fd);
        }
        let (out, out_end) = sys.pipe(true)?;
        let (err, err_end) = sys.pipe(true)?;
        let file = locate(sys, &self.container)?;
        let inside = Inside { container: self.container.clone(), file, stdout: out_end, stderr: err_end };
        let pid = sys.fork(Box::new(inside))?;
        for end in [out_end, err_end] {
            let _ = sys.close(end);
        }
        self.outputs = vec![(out, "stdout", Vec::new()), (err, "stderr", Vec::new())];
        tell(sys, &format!("{id} {pid}"));
        Ok(pid)
    }

    /// Copies what the process printed into its log, a line of JSON for each line.
    fn copy(&mut self, sys: &mut Sys<'_>) {
        let path = log_path(&self.container.id);
        let mut text = String::new();
        self.outputs.retain_mut(|(fd, stream, rest)| {
            let open = loop {
                match sys.read(*fd, 65_536) {
                    Ok(bytes) if bytes.is_empty() => break false,
                    Ok(bytes) => rest.extend(bytes),
                    Err(Errno::EAGAIN) => break true,
                    Err(_) => break false,
                }
            };
            let time = sys.now().strftime("%Y-%m-%dT%H:%M:%S.%6f000Z");
            let cut = if open { rest.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1) } else { rest.len() };
            let whole: Vec<u8> = rest.drain(..cut).collect();
            for line in String::from_utf8_lossy(&whole).split_inclusive('\n') {
                let line = line.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
                let line: String = line.chars().map(|c| if c < ' ' { ' ' } else { c }).collect();
                text.push_str(&format!("{{\"log\":\"{line}\",\"stream\":\"{stream}\",\"time\":\"{time}\"}}\n"));
            }
            if !open {
                let _ = sys.close(*fd);
            }
            open
        });
        if !text.is_empty()
            && let Ok(fd) = sys.open(&path, OpenFlags::APPEND, 0o640)
        {
            print(sys, fd, &text);
            let _ = sys.close(fd);
        }
    }
}

/// Tells the daemon something.
fn tell(sys: &mut Sys<'_>, line: &str) {
    if let Ok(fd) = sys.open(EVENTS, OpenFlags::APPEND, 0o600) {
        print(sys, fd, &format!("{line}\n"));
        let _ = sys.close(fd);
    }
}

impl Program for Shim {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.child.is_none() {
            match self.start(sys) {
                Ok(pid) => self.child = Some(pid),
                Err(_) => {
                    tell(sys, &format!("{} exit 127", self.container.id));
                    return Step::Exit(0);
                }
            }
        }
        self.copy(sys);
        while let Some((pid, event)) = sys.wait_child(None) {
            if let ChildEvent::Ended(status) = event
                && Some(pid) == self.child
            {
                self.exit = Some(exit_code(status));
            }
        }
        if let Some(exit) = self.exit {
            self.copy(sys);
            // What the process left behind dies with it: it was the first of its process id namespace.
            let members = sys.world.cgroup_members(&self.container.cgroup(), true);
            for pid in members {
                sys.world.send_signal(pid, Signal::KILL);
            }
            tell(sys, &format!("{} exit {exit}", self.container.id));
            return Step::Exit(0);
        }
        let fds = self.outputs.iter().map(|(fd, ..)| *fd).collect();
        Step::Wait(Wait { fds, ..Wait::channel(Channel::Children(sys.pid)) })
    }
}

fn exit_code(status: ExitStatus) -> u8 {
    status.code()
}

/// The container's process before it becomes its program; also what `docker exec` starts.
#[derive(Clone)]
pub struct Inside {
    /// The container.
    pub container: Container,
    /// The program's file.
    pub file: String,
    /// Its standard output.
    pub stdout: Fd,
    /// Its standard error.
    pub stderr: Fd,
}

/// Dresses this process up as one of the container.
pub fn enter(sys: &mut Sys<'_>, container: &Container) {
    sys.me_mut().cgroup = container.cgroup().into();
    let name = if container.user.is_empty() { "root" } else { &container.user };
    if let Some(user) = accounts::user(&sys.world.files, name) {
        become_user(sys, &user);
    }
    super::view::give(sys, container);
    let _ = sys.chdir(&container.folder);
}

impl Program for Inside {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        for signal in Signal::all() {
            sys.default_signal(signal);
        }
        let pid = sys.pid;
        let _ = sys.world.setsid(pid);
        if let Ok(null) = sys.open_file("/dev/null", OpenFlags::READ, 0) {
            sys.world.install(pid, 0, null, false);
        }
        let _ = (sys.dup2(self.stdout, 1), sys.dup2(self.stderr, 2));
        enter(sys, &self.container);
        let argv = self.container.argv.clone();
        sys.exec(&self.file, &argv, self.container.env.clone()).unwrap_or(Step::Exit(126))
    }
}
