#![no_main]

#[path = "../../tests/suite/fuzz/promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| promises::release(bytes));
