//! One way in for the command line, the routes and the evaluation.

use std::{fmt, net::SocketAddr, sync::Arc, time::Instant};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::watch;
use url::{Host, Url};
use utoipa::ToSchema;

use super::{
    choice,
    draft::{Candidate, Draft, Known, Provenance, Question, Source, complete, draft, enough, rank},
    dto::{Engine, Usage},
    error::GenerateError,
    filler::{Filler, Nearest, Teller},
    follow, near,
    reader::{Reading, Unused, clean, read_turn},
    roles::Told,
};
use crate::{
    ai::{Nearby, desk::Desk},
    audit::{Action, Audit, Event as AuditEvent},
    auth::Principal,
    bus::{Bus, Event, RecipeGenerated},
    config::Config,
    convert::yaml,
    db::words::Query,
    engine::policy::TargetPolicy,
    loadtest::types::LoadTest,
    recipes::{Found, Recipes, library::Library},
};

/// Most recipes of one's own that are looked at.
const OWN_RECIPES: usize = 5;
/// Most words of a text that recipes are looked for by.
const WORDS: usize = 6;

/// What is to be made.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// What somebody says.
    pub text: String,
    /// The test that it changes; without one, a new one is made.
    pub previous: Option<LoadTest>,
}

/// A step on the way, for whoever watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GeneratorStep)]
pub enum Step {
    /// The text is read.
    Reading,
    /// The library is looked through.
    Recipes,
    /// A model is asked.
    Model,
    /// The test is put together and checked.
    Draft,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The test.
    pub loadtest: LoadTest,
    /// The same without what would be so anyway.
    pub document: Value,
    /// The same as YAML.
    pub yaml: String,
    /// Where each field comes from.
    pub provenance: Vec<Provenance>,
    /// What somebody has to say.
    pub questions: Vec<Question>,
    /// What was understood and not used.
    pub unused: Vec<Unused>,
    /// What somebody should know.
    pub notes: Vec<String>,
    /// Recipes that fit, best first.
    pub recipes: Vec<Candidate>,
    /// The recipe that the test is built on.
    pub recipe: Option<String>,
    /// Who has made it.
    pub engine: Engine,
    /// What it has cost.
    pub usage: Usage,
}

impl Generated {
    /// Whether it is a test that can be run: it has a host, and nothing is wrong with it.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.questions.iter().any(|question| matches!(question.about.as_str(), "host" | "test"))
    }
}

/// The models that there are.
#[derive(Clone, Copy, Default)]
pub struct Models<'a> {
    /// What fills in schemas.
    pub filler: Option<&'a dyn Filler>,
    /// What knows nearness in meaning.
    pub nearest: Option<&'a dyn Nearest>,
    /// What tells numbers apart.
    pub teller: Option<&'a dyn Teller>,
}

/// The recipes of the binary, to build on.
#[must_use]
pub fn built_in(library: &Library) -> Vec<Known> {
    library.all().map(|one| Known { id: one.id.to_owned(), checked: one.checked.clone() }).collect()
}

