//! An API made from its description: it answers what is documented, and refuses what the description would not take.

use std::{
    collections::BTreeSet,
    net::TcpListener,
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::StatusCode,
    rt::System,
    web::{self, Bytes, Data},
};
use serde_json::Value;

use super::descriptions::{resolved, validator};

/// What a description says, and what was asked.
struct Api {
    root: Value,
    /// The path that all paths go on from.
    base: String,
    refused: Mutex<BTreeSet<String>>,
    seen: Mutex<BTreeSet<String>>,
}

/// A mock that ends with the test.
pub struct Mock {
    pub url: String,
    api: Arc<Api>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Mock {
    /// An API of a description whose paths go on from `base`.
    pub fn start(root: &Value, base: &str) -> Self {
        let api = Arc::new(Api {
            root: root.clone(),
            base: base.to_owned(),
            refused: Mutex::default(),
            seen: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (started, handle) = mpsc::sync_channel(1);
        let served = Arc::clone(&api);
        let thread = thread::spawn(move || {
            System::new().block_on(async move {
                let app = move || {
                    App::new().app_data(Data::from(Arc::clone(&served))).default_service(web::to(answer))
                };
                let server = HttpServer::new(app)
                    .workers(1)
                    .disable_signals()
                    .listen(listener)
                    .expect("a server")
                    .run();
                started.send(server.handle()).expect("it is awaited");
                server.await.expect("it serves");
            });
        });
        Self { url, api, handle: handle.recv().expect("it starts"), thread: Some(thread) }
    }

    /// What was refused, with the reason.
    pub fn refused(&self) -> Vec<String> {
        self.api.refused.lock().expect("nobody panicked").iter().cloned().collect()
    }

    /// Operations that were asked.
    pub fn seen(&self) -> usize {
        self.api.seen.lock().expect("nobody panicked").len()
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

async fn answer(request: HttpRequest, body: Bytes, api: Data<Api>) -> HttpResponse {
    match api.check(&request, &body) {
        Ok(status) => HttpResponse::build(status).json(Value::Object(serde_json::Map::new())),
        Err(why) => {
            let told = format!("{} {}: {why}", request.method(), request.uri());
            api.refused.lock().expect("nobody panicked").insert(told);
            HttpResponse::BadRequest().finish()
        }
    }
}

impl Api {
    fn check(&self, request: &HttpRequest, body: &[u8]) -> Result<StatusCode, String> {
        let path = request.path().strip_prefix(&self.base).ok_or("not below the base path")?;
        let method = request.method().as_str().to_ascii_lowercase();
        let paths = self.root["paths"].as_object().ok_or("no paths")?;
        let fitting =
            paths.iter().filter(|(template, item)| fits(template, path) && item[&method].is_object());
        let (template, item) =
            fitting.min_by_key(|(template, _)| template.matches('{').count()).ok_or("no such operation")?;
        let operation = &item[&method];
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
        for written in
            [&item["parameters"], &operation["parameters"]].into_iter().filter_map(Value::as_array).flatten()
        {
            let parameter = resolved(&self.root, written);
            let name = parameter["name"].as_str().unwrap_or_default();
            let there = match parameter["in"].as_str() {
                Some("query") => {
                    query.iter().any(|(known, _)| known == name || known.starts_with(&format!("{name}[")))
                }
                Some("header") => request.headers().contains_key(name),
                _ => true,
            };
            let of_an_object = parameter["schema"]["type"] == "object";
            if parameter["required"] == true && !there && !of_an_object {
                return Err(format!("`{name}` is missing"));
            }
        }
        let content = &resolved(&self.root, &operation["requestBody"])["content"]["application/json"];
        if let (Some(schema), false) = (content.get("schema"), body.is_empty()) {
            let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
            if let Some(wrong) = validator(&self.root, schema).iter_errors(&body).next() {
                return Err(format!("{}: {wrong} in {body}", wrong.instance_path()));
            }
        }
        self.seen.lock().expect("nobody panicked").insert(format!("{method} {template}"));
        let statuses = operation["responses"].as_object().into_iter().flatten();
        let good =
            statuses.filter_map(|(code, _)| code.parse::<u16>().ok()).find(|code| (200..300).contains(code));
        StatusCode::from_u16(good.unwrap_or(200)).map_err(|error| error.to_string())
    }
}

/// Whether a path is one of a template.
fn fits(template: &str, path: &str) -> bool {
    let (mut left, mut right) = (template.split('/'), path.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(template), Some(part)) => {
                let fixed = template.split('{').next().unwrap_or_default();
                let varies = template.contains('{');
                if !(varies && part.starts_with(fixed) && !part.is_empty() || template == part) {
                    return false;
                }
            }
            _ => return false,
        }
    }
}
