"""What a schema cannot say about requests of MAID's API.

A request that fits its schema may still be refused. Which refusals are right, where and why, is
listed here by the code of the problem; every other one is a finding.
"""

import os
import re

import schemathesis

RUN_ROUTE = "/api/maid/run"
REVOKED_ROUTES = ("/api/maid/keys/{id}", "/api/maid/deeplinks/{id}")
IMPORT_ROUTE = "/api/maid/import"
SUGGEST_ROUTE = "/api/maid/recipe-generator/suggest"
ANALYSIS_ROUTE = "/v1/analysis"
CONFIG_ROUTE = "/api/maid/config"
IMAGE_ROUTE = "/api/inference/image"
TEXT_ROUTE = "/api/inference/text"
# Their bodies are put together of parts that lie beside each other, which a schema cannot close.
OPENAI_ROUTES = ("/v1/chat/completions", "/v1/completions")

# Code of the problem, and its first field where that matters -> (the path, or None for all; why).
RIGHT_REFUSALS = {
    ("idempotency_mismatch", None): (None, "a key that was sent before, with another request"),
    ("bad_cursor", None): (None, "a cursor is handed out by the page before, not made up"),
    ("changed", None): (None, "If-Match names another state of what is changed"),
    ("draining", None): (None, "another request has told the server to take no new runs"),
    ("invalid_config", None): (CONFIG_ROUTE, "its schema is that of GET /api/maid/config/schema"),
    ("invalid_loadtest", None): (None, "what the parts of a LoadTest say about each other"),
    ("invalid_recipe", None): (None, "what the parts of a recipe say about each other, and values of its parameters"),
    ("invalid_body", "loadtest"): (None, "exactly one of what a test can be given as"),
    ("invalid_body", "parameters"): (None, "values are of a recipe's own parameters, and go with one"),
    ("invalid_body", "probe"): (SUGGEST_ROUTE, "a probe sends what only reads, and a recipe may have nothing of that"),
    ("invalid_body", "text"): (None, "a text that a test is made of has something in it that people see"),
    ("invalid_body", "version"): (None, "a version is one that there is, and a whole number without a point"),
    ("beyond_limits", None): (None, "this server is started with small limits"),
    ("target_refused", None): (None, "this server sends load to loopback alone"),
    ("target_unresolved", None): (None, "a name that nobody has"),
    ("unauthenticated", None): ("/api/maid/auth/login", "nobody has this name and password"),
    ("rate_limited", None): ("/api/maid/auth/login", "too many wrong passwords"),
    ("forbidden", None): ("/api/maid/auth/register", "registration is closed on this server"),
    ("name_taken", None): (None, "two users, or presets, have no name in common"),
    ("last_admin", None): ("/api/maid/users/{id}", "the last admin stays one"),
    ("invalid_body", None): (IMPORT_ROUTE, "a text that is none of its format, or options that go with another one"),
    ("invalid_body", "password"): (None, "what a password must be is no pattern"),
    ("invalid_body", "email"): (None, "what an address must look like is no pattern"),
    ("invalid_body", "status"): ("/api/maid/users/{id}", "what a user may become depends on the user"),
    ("invalid_body", "name"): (None, "a name is more than blanks"),
    ("invalid_body", "plugin_name"): (None, "a name is more than blanks"),
    ("invalid_body", "metadata.max_users"): (None, "a whole number is written without a point"),
    ("invalid_body", "metadata.max_rps"): (None, "a rate is more than nothing"),
    ("invalid_body", "metadata.concurrent_tests"): (None, "a whole number is written without a point"),
    ("invalid_body", "metadata.recipe_limit"): (None, "a whole number is written without a point"),
    ("invalid_body", "metadata.targets"): (None, "what a target must look like is no pattern"),
    ("invalid_body", "title"): (None, "a title is more than blanks, without control characters"),
    ("invalid_body", "description"): (None, "there are no control characters in it"),
    ("invalid_body", "tags"): (None, "a tag is written in small letters, once"),
    ("invalid_body", "variables"): (None, "what a variable says about its values fits its type"),
    ("invalid_body", "text"): (None, "each place has a variable, and each variable a place"),
    ("invalid_body", "values"): (None, "values are of the prompt's own variables"),
    ("bad_query", "q"): (None, "a search has a word to look for"),
    ("bad_query", "host"): ("/api/maid/search/recommend", "a target is a URL with a host"),
    ("bad_query", "tag"): (None, "a tag is written in small letters"),
    ("bad_query", "by"): ("/api/maid/prompts/analytics", "versions are those of one prompt"),
    ("bad_query", "days"): (None, "what is older is not kept"),
    ("bad_deeplink", None): (None, "a link is made by the server, and signed; none is made up"),
    ("deeplink_over", None): (None, "the link was revoked by a request before"),
    ("invalid_body", "seen"): (RUN_ROUTE, "what was seen of a deeplink goes with one"),
    ("invalid_body", "expires_at"): (None, "what ends does so in the future, and within a year"),
    ("invalid_body", "run_id"): (None, "exactly one of what a run can be given as"),
    ("invalid_body", "other_run_id"): (IMAGE_ROUTE, "a comparison is of two runs, and nothing else is"),
    ("invalid_body", "prompt"): (None, "a picture is of a run or of a text, and a text is more than blanks"),
    ("invalid_body", "format"): (IMAGE_ROUTE, "a picture of a text is a PNG"),
    ("invalid_body", "max_tokens"): (TEXT_ROUTE, "a whole number is written without a point"),
    ("invalid_body", "seed"): (TEXT_ROUTE, "a whole number is written without a point"),
    ("invalid_body", "stop"): (TEXT_ROUTE, "a text to stop at is 1 to 200 bytes long"),
    ("invalid_body", "kind"): (IMAGE_ROUTE, "a picture of a run says what is drawn"),
    ("invalid_body", "height"): (IMAGE_ROUTE, "the area of a picture is bounded"),
    ("invalid_body", "width"): (IMAGE_ROUTE, "a whole number is written without a point"),
    ("invalid_body", "max_uses"): (None, "a whole number is written without a point"),
    ("invalid_body", "outcome"): (ANALYSIS_ROUTE, "a report is of this version, and its parts fit each other"),
    ("invalid_body", "lang"): (ANALYSIS_ROUTE, "there are two languages"),
    ("model_not_configured", None): (None, "this server is started without models"),
    ("not_supported", None): (None, "recipes that need gRPC or SQL"),
}

