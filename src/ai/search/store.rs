//! Queries of `maid_documents`.

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};
use uuid::Uuid;

use super::{
    document::{Document, Kind, Of},
    meaning::to_bytes,
};
use crate::{
    db::{
        Db, StoreError,
        entities::{
            document::{ActiveModel, Column, Entity, Placed, Shown},
            prompt, recipe, run,
        },
        fulltext::{self, Asked, Need},
        time::{from_db, to_db},
    },
    prompts::{Viewer, readable},
};

/// What is searched.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
}

/// Who looks, and at what.
#[derive(Clone, Debug)]
pub struct Looking {
    /// Who.
    pub viewer: Viewer,
    /// At what; None is everything.
    pub kind: Option<Kind>,
}

/// A document that was found.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number.
    pub id: i64,
    /// What it is.
    pub kind: Kind,
    /// The id of what it is of.
    pub ref_id: String,
    /// When it happened, or was made.
    pub at: Option<Timestamp>,
    /// What people call it.
    pub title: String,
    /// What else it says.
    pub body: String,
}

impl Store {
    /// What is searched in `db`.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self { db }
    }

    /// The database, for what other modules read of it.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// Writes a document in the place of the one that there was of the same thing, with its vector and the
    /// model that made it. False when what it is of is gone.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn put(&self, document: &Document, vector: Option<(&str, &[f32])>) -> Result<bool, StoreError> {
        let written = async {
            let transaction = self.db.begin_write().await?;
            if !is_there(&transaction, document.of).await? {
                return Ok(false);
            }
            Entity::delete_many().filter(same(document)).exec(&transaction).await?;
            let insert = Entity::insert(model(document, vector)).on_conflict(
                OnConflict::columns([Column::TenantId, Column::Kind, Column::RefId]).do_nothing().to_owned(),
            );
            // Somebody else may have written it in this moment: theirs is as good.
            match insert.exec(&transaction).await {
                Ok(inserted) => {
                    fulltext::put(&transaction, inserted.last_insert_id, (&document.title, &document.body))
                        .await?;
                }
                Err(DbErr::RecordNotInserted) => {}
                Err(error) => return Err(error),
            }
            transaction.commit().await?;
            Ok(true)
        };
        self.db.answer(written).await
    }

    /// The hash and the model of the document of a thing, where there is one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn known(&self, document: &Document) -> Result<Option<(Vec<u8>, Option<String>)>, StoreError> {
        let known =
            Entity::find().select_only().columns([Column::Hash, Column::Model]).filter(same(document));
        self.db.answer(known.into_tuple().one(self.db.connection())).await
    }

    /// Notes that a thing says what it said, though it was changed.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn touch(&self, document: &Document) -> Result<(), StoreError> {
        let touched = Entity::update_many()
            .col_expr(Column::SourceAt, Expr::value(document.source_at.map(to_db)))
            .filter(same(document));
        self.db.answer(touched.exec(self.db.connection())).await.map(drop)
    }

    /// Deletes the documents of `kind` that every tenant finds, but those of `ids`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn keep_built_in(&self, kind: Kind, ids: Vec<String>) -> Result<(), StoreError> {
        let gone = Entity::delete_many()
            .filter(Column::TenantId.eq(""))
            .filter(Column::Kind.eq(kind.name()))
            .filter(Column::RefId.is_not_in(ids));
        self.db.answer(gone.exec(self.db.connection())).await.map(drop)
    }

    /// The documents that `asked` finds, best first, at most `most`: those with all of the words, then, where
    /// they are few, those with one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find(&self, looking: &Looking, asked: &Asked, most: usize) -> Result<Vec<i64>, StoreError> {
        let find = |need| {
            let found = fulltext::find(self.db.connection(), asked, need, looking.visible(), most as u64);
            self.db.answer(found)
        };
        let mut found = find(Need::All).await?;
        if asked.count() > 1 && found.len() < most / 4 {
            let more = find(Need::Any).await?;
            let known: std::collections::HashSet<i64> = found.iter().copied().collect();
            found.extend(more.into_iter().filter(|id| !known.contains(id)));
        }
        found.truncate(most);
        Ok(found)
    }

    /// The documents `ids` that may be seen, in no order.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn get(&self, looking: &Looking, ids: &[i64]) -> Result<Vec<Row>, StoreError> {
        let rows = Entity::find()
            .filter(Column::Id.is_in(ids.iter().copied()))
            .filter(looking.visible())
            .into_partial_model::<Shown>();
        let rows = self.db.answer(rows.all(self.db.connection())).await?;
        rows.into_iter().map(row).collect()
    }

    /// Which of the documents `ids` may be seen.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn seen(&self, looking: &Looking, ids: &[i64]) -> Result<Vec<i64>, StoreError> {
        let rows = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Id.is_in(ids.iter().copied()))
            .filter(looking.visible())
            .into_tuple();
        self.db.answer(rows.all(self.db.connection())).await
    }

    /// The document of the run `id` of `tenant`, with its vector by `model`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of_run(
        &self,
        tenant: &str,
        id: Uuid,
        model: &str,
    ) -> Result<Option<(Row, Option<Vec<u8>>)>, StoreError> {
        let found = Entity::find()
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::Kind.eq(Kind::Run.name()))
            .filter(Column::RunId.eq(id))
            .one(self.db.connection());
        let Some(found) = self.db.answer(found).await? else { return Ok(None) };
        let vector = found.vector.filter(|_| found.model.as_deref() == Some(model));
        let shown = Shown {
            id: found.id,
            kind: found.kind,
            ref_id: found.ref_id,
            at: found.at,
            title: found.title,
            body: found.body,
        };
        Ok(Some((row(shown)?, vector)))
    }

    /// The newest runs of `tenant` against the target `place`, each with the recipe that it was made from and
    /// whether it passed.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn against(
        &self,
        tenant: &str,
        place: &str,
        most: u64,
    ) -> Result<Vec<(i64, Option<String>, Option<bool>)>, StoreError> {
        let select = Query::select()
            .column((Entity, Column::Id))
            .columns([(run::Entity, run::Column::RecipeId), (run::Entity, run::Column::Passed)])
            .from(Entity)
            .inner_join(
                run::Entity,
                Expr::col((run::Entity, run::Column::Id)).equals((Entity, Column::RunId)),
            )
            .and_where(Column::TenantId.eq(tenant))
            .and_where(Column::Place.eq(place))
            .order_by((Entity, Column::Id), Order::Desc)
            .limit(most)
            .take();
        let rows = self.db.answer(self.db.connection().query_all(&select)).await?;
        let read = |row: &sea_orm::QueryResult| {
            Ok((row.try_get("", "id")?, row.try_get("", "recipe_id")?, row.try_get("", "passed")?))
        };
        rows.iter().map(|row| read(row).map_err(|error: DbErr| StoreError::from(error))).collect()
    }

    /// The recipes `ids` that may be seen, in no order.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn recipes(&self, looking: &Looking, ids: &[String]) -> Result<Vec<Row>, StoreError> {
        let rows = Entity::find()
            .filter(Column::Kind.eq(Kind::Recipe.name()))
            .filter(Column::RefId.is_in(ids))
            .filter(looking.visible())
            .into_partial_model::<Shown>();
        let rows = self.db.answer(rows.all(self.db.connection())).await?;
        rows.into_iter().map(row).collect()
    }

    /// The largest number of a document of `tenant`; 0 where there is none.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn newest(&self, tenant: &str) -> Result<i64, StoreError> {
        let newest = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::TenantId.eq(tenant))
            .order_by_desc(Column::Id)
            .limit(1)
            .into_tuple();
        Ok(self.db.answer(newest.one(self.db.connection())).await?.unwrap_or_default())
    }

    /// The number of the newest document of `tenant` that is not among the newest `most` with a vector by
    /// `model`; 0 where there is none.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn behind(&self, tenant: &str, model: &str, most: u64) -> Result<i64, StoreError> {
        let behind = with_vector(tenant, model)
            .select_only()
            .column(Column::Id)
            .order_by_desc(Column::Id)
            .offset(most)
            .limit(1)
            .into_tuple();
        Ok(self.db.answer(behind.one(self.db.connection())).await?.unwrap_or_default())
    }

    /// Vectors by `model` of documents of `tenant` written after `after`, in their order.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn vectors(
        &self,
        tenant: &str,
        model: &str,
        after: i64,
        most: u64,
    ) -> Result<Vec<Placed>, StoreError> {
        let rows = with_vector(tenant, model)
            .filter(Column::Id.gt(after))
            .order_by_asc(Column::Id)
            .limit(most)
            .into_partial_model::<Placed>();
        self.db.answer(rows.all(self.db.connection())).await
    }
}

