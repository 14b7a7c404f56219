//! The shop as a site of linked pages, and the one page of its app.

use std::fmt::Write as _;

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, LOCATION},
    web,
};
use serde::Deserialize;

use super::{
    assets::PHOTOS,
    catalogue::{PAGE, Product},
    error::{Answer, ShopError},
    routes::{SearchQuery, Shelf},
};

const CATEGORIES: [&str; 4] = ["outdoor", "kitchen", "office", "audio"];

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/site", web::get().to(front))
        .route("/site/categories/{name}", web::get().to(category))
        .route("/site/products/{id}", web::get().to(product))
        .route("/site/search", web::get().to(search))
        .service(
            web::resource("/site/contact").route(web::get().to(contact)).route(web::post().to(send_message)),
        )
        .route("/site/thanks", web::get().to(thanks))
        .route("/app", web::get().to(app_shell));
}

/// A page with `main` between what all pages have.
fn page(title: &str, main: &str) -> HttpResponse {
    let mut links = String::new();
    for name in CATEGORIES {
        let _ = write!(links, "<a href=\"/site/categories/{name}\">{name}</a> ");
    }
    let title = escaped(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title} - demo shop</title>\n\
         <link rel=\"stylesheet\" href=\"/assets/app.css\">\n\
         <link rel=\"preload\" href=\"/assets/font.woff2\" as=\"font\" crossorigin>\n\
         <script type=\"module\" src=\"/assets/app.js\"></script>\n</head>\n<body>\n\
         <header><a href=\"/site\"><img src=\"/assets/logo.svg\" alt=\"demo shop\"></a>\n\
         <nav>{links}<a href=\"/site/contact\">contact</a></nav></header>\n\
         <main>\n<h1>{title}</h1>\n{main}</main>\n</body>\n</html>\n"
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(html)
}

/// Text that is nothing but text in a page.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn cards<'a>(products: impl Iterator<Item = &'a Product>) -> String {
    let mut html = String::new();
    for product in products {
        let Product { id, name, price_cents, .. } = product;
        let photo = id % PHOTOS + 1;
        let _ = writeln!(
            html,
            "<article><a href=\"/site/products/{id}\"><img src=\"/assets/photo-{photo}.jpg\" alt=\"{name}\" \
             loading=\"lazy\"><h2>{name}</h2></a><p>{}.{:02}</p></article>",
            price_cents / 100,
            price_cents % 100
        );
    }
    html
}

async fn front(shelf: web::Data<Shelf>) -> HttpResponse {
    let main = format!(
        "<img src=\"/assets/hero.jpg\" alt=\"this week\">\n{}",
        cards(shelf.catalogue.all().iter().step_by(10).take(PAGE))
    );
    page("This week", &main)
}

async fn category(shelf: web::Data<Shelf>, name: web::Path<String>) -> Answer {
    if !CATEGORIES.contains(&name.as_str()) {
        return Err(ShopError::NotFound(format!("category; there are {}", CATEGORIES.join(", "))));
    }
    let of_it = shelf.catalogue.all().iter().filter(|product| product.category == name.as_str());
    Ok(page(&name, &cards(of_it.take(2 * PAGE))))
}

async fn product(shelf: web::Data<Shelf>, id: web::Path<u32>) -> Answer {
    let product = shelf.catalogue.product(*id).ok_or_else(|| ShopError::NotFound(format!("product {id}")))?;
    let others = shelf.catalogue.all().iter().filter(|other| other.category == product.category);
    let main = format!(
        "<img src=\"/assets/photo-{}.jpg\" alt=\"{}\">\n<p class=\"stock\">{} in stock</p>\n<h2>See also</h2>\n{}",
        *id % PHOTOS + 1,
        product.name,
        product.stock,
        cards(others.filter(|other| other.id != *id).take(4))
    );
    Ok(page(&product.name, &main))
}

async fn search(shelf: web::Data<Shelf>, query: web::Query<SearchQuery>) -> Answer {
    let found = shelf.catalogue.search(query.checked()?);
    let main = format!("<p class=\"found\">{} found</p>\n{}", found.len(), cards(found.into_iter()));
    Ok(page(&format!("Search for {}", query.q), &main))
}

async fn contact() -> HttpResponse {
    page(
        "Contact",
        "<form method=\"post\" action=\"/site/contact\"><input name=\"email\"><textarea name=\"message\">\
         </textarea><button>Send</button></form>\n",
    )
}

#[derive(Deserialize)]
struct Message {
    email: String,
    message: String,
}

/// Sends whoever has written on to another page, so that a reload does not write again.
async fn send_message(message: web::Form<Message>) -> Answer {
    if !message.email.contains('@') || message.message.trim().is_empty() {
        return Err(ShopError::BadRequest("email must hold an @, and message must not be empty".to_owned()));
    }
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/site/thanks")).finish())
}

async fn thanks() -> HttpResponse {
    page("Thank you", "<p>We have your message.</p>\n")
}

/// What a browser loads once; everything else it asks the API for.
async fn app_shell() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").insert_header((CACHE_CONTROL, "no-cache")).body(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>demo shop</title>\n\
         <link rel=\"stylesheet\" href=\"/assets/app.css\">\n\
         <script type=\"module\" src=\"/assets/vendor.js\"></script>\n\
         <script type=\"module\" src=\"/assets/app.js\"></script>\n</head>\n\
         <body><div id=\"app\"></div></body>\n</html>\n",
    )
}
