//! The one service at each endpoint, and the plan that it applies.

mod apply;
mod handler;
mod service;

use std::sync::{Arc, OnceLock};

use axum_responses::RequestContextLayer;

pub(crate) use self::apply::{add, failed};
pub(crate) use self::handler::Slotted;
pub(crate) use self::service::SlotLayer;
use crate::plan::Plan;

/// The place of a plan: empty while the router is put together, filled once when it is built.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slot(Arc<OnceLock<Plan>>);

/// Marks an error that has what is declared as `always`; one without is axum's own, or that of a tower layer.
#[derive(Clone)]
pub(crate) struct Answered;

impl Slot {
    pub(crate) fn fill(&self, plan: Plan) {
        // A slot belongs to one endpoint, and an endpoint is built once.
        let _ = self.0.set(plan);
    }

    fn plan(&self) -> Option<&Plan> {
        self.0.get()
    }

    /// What responders of this endpoint find; also of one that is not built, an endpoint on its own.
    fn context(&self) -> RequestContextLayer {
        self.plan()
            .map(|plan| plan.context.clone())
            .unwrap_or_default()
    }
}
