//! `docker-proxy`: listens on a published port of the host and hands every connection on to the container's network.

use crate::world::{Address, Errno, Fd, Program, Step, Sys, Wait};

/// The proxy of one port.
#[derive(Clone)]
pub struct Proxy {
    outside: u16,
    inside: u16,
    network: u64,
    listener: Option<Fd>,
    /// Connections: of the host, of the container.
    pairs: Vec<(Fd, Fd)>,
}

impl Proxy {
    /// A proxy from a port of the host to one of a network.
    pub fn new(outside: u16, inside: u16, network: u64) -> Self {
        Proxy { outside, inside, network, listener: None, pairs: Vec::new() }
    }

    fn start(&mut self, sys: &mut Sys<'_>) -> Result<Fd, Errno> {
        let fds: Vec<Fd> = sys.me().fds.keys().copied().collect();
        for fd in fds {
            let _ = sys.close(fd);
        }
        let me = sys.me_mut();
        me.comm = "docker-proxy".into();
        me.rss = 4 << 20;
        let line = format!(
            "/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port {} -container-ip 172.18.0.2 -container-port {}",
            self.outside, self.inside
        );
        me.argv = std::sync::Arc::new(line.split(' ').map(str::to_owned).collect());
        sys.listen(Address::Tcp("0.0.0.0".into(), self.outside), 4096)
    }
}

/// Copies from one end to the other. False: the end is reached.
fn copy(sys: &mut Sys<'_>, from: Fd, to: Fd) -> bool {
    loop {
        match sys.read(from, 65_536) {
            Ok(bytes) if bytes.is_empty() => return false,
            Ok(bytes) => {
                let mut rest = &bytes[..];
                while let Ok(n) = sys.write(to, rest) {
                    rest = &rest[n..];
                    if rest.is_empty() {
                        break;
                    }
                }
            }
            Err(Errno::EAGAIN) => return true,
            Err(_) => return false,
        }
    }
}

impl Program for Proxy {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let listener = match self.listener {
            Some(fd) => fd,
            None => match self.start(sys) {
                Ok(fd) => *self.listener.insert(fd),
                Err(_) => return Step::Exit(1),
            },
        };
        while let Ok(host) = sys.accept(listener) {
            let inside = sys.world.net.tcp(self.network, "127.0.0.1", self.inside);
            match inside.ok_or(Errno::ECONNREFUSED).and_then(|at| sys.connect(at)) {
                Ok(container) => self.pairs.push((host, container)),
                Err(_) => drop(sys.close(host)),
            }
        }
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.retain(|(host, container)| {
            let open = copy(sys, *host, *container) & copy(sys, *container, *host);
            if !open {
                let _ = (sys.close(*host), sys.close(*container));
            }
            open
        });
        self.pairs = pairs;
        let fds = self.pairs.iter().flat_map(|(a, b)| [*a, *b]).chain([listener]).collect();
        Step::Wait(Wait { fds, ..Wait::default() })
    }
}
