//! What the benches share: trust centers of any size, other generators' sites with the same content, and timing.
//! Each bench uses a part of it.
#![allow(dead_code, reason = "two benches, each with its part")]

pub mod generate;
pub mod peers;
pub mod preview;
pub mod targets;
pub mod text;
pub mod time;
