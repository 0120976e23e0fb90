//! The declarations that ship with the product, read once: `scenarios/_programs/`.

use std::sync::LazyLock;

use super::ProgramFile;

/// Name and text of every shipped file.
const TEXTS: &[(&str, &str)] = &[
    ("ffmpeg", include_str!("../../../scenarios/_programs/ffmpeg.toml")),
    ("go-binary", include_str!("../../../scenarios/_programs/go-binary.toml")),
    ("laravel", include_str!("../../../scenarios/_programs/laravel.toml")),
    ("node-server", include_str!("../../../scenarios/_programs/node-server.toml")),
    ("python-script", include_str!("../../../scenarios/_programs/python-script.toml")),
    ("sidekiq", include_str!("../../../scenarios/_programs/sidekiq.toml")),
    ("symfony", include_str!("../../../scenarios/_programs/symfony.toml")),
];

static FILES: LazyLock<Vec<ProgramFile>> =
    LazyLock::new(|| TEXTS.iter().filter_map(|(_, text)| toml::from_str(text).ok()).collect());

/// The shipped declarations.
pub fn shipped() -> &'static [ProgramFile] {
    &FILES
}

/// The names of the shipped files.
pub fn shipped_names() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_can_be_read() {
        for (name, text) in TEXTS {
            if let Err(error) = toml::from_str::<ProgramFile>(text) {
                panic!("{name}: {error}");
            }
        }
    }
}
