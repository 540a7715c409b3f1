//! View structs -> Tera -> pages. The only code that knows Tera.
//!
//! [`Theme`] compiles templates and knows the words; [`Renderer`] joins it with a
//! [`Publication`](crate::publication::Publication); [`pages`] gives the pages as deferred artifacts.

mod changelog;
mod date;
mod edition;
mod lists;
mod memo;
mod pages;
mod renderer;
mod theme;
pub mod view;

pub use date::DateView;
pub use pages::pages;
pub use renderer::Renderer;
pub use theme::{Theme, builtin_words};
