//! A client that also wants the notifications that some servers fail with.

use sseam::{Notify, Parser};

fn main() {
    let notify = Notify::UNKNOWN_FIELDS.union(Notify::EMPTY_BLOCKS);
    sseam_instructions::item_client(Parser::new().with_notify(notify));
}
