//! The thin shell: HTTPS on one side, the core on the other, and webhooks going out. It alone knows the clock and the
//! connections.

mod certificates;
mod deliver;
mod service;

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio::task::JoinHandle;

use crate::simulator::SimulatedShipBob;

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
    /// A certificate that webhook addresses are to be trusted by cannot be read.
    #[error("webhooks cannot be sent, the trusted certificates are not usable: {0}")]
    Deliverer(#[from] reqwest::Error),
}

/// How webhooks go out.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Certificate authorities (PEM) that the addresses of webhooks are trusted by; none: the addresses of the simulation's
    /// own authority alone.
    pub trusted: Vec<String>,
}

/// A simulation that is served over HTTPS; dropping it ends it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    ca_pem: String,
    server_pem: String,
    simulator: Arc<Mutex<SimulatedShipBob>>,
    handle: Handle<SocketAddr>,
    server: JoinHandle<std::io::Result<()>>,
    deliverer: JoinHandle<()>,
}

/// Serves a simulation over HTTPS on a listener of a loopback address, and delivers its webhooks.
///
/// # Errors
/// The certificates cannot be made or read, or the listener cannot be used.
pub async fn serve(
    listener: TcpListener,
    simulator: SimulatedShipBob,
    options: &Options,
) -> Result<Running, ServeError> {
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let certificates = certificates::make()?;
    let tls = RustlsConfig::from_config(Arc::new(certificates::server_config(&certificates)?));
    let client = deliver::client(&certificates.ca_pem, options, &simulator.settings.delivery)?;
    let simulator = Arc::new(Mutex::new(simulator));
    let handle = Handle::new();
    let server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle.clone());
    let server = tokio::spawn(server.serve(service::make(Arc::clone(&simulator))));
    let deliverer = tokio::spawn(deliver::run(Arc::clone(&simulator), client));
    handle.listening().await;
    let (ca_pem, server_pem) = (certificates.ca_pem, certificates.server_pem);
    Ok(Running { address, ca_pem, server_pem, simulator, handle, server, deliverer })
}

/// Serves a simulation on any free port of 127.0.0.1.
///
/// # Errors
/// As [`serve`].
pub async fn serve_anywhere(simulator: SimulatedShipBob, options: &Options) -> Result<Running, ServeError> {
    serve(TcpListener::bind("127.0.0.1:0")?, simulator, options).await
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

    /// The simulation itself, to change or read something. Requests wait as long as this is held.
    pub fn simulator(&self) -> MutexGuard<'_, SimulatedShipBob> {
        self.simulator.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends it: open connections get two seconds; deliveries under way are dropped.
    pub async fn stop(mut self) {
        self.deliverer.abort();
        self.handle.graceful_shutdown(Some(std::time::Duration::from_secs(2)));
        // Whether the accept loop ended well does not matter any more.
        let _ = (&mut self.server).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.shutdown();
        self.server.abort();
        self.deliverer.abort();
    }
}
