//! The tests' own HTTP client.

/// It asks no proxy, whatever the environment says, and needs no certificates: all
/// servers are here.
pub(crate) fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().expect("a client")
}
