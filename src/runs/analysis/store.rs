//! The earlier runs of a test.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    db::{
        StoreError,
        entities::run::{Column, Entity},
    },
    runs::{
        history::folded,
        record::{RunStatus, clean},
        store::Store,
    },
};

impl Store {
    /// Ids of at most `most` runs of `tenant` before the run `id` that came to their end, the newest first: of
    /// the same recipe, else of no recipe and the same name.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn earlier(
        &self,
        tenant: &str,
        recipe_id: Option<&str>,
        name: &str,
        id: Uuid,
        most: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let name = clean(name);
        let select = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::Status.eq(RunStatus::Completed.as_str()))
            .filter(Column::Id.lt(id));
        let select = match recipe_id {
            Some(recipe) => select.filter(Column::RecipeId.eq(clean(recipe).into_owned())),
            None => select
                .filter(Column::RecipeId.is_null())
                .filter(Column::NameFolded.eq(folded(&name)))
                .filter(Column::Name.eq(name.into_owned())),
        };
        let select = select.order_by_desc(Column::Id).limit(most).into_tuple();
        self.db.answer(async { select.all(self.db.connection()).await }).await
    }
}
