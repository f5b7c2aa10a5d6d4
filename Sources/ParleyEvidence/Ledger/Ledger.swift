// The ledger of a round: entries that are only ever added, each holding the hash of the one before. The file form is one
// canonical JSON object a line. A chain alone proves nothing against whoever can rebuild all of it: that is what
// witnesses are for (`Witness`).

public import ParleyModel

/// A hash-chained list of what happened in one round.
public struct Ledger: Hashable, Sendable {
    /// The most bytes of one line.
    public static let lineLimit = 64 << 10

    public let round: RoundName
    public private(set) var entries: [LedgerEntry] = []

    public init(round: RoundName) { self.round = round }

    /// What stands as `previous` in the first entry: it binds the chain to its round.
    public static func genesis(_ round: RoundName) -> ContentHash {
        ContentHash(of: "parley.ledger/1\n\(round.text)\n".utf8)
    }

    /// The hash of the last entry; that of no entry is the genesis.
    public var head: ContentHash { entries.last?.hash ?? Self.genesis(round) }

    /// Adds an entry at the end.
    /// - Parameters:
    ///   - atMicros: since the Unix epoch, by the database's clock
    ///   - who: a party's random handle or a person; never a secret
    public mutating func append(atMicros: Int64, who: String, what: String, subject: String = "", why: String = "") {
        entries.append(
            LedgerEntry(
                sequence: entries.count + 1,
                at: LedgerEntry.time(micros: atMicros),
                round: round,
                who: who,
                what: what,
                subject: subject,
                why: why,
                previous: head
            )
        )
    }

    /// The hash of the chain after so many entries; nil where there are fewer.
    public func head(at sequence: Int) -> ContentHash? {
        if sequence == 0 { return Self.genesis(round) }
        return entries.indices.contains(sequence - 1) ? entries[sequence - 1].hash : nil
    }

    /// The file form.
    public var bytes: [UInt8] { entries.flatMap { $0.json.canonicalBytes + [0x0A] } }

    /// Where a ledger file stops being a chain.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// The line, from 1.
        public let line: Int
        public let reason: String

        public var description: String { "line \(line): \(reason)" }
    }

    /// Reads the file form and follows the chain. Throws the first line that does not belong where it stands.
    public init(parsing bytes: [UInt8], round: RoundName) throws(Fault) {
        self.init(round: round)
        for (index, line) in try JSONLines.split(bytes, limit: Self.lineLimit).enumerated() {
            try take(line, number: index + 1)
        }
    }

    private mutating func take(_ line: ArraySlice<UInt8>, number: Int) throws(Fault) {
        let json: JSONValue
        do { json = try JSONValue(parsing: Array(line)) } catch {
            throw Fault(line: number, reason: "it is no JSON: \(error.message)")
        }
        guard let entry = LedgerEntry(json: json) else {
            throw Fault(line: number, reason: "it is no entry of a ledger: a member is missing or unknown")
        }
        guard json.canonicalBytes == Array(line) else {
            throw Fault(line: number, reason: "it is not in canonical form")
        }
        guard entry.round.text == round.text else {
            throw Fault(line: number, reason: "it belongs to round '\(entry.round)', not '\(round)'")
        }
        guard entry.sequence == number else {
            throw Fault(line: number, reason: "its sequence number is \(entry.sequence): a line was removed or added")
        }
        guard entry.previous == head else {
            let before = number == 1 ? "the round's genesis" : "line \(number - 1)"
            throw Fault(line: number, reason: "it does not follow from \(before): one of the two was changed")
        }
        entries.append(entry)
    }
}

/// Files of one JSON value a line.
enum JSONLines {
    /// The lines without their ends. Throws where the last line has no end, or a line is too long or empty.
    static func split(_ bytes: [UInt8], limit: Int) throws(Ledger.Fault) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            guard let end = bytes[start...].prefix(limit + 1).firstIndex(of: 0x0A) else {
                let isCut = bytes.count - start <= limit
                let reason = isCut ? "it is cut off: no line feed at its end" : "it is longer than \(limit) bytes"
                throw Ledger.Fault(line: lines.count + 1, reason: reason)
            }
            guard end > start else { throw Ledger.Fault(line: lines.count + 1, reason: "it is empty") }
            lines.append(bytes[start..<end])
            start = end + 1
        }
        return lines
    }
}
