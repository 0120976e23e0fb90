//! Which systemd this is: the version of the reference machine. Whoever names it asks here.

/// The version of Debian's package.
pub const PACKAGE_VERSION: &str = "252.39-1~deb12u2";
/// What follows `systemd` in the answer to `--version`.
pub const VERSION: &str = "252 (252.39-1~deb12u2)";
/// What it was built with.
pub const FEATURES: &str = "+PAM +AUDIT +SELINUX +APPARMOR +IMA +SMACK +SECCOMP +GCRYPT -GNUTLS +OPENSSL +ACL +BLKID \
    +CURL +ELFUTILS +FIDO2 +IDN2 -IDN +IPTC +KMOD +LIBCRYPTSETUP +LIBFDISK +PCRE2 -PWQUALITY +P11KIT +QRENCODE +TPM2 \
    +BZIP2 +LZ4 +XZ +ZLIB +ZSTD -BPF_FRAMEWORK -XKBCOMMON +UTMP +SYSVINIT default-hierarchy=unified";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_names_the_package() {
        assert_eq!(VERSION, format!("252 ({PACKAGE_VERSION})"));
    }
}
