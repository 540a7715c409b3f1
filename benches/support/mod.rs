//! What the benches share: trust centers of any size, other generators' sites with the same content, and timing.

pub mod generate;
pub mod peers;
pub mod time;
