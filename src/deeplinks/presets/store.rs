//! Queries of `maid_presets`.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use crate::{
    db::{
        Db, StoreError,
        entities::preset::{ActiveModel, Column, Entity, Listed, Model},
        time::{from_db, to_db},
    },
    deeplinks::{
        record::{ContentKind, PresetLine, PresetRow},
        store::{read, written},
    },
};

/// The presets.
#[derive(Clone, Debug)]
pub struct PresetStore(Db);

/// What became of a new preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It is there.
    Done,
    /// There is one of this name.
    Taken,
    /// The tenant has as many as it may.
    Full,
}

impl PresetStore {
    /// Those in `db`.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self(db)
    }

    /// Adds a preset.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn insert(&self, tenant: &str, row: &PresetRow, most: u32) -> Result<Inserted, StoreError> {
        let inserted = async {
            let transaction = self.0.begin_write().await?;
            // Those who add at once take turns at the tenant's oldest preset.
            let of_tenant = Entity::find().filter(Column::TenantId.eq(tenant));
            let oldest = of_tenant.clone().order_by_asc(Column::CreatedAt).limit(1).lock_exclusive();
            oldest.one(&transaction).await?;
            if Entity::find().filter(of(tenant, &row.line.name)).one(&transaction).await?.is_some() {
                return Ok(Inserted::Taken);
            }
            if of_tenant.count(&transaction).await? >= u64::from(most) {
                return Ok(Inserted::Full);
            }
            Entity::insert(model(tenant, row)).exec_without_returning(&transaction).await?;
            transaction.commit().await?;
            Ok(Inserted::Done)
        };
        self.0.answer(inserted).await
    }

    /// Replaces a preset of version `before`. False where it is another version by now, or gone.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn update(&self, tenant: &str, before: i64, after: &PresetRow) -> Result<bool, StoreError> {
        let updated = Entity::update_many()
            .set(model(tenant, after))
            .filter(of(tenant, &after.line.name))
            .filter(Column::Version.eq(before))
            .exec(self.0.connection());
        Ok(self.0.answer(updated).await?.rows_affected > 0)
    }

    /// Deletes a preset. False where there is none.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn delete(&self, tenant: &str, name: &str) -> Result<bool, StoreError> {
        let deleted = Entity::delete_many().filter(of(tenant, name)).exec(self.0.connection());
        Ok(self.0.answer(deleted).await?.rows_affected > 0)
    }

    /// A preset.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn get(&self, tenant: &str, name: &str) -> Result<Option<PresetRow>, StoreError> {
        let row = Entity::find().filter(of(tenant, name));
        self.0.answer(row.one(self.0.connection())).await?.map(preset).transpose()
    }

    /// Presets of `tenant` behind the one with the name `after`, by name.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn list(
        &self,
        tenant: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<PresetLine>, StoreError> {
        let rows = Entity::find()
            .filter(Column::TenantId.eq(tenant))
            .apply_if(after, |rows, after| rows.filter(Column::Name.gt(after)))
            .order_by_asc(Column::Name)
            .limit(limit as u64)
            .into_partial_model::<Listed>();
        let rows = self.0.answer(rows.all(self.0.connection())).await?;
        rows.into_iter().map(line).collect()
    }
}

fn of(tenant: &str, name: &str) -> Condition {
    Condition::all().add(Column::TenantId.eq(tenant)).add(Column::Name.eq(name))
}

fn model(tenant: &str, row: &PresetRow) -> ActiveModel {
    let PresetRow { line, content } = row;
    ActiveModel {
        tenant_id: Set(tenant.to_owned()),
        name: Set(line.name.clone()),
        owner: Set(line.owner.clone()),
        kind: Set(line.kind.name().to_owned()),
        version: Set(line.version),
        created_at: Set(to_db(line.created_at)),
        updated_at: Set(to_db(line.updated_at)),
        description: Set(line.description.clone()),
        body: Set(written(content)),
    }
}

fn preset(row: Model) -> Result<PresetRow, StoreError> {
    let content = read(&row.name, &row.body)?;
    let line = line(Listed {
        name: row.name,
        owner: row.owner,
        kind: row.kind,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        description: row.description,
    })?;
    Ok(PresetRow { line, content })
}

fn line(row: Listed) -> Result<PresetLine, StoreError> {
    let kind = ContentKind::from_name(&row.kind);
    Ok(PresetLine {
        kind: kind.ok_or_else(|| StoreError::damaged(format!("the kind of preset {}", row.name)))?,
        version: row.version,
        created_at: from_db(row.created_at),
        updated_at: from_db(row.updated_at),
        name: row.name,
        owner: row.owner,
        description: row.description,
    })
}
