//! The encoders. The build script includes this module, too: it compresses the files of the theme.

use std::cell::Cell;
use std::io::Write;

use brotli::enc::{BrotliEncoderParams, StandardAlloc};
use brotli::{Allocator, CombiningAllocator, SliceWrapper, SliceWrapperMut};

/// The binary logarithms of the smallest and the largest window of Brotli. With a smaller window than the first, the encoder
/// chooses an algorithm for level 5 that takes ten times as long and saves nothing.
const WINDOWS: [u32; 2] = [17, 22];

/// The levels of gzip in use, for most files and for those of the first view.
pub const GZIP_LEVELS: [u8; 2] = [6, 9];

/// The levels of Brotli in use: for most files, for the front page, and for the styles and scripts of all pages.
pub const BROTLI_LEVELS: [u8; 3] = [5, 10, 11];

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
    let params = BrotliEncoderParams {
        quality: level.into(),
        lgwin: window(bytes.len()),
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut out = Vec::with_capacity(bytes.len() / 3);
    let mut rest = bytes;
    let (mut input, mut output) = ([0; BUFFER], [0; BUFFER]);
    let memory = memory();
    brotli::BrotliCompressCustomAlloc(&mut rest, &mut out, &mut input, &mut output, &params, memory)?;
    Ok(out)
}

/// Returns the binary logarithm of the window for a file of this size in bytes: a window larger than the file only takes time to clear.
pub fn window(bytes: usize) -> i32 {
    (usize::BITS - bytes.leading_zeros()).clamp(WINDOWS[0], WINDOWS[1]) as i32
}

/// The size in bytes of the buffers between the encoder and its input and output.
const BUFFER: usize = 4096;

/// The number of entries in the table of earlier matches that level 5 uses (2^14 buckets of 2^4 entries).
const TABLE: usize = 1 << 18;

thread_local! {
    /// The table of the last file that this thread compressed.
    static LAST_TABLE: Cell<Vec<u32>> = const { Cell::new(Vec::new()) };
}

/// Returns the encoder's memory. Only its 32-bit integers differ from the library's default.
fn memory() -> impl brotli::enc::BrotliAlloc {
    let new = StandardAlloc::default;
    CombiningAllocator::new(
        new(),
        new(),
        new(),
        Tables,
        new(),
        new(),
        new(),
        new(),
        new(),
        new(),
        new(),
        new(),
        new(),
        new(),
        new(),
        new(),
        new(),
        new(),
    )
}

/// Gives the encoder of one file the table of the file before.
///
/// A new table of 1 MiB of zeros for each file takes a third of the time of level 5, because most files are small. The encoder reads
/// only entries that it has written for this file, which it counts in another table; a test compares the results.
struct Tables;

/// Memory for 32-bit integers.
#[derive(Default)]
struct Table(Vec<u32>);

impl SliceWrapper<u32> for Table {
    fn slice(&self) -> &[u32] {
        &self.0
    }
}

impl SliceWrapperMut<u32> for Table {
    fn slice_mut(&mut self) -> &mut [u32] {
        &mut self.0
    }
}

impl Allocator<u32> for Tables {
    type AllocatedMemory = Table;

    fn alloc_cell(&mut self, length: usize) -> Table {
        let last = if length == TABLE { LAST_TABLE.take() } else { Vec::new() };
        Table(if last.len() == length { last } else { vec![0; length] })
    }

    fn free_cell(&mut self, Table(entries): Table) {
        if entries.len() == TABLE {
            LAST_TABLE.set(entries);
        }
    }
}
