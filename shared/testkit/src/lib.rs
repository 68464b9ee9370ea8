//! What tests share: the project's own samples under `events/` and, where they are beside the project, the
//! fixtures that nobody here wrote.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// Keeps what is written to it: for tests that read a log. Clones share what they keep.
#[derive(Debug, Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// Everything written so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The project's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The folder of fixtures beside the project, if it is there. Where it is absent, the run says so.
pub fn fixtures() -> Option<PathBuf> {
    let folder = root().parent()?.join("shared/fixtures");
    beside(folder, "fixtures")
}

/// The folder of published facts (field catalogues) beside the project, if it is there.
pub fn facts() -> Option<PathBuf> {
    let folder = root().parent()?.join("shared/facts");
    beside(folder, "facts")
}

fn beside(folder: PathBuf, what: &str) -> Option<PathBuf> {
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("note: no {what} beside the project: only the samples under events/ are tested");
    None
}

/// Every file below a folder whose name ends in `ending`, sorted.
///
/// # Panics
/// If the folder cannot be read.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("cannot read {}: {e}", folder.display()));
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// One sample delivery of `events/`, by its file name.
///
/// # Panics
/// If there is no such file.
pub fn sample(name: &str) -> Vec<u8> {
    let path = root().join("events").join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()))
}
