//! Queries of `maid_recipes` and `maid_recipe_versions`.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, prelude::DateTimeUtc,
};
use uuid::Uuid;

use super::{
    document::{Category, Recipe, Requires},
    record::{AsItWas, Filters, Line, Origin, RecipeRow, VersionRow, words},
};
use crate::db::{
    Db, StoreError,
    entities::{
        api_key,
        recipe::{ActiveModel, Column, Entity, Listed, Model},
        recipe_version as version,
    },
    time::{from_db, to_db},
    words::{self, Kind, Query},
};

/// Versions that are kept of one recipe.
const MOST_VERSIONS: i64 = 100;

/// The recipes that people have written.
#[derive(Clone, Debug)]
pub(super) struct Store(Db);

/// How many recipes there may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Of the tenant.
    pub(super) tenant: u32,
    /// Made with the API key that asks.
    pub(super) key: Option<u32>,
}

/// What became of a new recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inserted {
    /// It is there.
    Done,
    /// The tenant has as many as it may.
    Full,
    /// The API key has made as many as it may.
    BeyondKey,
}

impl Store {
    pub(super) fn new(db: Db) -> Self {
        Self(db)
    }

    /// Adds a recipe. Those who make recipes with one API key take turns.
    pub(super) async fn insert(&self, row: &RecipeRow, bounds: Bounds) -> Result<Inserted, StoreError> {
        let inserted = async {
            let transaction = self.0.begin_write().await?;
            let of_tenant = Entity::find().filter(Column::TenantId.eq(&row.tenant_id));
            if of_tenant.count(&transaction).await? >= u64::from(bounds.tenant) {
                return Ok(Inserted::Full);
            }
            if let Some((most, key)) = bounds.key.zip(row.api_key_id) {
                api_key::Entity::find_by_id(key).lock_exclusive().one(&transaction).await?;
                let of_key = Entity::find().filter(Column::ApiKeyId.eq(key));
                if of_key.count(&transaction).await? >= u64::from(most) {
                    return Ok(Inserted::BeyondKey);
                }
            }
            Entity::insert(model(row)).exec_without_returning(&transaction).await?;
            remember(&transaction, row, &row.owner).await?;
            transaction.commit().await?;
            Ok(Inserted::Done)
        };
        self.0.answer(inserted).await
    }

    /// Replaces a recipe of version `before` by `after`, whose author is `author`. False where it is
    /// another version by now, or gone.
    pub(super) async fn update(
        &self,
        before: i64,
        after: &RecipeRow,
        author: &str,
    ) -> Result<bool, StoreError> {
        let updated = async {
            let transaction = self.0.begin_write().await?;
            let rows = Entity::update_many()
                .set(ActiveModel { id: sea_orm::ActiveValue::NotSet, ..model(after) })
                .filter(of(&after.tenant_id, after.id))
                .filter(Column::Version.eq(before))
                .exec(&transaction)
                .await?
                .rows_affected;
            if rows == 0 {
                return Ok(false);
            }
            remember(&transaction, after, author).await?;
            version::Entity::delete_many()
                .filter(version::Column::RecipeId.eq(after.id))
                .filter(version::Column::Version.lte(after.version - MOST_VERSIONS))
                .exec(&transaction)
                .await?;
            transaction.commit().await?;
            Ok(true)
        };
        self.0.answer(updated).await
    }

    /// Deletes a recipe with its versions. False where there is none.
    pub(super) async fn delete(&self, tenant: &str, id: Uuid) -> Result<bool, StoreError> {
        let deleted = async {
            let transaction = self.0.begin_write().await?;
            let rows = Entity::delete_many().filter(of(tenant, id)).exec(&transaction).await?.rows_affected;
            if rows > 0 {
                words::remove(&transaction, id).await?;
            }
            transaction.commit().await?;
            Ok(rows > 0)
        };
        self.0.answer(deleted).await
    }

    /// A recipe of `tenant`.
    pub(super) async fn get(&self, tenant: &str, id: Uuid) -> Result<Option<RecipeRow>, StoreError> {
        let row = Entity::find().filter(of(tenant, id));
        self.0.answer(row.one(self.0.connection())).await?.map(recipe).transpose()
    }

