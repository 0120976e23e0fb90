//! The client's end of a connection to redis, for programs that ask one thing at a time.

use super::resp::{Reply, encode_request};
use crate::world::{Errno, Fd, Sys};

/// The port of redis.
pub const PORT: u16 = 6379;

/// A connection.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its descriptor, to wait for.
    pub fd: Fd,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects to a host and port of this machine. Errors: ECONNREFUSED.
    pub fn connect(sys: &mut Sys<'_>, host: &str, port: u16) -> Result<Client, Errno> {
        Ok(Client { fd: sys.connect_tcp(host, port)?, buffer: Vec::new() })
    }

    /// Sends a request. Errors: EPIPE and such; the server is gone.
    pub fn send(&mut self, sys: &mut Sys<'_>, words: &[&str]) -> Result<(), Errno> {
        let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
        let bytes = encode_request(&words);
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let n = sys.write(self.fd, rest)?;
            rest = &rest[n..];
        }
        Ok(())
    }

    /// The answer, if it has arrived. Errors: EIO when the server closed the connection.
    pub fn receive(&mut self, sys: &mut Sys<'_>) -> Result<Option<Reply>, Errno> {
        loop {
            if let Some(reply) = Reply::take(&mut self.buffer) {
                return Ok(Some(reply));
            }
            match sys.read(self.fd, 65_536) {
                Ok(bytes) if bytes.is_empty() => return Err(Errno::EIO),
                Ok(bytes) => self.buffer.extend(bytes),
                Err(Errno::EAGAIN) => return Ok(None),
                Err(errno) => return Err(errno),
            }
        }
    }
}
