// One line of a ledger: what happened, to what, by whom and why, when by the database's clock, and the hash of the line
// before. The hash of a line is that of its bytes, so that a stranger needs nothing but SHA-256 to follow the chain.

private import Foundation
public import ParleyModel

/// One thing that happened in a round.
public struct LedgerEntry: Hashable, Sendable {
    static let members: Set<String> = ["sequence", "at", "round", "who", "what", "subject", "why", "previous"]

    /// From 1, without gaps.
    public let sequence: Int
    /// UTC, ISO 8601 with microseconds.
    public let at: String
    public let round: RoundName
    public let who: String
    public let what: String
    public let subject: String
    public let why: String
    /// The hash of the line before; of the first line `Ledger.genesis`.
    public let previous: ContentHash

    public var json: JSONValue {
        [
            "sequence": .integer(Int64(sequence)), "at": .string(at), "round": .string(round.text),
            "who": .string(who), "what": .string(what), "subject": .string(subject), "why": .string(why),
            "previous": .string(previous.description),
        ]
    }

    /// The hash of the line.
    public var hash: ContentHash { ContentHash(of: json) }

    init(
        sequence: Int,
        at: String,
        round: RoundName,
        who: String,
        what: String,
        subject: String,
        why: String,
        previous: ContentHash
    ) {
        self.sequence = sequence
        self.at = at
        self.round = round
        self.who = who
        self.what = what
        self.subject = subject
        self.why = why
        self.previous = previous
    }

    /// nil where a member is missing, unknown or of another type.
    init?(json: JSONValue) {
        guard let object = json.object, Set(object.keys) == Self.members,
            let sequence = json["sequence"]?.integer, let at = json["at"]?.string, let round = json["round"]?.string,
            let who = json["who"]?.string, let what = json["what"]?.string, let subject = json["subject"]?.string,
            let why = json["why"]?.string, let previous = json["previous"]?.string.flatMap({ ContentHash($0) })
        else { return nil }
        self.init(
            sequence: Int(sequence),
            at: at,
            round: RoundName(round),
            who: who,
            what: what,
            subject: subject,
            why: why,
            previous: previous
        )
    }

    /// The time of an entry from microseconds since the Unix epoch.
    public static func time(micros: Int64) -> String {
        let seconds = Double(micros / 1_000_000 - (micros % 1_000_000 < 0 ? 1 : 0))
        let rest = (micros % 1_000_000 + 1_000_000) % 1_000_000
        let digits = String(rest)
        let fraction = String(repeating: "0", count: 6 - digits.count) + digits
        return Date(timeIntervalSince1970: seconds).formatted(.iso8601).dropLast() + ".\(fraction)Z"
    }
}
