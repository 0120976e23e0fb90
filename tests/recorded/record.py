#!/usr/bin/env python3
"""Play transcripts on a real Debian 12 machine and write down what it answers.

  record.py ssh DESTINATION FILE.transcript...    a machine that ssh reaches as root and as each %login user
  record.py local FILE.transcript...              this machine; must run as root

Only the standard library is needed. The machine is changed by what the transcripts do: take one that may be thrown
away, and reset it between files. The format is told in README.md.
"""
import os, pty, re, select, subprocess, sys, time

MARK = re.compile(r"\x1e(\d+)\x1f")     # the prompt: the last status between two separators of ASCII
SETUP = (" stty -echo; bind 'set enable-bracketed-paste off' 2>/dev/null; export PAGER=cat SYSTEMD_PAGER=cat LANG=C.UTF-8;"
         " PROMPT_COMMAND=; PS2=; PS1='\\036$?\\037'\n")
NOISE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>]|\x1b[()][AB0]")
UNITS = {"ms": 0.001, "s": 1, "min": 60, "h": 3600}


class Machine:
    def __init__(self, destination):
        self.destination = destination       # None: this machine

    def argv(self, user, terminal):
        if self.destination is None:
            return ["su", "-", user] if terminal else ["sh", "-c"]
        host = self.destination.split("@")[-1]
        return ["ssh", "-tt" if terminal else "-T", "-o", "LogLevel=ERROR", f"{user}@{host}"]

    def root(self, command, text=""):
        """Runs a command as root, silently."""
        return subprocess.run(self.argv("root", False) + [command], input=text, capture_output=True, text=True).stdout

    def reboot(self):
        if self.destination is None:
            sys.exit("%reboot needs `record.py ssh`")
        before = self.root("cat /proc/sys/kernel/random/boot_id")
        self.root("systemctl reboot")
        while self.root("cat /proc/sys/kernel/random/boot_id") in ("", before):
            time.sleep(2)
        self.root("systemctl is-system-running --wait")


class Terminal:
    """A login shell behind a pseudo-terminal of 120 columns and 50 rows."""

    def __init__(self, machine, user):
        argv = machine.argv(user, True)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(argv[0], argv)
        subprocess.run(["stty", "cols", "120", "rows", "50"], stdin=self.fd, check=False)
        self.buffer = ""
        self.until(re.compile(r"[$#] $"))
        os.write(self.fd, SETUP.encode())
        self.until(MARK)

    def until(self, pattern, limit=120.0):
        """Reads up to a match; its status is None when the terminal closed."""
        end = time.monotonic() + limit
        while not (found := pattern.search(self.buffer)):
            ready, _, _ = select.select([self.fd], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise TimeoutError(f"no prompt after {limit} s: {self.buffer[-200:]!r}")
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                out, self.buffer = self.buffer, ""
                return out, None
            self.buffer += data.decode(errors="replace")
        out, self.buffer = self.buffer[:found.start()], self.buffer[found.end():]
        return out, (found.group(1) if found.groups() else "")

    def run(self, lines, interrupt):
        for line in lines:
            os.write(self.fd, (line + "\n").encode())
        if interrupt is not None:
            time.sleep(interrupt)
            os.write(self.fd, b"\x03")
        out, status = self.until(MARK)
        while status is not None:            # news of jobs bring further prompts
            try:
                more, status = self.until(MARK, 0.4)
                out += more
            except TimeoutError:
                break
        return out, status

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def seconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(ms|s|min|h)?", text).groups()
    return float(number) * UNITS[unit or "s"]


def lines_of(output):
    text = NOISE.sub("", output).replace("\r\n", "\n").replace("\r", "")
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return [f"| {line}".rstrip() for line in lines]


def record(machine, path):
    source = open(path).read().rstrip("\n").split("\n")
    result, terminal, interrupt, at = [], None, None, 0
    while at < len(source):
        line = source[at]
        at += 1
        if line[:1] in ("|", "?"):           # what an earlier recording answered
            continue
        result.append(line)
        word, _, rest = line.partition(" ")
        following = []
        while at < len(source) and source[at][:1] == {"%put": "+", "$": ">"}.get(word, "\0"):
            following.append(source[at][2:])
            result.append(source[at])
            at += 1
        if word == "%put":
            name, mode, owner = (rest.split() + ["0644", "root:root"][len(rest.split()) - 1:])[:3]
            command = f"mkdir -p $(dirname {name}); cat > {name}; chmod {mode} {name}; chown {owner} {name}"
            machine.root(command, "".join(f"{text}\n" for text in following))
        elif word == "%root":
            machine.root(rest)
        elif word in ("%login", "%drop", "%reboot"):
            if terminal:
                terminal.close()
                terminal = None
            if word == "%login":
                terminal = Terminal(machine, rest)
            elif word == "%reboot":
                machine.reboot()
        elif word == "%wait":
            time.sleep(seconds(rest))
        elif word == "%interrupt":
            interrupt = seconds(rest)
        elif word == "$":
            if terminal is None:
                sys.exit(f"{path}: `{rest}` is typed, but no terminal is open")
            output, status = terminal.run([rest, *following], interrupt)
            interrupt = None
            result += lines_of(output)
            result.append("? closed" if status is None else f"? {status}")
            if status is None:
                terminal = None
    if terminal:
        terminal.close()
    with open(path, "w") as file:
        file.write("\n".join(result) + "\n")


def main():
    match sys.argv[1:]:
        case ["ssh", destination, *files] if files:
            machine = Machine(destination)
        case ["local", *files] if files:
            machine = Machine(None)
        case _:
            sys.exit(__doc__)
    for path in files:
        record(machine, path)
        print(f"{path}: recorded", flush=True)


if __name__ == "__main__":
    main()
