// A span's identity, and its text in W3C's header `traceparent` (https://www.w3.org/TR/trace-context/, version 00).

import Instrumentation

/// Which span is meant, and whether it is recorded.
struct TraceParent: Hashable, Sendable {
    static let header = "traceparent"

    var high: UInt64
    var low: UInt64
    var span: UInt64
    var isSampled: Bool

    /// The first span of a trace. Ids are random and not zero, which the format keeps for 'none'.
    init(samplingAt ratio: Double) {
        high = .random(in: 1 ... .max)
        low = .random(in: 0 ... .max)
        span = .random(in: 1 ... .max)
        // By the trace's id, so that every program that knows the ratio decides alike.
        isSampled = ratio >= 1 || Double(low >> 11) < ratio * Double(UInt64(1) << 53)
    }

    /// A span within a trace.
    init(in parent: TraceParent) {
        self = parent
        span = .random(in: 1 ... .max)
    }

    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Array($0.utf8) }
        let hex = parts.joined().allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard hex, parts.count >= 4, parts[0].count == 2, parts[0] != Array("ff".utf8),
            parts.count == 4 || parts[0] != Array("00".utf8), parts[1].count == 32, parts[2].count == 16,
            parts[3].count == 2, let high = Self.number(parts[1].prefix(16)),
            let low = Self.number(parts[1].suffix(16)),
            let span = Self.number(parts[2]), let flags = Self.number(parts[3]), high | low != 0, span != 0
        else { return nil }
        (self.high, self.low, self.span, isSampled) = (high, low, span, flags & 1 == 1)
    }

    var traceID: String { Self.hex(high) + Self.hex(low) }
    var spanID: String { Self.hex(span) }

    /// As it stands in the header.
    var text: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func number(_ digits: some Sequence<UInt8>) -> UInt64? {
        UInt64(String(decoding: Array(digits), as: UTF8.self), radix: 16)
    }
}

enum TraceParentKey: InstrumentationContextKey {
    typealias Value = TraceParent
}
