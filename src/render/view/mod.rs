//! Template contexts: plain structs, one for each thing that a page shows. Those of list items are in `render/lists`.
//!
//! Logic stays in Rust, templates only lay out: strings are in the language of the page, dates are formatted, Markdown is
//! HTML, and links are complete except for the prefix that leads to the site's root, [`PageView::root`]. The doc comments of the
//! fields are the reference in `docs/templates.md`, which is generated from them.

mod changes;
mod glance;
mod page;
mod upcoming;

pub(super) use changes::release_link;
pub use changes::{DraftView, EntryView, FormerView, RedactionView, ReleaseView};
pub use glance::{GlanceView, HeldView};
pub use page::{
    AlternateView, AssetView, DimensionView, LinkView, OrganizationView, OwnPageView, PageLinkView, PageView,
    SectionView, SiteView,
};
pub use upcoming::{EffectiveView, SubscribeFormView, SubscribeView, UpcomingPieceView, UpcomingView};
