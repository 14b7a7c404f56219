//! What the shop sells: 120 products, the same at every start.

use serde::Serialize;

/// Products on one page.
pub(super) const PAGE: usize = 12;
/// Most products that a search answers.
const FOUND: usize = 24;

const MAKES: [&str; 10] =
    ["Alpine", "Breeze", "Copper", "Drift", "Ember", "Fjord", "Grove", "Harbor", "Indigo", "Juniper"];
const THINGS: [(&str, &str); 12] = [
    ("backpack", "outdoor"),
    ("tent", "outdoor"),
    ("lantern", "outdoor"),
    ("kettle", "kitchen"),
    ("mug", "kitchen"),
    ("pan", "kitchen"),
    ("desk lamp", "office"),
    ("notebook", "office"),
    ("chair", "office"),
    ("headphones", "audio"),
    ("speaker", "audio"),
    ("turntable", "audio"),
];

/// One product.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Product {
    pub(super) id: u32,
    pub(super) sku: String,
    pub(super) name: String,
    pub(super) category: &'static str,
    pub(super) price_cents: u32,
    pub(super) stock: u32,
}

/// All products, by id from 1.
pub(super) struct Catalogue(Vec<Product>);

/// One page of the catalogue.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    page: u32,
    pages: u32,
    total: usize,
    items: &'a [Product],
}

impl Default for Catalogue {
    fn default() -> Self {
        let pairs = THINGS.iter().flat_map(|thing| MAKES.iter().map(move |make| (make, thing)));
        Self(
            pairs
                .zip(1_u32..)
                .map(|((make, (thing, category)), id)| Product {
                    id,
                    sku: format!("{}-{id:04}", &category[..3].to_uppercase()),
                    name: format!("{make} {thing}"),
                    category,
                    price_cents: 499 + id * 7919 % 19_500,
                    stock: 1 + id * 31 % 97,
                })
                .collect(),
        )
    }
}

impl Catalogue {
    /// Page `page`, from 1; pages beyond the last are empty.
    pub(super) fn page(&self, page: u32) -> Page<'_> {
        let skipped = (page.max(1) as usize - 1).saturating_mul(PAGE).min(self.0.len());
        let items = &self.0[skipped..self.0.len().min(skipped + PAGE)];
        let pages = u32::try_from(self.0.len().div_ceil(PAGE)).unwrap_or(u32::MAX);
        Page { page, pages, total: self.0.len(), items }
    }

    pub(super) fn all(&self) -> &[Product] {
        &self.0
    }

    pub(super) fn product(&self, id: u32) -> Option<&Product> {
        self.0.get((id as usize).checked_sub(1)?)
    }

    /// Products whose name or category contains `text`, in any case.
    pub(super) fn search(&self, text: &str) -> Vec<&Product> {
        let text = text.to_lowercase();
        let fits = |product: &&Product| {
            product.name.to_lowercase().contains(&text) || product.category.contains(&text)
        };
        self.0.iter().filter(fits).take(FOUND).collect()
    }
}

impl<'a> Page<'a> {
    pub(super) fn items(&self) -> &'a [Product] {
        self.items
    }
}
