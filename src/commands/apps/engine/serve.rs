//! The port of a declared program: it answers whoever asks over HTTP with its own name.

use crate::commands::process::launch::print;
use crate::world::{Address, Errno, Fd, Sys};

/// A listening socket and its clients.
#[derive(Clone, Debug, Default)]
pub struct Door {
    /// The port, once it is open.
    pub port: Option<u16>,
    listener: Option<Fd>,
    clients: Vec<Fd>,
}

impl Door {
    /// Opens a port. Errors: EADDRINUSE, EACCES.
    pub fn open(&mut self, sys: &mut Sys<'_>, port: u16) -> Result<(), Errno> {
        self.listener = Some(sys.listen(Address::Tcp("0.0.0.0".into(), port), 511)?);
        self.port = Some(port);
        Ok(())
    }

    /// The descriptors to wait for.
    pub fn fds(&self) -> impl Iterator<Item = Fd> {
        self.listener.iter().chain(&self.clients).copied()
    }

    /// Takes connections and answers requests with `name`.
    pub fn serve(&mut self, sys: &mut Sys<'_>, name: &str) {
        while let Some(Ok(fd)) = self.listener.map(|listener| sys.accept(listener)) {
            self.clients.push(fd);
        }
        self.clients.retain(|fd| match sys.read(*fd, 65_536) {
            Err(Errno::EAGAIN) => true,
            Ok(bytes) if !bytes.is_empty() => {
                let body = format!("{name}\n");
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n";
                print(sys, *fd, &format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()));
                let _ = sys.close(*fd);
                false
            }
            _ => {
                let _ = sys.close(*fd);
                false
            }
        });
    }
}
