//! Connections from clients.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::forward::Proxy;
use crate::held::{Told, Unwritten};

/// Takes connections for good, each in a task of its own.
pub(crate) async fn serve(listener: TcpListener, proxy: Arc<Proxy>) -> Infallible {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, Arc::clone(&proxy)));
            }
            Err(error) if is_the_clients(&error) => {}
            // Such as too many open files: some may be closed in a while.
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn connection(stream: TcpStream, proxy: Arc<Proxy>) {
    // An event is often smaller than a packet, and must not wait to fill one.
    let _ = stream.set_nodelay(true);
    let unwritten = Unwritten::default();
    let io = Told::new(TokioIo::new(stream), unwritten.clone());
    let service = service_fn(|request| async {
        Ok::<_, Infallible>(proxy.forward(request, unwritten.clone()).await)
    });
    // An error here is one that the client sees, too: its connection closes.
    let _ = http1::Builder::new().serve_connection(io, service).await;
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionReset)
}