impl Looking {
    /// What may be seen, as the lists of the modules show it: a prompt that is nobody else's business is looked
    /// up as it is now, so that one that is private again is found no more.
    fn visible(&self) -> Condition {
        let shown = prompt::Entity::find()
            .select_only()
            .expr(Expr::val(1))
            .filter(readable(&self.viewer))
            .filter(Expr::col((prompt::Entity, prompt::Column::Id)).equals((Entity, Column::PromptId)));
        let mut visible = Condition::all()
            .add(Column::TenantId.is_in([self.viewer.tenant.as_str(), ""]))
            .add(Condition::any().add(Column::PromptId.is_null()).add(Expr::exists(shown.into_query())));
        if let Some(kind) = self.kind {
            visible = visible.add(Column::Kind.eq(kind.name()));
        }
        visible
    }
}

fn same(document: &Document) -> Condition {
    Condition::all()
        .add(Column::TenantId.eq(&document.tenant))
        .add(Column::Kind.eq(document.kind.name()))
        .add(Column::RefId.eq(&document.id))
}

fn with_vector(tenant: &str, model: &str) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::TenantId.eq(tenant))
        .filter(Column::Model.eq(model))
        .filter(Column::Vector.is_not_null())
}

/// Whether what a document is of is there.
async fn is_there(on: &impl ConnectionTrait, of: Of) -> Result<bool, DbErr> {
    let count = match of {
        Of::BuiltIn => return Ok(true),
        Of::Run(id) => run::Entity::find_by_id(id).count(on).await?,
        Of::Recipe(id) => recipe::Entity::find_by_id(id).count(on).await?,
        Of::Prompt(id) => prompt::Entity::find_by_id(id).count(on).await?,
    };
    Ok(count > 0)
}

