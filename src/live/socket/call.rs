//! Calls of capabilities over a socket. They run beside it, so that they hold up no topic.

use std::rc::Rc;

use serde_json::Value;
use tokio::{task::spawn_local, time};

use super::{
    super::{
        dto::{CallAnswer, Tag},
        service::Live,
    },
    peer::Peer,
};
use crate::{
    auth::Principal,
    http::{Code, Problem},
};

/// Most calls of one socket whose answer is not sent yet.
const MOST: usize = 8;
/// Longest answer, in bytes.
const LONGEST: usize = 1 << 20;

/// What a client calls.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) id: Tag,
    pub(super) body: Value,
}

impl Call {
    /// Begins; the answer goes to `peer`, unless there is one at once.
    pub(super) fn begin(self, live: &Live, peer: &Rc<Peer>, principal: Principal) -> Option<String> {
        let Self { name, id, body } = self;
        if peer.calls.get() >= MOST {
            let detail = format!("{MOST} calls are under way on this socket; wait for an answer");
            return Some(answer(&id, &Err(Problem::new(Code::Full, detail))));
        }
        if let Err(refused) = live.count_call(&principal) {
            return Some(answer(&id, &Err(refused.into())));
        }
        peer.calls.set(peer.calls.get() + 1);
        let (capabilities, limit) = (live.capabilities().clone(), live.timing().call_limit);
        let (peer, live) = (Rc::clone(peer), live.clone());
        spawn_local(async move {
            // On a task of its own, so that a panic in it is an answer too.
            let mut work = spawn_local(async move {
                // The socket may have been opened long ago.
                if !live.still_lets_in(&principal).await {
                    let detail = "sign in again: what you may do has changed since this socket was opened";
                    return Err(Problem::new(Code::Unauthenticated, detail));
                }
                capabilities.call(&name, principal, body).await
            });
            let outcome = match time::timeout(limit, &mut work).await {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(broken)) => Err(Problem::internal(&broken)),
                Err(_) => {
                    work.abort();
                    let detail = format!("there was no answer within {} s", limit.as_secs_f64());
                    Err(Problem::new(Code::Overdue, detail))
                }
            };
            peer.answer(answer(&id, &outcome));
        });
        None
    }
}

/// The answer as it is sent.
fn answer(id: &Tag, outcome: &Result<Value, Problem>) -> String {
    let (ok, error) = (outcome.as_ref().ok(), outcome.as_ref().err());
    // Texts, numbers and lists of them: nothing here can fail to serialise.
    let text = serde_json::to_string(&CallAnswer { reply: id, ok, error }).unwrap_or_default();
    if text.len() <= LONGEST {
        return text;
    }
    let detail = format!("the answer is longer than {LONGEST} bytes; ask for less, or by the HTTP API");
    answer(id, &Err(Problem::new(Code::TooLarge, detail)))
}
