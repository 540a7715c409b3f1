//! Pre-compressed copies of files, which servers and CDNs can serve instead of compressing themselves.
//!
//! A host that finds `index.html.br` or `index.html.gz` next to `index.html` does not have to compress on each request,
//! and sends a smaller copy than it could create during a request. The same input gives the same compressed bytes on any
//! machine: a stream contains no time and no name, and one thread compresses it.
//!
//! # Compression levels
//!
//! On pages of 25 kB, Brotli's level 11 takes over a hundred times as long as level 5 (45 ms instead of 0.4) and saves another seventh
//! of the bytes. Level 10 takes a fifth of the time of 11 and saves an eighth; levels 6 to 9 take up to fifteen times as long as 5
//! and save a hundredth. The higher levels are worth it for what a new reader waits for: 10 for the front page, which every build
//! writes, and 11 for the styles and scripts of all pages, which seldom change. Those of the theme are compressed when candor is
//! built. [`Encoding::level`] depends only on the path and the size, not on other files of the site: adding a file does not change
//! the others.

mod decode;
pub mod encode;

pub use encode::{BROTLI_LEVELS, GZIP_LEVELS};

use crate::embedded::{Copies, STATIC_FILES};
use crate::site::map::INDEX;

/// Files smaller than this, in bytes, gain nothing: they fit in the first packet uncompressed.
pub const SMALLEST: usize = 1024;

/// Files larger than this, in bytes, are compressed at the middle level.
const LARGE: usize = 512 * 1024;

/// A content coding (IANA registry of HTTP content codings).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// `br`, RFC 7932.
    Brotli,
    /// `gzip`, RFC 1952.
    Gzip,
}

impl Encoding {
    /// All encodings, the better one first.
    pub const ALL: [Encoding; 2] = [Encoding::Brotli, Encoding::Gzip];

