//! Files of the baseline outside `/usr`: configuration, accounts, homes, the application. hier(7).

/// A file: path, contents, mode, owner (uid, gid).
pub type BaseFile = (&'static str, &'static str, u16, (u32, u32));

const ROOT: (u32, u32) = (0, 0);
const DEPLOY: (u32, u32) = (1000, 1000);

/// Regular files.
pub const FILES: &[BaseFile] = &[
    ("/etc/passwd", include_str!("files/passwd"), 0o644, ROOT),
    ("/etc/group", include_str!("files/group"), 0o644, ROOT),
    ("/etc/shadow", "root:*:20000:0:99999:7:::\ndeploy:!:20000:0:99999:7:::\n", 0o640, (0, 42)),
    ("/etc/hostname", "vps\n", 0o644, ROOT),
    ("/etc/hosts", "127.0.0.1 localhost vps\n", 0o644, ROOT),
    ("/etc/machine-id", "5a0f3c1e9b7d4a628c15e07b39d2f468\n", 0o444, ROOT),
    ("/etc/fstab", "/dev/vda / ext4 errors=remount-ro 0 1\n", 0o644, ROOT),
    ("/etc/debian_version", "12.12\n", 0o644, ROOT),
    ("/usr/lib/os-release", include_str!("files/os-release"), 0o644, ROOT),
    ("/etc/issue", "Debian GNU/Linux 12 \\n \\l\n", 0o644, ROOT),
    ("/etc/shells", "/bin/sh\n/bin/bash\n/usr/bin/bash\n", 0o644, ROOT),
    ("/etc/environment", "", 0o644, ROOT),
    ("/etc/profile", include_str!("files/etc_profile"), 0o644, ROOT),
    ("/etc/bash.bashrc", include_str!("files/bash.bashrc"), 0o644, ROOT),
    ("/etc/sudoers", include_str!("files/sudoers"), 0o440, ROOT),
    ("/etc/sudoers.d/deploy", "deploy ALL=(ALL) NOPASSWD:ALL\n", 0o440, ROOT),
    ("/etc/crontab", include_str!("files/crontab"), 0o644, ROOT),
    ("/etc/default/cron", "EXTRA_OPTS=\"\"\n", 0o644, ROOT),
    ("/etc/default/ssh", "SSHD_OPTS=\n", 0o644, ROOT),
    ("/etc/ssh/sshd_config", include_str!("files/sshd_config"), 0o644, ROOT),
    ("/etc/nginx/nginx.conf", include_str!("files/nginx.conf"), 0o644, ROOT),
    ("/etc/nginx/sites-available/default", include_str!("files/nginx-default"), 0o644, ROOT),
    ("/var/www/html/index.html", include_str!("files/index.html"), 0o644, ROOT),
    ("/etc/redis/redis.conf", include_str!("files/redis.conf"), 0o640, (102, 103)),
    ("/etc/supervisor/supervisord.conf", include_str!("files/supervisord.conf"), 0o644, ROOT),
    ("/etc/fail2ban/jail.d/defaults.conf", "[sshd]\nenabled = true\nbackend = systemd\n", 0o644, ROOT),
    ("/etc/motd", "This machine is a simulation: break it as often as you like.\n", 0o644, ROOT),
    ("/etc/security/limits.conf", "# limits of sessions: limits.conf(5)\n", 0o644, ROOT),
    ("/root/.bashrc", include_str!("files/root_bashrc"), 0o644, ROOT),
    ("/root/.profile", include_str!("files/profile"), 0o644, ROOT),
    ("/root/.ssh/authorized_keys", "ssh-ed25519 AAAA student\n", 0o600, ROOT),
    ("/home/deploy/.bashrc", include_str!("files/bashrc"), 0o644, DEPLOY),
    ("/home/deploy/.profile", include_str!("files/profile"), 0o644, DEPLOY),
    ("/home/deploy/.ssh/authorized_keys", "ssh-ed25519 AAAA student\n", 0o600, DEPLOY),
    ("/opt/app/bin/console", include_str!("files/console"), 0o755, DEPLOY),
];

