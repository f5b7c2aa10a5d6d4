// The canonical form against RFC 8785, and where it departs from it. The numbers are those of the RFC's appendix B, by
// the bits of the double.

import ParleyModel
import ParleyTestSupport
import Testing

@Suite("The canonical form") struct CanonicalFormTests {
    @Test(
        "writes numbers as RFC 8785, appendix B, says",
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] as [(UInt64, String)]
    )
    func numbers(bits: UInt64, text: String) {
        #expect(JSONValue.number(Double(bitPattern: bits)).canonical == text)
    }

    @Test("writes the RFC's example of section 3.2.2 as section 3.2.3 says")
    func example() throws {
        let input = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let expected =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try JSONValue(parsing: input).canonical == expected)
    }

    @Test("sorts members by UTF-16 code units: the RFC's example of section 3.2.3")
    func order() throws {
        let input = #"""
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
             "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",
             "\u00f6":"Latin Small Letter O With Diaeresis"}
            """#
        let text = try JSONValue(parsing: input).canonical
        let words = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"]
        let places = words.map { text.firstRange(of: $0)?.lowerBound }
        #expect(!places.contains(nil))
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    }

    @Test("escapes what it must and nothing else")
    func strings() {
        let controls = (0..<0x20).map { Character(Unicode.Scalar(UInt8($0))) }
        let expected =
            #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013"#
            + #"\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f""#
        #expect(JSONValue.string(controls.map(String.init).joined()).canonical.utf8.elementsEqual(expected.utf8))
        let plain = "/\u{7F}\u{80}\u{2028}\u{2029}\u{FEFF}\u{1F600}"
        #expect(JSONValue.string(plain).canonical == "\"\(plain)\"")
    }

    @Test("does not normalise: composed and decomposed letters stay what they are, in other bytes and other hashes")
    func normalisation() {
        let composed = JSONValue.string("\u{E9}")
        let decomposed = JSONValue.string("e\u{301}")
        #expect(composed.canonicalBytes == [0x22, 0xC3, 0xA9, 0x22])
        #expect(decomposed.canonicalBytes == [0x22, 0x65, 0xCC, 0x81, 0x22])
        #expect(ContentHash(of: composed) != ContentHash(of: decomposed))
    }

    @Test("departs from the RFC in three places, each towards refusing or towards losing nothing")
    func departures() throws {
        // Whole numbers beyond 2⁵³ keep all digits: they are money and times of ours. JCS would round them.
        #expect(try JSONValue(parsing: "9007199254740993").canonical == "9007199254740993")
        #expect(try JSONValue(parsing: "-9223372036854775808").canonical == "-9223372036854775808")
        // A lone surrogate is replaced where JCS stops; a text that holds one is thus never its own canonical form.
        let lone = #""\ud800""#
        #expect(try JSONValue(parsing: lone).canonical != lone)
        // Names that Unicode calls equal are one name to Swift: refused, where JCS has two.
        #expect(throws: JSONError.self) { try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}") }
    }

    @Test("is its own canonical form, for random values")
    func fixedPoint() throws {
        var generator = SeededGenerator(seed: 8785)
        for round in 0..<500 {
            let text = Self.random(&generator, depth: 0).canonical
            #expect(try JSONValue(parsing: text).canonical == text, "seed 8785, value \(round)")
        }
    }

    private static func random(_ generator: inout SeededGenerator, depth: Int) -> JSONValue {
        func text(_ generator: inout SeededGenerator) -> String {
            let scalars = (0..<Int.random(in: 0...5, using: &generator)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x1_FFFF, using: &generator))
            }
            return String(String.UnicodeScalarView(scalars))
        }
        switch Int.random(in: 0...(depth > 3 ? 4 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3:
            let value = Double(bitPattern: generator.next())
            return value.isFinite ? .number(value) : .null
        case 4: return .string(text(&generator))
        case 5: return .array((0..<3).map { _ in random(&generator, depth: depth + 1) })
        default:
            let members = (0..<3).map { _ in (text(&generator), random(&generator, depth: depth + 1)) }
            return .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))
        }
    }
}
