//! A client that also reads notifications, which some servers send errors by.

use sseam::{Notify, Parser};

fn main() {
    let notify = Notify::UNKNOWN_FIELDS.union(Notify::EMPTY_BLOCKS);
    sseam_instructions::item_client(Parser::new().with_notify(notify));
}
