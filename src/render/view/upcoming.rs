//! Changes that take effect on a later date.

use serde::Serialize;

use crate::render::date::DateView;
use crate::render::view::LinkView;
use crate::wording::phrase::Part;

/// A change that takes effect on a later date.
#[derive(Debug, Clone, Serialize)]
pub struct UpcomingView {
    /// Anchor of the change.
    pub anchor: String,
    /// Id of the item that changes.
    pub item: String,
    /// Name of the list that contains the item, such as `subprocessors`.
    pub list: String,
    /// Name of the item.
    pub name: String,
    /// Path of the item's entry below the site's root; none if no page has one.
    pub href: Option<String>,
    /// `start`, `change` or `end`.
    pub kind: String,
    /// Name of the kind, such as `New subprocessor`.
    pub kind_label: String,
    /// `announced` or `objection-closed`.
    pub state: String,
    /// Name of the state, such as `Objection period has ended`.
    pub state_label: String,
    /// Date of the announcement.
    pub announced: Option<DateView>,
    /// Last date on which customers can object.
    pub object_by: Option<DateView>,
    /// How the deadline was counted, such as `14 business days after 12 May 2026, to the end of the day in UTC`.
    pub counted: Option<String>,
    /// First date on which it applies; for an end, the last date.
    pub effective: DateView,
    /// Name of that date, such as `Effective from`.
    pub effective_label: String,
    /// What changes and why.
    pub note: Option<String>,
    /// The contract clause that gives customers the right to object.
    pub basis: Option<String>,
    /// What changes, field by field.
    pub parts: Vec<Part>,
    /// The same in the subprocessor annex, in pieces that apply under different conditions; empty if the whole change always applies.
    pub pieces: Vec<UpcomingPieceView>,
    /// The most important other facts about a subprocessor.
    pub facts: Vec<Part>,
    /// A `mailto:` link or a web address to object; none in a draft, after the deadline, or without an address.
    pub object_href: Option<String>,
    /// The contact to whom customers object; none after the deadline.
    pub object_to: Option<String>,
    /// Path of the file that a change of a document announces, below the site's root.
    pub document_path: Option<String>,
    /// Web address that a change of a document announces.
    pub document_href: Option<String>,
    /// Path of the calendar file with the dates, below the site's root; none in a draft.
    pub calendar: Option<String>,
}

/// An announced change that has taken effect.
#[derive(Debug, Clone, Serialize)]
pub struct EffectiveView {
    /// Name of the item.
    pub name: String,
    /// Path of the item's entry below the site's root; none if no page has one.
    pub href: Option<String>,
    /// `start`, `change` or `end`.
    pub kind: String,
    /// Name of the kind, such as `New subprocessor`.
    pub kind_label: String,
    /// First date on which it applied; for an end, the last date of the item.
    pub effective: DateView,
    /// What changed and why.
    pub note: Option<String>,
    /// What changed, field by field.
    pub parts: Vec<Part>,
    /// The release that announced it.
    pub release: LinkView,
}

/// A piece of a change of a subprocessor, which applies under its own conditions.
#[derive(Debug, Clone, Serialize)]
pub struct UpcomingPieceView {
    /// What changes, field by field.
    pub parts: Vec<Part>,
    /// The conditions, one of which must hold, as JSON; none if it always applies.
    pub conditions: Option<String>,
}

/// How readers learn of changes.
#[derive(Debug, Clone, Serialize)]
pub struct SubscribeView {
    /// Email address to which readers write.
    pub email: Option<String>,
    /// A `mailto:` link to it.
    pub email_href: Option<String>,
    /// Form of another service.
    pub form: Option<SubscribeFormView>,
    /// Path of the calendar below the site's root; none if it is not offered.
    pub calendar: Option<String>,
    /// Address with which calendar programs subscribe; none without `base_url`.
    pub calendar_href: Option<String>,
    /// Path of the feed below the site's root; none without a release.
    pub feed: Option<String>,
    /// Absolute address of the feed; none without `base_url`.
    pub feed_address: Option<String>,
    /// Path of the feed of updates below the site's root; none if no release has updates.
    pub updates_feed: Option<String>,
    /// Absolute address of the feed of updates; none without `base_url`.
    pub updates_address: Option<String>,
    /// Address of a repository whose releases readers can watch.
    pub repository: Option<String>,
}

/// A form that sends an email address to another service.
#[derive(Debug, Clone, Serialize)]
pub struct SubscribeFormView {
    /// Address to which the form is sent.
    pub action: String,
    /// `post` or `get`.
    pub method: String,
    /// Name of the field with the email address.
    pub field: String,
}
