// Runs of whole lines in a text, by hash. A template leaves a sample's own text standing as such a run, at the start
// of a line or after a label (`Question: …`), so that one pass over the runs finds it. Work is bounded: the last 128
// places where a run may start, and 256 KiB of hashing a text.

enum TextRuns {
    private static let mostStarts = 128
    private static let mostBytes = 256 << 10
    private static let newline = UInt8(ascii: "\n")

    static func hash(of bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash = StableHash()
        for byte in bytes { hash.combine(byte) }
        return hash.value
    }

    /// The bytes without ASCII whitespace around them.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }

    /// Calls `body` with hash and length in bytes of each run of lines that is at most `longest` bytes long.
    static func forEachRun(in text: String, longest: Int, _ body: (UInt64, Int) -> Void) {
        let bytes = Array(text.utf8)
        var budget = mostBytes
        for start in starts(in: bytes).suffix(mostStarts) {
            var hash = StableHash()
            let end = min(bytes.count, start + min(longest, budget))
            var position = start
            while position < end {
                hash.combine(bytes[position])
                position += 1
                if position == bytes.count || bytes[position] == newline { body(hash.value, position - start) }
            }
            budget -= position - start
            if budget <= 0 { return }
        }
    }

    private static func starts(in bytes: [UInt8]) -> [Int] {
        var starts: [Int] = []
        var position = 0
        while position < bytes.count {
            while position < bytes.count, isSpace(bytes[position]) { position += 1 }
            guard position < bytes.count else { break }
            starts.append(position)
            var hasLabel = false
            while position < bytes.count, bytes[position] != newline {
                let isLabelEnd = bytes[position] == UInt8(ascii: ":") && position + 2 < bytes.count
                if !hasLabel, isLabelEnd, bytes[position + 1] == UInt8(ascii: " ") {
                    hasLabel = true
                    starts.append(position + 2)
                }
                position += 1
            }
        }
        return starts
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
