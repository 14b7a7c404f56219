//! The one table of error codes: what programs read, the HTTP status, and the title.
//!
//! A code is a contract: it is never renamed or given another meaning.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $status:ident, $title:literal;)+) => {
        /// What went wrong, for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The code as it is written.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// What it means, for people.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or not UTF-8.
    MalformedBody = "malformed_body", BAD_REQUEST, "The body cannot be read";
    /// A query parameter is unknown or out of range.
    BadQuery = "bad_query", BAD_REQUEST, "A query parameter is wrong";
    /// A cursor was made up, or belongs to another list.
    BadCursor = "bad_cursor", BAD_REQUEST, "The cursor does not belong to this list";
    /// An id does not have the form of an id.
    BadId = "bad_id", BAD_REQUEST, "This is not an id";
    /// A header is wrong.
    BadHeader = "bad_header", BAD_REQUEST, "A header is wrong";
    /// A deeplink was changed after it was made, or is none.
    BadDeeplink = "bad_deeplink", BAD_REQUEST, "The link cannot be followed";
    /// Nobody is signed in.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Sign in first";
    /// Somebody could not be signed in.
    SignInFailed = "sign_in_failed", UNAUTHORIZED, "You could not be signed in";
    /// The principal may not do this.
    Forbidden = "forbidden", FORBIDDEN, "You may not do this";
    /// A page of another site asks.
    ForeignOrigin = "foreign_origin", FORBIDDEN, "Requests of other sites are refused";
    /// The target policy refuses a target.
    TargetRefused = "target_refused", FORBIDDEN, "The target may not be sent load";
    /// The AI policy does not let a question leave the machine, or cost what it would.
    PolicyRefused = "policy_refused", FORBIDDEN, "The AI policy does not allow this";
    /// There is no such route.
    NoRoute = "no_route", NOT_FOUND, "There is no such route";
    /// There is no such thing, or it belongs to somebody else.
    NotFound = "not_found", NOT_FOUND, "There is no such thing";
    /// The route knows other methods.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The route does not know this method";
    /// The answer cannot be given in a form that the client takes.
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE, "The answer has no such form";
    /// The head took too long.
    Timeout = "timeout", REQUEST_TIMEOUT, "The request took too long to arrive";
    /// A run is active already.
    RunActive = "run_active", CONFLICT, "A run is active";
    /// No run is active, or not that one.
    NoRunActive = "no_run_active", CONFLICT, "No such run is active";
    /// The run is still going on.
    RunUnfinished = "run_unfinished", CONFLICT, "The run is not over yet";
    /// The run never got as far as results.
    NoResults = "no_results", CONFLICT, "The run has no results";
    /// Somebody else has the name.
    NameTaken = "name_taken", CONFLICT, "The name is taken";
    /// Nobody would be left who may administer.
    LastAdmin = "last_admin", CONFLICT, "The last admin stays one";
    /// The same `Idempotency-Key` is being worked on.
    IdempotencyInProgress = "idempotency_in_progress", CONFLICT, "The first request with this key is still under way";
    /// Somebody else changed it meanwhile.
    Changed = "changed", PRECONDITION_FAILED, "It was changed meanwhile";
    /// A deeplink has expired, was revoked, or was used as often as it may be.
    DeeplinkOver = "deeplink_over", GONE, "The link is no longer good";
    /// The body is larger than allowed.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// The body is of another type.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body has the wrong type";
    /// The body has unknown or wrong fields.
    InvalidBody = "invalid_body", UNPROCESSABLE_ENTITY, "The body is not what this route takes";
    /// The LoadTest document is wrong.
    InvalidLoadtest = "invalid_loadtest", UNPROCESSABLE_ENTITY, "The LoadTest cannot be run";
    /// A recipe, or a value for one of its parameters, is wrong.
    InvalidRecipe = "invalid_recipe", UNPROCESSABLE_ENTITY, "The recipe cannot be used";
    /// The test asks for more than is allowed, or than this machine gives.
    BeyondLimits = "beyond_limits", UNPROCESSABLE_ENTITY, "The test asks for more than is allowed";
    /// A host of the test does not resolve.
    TargetUnresolved = "target_unresolved", UNPROCESSABLE_ENTITY, "The target cannot be found";
    /// The configuration is wrong.
    InvalidConfig = "invalid_config", UNPROCESSABLE_ENTITY, "The configuration cannot be used";
    /// The same `Idempotency-Key` came with another request.
    IdempotencyMismatch = "idempotency_mismatch", UNPROCESSABLE_ENTITY, "This key belongs to another request";
    /// A capability of this name is not known.
    UnknownCapability = "unknown_capability", NOT_FOUND, "There is no such capability";
    /// The queue, or another bounded thing, is full.
    Full = "full", TOO_MANY_REQUESTS, "There is no room left";
    /// Whoever asks has asked too much of late.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "You ask too often";
    /// The path and the query are longer than allowed.
    UriTooLong = "uri_too_long", URI_TOO_LONG, "The URL is too long";
    /// The headers are more, or larger, than allowed.
    HeadersTooLarge = "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large";
    /// A call was given up because its answer took too long.
    Overdue = "overdue", GATEWAY_TIMEOUT, "The answer took too long";
    /// A defect of MAID.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong inside MAID";
    /// Named in the contract, and not there yet.
    NotSupported = "not_supported", NOT_IMPLEMENTED, "This version cannot do that";
    /// MAID finishes and accepts nothing new.
    Draining = "draining", SERVICE_UNAVAILABLE, "MAID accepts no new runs";
    /// A changed configuration cannot be written down.
    ConfigUnwritable = "config_unwritable", SERVICE_UNAVAILABLE, "The configuration cannot be saved";
    /// The provider that people sign in with does not answer as it should.
    ProviderUnavailable = "provider_unavailable", BAD_GATEWAY, "The sign-in provider does not answer";
    /// What is asked for takes a model that nobody has configured.
    ModelNotConfigured = "model_not_configured", SERVICE_UNAVAILABLE, "No model is configured for this";
    /// The model cannot be loaded, or broke while it answered.
    ModelUnavailable = "model_unavailable", SERVICE_UNAVAILABLE, "The model does not answer";
    /// The database does not answer.
    StorageUnavailable = "storage_unavailable", SERVICE_UNAVAILABLE, "The database does not answer";
}
