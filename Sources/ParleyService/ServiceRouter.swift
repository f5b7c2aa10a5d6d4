//! The routes of the coordinator's HTTP service that are there without a database, and what surrounds all routes.
//!
//! `/healthz` says that the process answers; it asks nothing of the database, so that a slow database does not make a
//! supervisor kill the process that is waiting for it.

public import Hummingbird

/// The router of the HTTP service. What else there is adds itself: `ServiceAPI`, `Dashboard`.
/// - Parameters:
///   - isSecure: whether callers come by TLS
///   - perMinute: how many requests of one address are answered for long
public func serviceRouter(isSecure: Bool = false, perMinute: Int = 6000) -> Router<ServiceRequestContext> {
    let router = Router(context: ServiceRequestContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestFrame(isSecure: isSecure))
    router.add(middleware: AddressLimit(limiter: RateLimiter(perMinute: perMinute, burst: perMinute / 6 + 1)))
    router.get("healthz") { _, _ in "ok\n" }
    return router
}
