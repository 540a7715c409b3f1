//! Reads the files of a ZIP archive (APPNOTE 6.3), in memory and with limits.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::Read;

use flate2::read::DeflateDecoder;

/// The maximum size of all files of an archive that are read, in bytes. A file that is read twice counts twice.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The maximum number of files in an archive.
const MAX_FILES: usize = 10_000;

/// An archive: where the data of each file is.
#[derive(Debug)]
pub struct Archive<'b> {
    bytes: &'b [u8],
    files: HashMap<String, Entry>,
    /// How many bytes can still be read.
    left: Cell<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    method: usize,
    compressed: usize,
    /// The offset of the local header.
    offset: usize,
    encrypted: bool,
}

impl<'b> Archive<'b> {
    /// Reads the directory of an archive.
    ///
    /// # Errors
    /// If it is damaged, or has too many files.
    pub fn open(bytes: &'b [u8]) -> Result<Archive<'b>, String> {
        let damaged = || "the archive is damaged, or incomplete".to_owned();
        // The directory is at the end, before a comment of at most 64 KiB.
        let last = bytes.len().checked_sub(22).ok_or_else(damaged)?;
        let end = (last.saturating_sub(65_535)..=last).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"));
        let end = end.ok_or_else(damaged)?;
        let count = number(bytes, end + 10, 2).ok_or_else(damaged)?;
        let mut at = number(bytes, end + 16, 4).ok_or_else(damaged)?;
        if count > MAX_FILES {
            return Err(format!("the archive has {count} files; the limit is {MAX_FILES}"));
        }
        let mut files = HashMap::new();
        for _ in 0..count {
            let field = |offset: usize, length: usize| number(bytes, at + offset, length).ok_or_else(damaged);
            if !bytes.get(at..).is_some_and(|rest| rest.starts_with(b"PK\x01\x02")) {
                return Err(damaged());
            }
            let name = bytes.get(at + 46..at + 46 + field(28, 2)?).ok_or_else(damaged)?;
            let entry = Entry {
                encrypted: field(8, 2)? & 1 == 1,
                method: field(10, 2)?,
                compressed: field(20, 4)?,
                offset: field(42, 4)?,
            };
            files.insert(String::from_utf8_lossy(name).replace('\\', "/"), entry);
            at += 46 + field(28, 2)? + field(30, 2)? + field(32, 2)?;
        }
        Ok(Archive { bytes, files, left: Cell::new(MAX_BYTES) })
    }

    /// Whether the archive has a file.
    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// Returns a file as text; `None` if there is none.
    ///
    /// # Errors
    /// If it is damaged, has a password, or is too large.
    pub fn text(&self, name: &str) -> Result<Option<String>, String> {
        let Some(entry) = self.files.get(name) else { return Ok(None) };
        let damaged = || format!("`{name}` in the archive is damaged");
        if entry.encrypted {
            return Err("the workbook has a password: remove it, and save the workbook again".to_owned());
        }
        let header = |offset: usize| number(self.bytes, entry.offset + offset, 2).ok_or_else(damaged);
        let start = entry.offset + 30 + header(26)? + header(28)?;
        let data =
            start.checked_add(entry.compressed).and_then(|end| self.bytes.get(start..end)).ok_or_else(damaged)?;
        let mut content = Vec::new();
        match entry.method {
            0 => content.extend(data.iter().take(self.left.get() + 1)),
            8 => {
                let limit = u64::try_from(self.left.get() + 1).unwrap_or(u64::MAX);
                DeflateDecoder::new(data).take(limit).read_to_end(&mut content).map_err(|_| damaged())?;
            }
            _ => return Err(format!("`{name}` is compressed in a way that candor does not read")),
        }
        let Some(left) = self.left.get().checked_sub(content.len()) else {
            return Err(format!("the workbook expands to more than {} MiB", MAX_BYTES / (1024 * 1024)));
        };
        self.left.set(left);
        let text = String::from_utf8(content).map_err(|_| damaged())?;
        Ok(Some(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)))
    }
}

/// Reads a little-endian number of 2 or 4 bytes.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let slice = bytes.get(at..at.checked_add(length)?)?;
    Some(slice.iter().rev().fold(0, |number, byte| (number << 8) | usize::from(*byte)))
}
