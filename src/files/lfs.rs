//! Pointers of Git LFS, which a clone without LFS has in place of files.

/// The maximum length of a pointer, in bytes (specification of Git LFS, "The Pointer").
pub const MAX_LFS_POINTER: u64 = 1024;

/// Returns whether these bytes are a pointer of Git LFS instead of a file.
pub fn is_lfs_pointer(bytes: &[u8]) -> bool {
    (bytes.len() as u64) < MAX_LFS_POINTER && bytes.starts_with(b"version https://git-lfs.github.com/spec/")
}
