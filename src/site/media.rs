//! Media types by file name extension (IANA registry).

/// The media type of files with an unknown extension.
pub const UNKNOWN: &str = "application/octet-stream";

/// Extensions with their media types; text types have a charset.
const EXTENSIONS: &[(&str, &str)] = &[
    // Pages and the files that they load.
    ("html", "text/html; charset=utf-8"),
    ("htm", "text/html; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("map", "application/json; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("webmanifest", "application/manifest+json; charset=utf-8"),
    ("woff2", "font/woff2"),
    ("woff", "font/woff"),
    ("ttf", "font/ttf"),
    ("otf", "font/otf"),
    // Images.
    ("svg", "image/svg+xml; charset=utf-8"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("ico", "image/x-icon"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    // Data and text.
    ("json", "application/json; charset=utf-8"),
    ("jsonld", "application/ld+json; charset=utf-8"),
    ("jwk", "application/jwk+json; charset=utf-8"),
    ("jwks", "application/jwk-set+json; charset=utf-8"),
    ("xml", "application/xml; charset=utf-8"),
    ("atom", "application/atom+xml; charset=utf-8"),
    ("rss", "application/rss+xml; charset=utf-8"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("csv", "text/csv; charset=utf-8"),
    ("tsv", "text/tab-separated-values; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("log", "text/plain; charset=utf-8"),
    ("sha256", "text/plain; charset=utf-8"),
    ("md", "text/markdown; charset=utf-8"),
    ("spdx", "text/spdx; charset=utf-8"),
    ("ics", "text/calendar; charset=utf-8"),
    ("vcf", "text/vcard; charset=utf-8"),
    ("vtt", "text/vtt; charset=utf-8"),
    // Documents.
    ("pdf", "application/pdf"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("doc", "application/msword"),
    ("xls", "application/vnd.ms-excel"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("odg", "application/vnd.oasis.opendocument.graphics"),
    ("rtf", "application/rtf"),
    ("epub", "application/epub+zip"),
    ("eml", "message/rfc822"),
    // Signatures, keys and certificates.
    ("asc", "application/pgp-keys"),
    ("sig", "application/pgp-signature"),
    ("p7s", "application/pkcs7-signature"),
    ("p7m", "application/pkcs7-mime"),
    ("cer", "application/pkix-cert"),
    ("crt", "application/pkix-cert"),
    ("crl", "application/pkix-crl"),
    ("pem", "application/pem-certificate-chain"),
    // Archives.
    ("zip", "application/zip"),
    ("gz", "application/gzip"),
    ("tgz", "application/gzip"),
    ("tar", "application/x-tar"),
    ("zst", "application/zstd"),
    ("7z", "application/x-7z-compressed"),
    // Audio and video.
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("ogg", "audio/ogg"),
    ("wav", "audio/vnd.wave"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("mov", "video/quicktime"),
];

/// File names without an extension that have a known type.
const NAMES: &[(&str, &str)] = &[
    ("SHA256SUMS", "text/plain; charset=utf-8"),
    ("_headers", "text/plain; charset=utf-8"),
    ("_redirects", "text/plain; charset=utf-8"),
    ("CNAME", "text/plain; charset=utf-8"),
    (".nojekyll", "text/plain; charset=utf-8"),
    ("LICENSE", "text/plain; charset=utf-8"),
    ("README", "text/plain; charset=utf-8"),
    ("apple-app-site-association", "application/json; charset=utf-8"),
];

/// Returns the media type of a file by its name; `None` if the name is unknown.
pub fn of_name(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if let Some((_, media_type)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(media_type);
    }
    of_ending(name.rsplit_once('.')?.1)
}

/// Returns the media type of files with this extension, ignoring case.
pub fn of_ending(ending: &str) -> Option<&'static str> {
    EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending)).map(|(_, media_type)| *media_type)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{EXTENSIONS, NAMES, of_name};

    #[test]
    fn extensions_are_case_insensitive() {
        assert_eq!(of_name("documents/DPA.PDF"), Some("application/pdf"));
        assert_eq!(of_name("a.tar.gz"), Some("application/gzip"));
        assert_eq!(of_name("root/CNAME"), Some("text/plain; charset=utf-8"));
        for unknown in ["a.b/c", "documents/plan.vsdx", "pdf", "a."] {
            assert_eq!(of_name(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn extensions_are_unique_and_lowercase() {
        let endings: BTreeSet<_> = EXTENSIONS.iter().chain(NAMES).map(|(ending, _)| ending).collect();
        assert_eq!(endings.len(), EXTENSIONS.len() + NAMES.len());
        assert!(EXTENSIONS.iter().all(|(ending, _)| *ending == ending.to_ascii_lowercase()));
    }
}
