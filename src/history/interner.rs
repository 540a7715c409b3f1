//! Equal items of many releases, held once.
//!
//! Releases repeat each other: of a hundred releases with fifty subprocessors each, all but a few items are equal. Sharing
//! them keeps a long history small, and a comparison of two releases passes over shared items by their address.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::Disclosure;
use crate::model::lists::for_each_list;

type Distinct<T> = Mutex<HashSet<Arc<T>>>;

macro_rules! define {
    ($($list:ident { field: $field:ident, item: $item:ident, $($rest:tt)* })*) => {
        /// The distinct items of every list. Threads share it.
        #[derive(Debug, Default)]
        pub struct Interner {
            $($field: Distinct<crate::model::$item>,)*
        }

        impl Interner {
            /// Replaces each item of the disclosure by the equal one that was seen first.
            pub fn share(&self, disclosure: &mut Disclosure) {
                $(share(&self.$field, &mut disclosure.$field);)*
            }
        }
    };
}
for_each_list!(define);

fn share<T: Eq + Hash>(distinct: &Distinct<T>, items: &mut [Arc<T>]) {
    let mut distinct = distinct.lock().unwrap_or_else(PoisonError::into_inner);
    for item in items {
        match distinct.get(item) {
            Some(first) => *item = Arc::clone(first),
            None => {
                distinct.insert(Arc::clone(item));
            }
        }
    }
}
