//! A progress bar on stderr. Messages are literals, so that it cannot show unsafe text.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that counts files.
#[derive(Debug)]
pub struct Bar(ProgressBar);

impl Bar {
    /// Creates a bar without a length. Create it only if stderr [is a terminal](super::is_terminal).
    pub fn files() -> Bar {
        let style = ProgressStyle::with_template("{msg:20} {bar:30} {pos}/{len} files, {elapsed}");
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        Bar(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// Sets the number of files.
    pub fn set_length(&self, files: usize) {
        self.0.set_length(files as u64);
    }

    /// Shows the current step.
    pub fn set_message(&self, message: &'static str) {
        self.0.set_message(message);
    }

    /// Counts one file.
    pub fn advance(&self) {
        self.0.inc(1);
    }

    /// Draws the bar again, with the elapsed time.
    pub fn tick(&self) {
        self.0.tick();
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
