//! A scenario: the machine on which a lesson is lived, as `scenarios/ID/scenario.toml` declares it.

use super::diagnostic::Place;
use super::reader::words;
use crate::lesson::text::Text;
use crate::vps::program_spec::ProgramFile;

words! {
    /// The distributions a machine can start from.
    Base {
        /// Debian 12 with systemd 252 and PHP 8.2: the hardened VPS.
        Debian12 = "debian-12",
        /// The same machine under the names of Ubuntu 24.04, with PHP 8.3.
        Ubuntu2404 = "ubuntu-24.04",
    }
}

/// A machine to begin with.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Stable for ever; also the name of its folder.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// What it starts from.
    pub base: Base,
    /// The clock when the student logs in; the machine booted a little before.
    pub clock: jiff::Timestamp,
    /// The seed of its random numbers.
    pub seed: u64,
    /// Who is logged in.
    pub login: String,
    /// Files written before it boots, in this order.
    pub files: Vec<PutFile>,
    /// Packages that its unattended upgrades will install in the first night.
    pub upgrades: Vec<String>,
    /// Units enabled before it boots.
    pub enabled: Vec<String>,
    /// The applications that it declares beside those that ship with the product: its own, then those of the files that
    /// it names.
    pub programs: Vec<ProgramFile>,
}

/// A file to write before the machine boots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutFile {
    /// Its absolute path; parent folders are made, and belong to the same owner below an existing folder.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Its permission bits.
    pub mode: u32,
    /// `USER:GROUP`.
    pub owner: String,
    /// Where it is declared.
    pub at: Place,
}
