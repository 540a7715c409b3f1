//! What machines read: feeds, lists, records' index, addresses for robots, headers for CDNs.

use std::sync::Arc;

use crate::publication::Publication;
use crate::render::Renderer;
use crate::site::{Artifact, SitePath};

/// All machine-readable files of a publication.
pub fn files(_renderer: &Arc<Renderer>, _publication: &Arc<Publication>) -> Vec<(SitePath, Artifact)> {
    Vec::new()
}
