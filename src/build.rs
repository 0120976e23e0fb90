//! Build script: lists `lessons/` and `scenarios/` as one sorted table of files that the binary carries.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a build script reads the package's own files")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo names the package's folder");
    let out = env::var("OUT_DIR").expect("cargo names the output folder");
    let mut files = Vec::new();
    for top in ["lessons", "scenarios"] {
        println!("cargo::rerun-if-changed={top}");
        collect(&Path::new(&root).join(top), top, &mut files);
    }
    files.sort();
    let mut table = String::from("/// Path and text of every file of the course, sorted by path.\n");
    table.push_str("static EMBEDDED: &[(&str, &str)] = &[\n");
    for name in files {
        let path = Path::new(&root).join(&name);
        writeln!(table, "    ({name:?}, include_str!({path:?})),").expect("a string takes any text");
    }
    table.push_str("];\n");
    fs::write(Path::new(&out).join("embedded_course.rs"), table).expect("the output folder is writable");
}

fn collect(dir: &Path, name: &str, files: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let child = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &child, files);
        } else {
            files.push(child);
        }
    }
}
