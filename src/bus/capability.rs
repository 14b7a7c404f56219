//! What MAID can do, callable by name with a JSON body and a principal: the same services and the
//! same checks as the routes, for callers that do not speak HTTP.

use std::{collections::BTreeMap, fmt, future::Future, pin::Pin, sync::Arc};

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    auth::{Principal, Scope},
    http::{Code, Problem},
};

/// The answer of a capability, on its way.
pub type CapabilityFuture = Pin<Box<dyn Future<Output = Result<Value, Problem>> + Send>>;

type Call = Arc<dyn Fn(Principal, Value) -> CapabilityFuture + Send + Sync>;

/// One thing that MAID can do, as it is described to whoever may call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Capability {
    /// Name to call it by.
    #[schema(example = "maid.status")]
    pub name: &'static str,
    /// What it does, in a sentence.
    #[schema(example = "The state of the active run, else of the last one")]
    pub summary: &'static str,
    /// The scope that it needs.
    pub scope: Scope,
}

/// All that MAID can do by name. Filled while the server is put together, and never changed after.
#[derive(Clone, Default)]
pub struct Capabilities {
    known: BTreeMap<&'static str, (Capability, Call)>,
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.known.keys()).finish()
    }
}

impl Capabilities {
    /// Makes `call` known.
    pub fn register<F, A>(&mut self, capability: Capability, call: F)
    where
        F: Fn(Principal, Value) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Value, Problem>> + Send + 'static,
    {
        let call: Call = Arc::new(move |principal, body| Box::pin(call(principal, body)));
        self.known.insert(capability.name, (capability, call));
    }

    /// What there is.
    pub fn list(&self) -> impl Iterator<Item = Capability> {
        self.known.values().map(|(capability, _)| *capability)
    }

    /// Calls the capability `name` for `principal`.
    ///
    /// # Errors
    /// When there is none of that name, when the principal may not call it, and whatever it
    /// answers itself.
    pub async fn call(&self, name: &str, principal: Principal, body: Value) -> Result<Value, Problem> {
        let Some((capability, call)) = self.known.get(name) else {
            let known = self.known.keys().copied().collect::<Vec<_>>().join(", ");
            return Err(Problem::new(Code::UnknownCapability, format!("known are {known}")));
        };
        if !principal.may(capability.scope) {
            let detail = format!("{name} needs the scope {}", capability.scope.name());
            return Err(Problem::new(Code::Forbidden, detail));
        }
        call(principal, body).await
    }
}
