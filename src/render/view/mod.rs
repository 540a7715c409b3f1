//! What templates get: plain structs, one per thing that a page shows. Those of list items are in `render/lists`.
//!
//! Logic stays in Rust, templates only lay out: texts are in the page's language already, dates are
//! shown, Markdown is HTML, links are complete but for the way to the site's root, which differs from
//! page to page and stands in [`PageView::root`]. `docs/templates.md` documents these fields for
//! authors of templates, and a test holds the two together.

mod changes;
mod page;

pub use changes::{DraftView, EntryView, FormerView, ReleaseView};
pub use page::{AlternateView, AssetView, LinkView, OrganizationView, PageView, SectionView, SiteView};
