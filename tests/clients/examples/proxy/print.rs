//! Standard error, where lines may have to wait, and forwarding must not.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use crate::line::{Line, Log};

/// How many lines may wait. One that comes then is lost.
const WAITING: usize = 1024;

/// The thread that prints.
pub(crate) struct Printer(JoinHandle<()>);

/// A printer, and the log that it prints.
pub(crate) fn printer() -> (Printer, Log) {
    let (sender, lines) = mpsc::sync_channel::<Line>(WAITING);
    let thread = thread::spawn(move || {
        for line in lines {
            let _ = writeln!(io::stderr(), "{line}");
        }
    });
    let log = move |line| {
        let _ = sender.try_send(line);
    };
    (Printer(thread), Arc::new(log))
}

impl Printer {
    /// Waits until the log is gone and its last line printed.
    pub(crate) fn finish(self) {
        let _ = self.0.join();
    }
}
