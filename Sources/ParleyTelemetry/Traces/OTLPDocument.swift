// Spans as OTLP/JSON, version 1 (https://opentelemetry.io/docs/specs/otlp/): ids in hex, 64-bit numbers as text.

import Tracing

/// The body of one export.
struct OTLPDocument {
    /// What is said of the process, as names and values.
    let resource: [(name: String, value: String)]
    let version: String

    func json(_ spans: [FinishedSpan]) -> String {
        var json = #"{"resourceSpans":[{"resource":{"attributes":["#
        list(resource, &json) { entry, json in
            member(entry.name, &json)
            json += #"{"stringValue":"#
            JSONText.append(entry.value, to: &json)
            json += "}}"
        }
        json += #"]},"scopeSpans":[{"scope":{"name":"parley","version":"#
        JSONText.append(version, to: &json)
        json += #"},"spans":["#
        list(spans, &json, span)
        json += "]}]}]}"
        return json
    }

    private func span(_ span: FinishedSpan, _ json: inout String) {
        json += #"{"traceId":"\#(span.identity.traceID)","spanId":"\#(span.identity.spanID)""#
        if let parent = span.parent { json += #","parentSpanId":"\#(TraceParent.hex(parent))""# }
        json += #","name":"#
        JSONText.append(span.name, to: &json)
        json += #","kind":\#(Self.number(of: span.kind)),"startTimeUnixNano":"\#(span.start)""#
        json += #","endTimeUnixNano":"\#(span.end)","attributes":"#
        attributes(span.attributes, &json)
        if !span.events.isEmpty {
            json += #","events":["#
            list(span.events, &json) { event, json in
                json += #"{"timeUnixNano":"\#(event.nanosecondsSinceEpoch)","name":"#
                JSONText.append(event.name, to: &json)
                json += #","attributes":"#
                attributes(event.attributes, &json)
                json += "}"
            }
            json += "]"
        }
        let links = span.links.compactMap { $0.context[TraceParentKey.self] }
        if !links.isEmpty {
            json += #","links":["#
            list(links, &json) { $1 += #"{"traceId":"\#($0.traceID)","spanId":"\#($0.spanID)"}"# }
            json += "]"
        }
        if let status = span.status {
            json += #","status":{"code":\#(status.code == .ok ? 1 : 2)"#
            if let message = status.message {
                json += #","message":"#
                JSONText.append(message, to: &json)
            }
            json += "}"
        }
        json += "}"
    }

    private func attributes(_ attributes: SpanAttributes, _ json: inout String) {
        var all: [(String, SpanAttribute)] = []
        // Not a loop: the type is no sequence.
        attributes.forEach { all.append(($0, $1)) }  // swift-format-ignore
        json += "["
        list(all.sorted { $0.0 < $1.0 }, &json) { entry, json in
            member(entry.0, &json)
            switch entry.1 {
            case .int32(let value): json += #"{"intValue":"\#(value)"}}"#
            case .int64(let value): json += #"{"intValue":"\#(value)"}}"#
            case .bool(let value): json += #"{"boolValue":\#(value)}}"#
            case .double(let value) where value.isFinite: json += #"{"doubleValue":\#(value)}}"#
            case .string(let value): text(value, &json)
            case .stringConvertible(let value): text("\(value)", &json)
            case let other: text("\(other)", &json)
            }
        }
        json += "]"
    }

    private func text(_ value: String, _ json: inout String) {
        json += #"{"stringValue":"#
        JSONText.append(value, to: &json)
        json += "}}"
    }

    private func member(_ name: String, _ json: inout String) {
        json += #"{"key":"#
        JSONText.append(name, to: &json)
        json += #","value":"#
    }

    private func list<Element>(_ all: [Element], _ json: inout String, _ one: (Element, inout String) -> Void) {
        for (place, element) in all.enumerated() {
            if place > 0 { json += "," }
            one(element, &json)
        }
    }

    private static func number(of kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}
