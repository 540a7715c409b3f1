//! Stores equal items of many releases once.
//!
//! Consecutive releases share most of their items. Sharing the allocations keeps a long history small, and the comparison of
//! two releases skips shared items by comparing addresses.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::RandomState;

use crate::model::lists::for_each_list;
use crate::model::{Disclosure, Item, Withheld};

type Distinct<T> = Mutex<HashSet<Arc<T>, RandomState>>;

macro_rules! define {
    ($($list:ident { field: $field:ident, item: $item:ident, $($rest:tt)* })*) => {
        /// The distinct items of every list. Can be shared between threads.
        #[derive(Debug, Default)]
        pub struct Interner {
            $($field: Distinct<crate::model::$item>,)*
        }

        impl Interner {
            /// Replaces each item of the disclosure with the first equal item. An item with withheld values equals no other:
            /// their types may not hold that they are withheld.
            pub fn share(&self, disclosure: &mut Disclosure, withheld: &Withheld) {
                $(share(&self.$field, &mut disclosure.$field, withheld);)*
            }
        }
    };
}
for_each_list!(define);

fn share<T: Eq + Hash + Item>(distinct: &Distinct<T>, items: &mut [Arc<T>], withheld: &Withheld) {
    let mut distinct = distinct.lock().unwrap_or_else(PoisonError::into_inner);
    for item in items {
        if withheld.fields(item.list().name(), Some(item.id().as_str())).is_some() {
            continue;
        }
        match distinct.get(item) {
            Some(first) => *item = Arc::clone(first),
            None => {
                distinct.insert(Arc::clone(item));
            }
        }
    }
}