    /// Recipes of `tenant` made before the one with the id `after`, the newest first.
    pub(super) async fn list(
        &self,
        tenant: &str,
        filters: &Filters,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<Line>, StoreError> {
        let rows = wanted(tenant, filters)
            .apply_if(after, |rows, after| rows.filter(Column::Id.lt(after)))
            .order_by_desc(Column::Id)
            .limit(limit as u64)
            .into_partial_model::<Listed>();
        let rows = self.0.answer(rows.all(self.0.connection())).await?;
        rows.into_iter().map(line).collect()
    }

    /// Recipes of `tenant` that `query` finds, with how well, best first.
    pub(super) async fn find(
        &self,
        tenant: &str,
        query: &Query,
        filters: &Filters,
        limit: usize,
    ) -> Result<Vec<(i64, Line)>, StoreError> {
        // Filters leave some of them out; more than a few times the limit are not looked at.
        let most = if *filters == Filters::default() { limit } else { limit.saturating_mul(10) };
        let found = words::find(self.0.connection(), Kind::Recipe, tenant, query, most as u64);
        let found = self.0.answer(found).await?;
        let rows = wanted(tenant, filters).filter(Column::Id.is_in(found.iter().map(|(id, _)| *id)));
        let rows = rows.into_partial_model::<Listed>();
        let rows: Vec<Listed> = self.0.answer(rows.all(self.0.connection())).await?;
        let mut rows: std::collections::HashMap<Uuid, Listed> =
            rows.into_iter().map(|row| (row.id, row)).collect();
        let best = found.into_iter().filter_map(|(id, score)| Some((score, rows.remove(&id)?))).take(limit);
        best.map(|(score, row)| Ok((score, line(row)?))).collect()
    }

    /// Versions of a recipe of `tenant` before the version `before`, the newest first.
    pub(super) async fn versions(
        &self,
        tenant: &str,
        id: Uuid,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<VersionRow>, StoreError> {
        use version::Column;
        let rows = version::Entity::find()
            .select_only()
            .columns([Column::Version, Column::Author, Column::CreatedAt])
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::RecipeId.eq(id))
            .apply_if(before, |rows, before| rows.filter(Column::Version.lt(before)))
            .order_by_desc(Column::Version)
            .limit(limit as u64)
            .into_tuple::<(i64, String, DateTimeUtc)>();
        let rows = self.0.answer(rows.all(self.0.connection())).await?;
        let row = |(version, author, at)| VersionRow { version, author, created_at: from_db(at) };
        Ok(rows.into_iter().map(row).collect())
    }

    /// A recipe of `tenant` as it was.
    pub(super) async fn version(
        &self,
        tenant: &str,
        id: Uuid,
        number: i64,
    ) -> Result<Option<AsItWas>, StoreError> {
        let row = version::Entity::find_by_id((id, number)).filter(version::Column::TenantId.eq(tenant));
        let Some(row) = self.0.answer(row.one(self.0.connection())).await? else { return Ok(None) };
        let recipe = read(id, &row.body)?;
        let version =
            VersionRow { version: row.version, author: row.author, created_at: from_db(row.created_at) };
        Ok(Some(AsItWas { version, recipe, text: row.text }))
    }
}

fn of(tenant: &str, id: Uuid) -> Condition {
    Condition::all().add(Column::TenantId.eq(tenant)).add(Column::Id.eq(id))
}

fn wanted(tenant: &str, filters: &Filters) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::TenantId.eq(tenant))
        .apply_if(filters.category, |rows, category| rows.filter(Column::Category.eq(category.name())))
        // A tag is letters, digits and `-`, so that nothing in it means anything here.
        .apply_if(filters.tag.as_ref(), |rows, tag| {
            rows.filter(Column::TagsJson.contains(format!("\"{tag}\"")))
        })
}

/// Keeps a recipe as a version, and what it is found by.
async fn remember(on: &impl ConnectionTrait, row: &RecipeRow, author: &str) -> Result<(), DbErr> {
    let kept = version::ActiveModel {
        recipe_id: Set(row.id),
        version: Set(row.version),
        tenant_id: Set(row.tenant_id.clone()),
        author: Set(author.to_owned()),
        created_at: Set(to_db(row.updated_at)),
        body: Set(written(&row.recipe)),
        text: Set(row.text.clone()),
    };
    version::Entity::insert(kept).exec_without_returning(on).await?;
    words::put(on, Kind::Recipe, (&row.tenant_id, row.id), &words(&row.recipe)).await
}

/// A recipe as text; it has text keys and finite numbers, so nothing here can fail.
fn written(recipe: &Recipe) -> String {
    serde_json::to_string(recipe).unwrap_or_default()
}

fn model(row: &RecipeRow) -> ActiveModel {
    ActiveModel {
        id: Set(row.id),
        tenant_id: Set(row.tenant_id.clone()),
        owner: Set(row.owner.clone()),
        api_key_id: Set(row.api_key_id),
        title: Set(row.recipe.title.clone()),
        category: Set(row.recipe.category.name().to_owned()),
        cloned_from: Set(row.cloned_from.clone()),
        version: Set(row.version),
        created_at: Set(to_db(row.created_at)),
        updated_at: Set(to_db(row.updated_at)),
        requires: Set(row.recipe.requires.map(|requires| requires.name().to_owned())),
        tags_json: Set(serde_json::to_string(&row.recipe.tags).unwrap_or_default()),
        summary: Set(row.recipe.summary.clone()),
        body: Set(written(&row.recipe)),
        text: Set(row.text.clone()),
    }
}

fn recipe(row: Model) -> Result<RecipeRow, StoreError> {
    Ok(RecipeRow {
        recipe: read(row.id, &row.body)?,
        text: row.text,
        id: row.id,
        tenant_id: row.tenant_id,
        owner: row.owner,
        api_key_id: row.api_key_id,
        cloned_from: row.cloned_from,
        version: row.version,
        created_at: from_db(row.created_at),
        updated_at: from_db(row.updated_at),
    })
}

fn line(row: Listed) -> Result<Line, StoreError> {
    let damaged = |what| StoreError::damaged(format!("the {what} of recipe {}", row.id));
    let requires = row.requires.as_deref().map(Requires::from_name);
    Ok(Line {
        category: Category::from_name(&row.category).ok_or_else(|| damaged("category"))?,
        tags: serde_json::from_str(&row.tags_json).map_err(|_| damaged("tags"))?,
        requires: requires.flatten(),
        id: row.id.to_string(),
        origin: Origin::Written {
            owner: row.owner,
            version: row.version,
            updated_at: from_db(row.updated_at),
        },
        title: row.title,
        summary: row.summary,
    })
}

fn read(id: Uuid, text: &str) -> Result<Recipe, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::damaged(format!("recipe {id}")))
}
