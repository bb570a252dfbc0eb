//! Real clients and a real server over real sockets: a row is a client with an adapter, a column a
//! behaviour of the server, and each cell a test, for all three line ends.
//!
//! `cargo test --test matrix ureq` runs rows, `cargo test --test matrix byte_by_byte` columns.

mod answers;
mod checks;
#[path = "../common/client.rs"]
mod client;
mod clients;
mod events;
mod server;

use std::time::Duration;

use clients::{blocking, embedded, embedded_async, framed, io, shared, stream};
use clients::{hyper, reader, reqwest, ureq};

/// Longer than anything here takes: a wait of this length is a hang.
const LIMIT: Duration = Duration::from_secs(30);

/// A test for each cell of a row.
macro_rules! row {
    ($row:ident, $client:expr, $($check:ident($manner:ident))*) => {
        mod $row {
            use super::*;
            $(
                #[tokio::test]
                async fn $manner() {
                    checks::$check($client, answers::$manner).await;
                }
            )*
        }
    };
}

/// A row each: its name, whether the client decompresses, and how it receives.
macro_rules! matrix {
    () => {};
    ($row:ident, gzip, $client:expr; $($rest:tt)*) => {
        row! {
            $row, $client,
            whole(one_write) whole(byte_by_byte) whole(random_sizes)
            whole(each_seen_before_the_next) cuts(cut)
            whole(gzip_one_write) whole(gzip_byte_by_byte) whole(gzip_random_sizes)
            whole(gzip_each_seen_before_the_next) cuts(gzip_cut)
        }
        matrix! { $($rest)* }
    };
    ($row:ident, plain, $client:expr; $($rest:tt)*) => {
        row! {
            $row, $client,
            whole(one_write) whole(byte_by_byte) whole(random_sizes)
            whole(each_seen_before_the_next) cuts(cut)
        }
        matrix! { $($rest)* }
    };
}

matrix! {
    reqwest_stream, gzip, async |url, log| stream(reqwest(url).await, log).await;
    reqwest_shared, gzip, async |url, log| shared(reqwest(url).await, log).await;
    reqwest_framed, gzip, async |url, log| framed(reader(reqwest(url).await), log).await;
    reqwest_embedded, gzip, async |url, log| embedded_async(reader(reqwest(url).await), log).await;
    hyper_stream, plain, async |url, log| stream(hyper(url).await, log).await;
    hyper_framed, plain, async |url, log| framed(reader(hyper(url).await), log).await;
    ureq_io, gzip, async |url, log| blocking(move || io(ureq(&url), log)).await;
    ureq_embedded, gzip, async |url, log| blocking(move || embedded(ureq(&url), log)).await;
}
