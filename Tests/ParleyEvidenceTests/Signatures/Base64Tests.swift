// Base64: both alphabets, one text for some bytes.

import Testing

@testable import ParleyEvidence

@Suite("Base64") struct Base64Tests {
    @Test(
        "Both alphabets are read (RFC 4648, section 10)",
        arguments: [
            ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"), ("Pz8/", "???"), ("Pz8_", "???"), ("Pj4+", ">>>"), ("Pj4-", ">>>"),
        ]
    )
    func vectors(text: String, plain: String) {
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test(
        "What two readers could take for different bytes is refused",
        arguments: [
            "Zg", "Zg=", "Z===", "Zh==", "Zm9=", "Pz8/Pz8_", "Zm9v\n", " Zm9v", "Zm=v", "Zg==Zg==", "Zm9v====", "Zm9*",
            "====", "Zm9vé",
        ]
    )
    func hostile(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("All bytes come back")
    func roundTrip() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}
