// Content hashes: of a whole, and of the same content in pieces.

import ParleyModel
import Testing

@Suite("A content hash")
struct ContentHashTests {
    @Test("is SHA-256: the first example of FIPS 180-4")
    func known() {
        let hash = ContentHash(of: "abc".utf8)
        #expect(hash.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("of pieces is that of the whole", arguments: [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])
    func pieces(_ length: Int) {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var stream = ContentHash.Stream()
        for start in stride(from: 0, to: length, by: 7) { stream.update(bytes[start..<min(start + 7, length)]) }
        #expect(stream.value == ContentHash(of: bytes))
    }
}
