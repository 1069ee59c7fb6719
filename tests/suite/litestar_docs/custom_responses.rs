//! "Custom Responses": types that serde does not know.

use super::*;

/// A type that serde does not know is written by an encoder, in whatever format.
#[tokio::test]
async fn custom_responses() {
    /// From another crate, say: names with several values.
    struct MultiDict(Vec<(&'static str, &'static str)>);

    struct AsLists;

    impl Encoder<MultiDict> for AsLists {
        type Output = BTreeMap<&'static str, Vec<&'static str>>;

        fn encode(dict: &MultiDict) -> Self::Output {
            let mut lists = Self::Output::new();
            for (name, value) in &dict.0 {
                lists.entry(name).or_default().push(value);
            }
            lists
        }
    }

    async fn index() -> Json<Encoded<MultiDict, AsLists>> {
        Json(Encoded::new(MultiDict(vec![
            ("foo", "bar"),
            ("foo", "baz"),
        ])))
    }

    let app = Router::new().route("/", get(index));
    assert_eq!(visit(&app, "/").await.text(), r#"{"foo":["bar","baz"]}"#);
}
