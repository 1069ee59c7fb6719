//! From layers to a router.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use axum::Router;

use crate::check::check;
use crate::config_error::{ConfigError, ConfigErrors, Mistake};
use crate::explain::{Explain, Explained};
use crate::layered::{Kind, Layered, route};
use crate::plan::{Folded, Level, Plan, fold};
use crate::refusal::{RefusalLayer, Refusals};

/// What [`Layered::build`] gives.
///
/// The declarations are merged by then: the router can be cloned, nested and given a state, and needs nothing of this
/// crate around it.
///
/// ```
/// use axum_layered::{Declare, Layered, get};
/// # use axum::{body::Body, http::Request};
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let built = Layered::<()>::new()
///     .named("app")
///     .header(("x-layer", "app"))
///     .route("/", get(|| async { "hello" }))
///     .build()
///     .unwrap();
/// assert_eq!(built.explain.to_string(), "GET /\n  header x-layer: app (app)\n");
/// let response = built.router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(response.headers()["x-layer"], "app");
/// # }
/// ```
#[non_exhaustive]
pub struct Built<S = ()> {
    /// A plain router of axum's: to be served, or nested elsewhere.
    pub router: Router<S>,
    /// The document of everything that was put in with one, with what the layers declare.
    ///
    /// Feature `openapi`. `axum_responses::openapi::finish` has run. Endpoints without a document do not stand in it.
    ///
    /// ```
    /// use axum_layered::{Declare, ETag, Layered};
    /// use utoipa_axum::routes;
    ///
    /// #[utoipa::path(get, path = "/{id}", responses((status = 200, description = "somebody")))]
    /// async fn user() {}
    ///
    /// let users = Layered::new().etag(ETag::strong("v1")).routes(routes!(user));
    /// let built = Layered::<()>::new().nest("/users", users).build()?;
    /// let document = serde_json::to_value(&built.openapi).unwrap();
    /// let responses = &document["paths"]["/users/{id}"]["get"]["responses"];
    /// assert_eq!(responses["200"]["headers"]["etag"]["schema"]["examples"][0], "\"v1\"");
    /// assert!(responses["304"].is_object());
    /// # Ok::<(), axum_layered::ConfigErrors>(())
    /// ```
    #[cfg(feature = "openapi")]
    pub openapi: utoipa::openapi::OpenApi,
    /// Which layer set what.
    pub explain: Explain,
}

impl<S> fmt::Debug for Built<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Built")
            .field("explain", &self.explain)
            .finish_non_exhaustive()
    }
}

pub(crate) fn build<S: Clone + Send + Sync + 'static>(
    layered: Layered<S>,
    root: &str,
) -> Result<Built<S>, ConfigErrors> {
    #[cfg_attr(not(feature = "openapi"), allow(unused_mut))]
    // documents may contradict declarations
    let mut mistakes = mistakes(&layered, root);
    let Layered {
        attributes,
        mut router,
        leaves,
        ..
    } = layered;
    #[cfg(feature = "openapi")]
    let mut openapi = layered.openapi;
    let mut explain = Explain::default();
    let root_alone = fold(&[Level {
        name: root,
        attributes: &attributes,
    }]);
    let mut refusals = Refusals::new(root_alone.plan.failed);
    let mut plans = Vec::new();
    for leaf in leaves {
        let route = route(leaf.methods, &leaf.path);
        let mut chain = vec![Level {
            name: &route,
            attributes: &leaf.own,
        }];
        chain.extend(leaf.above.iter().map(|level| Level {
            name: &level.name,
            attributes: &level.attributes,
        }));
        chain.push(Level {
            name: root,
            attributes: &attributes,
        });
        let Folded {
            plan,
            documented,
            said,
        } = fold(&chain);
        #[cfg(feature = "openapi")]
        let place = match leaf.kind {
            Kind::Opaque => crate::openapi::Place::Below(&leaf.path),
            Kind::Endpoint | Kind::Fallback => crate::openapi::Place::At(&leaf.path),
        };
        #[cfg(feature = "openapi")]
        mistakes.extend(
            crate::openapi::describe(&mut openapi, place, leaf.operations, &documented)
                .into_iter()
                .map(|(route, mistake)| ConfigError {
                    route: Some(route),
                    layer: None,
                    mistake,
                }),
        );
        #[cfg(not(feature = "openapi"))]
        drop(documented);
        if leaf.kind == Kind::Endpoint {
            refusals.insert(&leaf.path, leaf.methods, &plan.failed);
        }
        explain.0.push(Explained {
            path: leaf.path,
            methods: match leaf.kind {
                Kind::Endpoint => leaf.methods.names().map(str::to_owned).collect(),
                Kind::Fallback => vec!["fallback".to_owned()],
                Kind::Opaque => Vec::new(),
            },
            said,
        });
        plans.push((leaf.slot, plan));
    }
    if !mistakes.is_empty() {
        return Err(ConfigErrors(mistakes));
    }
    let marks_errors = !refusals.is_empty();
    for (slot, plan) in plans {
        slot.fill(Plan {
            marks_errors,
            ..plan
        });
    }
    if marks_errors {
        router = router.layer(RefusalLayer(Arc::new(refusals)));
    }
    Ok(Built {
        router,
        #[cfg(feature = "openapi")]
        openapi: {
            axum_responses::openapi::finish(&mut openapi);
            openapi
        },
        explain,
    })
}

/// Those that were found on the way, and those of each layer once.
fn mistakes<S>(layered: &Layered<S>, root: &str) -> Vec<ConfigError> {
    let mut mistakes = layered.mistakes.clone();
    let of_layer = |name: &str, found: Vec<Mistake>| {
        let name = name.to_owned();
        found.into_iter().map(move |mistake| ConfigError {
            route: None,
            layer: Some(name.clone()),
            mistake,
        })
    };
    mistakes.extend(of_layer(root, check(&layered.attributes)));
    for level in &layered.empty {
        mistakes.extend(of_layer(&level.name, check(&level.attributes)));
    }
    let mut seen = HashSet::new();
    for leaf in &layered.leaves {
        // Outermost first, as it reads in the program.
        for level in leaf.above.iter().rev() {
            if seen.insert(Arc::as_ptr(level)) {
                mistakes.extend(of_layer(&level.name, check(&level.attributes)));
            }
        }
        let route = route(leaf.methods, &leaf.path);
        let own = check(&leaf.own).into_iter();
        mistakes.extend(own.map(|mistake| ConfigError {
            route: Some(route.clone()),
            layer: None,
            mistake,
        }));
    }
    mistakes
}
