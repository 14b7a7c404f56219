//! Lists, a page at a time.
//!
//! A cursor says where a page ended. It belongs to one list with one order and one set of filters:
//! with others it is refused, because it would skip or repeat what nobody can tell.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

use super::{Code, Limit, Problem};

/// Longest cursor that is read, in characters.
const LONGEST: usize = 4096;

/// Length of the seal at the start of a cursor, in bytes.
const SEAL: usize = 16;

/// Version of the form of cursors.
const FORM: u8 = 1;

/// The parameters of a list that has neither filters nor an order to choose.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Most entries of the page.
    #[param(inline)]
    pub limit: Limit,
    /// `next_cursor` of the page before.
    #[param(min_length = 1, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The entries of this page.
    pub items: Vec<T>,
    /// What to send as `cursor` for the next page; null on the last one.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The page of `found`, which was asked for one entry more than `limit`, so that it shows
    /// whether there are more. `position` says where an entry stands.
    #[must_use]
    pub fn of<P: Serialize>(
        mut found: Vec<T>,
        limit: Limit,
        list: &List,
        position: impl FnOnce(&T) -> P,
    ) -> Self {
        let more = found.len() > limit.get();
        found.truncate(limit.get());
        let next_cursor = found.last().filter(|_| more).map(|last| list.cursor(&position(last)));
        Self { items: found, next_cursor }
    }

    /// The same page of other things.
    #[must_use]
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), next_cursor: self.next_cursor }
    }
}

/// A list in one order with one set of filters: what a cursor belongs to.
#[derive(Clone)]
pub struct List(Context);

impl List {
    /// The list `name`, sorted and filtered as said.
    #[must_use]
    pub fn new<S: Serialize, F: Serialize>(name: &'static str, sort: &S, filters: &F) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&[FORM]);
        // Plain values: what cannot be written as JSON could not have come from a query.
        let what = serde_json::to_vec(&(name, sort, filters)).unwrap_or_default();
        context.update(&(what.len() as u64).to_be_bytes());
        context.update(&what);
        Self(context)
    }

    /// The cursor after the entry at `position`.
    #[must_use]
    pub fn cursor<P: Serialize>(&self, position: &P) -> String {
        let position = serde_json::to_vec(position).unwrap_or_default();
        URL_SAFE_NO_PAD.encode([self.seal(&position).as_slice(), &position].concat())
    }

    /// The position that `cursor` stands for.
    ///
    /// # Errors
    /// When it is no cursor of this list.
    pub fn position<P: DeserializeOwned>(&self, cursor: &str) -> Result<P, Problem> {
        self.open(cursor).ok_or_else(|| {
            Problem::new(
                Code::BadCursor,
                "the cursor is not one that this list, with this order and these filters, handed out; \
                 send the `next_cursor` of the page before with unchanged parameters, or none for the first page",
            )
        })
    }

    fn open<P: DeserializeOwned>(&self, cursor: &str) -> Option<P> {
        let bytes = (cursor.len() <= LONGEST).then(|| URL_SAFE_NO_PAD.decode(cursor).ok()).flatten()?;
        let (seal, position) = bytes.split_at_checked(SEAL)?;
        if seal != self.seal(position) {
            return None;
        }
        serde_json::from_slice(position).ok()
    }

    /// What shows that `position` is one of this list's.
    fn seal(&self, position: &[u8]) -> [u8; SEAL] {
        let mut context = self.0.clone();
        context.update(position);
        let mut seal = [0; SEAL];
        seal.copy_from_slice(&context.finish().as_ref()[..SEAL]);
        seal
    }
}

impl std::fmt::Debug for List {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("List")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Serialize)]
    struct Filters {
        status: Option<&'static str>,
    }

    fn history(sort: &str, status: Option<&'static str>) -> List {
        List::new("history", &sort, &Filters { status })
    }

    #[test]
    fn a_cursor_is_taken_by_its_own_list_alone() {
        let list = history("-start_time", Some("failed"));
        let cursor = list.cursor(&(1_700_000_000_u64, "0190"));
        assert_eq!(list.position::<(u64, String)>(&cursor), Ok((1_700_000_000, "0190".to_owned())));
        for other in [
            history("start_time", Some("failed")),
            history("-start_time", None),
            List::new("runs", &"-start_time", &Filters { status: Some("failed") }),
        ] {
            let problem = other.position::<(u64, String)>(&cursor).expect_err("another list");
            assert_eq!(problem.code, Code::BadCursor);
        }
    }

    #[test]
    fn names_and_orders_do_not_run_together() {
        let (one, other) = (List::new("a", &"bc", &()), List::new("ab", &"c", &()));
        assert!(other.position::<u8>(&one.cursor(&1)).is_err());
    }

    #[test]
    fn a_page_knows_whether_there_are_more() {
        let list = List::new("numbers", &(), &());
        let limit = Limit::of(3).expect("within");
        let page = Page::of(vec![1, 2, 3, 4], limit, &list, |last| *last);
        assert_eq!(page.items, [1, 2, 3]);
        let cursor = page.next_cursor.expect("there is one more");
        assert_eq!(list.position(&cursor), Ok(3));
        assert_eq!(Page::of(vec![1, 2, 3], limit, &list, |last| *last).next_cursor, None);
        assert_eq!(Page::of(Vec::<u8>::new(), limit, &list, |last| *last).next_cursor, None);
    }

    proptest! {
        #[test]
        fn what_is_made_up_is_refused(text in ".{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let list = history("name", None);
            prop_assert!(list.position::<serde_json::Value>(&text).is_err());
            prop_assert!(list.position::<serde_json::Value>(&URL_SAFE_NO_PAD.encode(bytes)).is_err());
        }

        #[test]
        fn what_is_changed_is_refused(at in 0_usize..200, to in "[A-Za-z0-9_-]") {
            let list = history("name", None);
            let cursor = list.cursor(&("a name", 7));
            let at = at % cursor.len();
            let changed = format!("{}{to}{}", &cursor[..at], &cursor[at + 1..]);
            prop_assume!(changed != cursor);
            prop_assert!(list.position::<(String, u8)>(&changed).is_err());
        }
    }
}
