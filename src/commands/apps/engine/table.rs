//! The table of jobs that failed too often. A real application keeps it in its database; here it is a file of rows below
//! the application's folder, with the same owner and the same trouble when it may not be written.

use crate::commands::process::launch::print;
use crate::world::{Errno, OpenFlags, Sys};

/// A job that failed too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number, counted from 1.
    pub id: u64,
    /// Its own id.
    pub job_id: String,
    /// The queue that it came from.
    pub queue: String,
    /// When it failed for the last time: `YYYY-MM-DD HH:MM:SS`.
    pub failed_at: String,
    /// Why.
    pub error: String,
    /// The job's text.
    pub job: String,
}

const HEAD: &str = "failed jobs, next id ";

/// All rows, and the id of the next one. A file that is not there has none.
pub fn read(sys: &mut Sys<'_>, path: &str) -> (Vec<Row>, u64) {
    let bytes = sys.read_file(path).map(|bytes| bytes.to_vec()).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines();
    let next = lines.next().and_then(|line| line.strip_prefix(HEAD)?.parse().ok()).unwrap_or(1);
    let row = |line: &str| {
        let mut fields = line.splitn(6, '\t').map(str::to_owned);
        Some(Row {
            id: fields.next()?.parse().ok()?,
            job_id: fields.next()?,
            queue: fields.next()?,
            failed_at: fields.next()?,
            error: fields.next()?,
            job: fields.next()?,
        })
    };
    (lines.filter_map(row).collect(), next)
}

/// Writes all rows. Errors: EACCES and such.
pub fn write(sys: &mut Sys<'_>, path: &str, rows: &[Row], next: u64) -> Result<(), Errno> {
    let plain = |text: &str| text.replace(['\t', '\n'], " ");
    let mut text = format!("{HEAD}{next}\n");
    for row in rows {
        let fields = [&row.job_id, &row.queue, &row.failed_at, &row.error, &row.job].map(|field| plain(field));
        text.push_str(&format!("{}\t{}\n", row.id, fields.join("\t")));
    }
    make_folders(sys, path);
    let fd = sys.open(path, OpenFlags::WRITE, 0o644)?;
    print(sys, fd, &text);
    sys.close(fd)
}

/// Makes the folders above a file, as far as the process may.
pub fn make_folders(sys: &mut Sys<'_>, path: &str) {
    let ends: Vec<usize> = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0).collect();
    for at in ends {
        if sys.stat(&path[..at]).is_err() {
            let _ = sys.mkdir(&path[..at], 0o775);
        }
    }
}

/// Adds a row. Errors: as for [`write`].
pub fn add(sys: &mut Sys<'_>, path: &str, mut row: Row) -> Result<(), Errno> {
    let (mut rows, next) = read(sys, path);
    row.id = next;
    rows.push(row);
    write(sys, path, &rows, next + 1)
}
