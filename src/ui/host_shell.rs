//! What the host's shell and man(1) want to know of `concierge`: completions and the manual page, both from the one
//! declaration of its arguments.

use std::error::Error;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Args;
use super::screen;

/// Prints the completions for a shell.
pub fn completions(shell: Shell) -> Result<ExitCode, Box<dyn Error>> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "concierge", &mut bytes);
    screen::put(&String::from_utf8_lossy(&bytes));
    Ok(ExitCode::SUCCESS)
}

/// Prints the manual page.
pub fn manual() -> Result<ExitCode, Box<dyn Error>> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut bytes)?;
    screen::put(&String::from_utf8_lossy(&bytes));
    Ok(ExitCode::SUCCESS)
}
