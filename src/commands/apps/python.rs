//! `python3`: `-m http.server`; scripts run when a scenario declares them: python3(1).

use super::engine;
use crate::commands::Command;
use crate::commands::net::http::{Request, content_type, take_request};
use crate::commands::process::launch::{immediate, print, say};
use crate::world::{Address, Duration, Errno, Fd, Program, Signal, Step, Sys, Wait};

/// The command.
pub const COMMAND: Command =
    Command { name: "python3", path: "/usr/bin/python3", program: |argv| immediate(turn, argv) };

/// Processor time of a start.
const START: Duration = Duration::from_millis(25);

fn turn(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    if let Some(step) = engine::run(sys) {
        return step;
    }
    sys.charge(START);
    let mut words = argv.iter().skip(1).map(String::as_str);
    loop {
        match words.next() {
            Some("-V" | "--version") => {
                print(sys, 1, "Python 3.11.2\n");
                return Step::Exit(0);
            }
            Some("-u" | "-B" | "-O" | "-s" | "-E" | "-I") => {}
            Some("-m") => {
                let module = words.next().unwrap_or_default().to_owned();
                let rest: Vec<String> = words.map(str::to_owned).collect();
                return run_module(sys, &module, &rest);
            }
            Some("-c") => return absent(sys, "-c"),
            Some(option) if option.starts_with('-') && option.len() > 1 => return absent(sys, option),
            Some("-") | None => return absent(sys, "reading a program from standard input"),
            Some(script) => {
                let path = crate::world::fs::join(&sys.cwd(), script);
                if let Err(errno) = sys.read_file(&path) {
                    let (number, text) = (errno.number(), errno.message());
                    say(sys, &format!("python3: can't open file '{path}': [Errno {number}] {text}"));
                    return Step::Exit(2);
                }
                return absent(sys, &format!("running {script} (declare it in the scenario)"));
            }
        }
    }
}

fn absent(sys: &mut Sys<'_>, what: &str) -> Step {
    say(sys, &format!("python3: {what} is not simulated"));
    Step::Exit(2)
}

fn run_module(sys: &mut Sys<'_>, module: &str, args: &[String]) -> Step {
    if module != "http.server" {
        return absent(sys, &format!("the module {module}"));
    }
    let mut server = Server {
        port: 8000,
        bind: "0.0.0.0".into(),
        folder: ".".into(),
        listener: 0,
        clients: Vec::new(),
        greeting: String::new(),
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-b" | "--bind" => server.bind = args.next().cloned().unwrap_or_default(),
            "-d" | "--directory" => server.folder = args.next().cloned().unwrap_or_default(),
            text => match text.parse() {
                Ok(port) => server.port = port,
                Err(_) => {
                    say(
                        sys,
                        &format!(
                            "usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\nserver.py: error: argument port: invalid int value: '{text}'"
                        ),
                    );
                    return Step::Exit(2);
                }
            },
        }
    }
    match sys.listen(Address::Tcp(server.bind.clone(), server.port), 5) {
        Ok(fd) => server.listener = fd,
        Err(errno) => return cannot_bind(sys, errno),
    }
    sys.catch(Signal::INT);
    sys.me_mut().rss = 18 * 1024 * 1024;
    let (host, port) = (&server.bind, server.port);
    let shown = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    server.greeting = format!("Serving HTTP on {host} port {port} (http://{shown}:{port}/) ...\n");
    if sys.isatty(1) {
        let text = std::mem::take(&mut server.greeting);
        print(sys, 1, &text);
    }
    Step::Exec(Box::new(server))
}

/// The frames of the traceback: file in the library, line, function, source.
const FRAMES: &[(&str, u32, &str, &str)] = &[
    ("<frozen runpy>", 198, "_run_module_as_main", ""),
    ("<frozen runpy>", 88, "_run_code", ""),
    ("http/server.py", 1309, "<module>", "    test("),
    (
        "http/server.py",
        1256,
        "test",
        "    with ServerClass(addr, HandlerClass) as httpd:\n         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
    ),
    ("socketserver.py", 456, "__init__", "    self.server_bind()"),
    ("http/server.py", 1303, "server_bind", "    return super().server_bind()\n           ^^^^^^^^^^^^^^^^^^^^^"),
    ("http/server.py", 136, "server_bind", "    socketserver.TCPServer.server_bind(self)"),
    ("socketserver.py", 472, "server_bind", "    self.socket.bind(self.server_address)"),
];

/// The last frames when there can be no socket.
const NO_SOCKET: &[(&str, u32, &str, &str)] = &[
    (
        "socketserver.py",
        452,
        "__init__",
        "    self.socket = socket.socket(self.address_family,\n                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
    ),
    ("socket.py", 232, "__init__", "    _socket.socket.__init__(self, family, type, proto, fileno)"),
];

