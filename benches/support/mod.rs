//! Code shared by the benches: trust centers of any size, sites of other generators with the same content, and timing.
//! Each bench uses only a part of it.
#![allow(dead_code, reason = "each bench uses only a part")]

pub mod generate;
pub mod peers;
pub mod preview;
pub mod targets;
pub mod text;
pub mod time;
