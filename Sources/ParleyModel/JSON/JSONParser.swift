// A strict JSON parser over bytes (RFC 8259): one pass, bounded depth, and errors that name line and column. It
// reads hostile input: responses of providers, dataset rows, transcripts. Duplicate members are an error, since two
// readers could otherwise take different ones for the truth.

/// Why a text is no JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let message: String
    /// Line and column, from 1; the column counts bytes.
    public let line: Int
    public let column: Int

    public var description: String { "\(message) (line \(line), column \(column))" }
}

extension JSONValue {
    /// Parses one JSON text, whitespace around it allowed.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// Parses one JSON text of UTF-8 bytes.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.parseDocument()
    }

    /// Parses what Python writes as JSON: the bare tokens `NaN`, `Infinity` and `-Infinity` may stand for values. NaN
    /// becomes null, the infinities become strings of their names, since a ``JSONValue`` holds none of them.
    public init(parsingPython bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes: bytes)
        parser.takesConstants = true
        self = try parser.parseDocument()
    }
}

struct JSONParser {
    static let depthLimit = 256

    let bytes: [UInt8]
    var position = 0
    /// Whether `NaN` and `Infinity` are values, as in Python's JSON.
    var takesConstants = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func parseDocument() throws(JSONError) -> JSONValue {
        skipSpace()
        let value = try parseValue(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw error("more text after the end of the value") }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.depthLimit else { throw error("nested deeper than \(Self.depthLimit) levels") }
        guard position < bytes.count else { throw error("unexpected end of the text") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try parseObject(depth: depth)
        case UInt8(ascii: "["): return try parseArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "N") where takesConstants: return try parseWord("NaN", .null)
        case UInt8(ascii: "I") where takesConstants: return try parseWord("Infinity", "Infinity")
        case UInt8(ascii: "-") where takesConstants && bytes[(position + 1)...].first == UInt8(ascii: "I"):
            return try parseWord("-Infinity", "-Infinity")
        case UInt8(ascii: "-"), 48...57: return try parseNumber()
        case UInt8(ascii: "N"), UInt8(ascii: "I"): throw error("NaN and Infinity are not JSON")
        default: throw error("expected a value")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw error("expected a member's name in double quotes")
            }
            let key = try parseString()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("expected ':' after the name \"\(key)\"") }
            skipSpace()
            guard members.updateValue(try parseValue(depth: depth + 1), forKey: key) == nil else {
                throw error("the member \"\(key)\" stands twice")
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw error("expected ',' or '}'") }
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            skipSpace()
            elements.append(try parseValue(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw error("expected ',' or ']'") }
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let text = word.description.utf8
        guard bytes[position...].starts(with: text) else { throw error("expected a value") }
        position += text.count
        return value
    }

    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let digitsStart = position
        skipDigits()
        guard position > digitsStart else { throw error("expected a digit") }
        guard position == digitsStart + 1 || bytes[digitsStart] != 48 else {
            throw error("a number may not start with 0")
        }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            let fractionStart = position
            skipDigits()
            guard position > fractionStart else { throw error("expected a digit after '.'") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            let exponentStart = position
            skipDigits()
            guard position > exponentStart else { throw error("expected a digit in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw error("the number \(text) is out of range") }
        return .number(value)
    }

    // MARK: - Strings

    private mutating func parseString() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
            guard bytes[position] >= 0x20 else { throw error("a control character inside a string") }
            position += 1
        }
        guard position < bytes.count else { throw error("a string without its closing quote") }
        if bytes[position] == UInt8(ascii: "\"") {
            let text = try text(of: bytes.span.extracting(start..<position))
            position += 1
            return text
        }
        return try parseEscapedString(from: start)
    }

    private mutating func parseEscapedString(from start: Int) throws(JSONError) -> String {
        var unescaped = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                return try text(of: unescaped.span)
            case UInt8(ascii: "\\"): try appendEscape(to: &unescaped)
            case 0..<0x20: throw error("a control character inside a string")
            default: unescaped.append(byte)
            }
        }
        throw error("a string without its closing quote")
    }

    private func text(of bytes: Span<UInt8>) throws(JSONError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            throw self.error("a string that is not valid UTF-8")
        }
    }

    private mutating func appendEscape(to unescaped: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw error("a string without its closing quote") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
        case UInt8(ascii: "b"): unescaped.append(8)
        case UInt8(ascii: "f"): unescaped.append(12)
        case UInt8(ascii: "n"): unescaped.append(10)
        case UInt8(ascii: "r"): unescaped.append(13)
        case UInt8(ascii: "t"): unescaped.append(9)
        case UInt8(ascii: "u"): unescaped.append(contentsOf: try parseUnicodeEscape())
        default: throw error("an unknown escape in a string")
        }
    }

    /// A lone surrogate becomes U+FFFD: models do emit them, and a Swift string cannot hold one.
    private mutating func parseUnicodeEscape() throws(JSONError) -> [UInt8] {
        let high = try parseFourHexDigits()
        var scalar = UInt32(high)
        if (0xD800..<0xDC00).contains(high), bytes[position...].starts(with: "\\u".utf8) {
            let afterHigh = position
            position += 2
            let low = try parseFourHexDigits()
            if (0xDC00..<0xE000).contains(low) {
                scalar = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
            } else {
                position = afterHigh
            }
        }
        return Array(String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
    }

    private mutating func parseFourHexDigits() throws(JSONError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw error("an escape \\u that is cut off") }
        var value: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            switch byte {
            case 48...57: value = value << 4 | UInt16(byte - 48)
            case 65...70: value = value << 4 | UInt16(byte - 55)
            case 97...102: value = value << 4 | UInt16(byte - 87)
            default: throw error("an escape \\u that is not four hexadecimal digits")
            }
        }
        position += 4
        return value
    }

    // MARK: - Bytes

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    private mutating func skipDigits() {
        while position < bytes.count, (48...57).contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private func error(_ message: String) -> JSONError {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONError(message: message, line: line, column: before.count - lineStart + 1)
    }
}
