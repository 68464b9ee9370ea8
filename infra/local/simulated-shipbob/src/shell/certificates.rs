//! A certificate authority and a server certificate for localhost, made anew at each start. The authority's
//! key is never kept.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// What was made.
pub(super) struct Certificates {
    pub(super) ca_pem: String,
    pub(super) server_pem: String,
    server: CertificateDer<'static>,
    key: Vec<u8>,
}

pub(super) fn make() -> Result<Certificates, rcgen::Error> {
    let mut ca = CertificateParams::new(Vec::new())?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    ca.distinguished_name.push(DnType::CommonName, "Simulated ShipBob CA");
    let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate()?)?;

    let mut server = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    server.distinguished_name.push(DnType::CommonName, "localhost");
    // Strict verifiers want the issuer named by its key.
    server.use_authority_key_identifier_extension = true;
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &ca)?;
    Ok(Certificates {
        ca_pem: ca.pem(),
        server_pem: certificate.pem(),
        server: certificate.der().clone(),
        key: key.serialize_der(),
    })
}

/// HTTP/1.1 only: a dropped connection then is a dropped connection, not one stream of it.
pub(super) fn server_config(certificates: &Certificates) -> Result<rustls::ServerConfig, rustls::Error> {
    let provider = rustls::crypto::ring::default_provider().into();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(certificates.key.clone()));
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificates.server.clone()], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
