// Where spans go, by the environment variables that OpenTelemetry names
// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).

/// Where spans go, and which.
public struct TraceSettings: Hashable, Sendable {
    /// The whole address.
    public var url: String
    /// Sent along with each export.
    public var headers: [String: String] = [:]
    /// The name of this program among those that send spans.
    public var service: String
    /// Further names and values that describe this process.
    public var attributes: [String: String] = [:]
    /// The share of traces that is recorded.
    public var ratio = 1.0

    /// - Parameter url: where OTLP/JSON is taken, the path included
    public init(url: String, service: String) {
        self.url = url
        self.service = service
    }

    /// What the environment asks for; nil where it names no endpoint, or turns tracing off.
    public init?(environment: [String: String], service: String) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if value("OTEL_SDK_DISABLED")?.lowercased() == "true" || value("OTEL_TRACES_EXPORTER") == "none" { return nil }
        if let whole = value("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") {
            url = whole
        } else if let base = value("OTEL_EXPORTER_OTLP_ENDPOINT") {
            url = base + (base.hasSuffix("/") ? "v1/traces" : "/v1/traces")
        } else {
            return nil
        }
        self.service = value("OTEL_SERVICE_NAME") ?? service
        let headers = value("OTEL_EXPORTER_OTLP_TRACES_HEADERS") ?? value("OTEL_EXPORTER_OTLP_HEADERS") ?? ""
        self.headers = Self.pairs(headers)
        attributes = Self.pairs(value("OTEL_RESOURCE_ATTRIBUTES") ?? "")
        switch value("OTEL_TRACES_SAMPLER") {
        case "always_off", "parentbased_always_off": ratio = 0
        case "traceidratio", "parentbased_traceidratio":
            ratio = value("OTEL_TRACES_SAMPLER_ARG").flatMap(Double.init).map { min(max($0, 0), 1) } ?? 1
        default: ratio = 1
        }
    }

    /// `name=value,name=value`
    private static func pairs(_ text: String) -> [String: String] {
        text.split(separator: ",").reduce(into: [:]) { result, pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmed }
            if parts.count == 2 { result[parts[0]] = parts[1] }
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
