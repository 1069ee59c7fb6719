//! Every public type can be sent, shared and shown.

use std::fmt::{Debug, Display};

use axum::body::Body;
use axum_layered::{
    Built, ConfigError, ConfigErrors, Data, Endpoint, Explain, Explained, LayerETag, Layered,
    Mistake, Payload, ResponseCookie, ResponseHeader, Said,
};

/// Neither `Clone` nor `Debug`.
struct Own;

fn plain<T: Send + Sync + Debug + 'static>() {}
fn shown<T: Debug>() {}
fn copied<T: Clone>() {}
fn error<T: std::error::Error + Clone + PartialEq + Send + Sync + 'static>() {}
fn displayed<T: Display>() {}

#[test]
fn public_types_are_send_sync_and_debug() {
    plain::<Layered>();
    plain::<Layered<String>>();
    plain::<Endpoint>();
    plain::<Endpoint<String>>();
    plain::<Built>();
    plain::<ResponseHeader>();
    plain::<ResponseCookie>();
    plain::<LayerETag>();
    plain::<Data<u8>>();
    plain::<Explain>();
    plain::<Explained>();
    plain::<Said>();
    plain::<Mistake>();
    shown::<Payload<'_>>();
    error::<ConfigError>();
    error::<ConfigErrors>();
}

#[test]
fn what_is_declared_and_told_can_be_cloned_and_shown() {
    copied::<Endpoint<String>>();
    copied::<ResponseHeader>();
    copied::<ResponseCookie>();
    copied::<LayerETag>();
    copied::<Explain>();
    displayed::<Explain>();
    displayed::<Explained>();
    displayed::<Said>();
    displayed::<Mistake>();
}

#[test]
fn data_needs_nothing_of_its_value() {
    let _ = Data::of(Own);
}

#[tokio::test]
async fn a_built_router_is_a_service_like_any_other() {
    fn service<S: tower::Service<axum::http::Request<Body>> + Clone + Send + Sync>(_: &S) {}
    service(&super::layered().into_router());
}
