//! Where things are: the project, the tools that `make` installs, and the folder of one running stack.

use std::path::{Path, PathBuf};

use crate::StackError;

/// Where a stack finds what it needs and keeps what it makes.
#[derive(Debug, Clone)]
pub struct Options {
    /// The project's root.
    pub root: PathBuf,
    /// The folder of this stack: logs, certificates, addresses. It is emptied at the start.
    pub folder: PathBuf,
    /// Which waits the template is deployed with.
    pub waits: Waits,
}

/// The waits of a deployment: how long the poster may take, how long its messages stay hidden when it vanished,
/// and how long after a lost answer CloudSuite is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// The template's own.
    AsDeployed,
    /// As short as the template allows, for whoever kills processes and wants to see the end of it.
    Short,
}

impl Waits {
    /// The template's parameters.
    pub(crate) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::AsDeployed => &[],
            Self::Short => &["QuietSeconds=5", "PosterSeconds=30", "VisibilitySeconds=40"],
        }
    }
}

impl Options {
    /// A stack of this project in a folder below its root.
    pub fn new(folder: &str) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.ancestors().nth(3).unwrap_or(here).to_path_buf();
        Self { folder: root.join(folder), root, waits: Waits::AsDeployed }
    }

    /// The same with other waits.
    #[must_use]
    pub fn with(self, waits: Waits) -> Self {
        Self { waits, ..self }
    }

    /// Empties the folder.
    pub(crate) fn prepare(&self) -> Result<(), StackError> {
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder).map_err(StackError::file(&self.folder))?;
        }
        std::fs::create_dir_all(&self.folder).map_err(StackError::file(&self.folder))
    }

    /// A tool that `make tools` installs.
    pub(crate) fn tool(&self, path: &str) -> Result<PathBuf, StackError> {
        existing(self.root.join(".tools").join(path))
    }

    /// A program that `make` builds.
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf, StackError> {
        existing(self.root.join("target/debug").join(name))
    }

    /// The log of a part of the stack.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }

    /// A folder for temporary files, inside the checkout so that nothing stays behind elsewhere.
    pub(crate) fn temporary(&self) -> Result<PathBuf, StackError> {
        let path = self.folder.join("tmp");
        std::fs::create_dir_all(&path).map_err(StackError::file(&path))?;
        Ok(path)
    }

    /// The file with the addresses of the running stack.
    pub(crate) fn environment(&self) -> PathBuf {
        self.folder.join("env")
    }

    /// A file of the project.
    pub(crate) fn read(&self, path: &str) -> Result<String, StackError> {
        let path = self.root.join(path);
        std::fs::read_to_string(&path).map_err(StackError::file(path))
    }
}

fn existing(path: PathBuf) -> Result<PathBuf, StackError> {
    if path.is_file() { Ok(path) } else { Err(StackError::Missing { path }) }
}
