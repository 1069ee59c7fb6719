//! A post, what a new one is made of, and the orders that posts can be had in.

use std::ops::Deref;
use std::sync::LazyLock;

use axum_pagination::{Order, Orders, Sortable};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

/// A post.
#[derive(Clone, Debug, FromRow, Serialize, ToSchema)]
pub(crate) struct Post {
    #[schema(example = 1)]
    pub(crate) id: i64,
    #[schema(example = "Ada")]
    pub(crate) author: String,
    #[schema(example = "On the Analytical Engine")]
    pub(crate) title: String,
    pub(crate) body: String,
    /// How many comments there are
    pub(crate) comments: i64,
    pub(crate) created_at: DateTime<Utc>,
    /// When the last comment came; null as long as there is none
    pub(crate) commented_at: Option<DateTime<Utc>>,
}

static NEWEST: LazyLock<Order<Post>> = LazyLock::new(|| {
    Order::named("newest")
        .desc("created_at", |post: &Post| post.created_at)
        .unique_desc("id", |post| post.id)
});

static TITLE: LazyLock<Order<Post>> = LazyLock::new(|| {
    Order::named("title")
        .asc("title", |post: &Post| post.title.clone())
        .unique_asc("id", |post| post.id)
});

/// Two directions: many comments first, and those that have as many by title.
static MOST_COMMENTED: LazyLock<Order<Post>> = LazyLock::new(|| {
    Order::named("most-commented")
        .desc("comments", |post: &Post| post.comments)
        .asc("title", |post| post.title.clone())
        .unique_asc("id", |post| post.id)
});

/// A key that may be NULL: posts without a comment come last, on every database.
static LAST_COMMENTED: LazyLock<Order<Post>> = LazyLock::new(|| {
    Order::named("last-commented")
        .desc("commented_at", |post: &Post| post.commented_at)
        .nulls_last()
        .unique_desc("id", |post| post.id)
});

static ORDERS: LazyLock<Orders<Post>> = LazyLock::new(|| {
    Orders::new("newest", &NEWEST)
        .or("title", &TITLE)
        .or("most-commented", &MOST_COMMENTED)
        .or("last-commented", &LAST_COMMENTED)
});

impl Sortable for Post {
    fn orders() -> &'static Orders<Self> {
        &ORDERS
    }
}

/// Text of `MIN` to `MAX` characters, without NUL, which PostgreSQL has no place for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(try_from = "String")]
pub(crate) struct Text<const MIN: usize, const MAX: usize>(String);

impl<const MIN: usize, const MAX: usize> TryFrom<String> for Text<MIN, MAX> {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.contains('\0') {
            Err("must not contain NUL".to_owned())
        } else if (MIN..=MAX).contains(&text.chars().count()) {
            Ok(Self(text))
        } else {
            Err(format!("must have {MIN} to {MAX} characters"))
        }
    }
}

impl<const MIN: usize, const MAX: usize> Deref for Text<MIN, MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Which posts; what is empty lets all pass. A cursor of one filter is refused by another.
#[derive(Clone, Debug, Default, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Only posts of this author
    #[serde(default)]
    #[param(value_type = String, max_length = 80)]
    pub(crate) author: Text<0, 80>,
    /// Only posts with this in their title or body, in any case
    #[serde(default)]
    #[param(value_type = String, max_length = 80)]
    pub(crate) text: Text<0, 80>,
}

/// What a new post is made of.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Draft {
    #[schema(value_type = String, min_length = 1, max_length = 80, example = "Ada")]
    pub(crate) author: Text<1, 80>,
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "Hello")]
    pub(crate) title: Text<1, 200>,
    #[schema(value_type = String, max_length = 10000, example = "The first of many.")]
    pub(crate) body: Text<0, 10_000>,
}
