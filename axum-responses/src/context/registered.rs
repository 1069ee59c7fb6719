//! What an application registered once, for every responder below it.

use std::any::Any;
use std::sync::Arc;

use crate::background::BackgroundTracker;
use crate::problem::ProblemRenderer;
use crate::shutdown::Shutdown;
use crate::template::TemplateEngine;

#[derive(Clone, Default)]
pub(crate) struct Registered {
    pub(crate) template_engine: Option<Arc<dyn TemplateEngine>>,
    pub(crate) problem_renderer: Option<Arc<dyn ProblemRenderer>>,
    pub(crate) tracker: Option<BackgroundTracker>,
    pub(crate) shutdown: Option<Shutdown>,
    /// Of another crate: see [`RequestContextLayer::extension`](super::RequestContextLayer::extension)
    pub(crate) extension: Option<Arc<dyn Any + Send + Sync>>,
}

impl Registered {
    /// The closest registration of each thing: ours, then that of the layer around.
    pub(super) fn closest(own: Option<&Arc<Self>>, around: Option<Arc<Self>>) -> Option<Arc<Self>> {
        match (own, around) {
            (Some(own), Some(around)) if !Arc::ptr_eq(own, &around) => Some(Arc::new(Self {
                template_engine: pick(&own.template_engine, &around.template_engine),
                problem_renderer: pick(&own.problem_renderer, &around.problem_renderer),
                tracker: pick(&own.tracker, &around.tracker),
                shutdown: pick(&own.shutdown, &around.shutdown),
                extension: pick(&own.extension, &around.extension),
            })),
            (own, around) => around.or_else(|| own.cloned()),
        }
    }
}

fn pick<T: Clone>(own: &Option<T>, around: &Option<T>) -> Option<T> {
    own.as_ref().or(around.as_ref()).cloned()
}
