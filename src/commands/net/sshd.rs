//! `sshd`: holds port 22; logins themselves are opened from outside the machine: sshd(8).

use crate::commands::Command;
use crate::commands::process::launch::say;
use crate::world::{Address, Channel, Fd, Program, Signal, Step, Sys, Wait};

/// The command.
pub const COMMAND: Command = Command {
    name: "sshd",
    path: "/usr/sbin/sshd",
    program: |argv| Box::new(Sshd { argv: argv.to_vec(), listeners: None }),
};

#[derive(Clone)]
struct Sshd {
    argv: Vec<String>,
    listeners: Option<Vec<Fd>>,
}

const CONFIG: &str = "/etc/ssh/sshd_config";
/// Keywords of the configuration that are known.
const KEYWORDS: &[&str] = &[
    "acceptenv",
    "addressfamily",
    "allowgroups",
    "allowusers",
    "authorizedkeysfile",
    "banner",
    "challengeresponseauthentication",
    "clientalivecountmax",
    "clientaliveinterval",
    "denyusers",
    "hostkey",
    "include",
    "kbdinteractiveauthentication",
    "listenaddress",
    "loglevel",
    "logingracetime",
    "match",
    "maxauthtries",
    "maxsessions",
    "maxstartups",
    "passwordauthentication",
    "permitemptypasswords",
    "permitrootlogin",
    "port",
    "printmotd",
    "printlastlog",
    "pubkeyauthentication",
    "strictmodes",
    "subsystem",
    "syslogfacility",
    "tcpkeepalive",
    "usedns",
    "usepam",
    "x11forwarding",
];

/// The ports of the configuration. Errors: what sshd says about it.
fn ports(text: &str) -> Result<Vec<u16>, String> {
    let mut ports = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut words = line.split(|c: char| c.is_whitespace() || c == '=').filter(|w| !w.is_empty());
        let Some(keyword) = words.next().filter(|w| !w.starts_with('#')) else { continue };
        let line = number + 1;
        if !KEYWORDS.contains(&keyword.to_lowercase().as_str()) {
            return Err(format!(
                "{CONFIG}: line {line}: Bad configuration option: {keyword}\n{CONFIG}: terminating, 1 bad configuration options"
            ));
        }
        if keyword.eq_ignore_ascii_case("port") {
            match words.next().and_then(|p| p.parse::<u16>().ok()).filter(|p| *p > 0) {
                Some(port) => ports.push(port),
                None => return Err(format!("{CONFIG} line {line}: Badly formatted port number.")),
            }
        }
    }
    if ports.is_empty() {
        ports.push(22);
    }
    Ok(ports)
}

impl Sshd {
    fn log(sys: &mut Sys<'_>, text: &str) {
        sys.syslog(6, 4, Some("sshd"), text);
    }

    fn open(&mut self, sys: &mut Sys<'_>, ports: &[u16]) -> Vec<Fd> {
        let mut open = Vec::new();
        for port in ports {
            for host in ["0.0.0.0", "::"] {
                match sys.listen(Address::Tcp(host.to_owned(), *port), 128) {
                    Ok(fd) => {
                        open.push(fd);
                        Self::log(sys, &format!("Server listening on {host} port {port}."));
                    }
                    Err(errno) => {
                        Self::log(sys, &format!("error: Bind to port {port} on {host} failed: {}.", errno.message()));
                    }
                }
            }
        }
        open
    }

    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), u8> {
        let text = sys.read_file(CONFIG).map(|b| String::from_utf8_lossy(&b).into_owned());
        let Ok(text) = text else {
            say(sys, &format!("{CONFIG}: Permission denied"));
            return Err(1);
        };
        let ports = ports(&text).map_err(|message| {
            say(sys, &message);
            255_u8
        })?;
        if self.argv.iter().any(|a| a == "-t") {
            return Err(0);
        }
        if sys.uid() != 0 {
            say(sys, "sshd: no hostkeys available -- exiting.");
            return Err(1);
        }
        let open = self.open(sys, &ports);
        if open.is_empty() {
            Self::log(sys, "fatal: Cannot bind any address.");
            return Err(255);
        }
        self.listeners = Some(open);
        for signal in [Signal::TERM, Signal::HUP] {
            sys.catch(signal);
        }
        let title = format!("sshd: {} [listener] 0 of 10-100 startups", self.argv.join(" "));
        sys.me_mut().argv = vec![title].into();
        sys.me_mut().rss = 8 * 1024 * 1024;
        sys.sd_notify("READY=1");
        Ok(())
    }
}

impl Program for Sshd {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.listeners.is_none()
            && let Err(status) = self.start(sys)
        {
            return Step::Exit(status);
        }
        while let Some(signal) = sys.take_signal() {
            if signal == Signal::TERM {
                Self::log(sys, "Received signal 15; terminating.");
                return Step::Exit(0);
            }
            Self::log(sys, "Received SIGHUP; restarting.");
            for fd in self.listeners.take().unwrap_or_default() {
                let _ = sys.close(fd);
            }
            if let Err(status) = self.start(sys) {
                return Step::Exit(status);
            }
        }
        while sys.wait_child(None).is_some() {}
        let mut wait = Wait::channel(Channel::Children(sys.pid));
        for listener in self.listeners.iter().flatten() {
            // Whoever connects by hand sees the greeting and is left alone.
            while let Ok(fd) = sys.accept(*listener) {
                let _ = sys.write(fd, b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7\r\n");
                let _ = sys.close(fd);
            }
            wait = wait.or_fd(*listener);
        }
        Step::Wait(wait)
    }
}
