//! What happened, in order, by the id that a client chose.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Marks by id.
#[derive(Clone, Default)]
pub(crate) struct Marks(Arc<Mutex<HashMap<String, Vec<&'static str>>>>);

impl Marks {
    /// With so many ids everything is forgotten: strangers choose them.
    const MOST: usize = 10_000;

    pub(crate) fn add(&self, id: &str, mark: &'static str) {
        let mut marks = self.all();
        if marks.len() >= Self::MOST && !marks.contains_key(id) {
            marks.clear();
        }
        marks.entry(id.to_owned()).or_default().push(mark);
    }

    pub(crate) fn of(&self, id: &str) -> Vec<&'static str> {
        self.all().get(id).cloned().unwrap_or_default()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Vec<&'static str>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
