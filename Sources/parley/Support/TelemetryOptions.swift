// What daemons tell of themselves: metrics to whoever asks, spans to whom the environment names.

public import ArgumentParser
import Foundation
import Logging
public import ParleyTelemetry
import ServiceLifecycle

struct TelemetryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Serve metrics for Prometheus at http://HOST:PORT/metrics; a port alone serves this machine only.",
            valueName: "host:port"
        )
    )
    var metrics: ListenAddress?

    /// A registry, and the services by which it and the spans are seen. They come before the daemon in a group, so that
    /// they end after it.
    /// - Parameter asksProviders: whether calls of models carry `traceparent`
    func start(_ program: String, asksProviders: Bool = false, logger: Logger) -> (
        registry: MetricRegistry, services: [any Service]
    ) {
        let registry = MetricRegistry(program: program, version: ParleyVersion.text)
        var services: [any Service] = []
        if let metrics { services.append(MetricsServer(registry, at: metrics, logger: logger)) }
        let environment = ProcessInfo.processInfo.environment
        if let settings = TraceSettings(environment: environment, service: "parley-\(program)") {
            let exporter = SpanExporter(settings, version: ParleyVersion.text, metrics: registry, logger: logger)
            Trace.start(exporter, ratio: settings.ratio, asksProviders: asksProviders)
            services.append(exporter)
        }
        return (registry, services)
    }
}

extension ListenAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
