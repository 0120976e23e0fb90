//! The packages that this machine knows: which are there from the start, and what the others bring. Descriptions are ours.

/// A package.
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// `amd64`, or `all`.
    pub arch: &'static str,
    /// What it is, in a line of our own.
    pub about: &'static str,
    /// Whether the baseline has it.
    pub preinstalled: bool,
    /// Its files, without the folders above them.
    pub files: &'static [&'static str],
    /// What it needs besides.
    pub depends: &'static [&'static str],
    /// The units that its installation enables and starts.
    pub units: &'static [&'static str],
}

const fn base(
    name: &'static str,
    version: &'static str,
    arch: &'static str,
    about: &'static str,
    files: &'static [&'static str],
) -> Package {
    Package { name, version, arch, about, preinstalled: true, files, depends: &[], units: &[] }
}

const fn more(
    name: &'static str,
    version: &'static str,
    arch: &'static str,
    about: &'static str,
    files: &'static [&'static str],
    depends: &'static [&'static str],
) -> Package {
    Package { name, version, arch, about, preinstalled: false, files, depends, units: &[] }
}

const fn service(package: Package, units: &'static [&'static str]) -> Package {
    Package { units, ..package }
}

/// Every package, by name.
pub const PACKAGES: &[Package] = &[
    base(
        "apt",
        "2.6.1",
        "amd64",
        "package manager",
        &[
            "/usr/bin/apt",
            "/usr/bin/apt-get",
            "/usr/bin/apt-cache",
            "/lib/systemd/system/apt-daily.service",
            "/lib/systemd/system/apt-daily.timer",
        ],
    ),
    base("bash", "5.2.15-2+b9", "amd64", "the shell", &["/bin/bash", "/etc/bash.bashrc"]),
    more("binutils", "2.40-2", "amd64", "looks into program files", &["/usr/bin/strings"], &[]),
    more("build-essential", "12.9", "amd64", "what is needed to compile programs", &[], &[]),
    base(
        "coreutils",
        "9.1-1",
        "amd64",
        "basic commands",
        &["/bin/ls", "/bin/cat", "/usr/bin/nohup", "/usr/bin/timeout"],
    ),
    service(
        base(
            "cron",
            "3.0pl1-162",
            "amd64",
            "runs commands at their time",
            &[
                "/usr/sbin/cron",
                "/usr/bin/crontab",
                "/lib/systemd/system/cron.service",
                "/etc/init.d/cron",
                "/etc/crontab",
            ],
        ),
        &["cron.service"],
    ),
    service(
        more(
            "containerd.io",
            "1.7.25-1",
            "amd64",
            "runs containers for docker",
            &["/usr/bin/containerd", "/usr/bin/containerd-shim-runc-v2", "/lib/systemd/system/containerd.service"],
            &[],
        ),
        &["containerd.service"],
    ),
    base("curl", "7.88.1-10+deb12u14", "amd64", "asks servers by URL", &["/usr/bin/curl"]),
    base(
        "dbus",
        "1.14.10-1~deb12u1",
        "amd64",
        "message bus",
        &["/usr/bin/dbus-daemon", "/lib/systemd/system/dbus.service", "/lib/systemd/system/dbus.socket"],
    ),
    service(
        more(
            "docker-ce",
            "5:27.5.1-1~debian.12~bookworm",
            "amd64",
            "keeps containers",
            &["/usr/bin/dockerd", "/usr/bin/docker-proxy", "/lib/systemd/system/docker.service"],
            &["containerd.io", "docker-ce-cli", "docker-compose-plugin"],
        ),
        &["docker.service"],
    ),
    more(
        "docker-ce-cli",
        "5:27.5.1-1~debian.12~bookworm",
        "amd64",
        "asks the docker daemon",
        &["/usr/bin/docker"],
        &["docker-compose-plugin"],
    ),
    more(
        "docker-compose-plugin",
        "2.32.4-1~debian.12~bookworm",
        "amd64",
        "runs the containers of a project together",
        &["/usr/libexec/docker/cli-plugins/docker-compose"],
        &[],
    ),
    base(
        "dpkg",
        "1.21.22",
        "amd64",
        "package files and their database",
        &["/usr/bin/dpkg", "/usr/bin/dpkg-query", "/sbin/start-stop-daemon"],
    ),
    service(
        base(
            "fail2ban",
            "1.0.2-2",
            "all",
            "locks out who guesses passwords",
            &["/usr/bin/fail2ban-client", "/usr/bin/fail2ban-server", "/lib/systemd/system/fail2ban.service"],
        ),
        &["fail2ban.service"],
    ),
    more(
        "ffmpeg",
        "7:5.1.7-0+deb12u1",
        "amd64",
        "converts sound and film",
        &["/usr/bin/ffmpeg", "/usr/bin/ffprobe"],
        &[],
    ),
    more("git", "1:2.39.5-0+deb12u2", "amd64", "versions of source code", &["/usr/bin/git"], &[]),
    more("htop", "3.2.2-2", "amd64", "processes at a glance", &["/usr/bin/htop"], &[]),
    base("iproute2", "6.1.0-3", "amd64", "addresses, routes and sockets", &["/bin/ip", "/bin/ss"]),
    more("iputils-ping", "3:20221126-1+deb12u1", "amd64", "asks whether a host answers", &["/usr/bin/ping"], &[]),
    base("less", "590-2.1~deb12u2", "amd64", "pages through text", &["/usr/bin/less"]),
    base("lsof", "4.95.0-1", "amd64", "lists open files", &["/usr/bin/lsof"]),
    more("man-db", "2.11.2-2", "amd64", "shows manual pages", &["/usr/bin/man"], &[]),
    more("nano", "7.2-1+deb12u1", "amd64", "small editor", &["/usr/bin/nano"], &[]),
    more("ncat", "7.93+dfsg1-1", "amd64", "connections by hand", &["/usr/bin/ncat"], &[]),
    base("net-tools", "2.10-0.1+deb12u2", "amd64", "the older network tools", &["/bin/netstat"]),
    more("netcat-openbsd", "1.219-1", "amd64", "connections by hand", &["/usr/bin/nc"], &[]),
    service(
        base(
            "nginx-light",
            "1.22.1-9+deb12u2",
            "amd64",
            "web server",
            &["/usr/sbin/nginx", "/etc/nginx/nginx.conf", "/lib/systemd/system/nginx.service"],
        ),
        &["nginx.service"],
    ),
    more("nodejs", "18.20.4+dfsg-1~deb12u1", "amd64", "runs JavaScript outside browsers", &["/usr/bin/node"], &[]),
    more("npm", "9.2.0~ds1-1", "all", "packages for Node", &["/usr/bin/npm"], &["nodejs"]),
    base("openssh-client", "1:9.2p1-2+deb12u7", "amd64", "secure shell, the calling end", &["/usr/bin/ssh"]),
    service(
        base(
            "openssh-server",
            "1:9.2p1-2+deb12u7",
            "amd64",
            "secure shell, the answering end",
            &[
                "/usr/sbin/sshd",
                "/etc/ssh/sshd_config",
                "/lib/systemd/system/ssh.service",
                "/lib/systemd/system/ssh.socket",
            ],
        ),
        &["ssh.service"],
    ),
    base("php-common", "2:93", "all", "what the versions of PHP share", &[]),
    base("php8.2-cli", "8.2.29-1~deb12u1", "amd64", "PHP at the command line", &["/usr/bin/php8.2"]),
    base("php8.2-redis", "5.3.7+4.3.0-3", "amd64", "redis for PHP", &[]),
    base(
        "polkitd",
        "122-3",
        "amd64",
        "who may do what",
        &["/usr/lib/polkit-1/polkitd", "/lib/systemd/system/polkit.service"],
    ),
    base(
        "procps",
        "2:4.0.2-3",
        "amd64",
        "looks at processes",
        &[
            "/bin/ps",
            "/bin/kill",
            "/usr/bin/pgrep",
            "/usr/bin/pkill",
            "/usr/bin/top",
            "/usr/bin/free",
            "/usr/bin/uptime",
            "/usr/bin/watch",
        ],
    ),
    base(
        "psmisc",
        "23.6-1",
        "amd64",
        "more tools for processes",
        &["/usr/bin/killall", "/bin/fuser", "/usr/bin/pstree"],
    ),
    base("python3", "3.11.2-1+b1", "amd64", "runs Python", &["/usr/bin/python3"]),
    service(
        base(
            "redis-server",
            "5:7.0.15-1~deb12u5",
            "amd64",
            "keeps keys, lists and streams in memory",
            &[
                "/usr/bin/redis-server",
                "/etc/redis/redis.conf",
                "/lib/systemd/system/redis-server.service",
                "/etc/init.d/redis-server",
            ],
        ),
        &["redis-server.service"],
    ),
    base("redis-tools", "5:7.0.15-1~deb12u5", "amd64", "asks redis", &["/usr/bin/redis-cli"]),
    more("ruby", "1:3.1", "amd64", "an interpreter", &[], &[]),
    more(
        "ruby-bundler",
        "2.3.15-2",
        "all",
        "runs programs with the gems of an application",
        &["/usr/bin/bundle"],
        &["ruby"],
    ),
    more("ruby-sidekiq", "6.4.1+dfsg-1", "all", "works on jobs in the background", &["/usr/bin/sidekiq"], &["ruby"]),
    more("screen", "4.9.0-4", "amd64", "terminals that outlive the connection", &["/usr/bin/screen"], &[]),
    base("strace", "6.1-0.1", "amd64", "shows system calls", &["/usr/bin/strace"]),
    base("sudo", "1.9.13p3-1+deb12u2", "amd64", "runs commands with other rights", &["/usr/bin/sudo", "/etc/sudoers"]),
    service(
        base(
            "supervisor",
            "4.2.5-1",
            "all",
            "starts programs and keeps them alive",
            &[
                "/usr/bin/supervisord",
                "/usr/bin/supervisorctl",
                "/etc/supervisor/supervisord.conf",
                "/lib/systemd/system/supervisor.service",
                "/etc/init.d/supervisor",
            ],
        ),
        &["supervisor.service"],
    ),
    more("sysstat", "12.6.1-1", "amd64", "figures of the past", &["/usr/bin/iostat"], &[]),
    base(
        "systemd",
        crate::systemd::version::PACKAGE_VERSION,
        "amd64",
        "system and service manager",
        &[
            "/lib/systemd/systemd",
            "/bin/systemctl",
            "/bin/journalctl",
            "/bin/loginctl",
            "/lib/systemd/system/multi-user.target",
        ],
    ),
    more("time", "1.9-0.2", "amd64", "measures what a command uses", &["/usr/bin/time"], &[]),
    more("tmux", "3.3a-3", "amd64", "terminals in a terminal", &["/usr/bin/tmux"], &[]),
    base(
        "ufw",
        "0.36.2-1",
        "all",
        "a firewall in plain words",
        &["/usr/sbin/ufw", "/lib/systemd/system/ufw.service", "/lib/ufw/ufw-init"],
    ),
    more(
        "unattended-upgrades",
        "2.9.1+nmu3",
        "all",
        "installs security updates by itself",
        &["/usr/bin/unattended-upgrade"],
        &[],
    ),
    more("vim", "2:9.0.1378-2+deb12u2", "amd64", "editor", &["/usr/bin/vim"], &[]),
    base("vim-tiny", "2:9.0.1378-2+deb12u2", "amd64", "editor, the small version", &["/usr/bin/vi"]),
    more("wget", "1.21.3-1+deb12u1", "amd64", "fetches files by URL", &["/usr/bin/wget"], &[]),
    more("xxd", "2:9.0.1378-2+deb12u2", "amd64", "bytes in hexadecimal and back", &["/usr/bin/xxd"], &[]),
];

/// A package by name; `php` and the like stand for what they bring.
pub fn find(name: &str) -> Option<&'static Package> {
    let name = match name.split(':').next().unwrap_or(name) {
        "php-cli" | "php" => "php8.2-cli",
        "redis" => "redis-server",
        "nginx" => "nginx-light",
        other => other,
    };
    PACKAGES.iter().find(|p| p.name == name)
}

/// Units that packages bring which are not there from the start: path and text.
pub const UNITS: &[(&str, &str)] = &[
    ("/lib/systemd/system/containerd.service", include_str!("units/containerd.service")),
    ("/lib/systemd/system/docker.service", include_str!("units/docker.service")),
];

/// Groups that packages make: the package, and the group's line.
pub const GROUPS: &[(&str, &str)] = &[("docker-ce", "docker:x:998:\n")];
