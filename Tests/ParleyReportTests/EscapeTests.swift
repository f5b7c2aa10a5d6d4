// What escaping promises: no character of a hostile text is markup or a command, and none is hidden.

import ParleyReport
import Testing

@Suite("Escape") struct EscapeTests {
    @Test("HTML's five characters become references")
    func markup() {
        #expect(
            Escape.html("<a href=\"x\" id='y'>&</a>") == "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&lt;/a&gt;"
        )
    }

    @Test(
        "What would hide or reorder text is named",
        arguments: [
            ("\u{202E}", "[U+202E]"), ("\u{2066}", "[U+2066]"), ("\u{1B}", "[U+001B]"), ("\u{0}", "[U+0000]"),
            ("\u{7F}", "[U+007F]"), ("\u{9B}", "[U+009B]"), ("\u{200B}", "[U+200B]"), ("\u{FEFF}", "[U+FEFF]"),
            ("\u{2028}", "[U+2028]"), ("\u{E0041}", "[U+E0041]"), ("\u{E0101}", "[U+E0101]"), ("\u{FFFF}", "[U+FFFF]"),
            ("\r", "[U+000D]"),
        ]
    )
    func unseen(_ character: String, _ shown: String) {
        #expect(Escape.html("a\(character)b") == "a\(shown)b")
        #expect(Escape.terminal("a\(character)b") == "a\(shown)b")
        #expect(Escape.terminal("a\(character)b", allowingNewlines: true) == "a\(shown)b")
    }

    @Test("Every C0 and C1 control is named on a terminal")
    func controls() {
        for value in Array(UInt32(0)...0x1F) + Array(0x7F...0x9F) {
            let text = Unicode.Scalar(value).map(String.init) ?? ""
            let digits = String(value, radix: 16, uppercase: true)
            #expect(Escape.terminal(text) == "[U+00\(digits.count == 1 ? "0" : "")\(digits)]")
        }
    }

    @Test("Line breaks stay where they are allowed, and only there")
    func newlines() {
        #expect(Escape.html("a\r\nb\tc\n") == "a\nb\tc\n")
        #expect(Escape.terminal("a\r\nb\tc", allowingNewlines: true) == "a\nb\tc")
        #expect(Escape.terminal("a\nb") == "a[U+000A]b")
    }

    @Test("Writing of the world stays as it is")
    func plain() {
        let text = "naïve 世界 שלום 👩‍👩‍👧 क्षि می‌خواهم"
        #expect(Escape.html(text) == text)
        #expect(Escape.terminal(text) == text)
    }
}
