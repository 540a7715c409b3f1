//! Release records, the chain of digests, and typed changes.

pub mod record;
