// Finds ids that stand twice without holding them: 64 bits of hash and a line for each row. Rows whose hashes meet
// are read again to see whether their ids do, so that a collision is never reported as a duplicate.

import ParleyModel

/// The ids of a dataset, as hashes.
struct IDIndex {
    private struct Entry {
        let hash: UInt64
        let line: Int32
    }

    private var entries: [Entry] = []

    mutating func add(_ id: String, line: Int32) { entries.append(Entry(hash: Self.hash(id), line: line)) }

    /// A diagnostic for each id that stands more than once, at most 20, each naming both lines.
    mutating func duplicates(in specification: DatasetSpecification) throws(Diagnostic) -> [Diagnostic] {
        entries.sort { ($0.hash, $0.line) < ($1.hash, $1.line) }
        var suspects: Set<Int32> = []
        for (left, right) in zip(entries, entries.dropFirst()) where left.hash == right.hash {
            suspects.formUnion([left.line, right.line])
            if suspects.count > 1000 { break }
        }
        entries = []
        guard let last = suspects.max() else { return [] }
        var firstLines: [String: Int] = [:]
        var found: [Diagnostic] = []
        var stream = try SampleStream(specification)
        while found.count < BadRows.limit, stream.lineNumber < last, let item = try stream.next() {
            guard case .sample(let sample, let location) = item, suspects.contains(location.line) else { continue }
            if let first = firstLines[sample.id] {
                found.append(
                    Diagnostic(
                        file: specification.file,
                        line: Int(location.line),
                        "the id '\(sample.id.prefix(60))' stands on line \(first) and on line \(location.line)",
                        remedy: "give each row an id of its own, or none"
                    )
                )
            } else {
                firstLines[sample.id] = Int(location.line)
            }
        }
        return found
    }

    /// FNV-1a, 64 bits.
    private static func hash(_ id: String) -> UInt64 {
        id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