    /// Returns the value of `Content-Encoding`.
    pub fn token(self) -> &'static str {
        match self {
            Encoding::Brotli => "br",
            Encoding::Gzip => "gzip",
        }
    }

    /// Returns the file extension of the compressed copy, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Encoding::Brotli => "br",
            Encoding::Gzip => "gz",
        }
    }

    /// Returns the compression level for the file at this path of the site with this size in bytes; `None` if it gets
    /// no compressed copy.
    ///
    /// The media type decides: text is compressed; images and archives already are. Files that the host itself reads
    /// (`_headers`, `staticwebapp.config.json`, `redirects.nginx.conf`) and hidden files in the root are not served, so they are not
    /// compressed.
    pub fn level(self, path: &str, media_type: &str, bytes: usize) -> Option<u8> {
        let for_the_host = path.starts_with(['_', '.']) && !path.contains('/')
            || ["staticwebapp.config.json", "redirects.nginx.conf"].contains(&path);
        if bytes < SMALLEST || for_the_host || !media_type.ends_with("charset=utf-8") {
            return None;
        }
        let (is_front, is_asset) = (path == INDEX, path.starts_with("assets/"));
        Some(match self {
            Encoding::Brotli if is_asset && bytes <= LARGE => BROTLI_LEVELS[2],
            Encoding::Brotli if is_front && bytes <= LARGE => BROTLI_LEVELS[1],
            Encoding::Brotli => BROTLI_LEVELS[0],
            Encoding::Gzip if (is_front || is_asset) && bytes <= LARGE => GZIP_LEVELS[1],
            Encoding::Gzip => GZIP_LEVELS[0],
        })
    }

    /// Returns the compressed bytes; `None` if they are not fewer.
    pub fn encode(self, bytes: &[u8], level: u8) -> Option<Vec<u8>> {
        if let Some(encoded) = self.of_the_theme(bytes, level) {
            return Some(encoded.to_vec());
        }
        let encoded = match self {
            Encoding::Brotli => encode::brotli(bytes, level),
            Encoding::Gzip => encode::gzip(bytes, level),
        };
        // Writing to memory does not fail; if it did, the file would be served uncompressed.
        encoded.ok().filter(|encoded| encoded.len() < bytes.len())
    }

    /// Returns whether this is a complete stream of exactly these bytes, with nothing after it.
    pub fn decodes_to(self, encoded: &[u8], bytes: &[u8]) -> bool {
        match self {
            Encoding::Brotli => decode::is_brotli_of(encoded, bytes),
            Encoding::Gzip => decode::is_gzip_of(encoded, bytes),
        }
    }

    /// Returns the copy of an unchanged style sheet or script of the theme, which was compressed when candor was built.
    fn of_the_theme(self, bytes: &[u8], level: u8) -> Option<&'static [u8]> {
        let (highest, copy): (u8, fn(&'static Copies) -> &'static [u8]) = match self {
            Encoding::Brotli => (BROTLI_LEVELS[2], |copies| copies.brotli),
            Encoding::Gzip => (GZIP_LEVELS[1], |copies| copies.gzip),
        };
        let file = STATIC_FILES.iter().find(|file| level == highest && file.published == bytes)?;
        file.copies.as_ref().map(copy)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{BROTLI_LEVELS, Encoding, GZIP_LEVELS, SMALLEST, encode};
    use crate::embedded::STATIC_FILES;

    fn decode(encoding: Encoding, encoded: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        match encoding {
            Encoding::Gzip => flate2::read::GzDecoder::new(encoded).read_to_end(&mut bytes).map(drop),
            Encoding::Brotli => brotli::Decompressor::new(encoded, 4096).read_to_end(&mut bytes).map(drop),
        }
        .expect("a stream that we wrote");
        bytes
    }

    #[test]
    fn round_trips_at_every_level_in_use() {
        let text = "<td>Subprocessor</td>\n".repeat(5000).into_bytes();
        for (encoding, level) in BROTLI_LEVELS
            .map(|level| (Encoding::Brotli, level))
            .into_iter()
            .chain(GZIP_LEVELS.map(|level| (Encoding::Gzip, level)))
        {
            for length in [SMALLEST, 65_535, 65_536, 65_537, text.len()] {
                let encoded = encoding.encode(&text[..length], level).expect("it shrinks");
                assert_eq!(decode(encoding, &encoded), &text[..length]);
                assert!(encoding.decodes_to(&encoded, &text[..length]));
            }
        }
    }

    #[test]
    fn recognizes_only_whole_streams_of_the_same_bytes() {
        let text = "<td>Subprocessor</td>\n".repeat(500).into_bytes();
        let mut changed = text.clone();
        *changed.last_mut().expect("text") = b'x';
        for (encoding, level) in [(Encoding::Brotli, 5), (Encoding::Gzip, 6)] {
            let encoded = encoding.encode(&text, level).expect("it shrinks");
            assert!(encoding.decodes_to(&encoded, &text));
            assert!(!encoding.decodes_to(&encoded, &changed));
            assert!(!encoding.decodes_to(&encoded, &text[..text.len() - 1]));
            assert!(!encoding.decodes_to(&encoded, &[&text[..], b"x"].concat()));
            assert!(!encoding.decodes_to(&encoded, b""));
            assert!(!encoding.decodes_to(&[&encoded[..], b"x"].concat(), &text));
            for end in 0..encoded.len() {
                assert!(!encoding.decodes_to(&encoded[..end], &text), "{} cut to {end}", encoding.token());
            }
        }
        // The last four bytes of a gzip stream are the size; a stream after it would be decoded, too.
        let encoded = Encoding::Gzip.encode(&text, 6).expect("it shrinks");
        assert!(!Encoding::Gzip.decodes_to(&encoded.repeat(2), &text.repeat(2)));
    }

    #[test]
    fn result_does_not_depend_on_the_file_before() {
        let texts: Vec<Vec<u8>> = (0..40usize)
            .map(|n| {
                let line = format!("<li id=\"item-{n}\">{}</li>\n", "candor ".repeat(n % 7));
                line.repeat(50 + 97 * (n % 5)).into_bytes()
            })
            .collect();
        let in_order: Vec<_> =
            texts.iter().map(|text| encode::brotli(text, BROTLI_LEVELS[0]).expect("memory")).collect();
        let mut reversed: Vec<_> =
            texts.iter().rev().map(|text| encode::brotli(text, BROTLI_LEVELS[0]).expect("memory")).collect();
        reversed.reverse();
        assert_eq!(in_order, reversed);
        for (text, encoded) in texts.iter().zip(in_order) {
            let params = brotli::enc::BrotliEncoderParams {
                quality: BROTLI_LEVELS[0].into(),
                lgwin: encode::window(text.len()),
                size_hint: text.len(),
                ..Default::default()
            };
            let mut plain = Vec::new();
            brotli::BrotliCompress(&mut text.as_slice(), &mut plain, &params).expect("memory");
            assert_eq!(encoded, plain);
        }
    }

    #[test]
    fn files_of_the_theme_were_compressed_at_the_highest_levels() {
        let mut compressed = 0;
        for file in STATIC_FILES {
            let Some(copies) = &file.copies else { continue };
            compressed += 1;
            assert_eq!(
                Some(copies.brotli),
                encode::brotli(file.published, BROTLI_LEVELS[2]).ok().as_deref(),
                "{}",
                file.path
            );
            assert_eq!(
                Some(copies.gzip),
                encode::gzip(file.published, GZIP_LEVELS[1]).ok().as_deref(),
                "{}",
                file.path
            );
        }
        assert!(compressed > 3);
        let script = STATIC_FILES.iter().find(|file| file.path == "js/compare.js").expect("a script");
        let copies = script.copies.as_ref().expect("copies");
        assert_eq!(Encoding::Brotli.encode(script.published, BROTLI_LEVELS[2]).as_deref(), Some(copies.brotli));
        assert_eq!(Encoding::Gzip.encode(script.published, GZIP_LEVELS[1]).as_deref(), Some(copies.gzip));
    }

    #[test]
    fn gzip_header_has_no_time_name_or_system() {
        let encoded = Encoding::Gzip.encode(&[b'a'; 2000], 9).expect("it shrinks");
        assert_eq!(&encoded[..8], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
        assert_eq!(encoded[9], 255);
    }

    #[test]
    fn keeps_no_copy_that_is_not_smaller() {
        let noise: Vec<u8> = (0u32..2000).map(|n| crate::model::Digest::of(&n.to_le_bytes()).as_bytes()[0]).collect();
        for encoding in Encoding::ALL {
            assert_eq!(encoding.encode(&noise, 9), None);
        }
    }

    #[test]
    fn compresses_only_text_that_is_served() {
        let html = "text/html; charset=utf-8";
        let level = |path, media_type, bytes| Encoding::Brotli.level(path, media_type, bytes);
        assert_eq!(level("index.html", html, 2000), Some(10));
        assert_eq!(level("releases/2026-05-22/index.html", html, 2000), Some(5));
        assert_eq!(level("assets/css/candor.0123456789.css", "text/css; charset=utf-8", 2000), Some(11));
        assert_eq!(level("changelog/index.html", html, 2000), Some(5));
        assert_eq!(level("index.html", html, 2_000_000), Some(5));
        assert_eq!(level("index.html", html, SMALLEST - 1), None);
        assert_eq!(level("a.png", "image/png", 2000), None);
        for path in ["_headers", ".candor", "staticwebapp.config.json", "redirects.nginx.conf"] {
            assert_eq!(level(path, "text/plain; charset=utf-8", 2000), None, "{path}");
        }
        assert_eq!(level(".well-known/security.txt", "text/plain; charset=utf-8", 2000), Some(5));
    }
}
