// Writing JSON. The canonical form has its members sorted by UTF-16 code units, no spaces, the shortest escapes and
// numbers in shortest round-trip form (RFC 8785), so that one value has one text and one hash everywhere. Integers
// beyond 2^53 are written in full: they are ours (money, times) and are read back as integers.

extension JSONValue {
    /// The canonical text: the same bytes for the same value, on any machine.
    public var canonical: String { text(indent: nil) }

    /// The text for people: two spaces a level, members sorted.
    public var pretty: String { text(indent: 0) }

    /// The canonical text as UTF-8.
    public var canonicalBytes: [UInt8] { bytes(indent: nil) }

    /// The text as Python writes it, as UTF-8: the canonical form, but a number that is not finite stands there as the
    /// bare token `NaN`, `Infinity` or `-Infinity`, which is no JSON. For files whose readers ask for it.
    public var pythonBytes: [UInt8] {
        var writer = JSONWriter(isPretty: false)
        writer.writesConstants = true
        writer.write(self, level: 0)
        return writer.bytes
    }

    private func text(indent: Int?) -> String { String(decoding: bytes(indent: indent), as: UTF8.self) }

    private func bytes(indent: Int?) -> [UInt8] {
        var writer = JSONWriter(isPretty: indent != nil)
        writer.write(self, level: 0)
        return writer.bytes
    }
}

struct JSONWriter {
    var bytes: [UInt8] = []
    let isPretty: Bool
    /// Whether numbers that are not finite are written as Python does.
    var writesConstants = false

    init(isPretty: Bool) { self.isPretty = isPretty }

    mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let value): append(String(value))
        case .number(let value) where writesConstants && !value.isFinite:
            append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
        case .number(let value): append(JSONValue.shortestText(value))
        case .string(let text): writeString(text)
        case .array(let elements):
            writeList("[", "]", elements, level: level) { writer, element in writer.write(element, level: level + 1) }
        case .object(let members):
            let sorted = members.sorted { Self.precedes($0.key, $1.key) }
            writeList("{", "}", sorted, level: level) { writer, member in
                writer.writeString(member.key)
                writer.append(writer.isPretty ? ": " : ":")
                writer.write(member.value, level: level + 1)
            }
        }
    }

    /// The order of UTF-16 code units. It is that of UTF-8, but for what begins with F0 or more there: beyond U+FFFF, it
    /// is written with surrogates, which go before U+E000 (EE).
    private static func precedes(_ left: String, _ right: String) -> Bool {
        for (left, right) in zip(left.utf8, right.utf8) where left != right {
            let isSwapped = min(left, right) >= 0xEE && (left < 0xF0) != (right < 0xF0)
            return isSwapped ? left > right : left < right
        }
        return left.utf8.count < right.utf8.count
    }

    private mutating func writeList<Element>(
        _ open: String,
        _ close: String,
        _ elements: [Element],
        level: Int,
        _ writeElement: (inout JSONWriter, Element) -> Void
    ) {
        append(open)
        for (index, element) in elements.enumerated() {
            if index > 0 { append(",") }
            startLine(level: level + 1)
            writeElement(&self, element)
        }
        if !elements.isEmpty { startLine(level: level) }
        append(close)
    }

    private mutating func startLine(level: Int) {
        guard isPretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: level * 2))
    }

    private mutating func writeString(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            // What needs no escape goes in runs.
            var start = 0
            for index in utf8.indices where Self.isEscaped(utf8[index]) {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
                writeEscape(of: utf8[index])
                start = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 8: append("\\b")
        case 9: append("\\t")
        case 10: append("\\n")
        case 12: append("\\f")
        case 13: append("\\r")
        default:
            append("\\u00")
            append(byte < 16 ? "0" : "1")
            append(String(byte & 15, radix: 16))
        }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

extension JSONValue {
    /// A finite Double in ECMAScript's shortest round-trip form (the number form of RFC 8785).
    static func shortestText(_ value: Double) -> String {
        precondition(value.isFinite, "JSON holds no NaN and no infinity")
        if value == 0 { return "0" }
        // Swift's description gives the shortest digits that round-trip; only the layout differs.
        let description = value.magnitude.description
        let parts = description.split(separator: "e")
        var mantissa = parts[0]
        var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        var digits = ""
        if let point = mantissa.firstIndex(of: ".") {
            let fraction = mantissa[mantissa.index(after: point)...]
            mantissa = mantissa[..<point]
            digits = String(mantissa) + fraction
            exponent += mantissa.count
        } else {
            digits = String(mantissa)
            exponent += mantissa.count
        }
        // value = 0.digits × 10^exponent, after leading and trailing zeros are gone
        let leading = digits.prefix { $0 == "0" }.count
        digits.removeFirst(leading)
        exponent -= leading
        while digits.last == "0" { digits.removeLast() }
        return (value < 0 ? "-" : "") + layOut(digits: digits, exponent: exponent)
    }

    /// Number::toString of ECMAScript, for 0.digits × 10^exponent.
    private static func layOut(digits: String, exponent: Int) -> String {
        let count = digits.count
        switch exponent {
        case count...21 where count <= exponent: return digits + String(repeating: "0", count: exponent - count)
        case 1...21:
            let split = digits.index(digits.startIndex, offsetBy: exponent)
            return digits[..<split] + "." + digits[split...]
        case -5...0: return "0." + String(repeating: "0", count: -exponent) + digits
        default:
            let power = exponent - 1
            let sign = power < 0 ? "-" : "+"
            let rest = digits.dropFirst()
            return digits.prefix(1) + (rest.isEmpty ? "" : "." + rest) + "e\(sign)\(power.magnitude)"
        }
    }
}