# A run that is over, so that reading one has something to read, and a target that takes load.
RUN = os.environ["MAID_SCHEMATHESIS_RUN"]
TARGET = os.environ["MAID_SCHEMATHESIS_TARGET"]


def is_right(path, response):
    """Whether a problem is a right answer of `path` to what fits its schema."""
    try:
        problem = response.json()
        code, fields = problem["code"], [error["path"] for error in problem["errors"]]
    except (ValueError, KeyError, TypeError):
        return False
    if code == "invalid_body" and path in OPENAI_ROUTES:
        return True
    first = fields[:1]
    whole = [re.split(r"[.\[]", field)[0] for field in first]
    for field in [None, *first, *whole]:
        where, _why = RIGHT_REFUSALS.get((code, field), ("nowhere", None))
        if where in (None, path):
            return True
    return False


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if type(failure).__name__ == "UseAfterFree" and case.operation.path in REVOKED_ROUTES:
        # What is revoked is still shown, as that: who looks for it wants to know.
        return response.json().get("revoked_at") is None
    if type(failure).__name__ == "AcceptedNegativeData" and response.status_code == 414:
        # It was refused, before anybody looked at its parameters.
        return False
    if type(failure).__name__ not in ("RejectedPositiveData", "ServerError"):
        return True
    return not is_right(case.operation.path, response)


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    phase = case.meta.phase.name.value
    if phase in ("coverage", "fuzzing") and case.method == "GET":
        reads_what_there_is(case)
    if phase == "examples" and case.operation.path == RUN_ROUTE:
        is_small(case.body)


def reads_what_there_is(case):
    """Takes the place of ids that nobody has."""
    if "id" in (case.path_parameters or {}):
        case.path_parameters["id"] = RUN
    if case.operation.path.endswith("/compare"):
        case.query.update({"a": RUN, "b": RUN})


def is_small(body):
    """Makes of the documented example a run that this server takes, and that is over soon."""
    if isinstance(body, dict) and isinstance(body.get("loadtest"), dict):
        body["loadtest"] |= {"target": {"hosts": [TARGET]}, "load": {"users": 1, "run_time": "300ms"}}
