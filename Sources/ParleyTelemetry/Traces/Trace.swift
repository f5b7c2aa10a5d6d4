// The one way in which Parley makes spans. Without an exporter it is one relaxed load and a call: no context is made,
// no task-local value is bound, no attribute is worked out.

import Instrumentation
import Synchronization
public import Tracing

/// Makes spans where they are wanted.
public enum Trace {
    private static let isOn = Atomic(false)
    private static let reachesProviders = Atomic(false)

    /// Whether spans are recorded.
    public static var isEnabled: Bool { isOn.load(ordering: .relaxed) }

    /// Records spans from now on. Once a process, before anything is traced.
    /// - Parameter asksProviders: whether calls of models carry the header `traceparent`, by which a provider could
    ///   tell which calls belong together
    public static func start(_ exporter: SpanExporter, ratio: Double, asksProviders: Bool = false) {
        InstrumentationSystem.bootstrap(RecordingTracer(ratio: ratio) { exporter.take($0) })
        reachesProviders.store(asksProviders, ordering: .relaxed)
        isOn.store(true, ordering: .releasing)
    }

    /// The value of `traceparent` for a call of a provider; nil unless that was asked for.
    public static var providerHeader: (name: String, value: String)? {
        guard isEnabled, reachesProviders.load(ordering: .relaxed),
            let identity = InstrumentationContext.current?[TraceParentKey.self]
        else { return nil }
        return (TraceParent.header, identity.text)
    }

    /// Runs `body` as a span, with what it calls beneath it.
    public static func span<T, Failure: Error>(
        _ name: SpanName,
        attributes: @autoclosure () -> SpanAttributes = [:],
        _ body: nonisolated(nonsending) () async throws(Failure) -> T
    ) async throws(Failure) -> T {
        guard isEnabled else { return try await body() }
        let span = begin(name, attributes: attributes())
        defer { span?.end() }
        return try await under(span, body)
    }

    /// The same for what does not wait.
    public static func step<T>(_ name: SpanName, _ body: () -> T) -> T {
        guard isEnabled, let span = begin(name) else { return body() }
        defer { span.end() }
        return body()
    }

    /// A span that is ended by hand, by `end`; nil where none are recorded.
    public static func begin(
        _ name: SpanName,
        under parent: (any Tracing.Span)? = nil,
        at start: DefaultTracerClock.Timestamp? = nil,
        attributes: @autoclosure () -> SpanAttributes = [:]
    ) -> (any Tracing.Span)? {
        guard isEnabled else { return nil }
        let span: any Tracing.Span = InstrumentationSystem.tracer.startSpan(
            name.rawValue,
            context: parent?.context ?? .current ?? .topLevel,
            ofKind: name == .providerCall ? .client : .internal,
            at: start ?? DefaultTracerClock.now
        )
        span.attributes = attributes()
        return span
    }

    /// Runs `body` beneath a span, which goes on afterwards.
    public static func under<T, Failure: Error>(
        _ span: (any Tracing.Span)?,
        _ body: nonisolated(nonsending) () async throws(Failure) -> T
    ) async throws(Failure) -> T {
        guard let span else { return try await body() }
        let result: Result<T, Failure> = await InstrumentationContext.$current.withValue(span.context) {
            do throws(Failure) {
                return .success(try await body())
            } catch {
                span.recordError(error)
                span.setStatus(SpanStatus(code: .error))
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// The spans of Parley, each named once.
public enum SpanName: String, Sendable {
    /// A job from its claim to its commit.
    case job
    /// The statement that claimed the job, together with others.
    case claim
    /// The solver's work, or the judge's.
    case probe
    /// One call of a model.
    case providerCall = "provider call"
    /// The scorer's work.
    case score
    /// From the result until the database had it.
    case commit
}
