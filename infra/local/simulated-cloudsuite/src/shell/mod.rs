//! The thin shell: HTTPS on one side, the core on the other. It alone knows the clock and the connections.

mod certificates;
mod service;

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, MutexGuard, PoisonError};

use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio::task::JoinHandle;

use crate::simulator::SimulatedCloudSuite;
use service::Shared;

/// Why the simulation could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The certificates could not be made.
    #[error("the certificates could not be made: {0}")]
    Certificates(#[from] rcgen::Error),
    /// The certificates were made but TLS refuses them.
    #[error("TLS could not be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The listener cannot be used.
    #[error("the listener cannot be used: {0}")]
    Listener(#[from] std::io::Error),
}

/// A simulation that is served over HTTPS; dropping it ends it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    ca_pem: String,
    server_pem: String,
    ionapi_json: String,
    shared: Arc<Shared>,
    handle: Handle<SocketAddr>,
    task: JoinHandle<std::io::Result<()>>,
}

/// Serves a simulation over HTTPS on a listener of a loopback address.
///
/// # Errors
/// The certificates cannot be made, or the listener cannot be used.
pub async fn serve(listener: TcpListener, simulator: SimulatedCloudSuite) -> Result<Running, ServeError> {
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let certificates = certificates::make()?;
    let tls = RustlsConfig::from_config(Arc::new(certificates::server_config(&certificates)?));
    let ionapi_json = simulator.credentials().ionapi_json(&format!("https://localhost:{}", address.port()));
    let shared = Arc::new(Shared::new(simulator));
    let handle = Handle::new();
    let server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle.clone());
    let task = tokio::spawn(server.serve(service::make(Arc::clone(&shared))));
    handle.listening().await;
    let (ca_pem, server_pem) = (certificates.ca_pem, certificates.server_pem);
    Ok(Running { address, ca_pem, server_pem, ionapi_json, shared, handle, task })
}

/// Serves a simulation on any free port of 127.0.0.1.
///
/// # Errors
/// As [`serve`].
pub async fn serve_anywhere(simulator: SimulatedCloudSuite) -> Result<Running, ServeError> {
    serve(TcpListener::bind("127.0.0.1:0")?, simulator).await
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base address, by the name that its certificate carries.
    pub fn base(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// The certificate authority to trust, PEM.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The server's own certificate, PEM.
    pub fn server_pem(&self) -> &str {
        &self.server_pem
    }

    /// A `.ionapi` file for it (password grant).
    pub fn ionapi_json(&self) -> &str {
        &self.ionapi_json
    }

    /// The simulation itself, to set, break or read something. Requests wait as long as this is held.
    pub fn simulator(&self) -> MutexGuard<'_, SimulatedCloudSuite> {
        self.shared.simulator.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends it: open connections get two seconds.
    pub async fn stop(mut self) {
        self.handle.graceful_shutdown(Some(std::time::Duration::from_secs(2)));
        // Whether the accept loop ended well does not matter any more.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.shutdown();
        self.task.abort();
    }
}
