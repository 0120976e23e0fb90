//! `concierge replay`: transcripts in, transcripts with the simulator's answers out.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::shell::transcript::{Transcript, play};
use crate::shell::{TRANSCRIPT_CLOCK, baseline};

/// Plays each file on a fresh copy of the baseline machine.
pub fn replay(files: &[PathBuf], out: Option<&Path>) -> Result<ExitCode, Box<dyn Error>> {
    if let Some(folder) = out {
        fs::create_dir_all(folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))?;
    }
    let machine = baseline(TRANSCRIPT_CLOCK, 1);
    for path in files {
        let text = fs::read(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
        let transcript =
            Transcript::parse(&String::from_utf8_lossy(&text)).map_err(|e| format!("{}: {e}", path.display()))?;
        let played = play(&transcript, &mut machine.clone()).to_string();
        match (out, path.file_name()) {
            (Some(folder), Some(name)) => {
                let target = folder.join(name);
                fs::write(&target, played).map_err(|e| format!("cannot write {}: {e}", target.display()))?;
            }
            _ => super::screen::put(&played),
        }
    }
    Ok(ExitCode::SUCCESS)
}
