//! The routes of the coordinator's HTTP service.
//!
//! `/healthz` says that the process answers; it asks nothing of the database, so that a slow database does not make a
//! supervisor kill the process that is waiting for it.

public import Hummingbird

/// The router of the HTTP service.
public func serviceRouter() -> Router<BasicRequestContext> {
    let router = Router()
    router.get("healthz") { _, _ in "ok\n" }
    return router
}
