// Makes spans and hands those that have ended to the exporter. A span that is not sampled keeps its identity, for those
// who go on from it, and nothing else.

import Instrumentation
import Synchronization
import Tracing

/// The tracer of a process that exports spans.
final class RecordingTracer: Tracer {
    private let ratio: Double
    private let record: @Sendable (FinishedSpan) -> Void

    /// - Parameter ratio: the share of traces that is recorded
    init(ratio: Double, record: @escaping @Sendable (FinishedSpan) -> Void) {
        self.ratio = ratio
        self.record = record
    }

    func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> RecordedSpan {
        var context = context()
        let parent = context[TraceParentKey.self]
        let own = parent.map { TraceParent(in: $0) } ?? TraceParent(samplingAt: ratio)
        context[TraceParentKey.self] = own
        return RecordedSpan(
            FinishedSpan(
                identity: own,
                parent: parent?.span,
                name: operationName,
                kind: kind,
                start: instant().nanosecondsSinceEpoch
            ),
            context: context,
            record: own.isSampled ? record : nil
        )
    }

    func startAnySpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> any Tracing.Span {
        startSpan(
            operationName,
            context: context(),
            ofKind: kind,
            at: instant(),
            function: function,
            file: fileID,
            line: line
        )
    }

    func forceFlush() {}

    func extract<Carrier, Extract>(
        _ carrier: Carrier,
        into context: inout InstrumentationContext,
        using extractor: Extract
    ) where Extract: Extractor, Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: TraceParent.header, from: carrier) else { return }
        context[TraceParentKey.self] = TraceParent(text)
    }

    func inject<Carrier, Inject>(_ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject)
    where Inject: Injector, Inject.Carrier == Carrier {
        guard let identity = context[TraceParentKey.self] else { return }
        injector.inject(identity.text, forKey: TraceParent.header, into: &carrier)
    }
}

/// What is exported of a span.
struct FinishedSpan: Sendable {
    let identity: TraceParent
    let parent: UInt64?
    var name: String
    let kind: SpanKind
    /// Nanoseconds since the Unix epoch.
    let start: UInt64
    var end: UInt64 = 0
    var attributes: SpanAttributes = [:]
    var events: [SpanEvent] = []
    var links: [SpanLink] = []
    var status: SpanStatus?
}

/// A span under way. Ends once; what is said of it afterwards is dropped.
final class RecordedSpan: Tracing.Span {
    let context: InstrumentationContext
    private let state: Mutex<FinishedSpan?>
    private let record: (@Sendable (FinishedSpan) -> Void)?

    init(_ span: FinishedSpan, context: InstrumentationContext, record: (@Sendable (FinishedSpan) -> Void)?) {
        self.context = context
        self.record = record
        state = Mutex(record == nil ? nil : span)
    }

    var isRecording: Bool { state.withLock { $0 != nil } }

    var operationName: String {
        get { state.withLock { $0?.name } ?? "" }
        set { state.withLock { $0?.name = newValue } }
    }

    var attributes: SpanAttributes {
        get { state.withLock { $0?.attributes } ?? [:] }
        set { state.withLock { $0?.attributes = newValue } }
    }

    func setStatus(_ status: SpanStatus) { state.withLock { $0?.status = status } }

    func addEvent(_ event: SpanEvent) { state.withLock { $0?.events.append(event) } }

    func addLink(_ link: SpanLink) { state.withLock { $0?.links.append(link) } }

    /// Says the error's type only: its text may hold what a model or a provider said.
    func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        var attributes = attributes
        attributes["exception.type"] = "\(type(of: error))"
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let ended = state.withLock { state in
            defer { state = nil }
            return state
        }
        guard var ended else { return }
        ended.end = max(instant().nanosecondsSinceEpoch, ended.start)
        record?(ended)
    }
}
