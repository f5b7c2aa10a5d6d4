// Server-sent events (WHATWG HTML, section 9.2.6), read from a body that has arrived, whole or cut off. We never ask
// for a stream, yet some servers and gateways answer with one.

import ParleyModel

/// One event of a stream.
struct ServerEvent: Hashable, Sendable {
    /// The event's name; empty where the stream gives none.
    var name: String
    var data: String

    /// All events of a body. A last event without the blank line that ends it counts, so that a stream that omits it
    /// after its last event is whole; what was cut inside its JSON is told by the JSON.
    static func parse(_ body: [UInt8]) -> [ServerEvent] {
        var events: [ServerEvent] = []
        var name = ""
        var data: [String] = []
        let finish = { (name: inout String, data: inout [String]) in
            if !data.isEmpty { events.append(ServerEvent(name: name, data: data.joined(separator: "\n"))) }
            name = ""
            data = []
        }
        for line in lines(of: body) {
            if line.isEmpty {
                finish(&name, &data)
            } else if let value = value(of: "data", in: line) {
                data.append(value)
            } else if let value = value(of: "event", in: line) {
                name = value
            }
        }
        finish(&name, &data)
        return events
    }

    /// The JSON of the data, nil where it is none.
    var json: JSONValue? { try? JSONValue(parsing: data) }

    private static func value(of field: String, in line: ArraySlice<UInt8>) -> String? {
        guard line.starts(with: field.utf8) else { return nil }
        var rest = line.dropFirst(field.utf8.count)
        if rest.isEmpty { return "" }
        guard rest.first == UInt8(ascii: ":") else { return nil }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
        return String(decoding: rest, as: UTF8.self)
    }

    /// Lines end with LF, CR or CR LF; a byte order mark before the first is skipped.
    private static func lines(of body: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = body.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var position = start
        while position < body.count {
            let byte = body[position]
            if byte == 0x0A || byte == 0x0D {
                lines.append(body[start..<position])
                if byte == 0x0D, position + 1 < body.count, body[position + 1] == 0x0A { position += 1 }
                start = position + 1
            }
            position += 1
        }
        if start < body.count { lines.append(body[start...]) }
        return lines
    }
}

/// Why a stream gives no message.
enum StreamTrouble: Error, Hashable, Sendable {
    /// The stream carries an error event; its JSON.
    case error(JSONValue)
    /// The stream ended before its last event.
    case cutOff
    case malformed(String)
}