/// Folders with a mode or an owner of their own; those above are 0755 root.
pub const FOLDERS: &[(&str, u16, (u32, u32))] = &[
    ("/boot", 0o755, ROOT),
    ("/dev/pts", 0o755, ROOT),
    ("/dev/shm", 0o1777, ROOT),
    ("/dev/mqueue", 0o1777, ROOT),
    ("/dev/hugepages", 0o755, ROOT),
    ("/etc/cron.d", 0o755, ROOT),
    ("/etc/nginx/conf.d", 0o755, ROOT),
    ("/etc/nginx/sites-enabled", 0o755, ROOT),
    ("/etc/supervisor/conf.d", 0o755, ROOT),
    ("/etc/systemd/user", 0o755, ROOT),
    ("/home/deploy", 0o755, DEPLOY),
    ("/home/deploy/.ssh", 0o700, DEPLOY),
    ("/lost+found", 0o700, ROOT),
    ("/media", 0o755, ROOT),
    ("/mnt", 0o755, ROOT),
    ("/opt/app", 0o755, DEPLOY),
    ("/opt/app/bin", 0o755, DEPLOY),
    ("/proc", 0o555, ROOT),
    ("/root", 0o700, ROOT),
    ("/root/.ssh", 0o700, ROOT),
    ("/srv", 0o755, ROOT),
    ("/sys", 0o555, ROOT),
    ("/sys/fs/cgroup", 0o555, ROOT),
    ("/tmp", 0o1777, ROOT),
    ("/usr/lib/systemd/user", 0o755, ROOT),
    ("/usr/local/bin", 0o755, ROOT),
    ("/usr/local/sbin", 0o755, ROOT),
    ("/usr/share/doc", 0o755, ROOT),
    ("/var/cache", 0o755, ROOT),
    ("/var/lib/redis", 0o750, (102, 103)),
    ("/var/lib/systemd/linger", 0o755, ROOT),
    ("/var/log/journal", 0o2755, (0, 999)),
    ("/var/log/nginx", 0o755, (33, 4)),
    ("/var/log/redis", 0o2750, (102, 4)),
    ("/var/log/supervisor", 0o755, ROOT),
    ("/var/mail", 0o2775, (0, 8)),
    ("/var/spool/cron/crontabs", 0o1730, (0, 101)),
    ("/var/tmp", 0o1777, ROOT),
    ("/var/www/app", 0o755, ROOT),
];

/// Symbolic links: path and what it holds.
pub const LINKS: &[(&str, &str)] = &[
    ("/etc/os-release", "../usr/lib/os-release"),
    ("/etc/nginx/sites-enabled/default", "/etc/nginx/sites-available/default"),
    ("/etc/alternatives/editor", "/usr/bin/vim.tiny"),
    ("/etc/alternatives/ex", "/usr/bin/vim.tiny"),
    ("/etc/alternatives/pager", "/usr/bin/less"),
    ("/etc/alternatives/php", "/usr/bin/php8.2"),
    ("/etc/alternatives/vi", "/usr/bin/vim.tiny"),
    ("/etc/alternatives/view", "/usr/bin/vim.tiny"),
    ("/usr/bin/editor", "/etc/alternatives/editor"),
    ("/usr/bin/ex", "/etc/alternatives/ex"),
    ("/usr/bin/pager", "/etc/alternatives/pager"),
    ("/usr/bin/sudoedit", "sudo"),
    ("/usr/bin/vi", "/etc/alternatives/vi"),
    ("/usr/bin/view", "/etc/alternatives/view"),
    ("/usr/bin/php", "/etc/alternatives/php"),
    ("/usr/bin/sh", "dash"),
    ("/var/run", "/run"),
    ("/var/lock", "/run/lock"),
    ("/etc/mtab", "../proc/self/mounts"),
];

/// Services that still have a script in `/etc/init.d`: systemctl says that it keeps the two in step.
pub const INIT_SCRIPTS: &[&str] = &["cron", "dbus", "fail2ban", "nginx", "redis-server", "ssh", "supervisor", "ufw"];

/// The text of such a script.
pub const INIT_SCRIPT: &str = include_str!("files/init-script");
