// JSON in and out: strictness, canonical form, numbers. The number vectors are RFC 8785's and ECMAScript's rules.

import ParleyModel
import ParleyTestSupport
import Testing

@Suite("JSON") struct JSONTests {
    @Test(
        "Numbers are written in shortest round-trip form",
        arguments: [
            ("0", "0"), ("-0.0", "0"), ("1.0", "1"), ("1e21", "1e+21"),
            ("123456789012345680000.0", "123456789012345680000"),
            ("0.000001", "0.000001"), ("1e-7", "1e-7"), ("0.1", "0.1"), ("333333333.33333329", "333333333.3333333"),
            ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"), ("-12.5", "-12.5"),
            ("4.5", "4.5"), ("2e-3", "0.002"), ("100.25", "100.25"), ("1e20", "100000000000000000000"),
            ("9007199254740993", "9007199254740993"), ("-1.5e-9", "-1.5e-9"),
        ]
    )
    func numbers(text: String, canonical: String) throws {
        #expect(try JSONValue(parsing: text).canonical == canonical)
    }

    @Test("NaN and the infinities are bare tokens in Python's form alone")
    func constants() throws {
        let written = JSONValue.array([.number(.nan), .number(.infinity), .number(-.infinity), 1.5]).pythonBytes
        #expect(String(decoding: written, as: UTF8.self) == "[NaN,Infinity,-Infinity,1.5]")
        #expect(try JSONValue(parsingPython: written) == [nil, "Infinity", "-Infinity", 1.5])
        #expect(throws: JSONError.self) { try JSONValue(parsing: written) }
        for text in ["Nan", "-", "-Inf", "I", "N", "-NaN", "Infinit"] {
            #expect(throws: JSONError.self, "\(text)") { try JSONValue(parsingPython: Array(text.utf8)) }
        }
    }

    @Test("A random double survives the canonical text")
    func randomDoubles() throws {
        var generator = SeededGenerator(seed: 20_261_123)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            let text = JSONValue.number(value).canonical
            #expect(try JSONValue(parsing: text).double == value, "seed 20261123, \(value) as \(text)")
        }
    }

    @Test("Members are sorted by UTF-16 code units and strings escaped the short way")
    func canonicalForm() {
        let value: JSONValue = ["b": 1, "a": ["x\"\\\n\u{1}", true, nil], "€": 2, "\u{1F600}": 3, "\u{FB33}": 4]
        let expected = #"{"a":["x\"\\\n\u0001",true,null],"b":1,"€":2,"\#u{1F600}":3,"\#u{FB33}":4}"#
        #expect(value.canonical == expected)
    }

    @Test("The order of members is that of UTF-16 wherever UTF-8 has another")
    func order() throws {
        // The ends of each length of UTF-8, and of what has surrogates in UTF-16.
        let edges = [
            "", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
        ]
        let names = edges.flatMap { first in edges.map { first + $0 } }
        let value = JSONValue.object(Dictionary(names.map { ($0, .null) }, uniquingKeysWith: { first, _ in first }))
        let sorted = Set(names).sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
        #expect(
            value.canonical == "{" + sorted.map { "\(JSONValue.string($0).canonical):null" }.joined(separator: ",")
                + "}"
        )
    }

    @Test(
        "What is no JSON is refused with its place",
        arguments: [
            ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\":1,\n\"a\":2}", 2, 6), ("NaN", 1, 1), ("[01]", 1, 4),
            ("1 2", 1, 3), ("\"\u{1}\"", 1, 2), ("\"\\x\"", 1, 4), ("1.", 1, 3), ("{'a':1}", 1, 2), ("tru", 1, 1),
            ("1e999", 1, 6), ("-", 1, 2), ("\"abc", 1, 5),
        ]
    )
    func errors(text: String, line: Int, column: Int) {
        do {
            let value = try JSONValue(parsing: text)
            Issue.record("parsed as \(value)")
        } catch {
            #expect(error.line == line && error.column == column, "\(error)")
        }
    }

    @Test("Deep nesting is refused, not a crash")
    func depth() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test("Surrogate pairs are joined and a lone one becomes the replacement character")
    func surrogates() throws {
        #expect(try JSONValue(parsing: #""\ud83d\ude00""#).string == "😀")
        #expect(try JSONValue(parsing: #""\ud83dx""#).string == "\u{FFFD}x")
        #expect(try JSONValue(parsing: #""\ude00\ud83d\u0041""#).string == "\u{FFFD}\u{FFFD}A")
    }

    @Test("A content hash is that of the canonical text")
    func contentHash() throws {
        // printf '{"a":1}' | sha256sum
        let expected = "sha256:015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
        #expect(ContentHash(of: try JSONValue(parsing: "{ \"a\" : 1 }")).description == expected)
        #expect(ContentHash(expected)?.description == expected)
        #expect(ContentHash("sha256:00") == nil)
    }
}
