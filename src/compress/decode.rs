//! Whether compressed bytes are a copy of a file.

use std::io::Read;

use brotli::enc::StandardAlloc;

/// Returns whether this is one complete gzip stream of exactly these bytes.
pub fn is_gzip_of(encoded: &[u8], bytes: &[u8]) -> bool {
    let mut decoder = flate2::bufread::GzDecoder::new(encoded);
    // One byte more than expected shows a longer stream, and the end is where the checksum is verified.
    let mut decoded = Vec::with_capacity(bytes.len() + 1);
    let read = decoder.by_ref().take(bytes.len() as u64 + 1).read_to_end(&mut decoded);
    read.is_ok() && decoded == bytes && decoder.into_inner().is_empty()
}

/// Returns whether this is one complete Brotli stream of exactly these bytes.
pub fn is_brotli_of(encoded: &[u8], bytes: &[u8]) -> bool {
    let new = StandardAlloc::default;
    let mut state = brotli::BrotliState::new(new(), new(), new());
    let mut decoded = vec![0; bytes.len()];
    let (mut left, mut read) = (encoded.len(), 0);
    let (mut room, mut written, mut total) = (decoded.len(), 0, 0);
    let result = brotli::BrotliDecompressStream(
        &mut left,
        &mut read,
        encoded,
        &mut room,
        &mut written,
        &mut decoded,
        &mut total,
        &mut state,
    );
    matches!(result, brotli::BrotliResult::ResultSuccess) && left == 0 && room == 0 && decoded == bytes
}