/// Makes a test of what somebody says. Sends nothing and starts nothing.
///
/// # Errors
/// The text is empty, too long, or holds what nobody sees.
pub async fn generate(
    ask: Ask,
    known: &[Known],
    models: Models<'_>,
    progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<Generated, GenerateError> {
    let began = Instant::now();
    progress(Step::Reading);
    let (text, hidden) = clean(&ask.text)?;
    let mut degraded = Vec::new();
    let told = tell(models, &text, &mut degraded).await;
    let mut reading = read_turn(&text, &told, ask.previous.is_some());
    reading.notes.extend(hidden);
    progress(Step::Recipes);
    let mut ranked = rank(&text, &reading, known);
    let lifted = near::lift(models.nearest, &told, &text, &reading, known, &mut ranked).await;
    degraded.extend(lifted.degraded);
    let mut chosen = choice::Chosen::default();
    let filler = models.filler.filter(|_| choice::asks(&reading, &ranked));
    if let Some(filler) = filler {
        progress(Step::Model);
        chosen = choice::choose(filler, &text, &reading, &ranked).await;
        choice::apply(&chosen, &mut reading);
    }
    degraded.append(&mut chosen.degraded);
    progress(Step::Draft);
    let engine = Engine::of(filler.map(Filler::name), !told.is_empty(), chosen.by.take(), degraded);
    let (prompt_tokens, completion_tokens) = chosen.tokens;
    let tokens = prompt_tokens.saturating_add(completion_tokens);
    let usage = Usage { prompt_tokens, completion_tokens, tokens, cost: chosen.cost, latency_ms: 0.0 };
    let draft = match ask.previous {
        Some(previous) => follow::change(previous, &reading, known),
        None => fresh(&reading, known, &ranked, &chosen),
    };
    let mut made = finished(draft, ranked, engine, usage);
    if let Some(id) = made.recipe.clone().filter(|id| lifted.unnamed.as_ref() == Some(id)) {
        made.notes.push(format!("no word of the text names the recipe `{id}`: it was taken for what the text means, so look at its requests"));
    }
    made.usage.latency_ms = (began.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    Ok(made)
}

/// What a model says of the numbers of a text.
async fn tell(models: Models<'_>, text: &str, degraded: &mut Vec<String>) -> Told {
    let Some(teller) = models.teller else { return Told::default() };
    teller.tell(text.to_owned()).await.unwrap_or_else(|error| {
        degraded.push(format!("{error}: numbers were told apart by the words around them"));
        Told::default()
    })
}

/// A new test.
fn fresh(reading: &Reading, known: &[Known], ranked: &[Candidate], chosen: &choice::Chosen) -> Draft {
    let best = ranked.first().filter(|one| enough(one.score)).map(|one| one.id.clone());
    let id = chosen.recipe.clone().or(best);
    let recipe = id.and_then(|id| known.iter().find(|one| one.id == id));
    let mut made = draft(reading, recipe);
    if let Some(name) = &chosen.name {
        made.loadtest.name.clone_from(name);
        made.comes("/name", Source::Model, None);
    }
    made
}

/// What goes out.
pub(super) fn finished(draft: Draft, mut ranked: Vec<Candidate>, engine: Engine, usage: Usage) -> Generated {
    let Draft { loadtest, provenance, questions, unused, notes, recipe, base, .. } = draft;
    let document = yaml::brief(&loadtest);
    let of_recipe = (base == Source::Recipe).then(|| recipe.clone()).flatten();
    let base = Provenance { path: String::new(), source: base, span: None, recipe: of_recipe };
    let provenance = complete(&document, &provenance, &base);
    for one in &mut ranked {
        one.used = recipe.as_ref() == Some(&one.id);
    }
    Generated {
        yaml: yaml::write(&loadtest),
        document,
        loadtest,
        provenance,
        questions,
        unused,
        notes,
        recipes: ranked,
        recipe,
        engine,
        usage,
    }
}

/// The generator of a server; a clone is the same.
#[derive(Clone)]
pub struct Generator {
    recipes: Recipes,
    bus: Bus,
    audit: Audit,
    config: watch::Receiver<Arc<Config>>,
    desk: Option<Desk>,
    nearby: Option<Arc<Nearby>>,
}

impl fmt::Debug for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generator").field("desk", &self.desk).finish_non_exhaustive()
    }
}

impl Generator {
    /// A generator on the recipes of a server, without a model.
    #[must_use]
    pub fn new(recipes: Recipes, bus: Bus, audit: Audit, config: watch::Receiver<Arc<Config>>) -> Self {
        Self { recipes, bus, audit, config, desk: None, nearby: None }
    }

    /// The same with the models of a server: each is asked when it is there.
    #[must_use]
    pub fn with_models(self, desk: &Desk) -> Self {
        let nearby = Arc::new(Nearby::new(desk.ai().clone()));
        Self { desk: Some(desk.clone()), nearby: Some(nearby), ..self }
    }

