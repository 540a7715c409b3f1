//! Which changes apply to a customer, by the features that the customer uses and the customer's values of dimensions.
//!
//! A change of a subprocessor applies if the subprocessor may be used for the customer before the change, after it, or after an
//! upcoming change. Its services and locations are those that the customer's annex states ([`Schedule::applicable`]). Changes of
//! everything that has no condition apply to all customers.

use std::borrow::Cow;
use std::sync::Arc;

use crate::history::Release;
use crate::model::upcoming::in_order;
use crate::model::{CustomerChoice, Disclosure, Id, Overlay, Subprocessor};
use crate::schedule::{Request, Schedule};

/// A customer, and the release whose dimensions count.
#[derive(Debug, Clone)]
pub(super) struct Customer<'a>(Schedule<'a>);

impl<'a> Customer<'a> {
    /// Returns a customer about whom this is known; `None` for everything.
    pub fn new(choice: Option<&CustomerChoice>, release: &'a Release) -> Customer<'a> {
        let request = Request { choice: choice.cloned(), ..Request::everything(release.published) };
        Customer(Schedule::new(&release.disclosure, release.into(), request))
    }

    /// Whether anything is known about the customer.
    pub fn is_known(&self) -> bool {
        self.0.request.choice.is_some()
    }

    /// Whether a subprocessor may be used for the customer, now or after an upcoming change.
    fn concerns(&self, item: &Subprocessor) -> bool {
        let Some(choice) = &self.0.request.choice else { return true };
        let applies = |item: &Subprocessor| {
            item.applicability().is_none_or(|condition| condition.may_hold(choice, &self.0.disclosure.dimensions))
        };
        let mut state = item.clone();
        applies(&state)
            || in_order(&item.upcoming).into_iter().any(|entry| {
                entry.apply(&mut state);
                applies(&state)
            })
    }

    /// Whether changes of the subprocessor with this id apply to the customer.
    pub fn is_concerned(&self, id: &Id, statements: &[&Disclosure]) -> bool {
        let mut items = statements.iter().flat_map(|disclosure| &disclosure.subprocessors);
        items.any(|item| item.id == *id && self.concerns(item))
    }

    /// Returns a subprocessor and its upcoming changes without what does not apply to the customer.
    pub fn applicable(&self, item: &Arc<Subprocessor>) -> Arc<Subprocessor> {
        let shown = self.0.applicable(item);
        if !self.is_known() || item.upcoming.is_empty() {
            return shown;
        }
        let mut shown = Subprocessor::clone(&shown);
        let mut state = Subprocessor::clone(item);
        for entry in in_order(&item.upcoming) {
            entry.apply(&mut state);
            let applicable = self.0.applicable(&Arc::new(state.clone()));
            let same = shown.upcoming.iter_mut().filter(|other| other.key() == entry.key());
            for own in same {
                for field in &entry.fields {
                    own.values.copy_value(&applicable, field);
                }
                own.shorten();
            }
        }
        Arc::new(shown)
    }

    /// Returns what a disclosure states for the customer: all items, without what does not apply.
    pub fn stated<'d>(&self, disclosure: &'d Disclosure) -> Cow<'d, Disclosure> {
        if !self.is_known() {
            return Cow::Borrowed(disclosure);
        }
        let mut stated = disclosure.clone();
        stated.subprocessors = disclosure.subprocessors.iter().map(|item| self.applicable(item)).collect();
        Cow::Owned(stated)
    }
}
