//! Columns and indexes that several tables have in the same form.

use sea_orm_migration::prelude::*;

/// Who owns the row, for installations with several tenants.
pub fn tenant_id<T: IntoIden>(name: T) -> ColumnDef {
    ColumnDef::new(name).text().not_null().default("default").take()
}

/// An id.
pub fn uuid<T: IntoIden>(name: T) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

/// An id that may be missing.
pub fn uuid_null<T: IntoIden>(name: T) -> ColumnDef {
    ColumnDef::new(name).uuid().null().take()
}

/// A text that is always there.
pub fn text<T: IntoIden>(name: T) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// A text that may be missing.
pub fn text_null<T: IntoIden>(name: T) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// Bytes, such as a hash.
pub fn bytes<T: IntoIden>(name: T) -> ColumnDef {
    ColumnDef::new(name).binary().not_null().take()
}

/// A point in time.
pub fn time<T: IntoIden>(name: T) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().take()
}

/// A point in time that may be missing.
pub fn time_null<T: IntoIden>(name: T) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().null().take()
}

/// A number of something.
pub fn count<T: IntoIden>(name: T) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().default(0).take()
}

/// A measure that may be missing.
pub fn measure<T: IntoIden>(name: T) -> ColumnDef {
    ColumnDef::new(name).double().null().take()
}

/// An index over `columns` in their order.
pub fn index<T: IntoIden>(
    name: &str,
    table: T,
    columns: impl IntoIterator<Item = impl IntoIden>,
) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table.into_iden()).take();
    for column in columns {
        index.col(column.into_iden());
    }
    index
}
