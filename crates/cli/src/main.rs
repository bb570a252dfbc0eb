//! The command line of sseam: shows what is in an event stream, whether it finished, and what a
//! model said.
//!
//! `input` opens the stream and cuts it into chunks, `follow` follows a URL, `reader` reads the
//! answer, `verdict` has the texts of the outcomes, `output` writes. Each command has a module.

mod answer;
#[cfg(feature = "http")]
mod chat;
mod dialect;
#[cfg(feature = "http")]
mod follow;
mod input;
mod inspect;
mod json;
mod output;
#[cfg(feature = "http")]
mod proxy;
mod reader;
mod verdict;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Shows what is in an event stream, whether it finished, and what a model said.
/// Without a command, `inspect` runs, with all of its options.
#[derive(Parser)]
#[command(
    name = "sseam",
    version,
    after_help = inspect::HELP,
    max_term_width = 80,
    args_conflicts_with_subcommands = true,
    subcommand_precedence_over_arg = true,
    args_override_self = true,
    verbatim_doc_comment
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    inspect: inspect::Args,
}

#[derive(Subcommand)]
enum Command {
    /// Shows the events of a stream, and whether it finished
    #[command(after_help = inspect::HELP, args_override_self = true)]
    Inspect(inspect::Args),
    /// Prints the text of a language model's stream
    #[command(after_help = answer::HELP, args_override_self = true)]
    Answer(answer::Args),
    /// Asks a language model and prints its answer as it arrives
    #[cfg(feature = "http")]
    #[command(after_help = chat::HELP, args_override_self = true)]
    Chat(chat::Args),
    /// Forwards HTTP, and reports how each event stream ended
    #[cfg(feature = "http")]
    #[command(after_help = proxy::HELP, args_override_self = true)]
    Proxy(proxy::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    output::exit(match &cli.command {
        None => inspect::run(&cli.inspect),
        Some(Command::Inspect(args)) => inspect::run(args),
        Some(Command::Answer(args)) => answer::run(args),
        #[cfg(feature = "http")]
        Some(Command::Chat(args)) => chat::run(args),
        #[cfg(feature = "http")]
        Some(Command::Proxy(args)) => proxy::run(args),
    })
}
