//! The encoders. The build script includes this module, too: it compresses the files of the theme.

use std::io::Write;

use brotli::enc::BrotliEncoderParams;

/// The binary logarithms of the smallest and the largest window of Brotli. With a smaller window than the first, the encoder
/// chooses an algorithm for level 5 that takes ten times as long and saves nothing.
const WINDOWS: [u32; 2] = [17, 22];

/// The levels of gzip in use, for most files and for those of the first view.
pub const GZIP_LEVELS: [u8; 2] = [6, 9];

/// The levels of Brotli in use, for most files and for those of the first view.
pub const BROTLI_LEVELS: [u8; 2] = [5, 11];

/// Returns the bytes as a gzip stream (RFC 1952) without a name and a time.
///
/// # Errors
/// None: writing to memory does not fail.
pub fn gzip(bytes: &[u8], level: u8) -> std::io::Result<Vec<u8>> {
    let out = Vec::with_capacity(bytes.len() / 3);
    // The builder's header contains no name and the time 0, and states that the system is unknown.
    let mut encoder =
        flate2::GzBuilder::new().mtime(0).operating_system(255).write(out, flate2::Compression::new(level.into()));
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Returns the bytes as a Brotli stream (RFC 7932).
///
/// # Errors
/// None: writing to memory does not fail.
pub fn brotli(bytes: &[u8], level: u8) -> std::io::Result<Vec<u8>> {
    // A window larger than the file only takes time to clear.
    let window = (usize::BITS - bytes.len().leading_zeros()).clamp(WINDOWS[0], WINDOWS[1]);
    let params = BrotliEncoderParams {
        quality: level.into(),
        lgwin: window as i32,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut out = Vec::with_capacity(bytes.len() / 3);
    let mut rest = bytes;
    brotli::BrotliCompress(&mut rest, &mut out, &params)?;
    Ok(out)
}
