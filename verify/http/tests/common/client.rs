//! The HTTP client of the tests.

/// It uses no proxy from the environment, and needs no certificates: all servers are local.
pub(crate) fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().expect("a client")
}