fn cannot_bind(sys: &mut Sys<'_>, errno: Errno) -> Step {
    say(sys, "Traceback (most recent call last):");
    let family = errno == Errno::EAFNOSUPPORT;
    let frames = if family { FRAMES[..4].iter().chain(NO_SOCKET) } else { FRAMES.iter().chain(&[]) };
    for (file, line, function, source) in frames {
        let file = if file.starts_with('<') { (*file).to_owned() } else { format!("/usr/lib/python3.11/{file}") };
        say(sys, &format!("  File \"{file}\", line {line}, in {function}"));
        if !source.is_empty() {
            say(sys, source);
        }
    }
    let kind = if errno == Errno::EACCES { "PermissionError" } else { "OSError" };
    say(sys, &format!("{kind}: [Errno {}] {}", errno.number(), errno.message()));
    Step::Exit(1)
}

#[derive(Clone)]
struct Server {
    port: u16,
    bind: String,
    folder: String,
    listener: Fd,
    clients: Vec<(Fd, Vec<u8>)>,
    /// What was printed and stays in the buffer because standard output is no terminal.
    greeting: String,
}

impl Server {
    fn answer(&self, sys: &mut Sys<'_>, fd: Fd, request: &Request) {
        let path = request.target.split('?').next().unwrap_or("/");
        let full = format!("{}{}", self.folder.trim_end_matches('/'), crate::world::fs::normalize(path));
        let names = sys.read_dir(&full).ok();
        let index = format!("{full}/index.html");
        let (status, kind, body) = match (sys.read_file(&full), sys.read_file(&index), names) {
            (Ok(bytes), ..) => (200, content_type(&full), bytes.to_vec()),
            (_, Ok(bytes), Some(_)) => (200, "text/html", bytes.to_vec()),
            (.., Some(names)) => {
                let items: String = names.iter().map(|n| format!("<li><a href=\"{n}\">{n}</a></li>\n")).collect();
                let page = format!("<!DOCTYPE HTML>\n<html lang=\"en\">\n<head>\n<title>Directory listing for {path}</title>\n</head>\n<body>\n<h1>Directory listing for {path}</h1>\n<hr>\n<ul>\n{items}</ul>\n<hr>\n</body>\n</html>\n");
                (200, "text/html; charset=utf-8", page.into_bytes())
            }
            _ => (404, "text/html;charset=utf-8", b"<!DOCTYPE HTML>\n<html lang=\"en\">\n<head><title>Error response</title></head>\n<body>\n<h1>Error response</h1>\n<p>Error code: 404</p>\n<p>Message: File not found.</p>\n</body>\n</html>\n".to_vec()),
        };
        let (now, reason) = (sys.now(), if status == 200 { "OK" } else { "File not found" });
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT");
        print(
            sys,
            fd,
            &format!(
                "HTTP/1.0 {status} {reason}\r\nServer: SimpleHTTP/0.6 Python/3.11.2\r\nDate: {date}\r\nContent-type: {kind}\r\nContent-Length: {}\r\n\r\n",
                body.len()
            ),
        );
        if request.method != "HEAD" {
            let _ = sys.write(fd, &body);
        }
        let stamp = now.strftime("%d/%b/%Y %H:%M:%S");
        if status == 404 {
            say(sys, &format!("127.0.0.1 - - [{stamp}] code 404, message File not found"));
        }
        say(sys, &format!("127.0.0.1 - - [{stamp}] \"{} {} HTTP/1.1\" {status} -", request.method, request.target));
    }
}

impl Program for Server {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if sys.take_signal().is_some() {
            let text = format!("{}\nKeyboard interrupt received, exiting.\n", self.greeting);
            print(sys, 1, &text);
            return Step::Exit(0);
        }
        while let Ok(fd) = sys.accept(self.listener) {
            self.clients.push((fd, Vec::new()));
        }
        for (fd, mut input) in std::mem::take(&mut self.clients) {
            let open = loop {
                match sys.read(fd, 65_536) {
                    Ok(bytes) if !bytes.is_empty() => input.extend(bytes),
                    Err(Errno::EAGAIN) => break true,
                    _ => break false,
                }
            };
            match take_request(&mut input) {
                None if open => {
                    self.clients.push((fd, input));
                    continue;
                }
                Some(Some(request)) => self.answer(sys, fd, &request),
                _ => {}
            }
            let _ = sys.close(fd);
        }
        let mut wait = Wait::fd(self.listener);
        wait.fds.extend(self.clients.iter().map(|c| c.0));
        Step::Wait(wait)
    }
}