fn model(document: &Document, vector: Option<(&str, &[f32])>) -> ActiveModel {
    let of = |wanted: fn(Of) -> Option<Uuid>| Set(wanted(document.of));
    ActiveModel {
        id: NotSet,
        tenant_id: Set(document.tenant.clone()),
        kind: Set(document.kind.name().to_owned()),
        ref_id: Set(document.id.clone()),
        run_id: of(|of| if let Of::Run(id) = of { Some(id) } else { None }),
        recipe_id: of(|of| if let Of::Recipe(id) = of { Some(id) } else { None }),
        prompt_id: of(|of| if let Of::Prompt(id) = of { Some(id) } else { None }),
        place: Set(document.place.clone()),
        at: Set(document.at.map(to_db)),
        source_at: Set(document.source_at.map(to_db)),
        updated_at: Set(to_db(Timestamp::now())),
        hash: Set(document.hash().as_bytes().to_vec()),
        model: Set(vector.map(|(model, _)| model.to_owned())),
        title: Set(document.title.clone()),
        vector: Set(vector.map(|(_, vector)| to_bytes(vector))),
        body: Set(document.body.clone()),
    }
}

fn row(shown: Shown) -> Result<Row, StoreError> {
    let damaged = || StoreError::damaged(format!("the kind of document {}", shown.id));
    Ok(Row {
        id: shown.id,
        kind: Kind::from_name(&shown.kind).ok_or_else(damaged)?,
        ref_id: shown.ref_id,
        at: shown.at.map(from_db),
        title: shown.title,
        body: shown.body,
    })
}
