//! A feed: visitors write, like and follow.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::header::LOCATION, web};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    error::{Answer, ShopError},
    kept::{Kept, Recent},
    paging::Slice,
    routes::Shelf,
    sessions::Visitor,
};

/// Posts that are kept.
const POSTS: usize = 1000;
/// People whose followers are counted.
const PEOPLE: usize = 10_000;

#[derive(Clone, Serialize)]
struct Post {
    id: u64,
    author: String,
    text: String,
    likes: u64,
}

struct Wall {
    next: u64,
    posts: Recent<u64, Post>,
    followers: HashMap<String, u64>,
}

/// All that is written and liked.
pub(super) struct Feed(Kept<Wall>);

impl Default for Feed {
    fn default() -> Self {
        let mut wall = Wall { next: 1, posts: Recent::new(POSTS), followers: HashMap::new() };
        for number in 1..=50 {
            wall.write(format!("person-{}", number % 10), format!("Post number {number} of the demo shop"));
        }
        Self(Kept::new(wall))
    }
}

impl Wall {
    fn write(&mut self, author: String, text: String) -> Post {
        let post = Post { id: self.next, author, text, likes: 0 };
        self.next += 1;
        self.posts.insert(post.id, post.clone());
        post
    }
}

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/feed", web::get().to(feed))
        .route("/posts", web::post().to(write))
        .route("/posts/{id}", web::get().to(read))
        .route("/posts/{id}/likes", web::post().to(like))
        .route("/people/{name}/followers", web::post().to(follow));
}

/// The newest posts first.
async fn feed(feed: web::Data<Feed>, slice: web::Query<Slice>) -> Answer {
    let (offset, limit) = slice.bounds()?;
    let wall = feed.0.open();
    let posts: Vec<&Post> = wall.posts.values().rev().skip(offset).take(limit).collect();
    Ok(HttpResponse::Ok().json(json!({ "posts": posts, "total": wall.posts.len() })))
}

#[derive(Deserialize)]
struct Written {
    text: String,
}

async fn write(
    shelf: web::Data<Shelf>,
    feed: web::Data<Feed>,
    visitor: Visitor,
    written: web::Json<Written>,
) -> Answer {
    let text = written.into_inner().text;
    if !(1..=500).contains(&text.chars().count()) {
        return Err(ShopError::BadRequest("text must have 1 to 500 characters".to_owned()));
    }
    let post = feed.0.open().write(shelf.sessions.username(&visitor)?, text);
    Ok(HttpResponse::Created().insert_header((LOCATION, format!("/posts/{}", post.id))).json(post))
}

fn missing(id: u64) -> ShopError {
    ShopError::NotFound(format!("post {id}; the last {POSTS} are kept"))
}

async fn read(feed: web::Data<Feed>, id: web::Path<u64>) -> Answer {
    let post = feed.0.open().posts.get(&id).cloned();
    Ok(HttpResponse::Ok().json(post.ok_or_else(|| missing(*id))?))
}

async fn like(feed: web::Data<Feed>, _: Visitor, id: web::Path<u64>) -> Answer {
    let mut wall = feed.0.open();
    let post = wall.posts.get_mut(&id).ok_or_else(|| missing(*id))?;
    post.likes += 1;
    Ok(HttpResponse::Ok().json(json!({ "id": post.id, "likes": post.likes })))
}

async fn follow(feed: web::Data<Feed>, _: Visitor, name: web::Path<String>) -> Answer {
    let name = name.into_inner();
    if name.len() > 64 {
        return Err(ShopError::BadRequest("a name has at most 64 bytes".to_owned()));
    }
    let mut wall = feed.0.open();
    if wall.followers.len() >= PEOPLE && !wall.followers.contains_key(&name) {
        return Err(ShopError::Conflict(
            "the demo shop counts the followers of 10000 people: follow one of them",
        ));
    }
    let followers = wall.followers.entry(name.clone()).or_insert(0);
    *followers += 1;
    Ok(HttpResponse::Ok().json(json!({ "name": name, "followers": *followers })))
}
