//! Safe output to stdout and stderr, which all code uses.
//!
//! Output may quote untrusted text: content, file names, responses of servers, error messages of git. All output is therefore
//! cleaned by [`text::visible`](crate::text::visible), and contains no control sequences, hidden characters or commands to the
//! program that collects the log. There are four exceptions, each with its own type or function: text with candor's own colors,
//! JSON, workflow commands, and binary files, which are never written to a terminal.

#[cfg(feature = "publish")]
mod progress;

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use crate::text::Styled;
use crate::text::visible::{Cleaner, Escapes};
use crate::text::workflow::WorkflowCommand;

#[cfg(feature = "publish")]
pub use progress::Bar;

/// When to use colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// An output stream that cleans text. It writes complete lines, and the rest when it is dropped.
pub struct Printer {
    sink: Box<dyn Write + Send>,
    cleaner: Cleaner,
    /// The beginning of a line that has not been written yet.
    pending: Vec<u8>,
}

impl Printer {
    /// Returns a printer to standard output, for results.
    pub fn stdout(colors: Colors) -> Printer {
        let stream = io::stdout();
        let choice = choice(colors, AutoStream::choice(&stream));
        Printer::new(AutoStream::new(stream, choice))
    }

    /// Returns a printer to standard error, for everything else.
    pub fn stderr(colors: Colors) -> Printer {
        let stream = io::stderr();
        let choice = choice(colors, AutoStream::choice(&stream));
        Printer::new(AutoStream::new(stream, choice))
    }

    /// Returns a printer to another sink, which keeps or strips color sequences.
    pub fn new(sink: impl Write + Send + 'static) -> Printer {
        Printer { sink: Box::new(sink), cleaner: Cleaner::new(Escapes::Braces), pending: Vec::new() }
    }

    /// Prints text with colors.
    ///
    /// # Errors
    /// If the stream cannot be written.
    pub fn styled(&mut self, text: &Styled) -> io::Result<()> {
        self.drain(true)?;
        let mut shown = String::new();
        self.cleaner.push_styled(&mut shown, text.as_str());
        self.sink.write_all(shown.as_bytes())
    }

    /// Prints JSON and a line feed. Escapes do not change its value.
    ///
    /// # Errors
    /// If the stream cannot be written.
    pub fn json(&mut self, json: &str) -> io::Result<()> {
        self.drain(true)?;
        let mut shown = String::with_capacity(json.len() + 1);
        Cleaner::new(Escapes::Json).push(&mut shown, json);
        shown.push('\n');
        self.sink.write_all(shown.as_bytes())
    }

    /// Prints workflow commands, one per line.
    ///
    /// # Errors
    /// If the stream cannot be written.
    pub fn commands(&mut self, commands: &[WorkflowCommand]) -> io::Result<()> {
        self.drain(true)?;
        let lines: String = commands.iter().map(|command| format!("{command}\n")).collect();
        self.sink.write_all(lines.as_bytes())
    }

    /// Writes all complete lines, or everything.
    fn drain(&mut self, everything: bool) -> io::Result<()> {
        let end = if everything {
            self.pending.len()
        } else {
            self.pending.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1)
        };
        if end == 0 {
            return Ok(());
        }
        let rest = self.pending.split_off(end);
        let bytes = std::mem::replace(&mut self.pending, rest);
        let mut shown = String::with_capacity(bytes.len());
        self.cleaner.push(&mut shown, &String::from_utf8_lossy(&bytes));
        self.sink.write_all(shown.as_bytes())
    }
}

impl Write for Printer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if bytes.contains(&b'\n') {
            self.drain(false)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.drain(true)?;
        self.sink.flush()
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        // Errors cannot be reported if the stream is closed.
        let _ = self.flush();
    }
}

fn choice(colors: Colors, auto: ColorChoice) -> ColorChoice {
    match colors {
        Colors::Auto => auto,
        Colors::Always => ColorChoice::Always,
        Colors::Never => ColorChoice::Never,
    }
}

/// Returns whether stdout is a terminal, which cannot show a binary file.
pub fn is_output_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Writes a binary file to stdout, unchanged. Only for output that is not read as text.
///
/// # Errors
/// If stdout cannot be written.
pub fn write_binary(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Returns whether stderr is a terminal.
pub fn is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Prints the output of the command-line parser: help on stdout, errors on stderr. An error quotes arguments, so it has colors only
/// if no argument contains control characters.
pub fn show_usage(error: bool, colored: &str, plain: &str) {
    let mut output = if error { Printer::stderr(Colors::Auto) } else { Printer::stdout(Colors::Auto) };
    let plain_arguments = || std::env::args_os().all(|argument| !argument.to_string_lossy().contains(char::is_control));
    // Errors cannot be reported if the stream is closed.
    let _ = match !error || plain_arguments() {
        true => output.styled(Styled::new().rendered(colored)),
        false => output.write_all(plain.as_bytes()),
    };
}

/// Prints panics like the standard library, but cleaned, because a message may quote untrusted text.
pub fn show_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let mut err = Printer::stderr(Colors::Auto);
        let thread = std::thread::current();
        // Errors cannot be reported if the stream is closed.
        let _ = writeln!(err, "thread '{}' {panic}", thread.name().unwrap_or("<unnamed>"));
        let backtrace = std::backtrace::Backtrace::capture();
        let _ = match backtrace.status() {
            std::backtrace::BacktraceStatus::Captured => writeln!(err, "stack backtrace:\n{backtrace}"),
            _ => writeln!(err, "note: run with `RUST_BACKTRACE=1` to display a backtrace"),
        };
    }));
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::Printer;
    use crate::text::Styled;
    use crate::text::workflow::WorkflowCommand;

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn printed(print: impl FnOnce(&mut Printer) -> io::Result<()>) -> String {
        let memory = Memory::default();
        print(&mut Printer::new(memory.clone())).expect("memory");
        String::from_utf8(memory.0.lock().expect("no panic").clone()).expect("UTF-8")
    }

    #[test]
    fn cleans_text_that_is_written_in_pieces() {
        let shown = printed(|out| {
            let parts = ["#", "#vso"];
            write!(out, "a {}{}[x] \u{202e}", parts[0], parts[1])?;
            out.write_all(&"é".as_bytes()[..1])?;
            out.write_all(&"é".as_bytes()[1..])?;
            writeln!(out)?;
            write!(out, ":")?;
            out.flush()?;
            write!(out, ":warning::x")
        });
        assert_eq!(shown, "a ##vso\\u{5b}x] \\u{202e}é\n:\\u{3a}warning::x");
    }

    #[test]
    fn keeps_colors_json_and_commands() {
        let shown = printed(|out| {
            write!(out, "a")?;
            out.styled(Styled::new().layout("\u{1b}[1mb\u{1b}[0m\n").value("\u{1b}[1m"))?;
            writeln!(out)?;
            out.json("{\"a\": \"\u{9b}##[b]\"}")?;
            out.commands(&[WorkflowCommand::new("error", &[], "c")])
        });
        let expected = "a\u{1b}[1mb\u{1b}[0m\n\\u{1b}[1m\n{\"a\": \"\\u009b##\\u005bb]\"}\n::error ::c\n";
        assert_eq!(shown, expected);
    }
}