    /// Makes a test for `principal`, of recipes that it may see. Tells whoever watches, and writes down that it was
    /// done, not what was said.
    ///
    /// # Errors
    /// The text cannot be read, or the database does not answer.
    pub async fn generate(
        &self,
        principal: &Principal,
        ask: Ask,
        progress: &(dyn Fn(Step) + Send + Sync),
    ) -> Result<Generated, GenerateError> {
        let mut known: Vec<Known> = self
            .recipes
            .built_in()
            .map(|one| Known { id: one.id.to_owned(), checked: one.checked.clone() })
            .collect();
        let (bytes, changes) = (ask.text.len(), ask.previous.is_some());
        if bytes <= super::reader::MAX_TEXT {
            known.extend(self.own(principal, &ask.text).await?);
        }
        let asker = self.desk.as_ref().map(|desk| desk.asker(principal));
        let filler = asker.as_ref().map(|asker| asker as &dyn Filler);
        let nearest = self.nearby.as_deref().map(|nearby| nearby as &dyn Nearest);
        let teller = self.nearby.as_deref().map(|nearby| nearby as &dyn Teller);
        let models = Models { filler, nearest, teller };
        let mut made = generate(ask, &known, models, progress).await?;
        let warnings = self.warnings(principal, &made.loadtest);
        made.notes.extend(warnings);
        let event = AuditEvent::of(principal, Action::RecipeGenerate);
        self.audit.note(event.with(json!({
            "text_bytes": bytes, "changes": changes, "recipe": made.recipe, "hosts": made.loadtest.target.hosts,
            "questions": made.questions.len(), "route": made.engine.route,
        })));
        let told = RecipeGenerated {
            name: made.loadtest.name.clone(),
            recipe: made.recipe.clone(),
            complete: made.is_complete(),
            questions: u32::try_from(made.questions.len()).unwrap_or(u32::MAX),
            engine: made.engine.route.to_owned(),
        };
        self.bus.publish_for(&principal.tenant_id, None, Event::RecipeGenerated(told));
        Ok(made)
    }

    /// Recipes of the tenant that a word of the text finds.
    async fn own(&self, principal: &Principal, text: &str) -> Result<Vec<Known>, GenerateError> {
        let low = text.to_lowercase();
        let mut words: Vec<&str> =
            low.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 4).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.dedup();
        let filters = crate::recipes::Filters { built_in: Some(false), ..Default::default() };
        let mut out: Vec<Known> = Vec::new();
        for query in words.into_iter().take(WORDS).filter_map(Query::of) {
            for line in self.recipes.search(principal, &query, &filters, OWN_RECIPES).await? {
                if out.len() >= OWN_RECIPES || out.iter().any(|known| known.id == line.id) {
                    continue;
                }
                let Found::Written(row) = self.recipes.get(principal, &line.id).await? else { continue };
                // One that a later version of MAID sees otherwise is left out.
                if let Ok(checked) = row.recipe.check("recipe") {
                    out.push(Known { id: line.id, checked });
                }
            }
        }
        Ok(out)
    }

    /// What a run would refuse of the targets, as far as it can be told without looking names up.
    fn warnings(&self, principal: &Principal, test: &LoadTest) -> Vec<String> {
        let config = Arc::clone(&self.config.borrow());
        let policy = TargetPolicy::new(&config.load.targets.allow, Vec::new(), Vec::new());
        let within = principal.allowance.targets.as_deref();
        let policy = match (policy, within) {
            (Ok(policy), Some(targets)) => policy.within(targets),
            (policy, _) => policy,
        };
        let Ok(policy) = policy else { return Vec::new() };
        test.target.hosts.iter().filter_map(|host| warning(&policy, host)).collect()
    }
}

/// Why a run would refuse a host.
fn warning(policy: &TargetPolicy, host: &str) -> Option<String> {
    let url = Url::parse(host).ok()?;
    let port = url.port_or_known_default()?;
    match url.host()? {
        Host::Ipv4(ip) => refused(policy, &ip.to_string(), SocketAddr::from((ip, port))),
        Host::Ipv6(ip) => refused(policy, &format!("[{ip}]"), SocketAddr::from((ip, port))),
        Host::Domain(name) if name == "localhost" || name.ends_with(".localhost") => None,
        Host::Domain(name) => {
            // An address that no entry names, so that only one for the name itself can allow it.
            let nowhere = SocketAddr::from(([192, 0, 2, 1], port));
            policy.check_address(name, nowhere).is_err().then(|| {
                format!(
                    "{name} is not allowed by its name, so a run may refuse it: allow it with --allow-target {name}, or in \
                     load.targets.allow, if you may test it"
                )
            })
        }
    }
}

fn refused(policy: &TargetPolicy, host: &str, address: SocketAddr) -> Option<String> {
    policy.check_address(host, address).err().map(|refusal| format!("a run would refuse this: {refusal}"))
}
