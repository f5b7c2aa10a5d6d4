//! The routes of the coordinator's HTTP service.
//!
//! `/healthz` says that the process answers; it asks nothing of the database, so that a slow database does not make a
//! supervisor kill the process that is waiting for it. Nor does `/metrics`, which is read from memory.

public import Hummingbird
public import ParleyTelemetry

/// The router of the HTTP service.
/// - Parameter metrics: what `/metrics` shows; nil for no such route
public func serviceRouter(metrics: MetricRegistry? = nil) -> Router<BasicRequestContext> {
    let router = Router()
    router.get("healthz") { _, _ in "ok\n" }
    if let metrics {
        router.get("metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: MetricRegistry.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: await metrics.text()))
            )
        }
    }
    return router
}
