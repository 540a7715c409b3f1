//! View structs -> Tera -> pages, and the Markdown copy of the trust page. Only this module uses Tera.
//!
//! [`Theme`] contains the compiled templates and the UI strings; [`Renderer`] combines it with a
//! [`Publication`](crate::publication::Publication); [`pages`] returns the pages as deferred artifacts.

mod anchors;
mod changelog;
mod copy;
mod date;
mod documented;
mod edition;
mod feed;
mod fields;
mod glance;
mod links;
mod lists;
mod memo;
mod outline;
mod own_page;
mod pages;
mod questionnaires;
mod reason;
mod references;
mod renderer;
mod running;
mod script;
mod structured;
mod syntax;
mod theme;
mod tokens;
mod upcoming;
mod updates;
mod view;

pub use anchors::GoneLink;
pub use date::DateView;
pub use pages::pages;
pub use reason::Reason;
pub use renderer::Renderer;
pub use running::{RunningTemplate, running};
pub use theme::{Builtin, Theme};
