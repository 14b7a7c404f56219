//! Every key of the configuration, and what a change of it takes: the one table of both.

/// What a change of a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: it holds from the next run, request or log line on.
    Live,
    /// A restart.
    Restart,
    /// A restart; besides, it is never shown, and never set over the API.
    Secret,
}

/// Every key, with what a change of it takes.
pub const KEYS: &[(&str, Change)] = &[
    ("server.host", Change::Restart),
    ("server.port", Change::Restart),
    ("server.public_url", Change::Restart),
    ("server.workers", Change::Restart),
    ("server.data_dir", Change::Restart),
    ("server.files_dir", Change::Live),
    ("server.max_body", Change::Restart),
    ("server.max_connections", Change::Restart),
    ("server.max_websockets", Change::Restart),
    ("server.client_timeout", Change::Restart),
    ("server.trusted_proxies", Change::Restart),
    ("server.shutdown_grace", Change::Live),
    ("auth.oidc", Change::Secret),
    ("server.tls.cert_file", Change::Restart),
    ("server.tls.key_file", Change::Restart),
    ("server.tls.hsts", Change::Restart),
    ("server.cors_origins", Change::Restart),
    ("database.url", Change::Secret),
    ("database.max_connections", Change::Restart),
    ("database.acquire_timeout", Change::Restart),
    ("database.busy_timeout", Change::Restart),
    ("auth.required", Change::Restart),
    ("auth.secret", Change::Secret),
    ("auth.admin_password", Change::Secret),
    ("auth.registration", Change::Live),
    ("auth.access_ttl", Change::Live),
    ("auth.session_ttl", Change::Live),
    ("auth.session_max", Change::Live),
    ("auth.invitation_ttl", Change::Live),
    ("auth.signing_key_ttl", Change::Live),
    ("auth.password.min_length", Change::Live),
    ("auth.password.memory_kib", Change::Restart),
    ("auth.password.iterations", Change::Restart),
    ("auth.password.lanes", Change::Restart),
    ("auth.password.total_memory_kib", Change::Restart),
    ("auth.max_keys", Change::Live),
    ("load.targets.allow", Change::Live),
    ("load.env_allow", Change::Live),
    ("load.stop_grace", Change::Live),
    ("load.max_users", Change::Live),
    ("load.max_rps", Change::Live),
    ("load.max_run_time", Change::Live),
    ("load.workers", Change::Live),
    ("load.breaker.after", Change::Live),
    ("load.breaker.connect_failures", Change::Live),
    ("history.max_runs", Change::Live),
    ("history.max_age", Change::Live),
    ("history.max_queued", Change::Live),
    ("history.max_recipes", Change::Live),
    ("history.max_prompts", Change::Live),
    ("history.max_deeplinks", Change::Live),
    ("history.max_presets", Change::Live),
    ("history.max_search_documents", Change::Live),
    ("history.command_line", Change::Live),
    ("history.max_logs", Change::Live),
    ("history.idempotency_ttl", Change::Restart),
    ("audit.max_age_days", Change::Live),
    ("reports.dir", Change::Live),
    ("reports.keep", Change::Live),
    ("rate_limit.enabled", Change::Live),
    ("rate_limit.key_per_minute", Change::Live),
    ("rate_limit.key_burst", Change::Live),
    ("rate_limit.address_per_minute", Change::Live),
    ("rate_limit.address_burst", Change::Live),
    ("rate_limit.user_per_minute", Change::Live),
    ("rate_limit.user_burst", Change::Live),
    ("ai.enabled", Change::Restart),
    ("ai.models_dir", Change::Restart),
    ("ai.model", Change::Restart),
    ("ai.embedding_model", Change::Restart),
    ("ai.speech_model", Change::Restart),
    ("ai.speech_codec", Change::Restart),
    ("ai.image_model", Change::Restart),
    ("ai.policy_file", Change::Restart),
    ("ai.max_concurrency", Change::Restart),
    ("ai.max_queued", Change::Restart),
    ("ai.queue_timeout", Change::Restart),
    ("ai.timeout", Change::Restart),
    ("ai.max_prompt_tokens", Change::Restart),
    ("ai.max_tokens", Change::Restart),
    ("ai.idle_unload", Change::Restart),
    ("telemetry.log", Change::Live),
    ("telemetry.log_format", Change::Restart),
    ("telemetry.otlp.endpoint", Change::Restart),
    ("telemetry.otlp.headers", Change::Secret),
    ("telemetry.otlp.sample", Change::Restart),
    ("telemetry.otlp.service_name", Change::Restart),
    ("telemetry.otlp.timeout", Change::Restart),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;
    use crate::config::schema;

    /// Keys of the schema that hold a value, with their description.
    fn described<'a>(part: &'a Value, at: &str, found: &mut BTreeMap<String, &'a Value>) {
        match part.get("properties").and_then(Value::as_object) {
            Some(keys) => keys.iter().for_each(|(key, part)| {
                let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                described(part, &path, found);
            }),
            None => drop(found.insert(at.to_owned(), part)),
        }
    }

    #[test]
    fn every_key_says_what_its_change_takes() {
        let schema = schema::inlined();
        let mut parts = BTreeMap::new();
        described(&schema, "", &mut parts);
        parts.remove("$schema");
        let known: BTreeMap<String, Change> =
            KEYS.iter().map(|(key, change)| ((*key).to_owned(), *change)).collect();
        assert_eq!(KEYS.len(), known.len(), "no key is told twice");
        assert_eq!(parts.keys().collect::<Vec<_>>(), known.keys().collect::<Vec<_>>());
        for (key, part) in parts {
            let told = |word: &str| part.to_string().contains(&format!("\"{word}\":true"));
            let change = known[&key];
            assert_eq!(told("x-restart"), change != Change::Live, "{key}: the schema shows it");
            assert_eq!(
                told("writeOnly"),
                change == Change::Secret,
                "{key}: secrets and no others are hidden"
            );
        }
    }

    #[test]
    fn the_document_tells_what_takes_a_restart() {
        let page = std::fs::read_to_string("docs/operations.md").expect("the page is there");
        let list = |live: bool| {
            let keys = KEYS.iter().filter(|(_, change)| (*change == Change::Live) == live);
            keys.map(|(key, _)| format!("`{key}`")).collect::<Vec<_>>().join(", ")
        };
        let live = format!("- At once, for the next run, request or line: {}", list(true));
        let restart = format!("- With the next start: {}", list(false));
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for told in [live, restart] {
            assert!(words(&page).contains(&words(&told)), "docs/operations.md lacks:\n{told}");
        }
    }
}
