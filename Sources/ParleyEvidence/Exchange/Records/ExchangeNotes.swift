// What a format cannot hold as we have it. Nothing is dropped in silence: each kind of thing is counted, with the first
// places where it came up, and stands on standard error and in the file itself.

import ParleyModel

/// Remarks on an export or an import, by what they say.
public struct ExchangeNotes: Sendable {
    /// One remark.
    public struct Note: Hashable, Sendable, Codable {
        public var message: String
        public var count: Int
        /// The first places, a few.
        public var examples: [String]
    }

    private static let exampleLimit = 3

    /// In the order in which they first came up.
    public private(set) var notes: [Note] = []
    private var places: [String: Int] = [:]

    public init() {}

    /// Counts one more of these.
    public mutating func add(_ message: String, at place: String? = nil) {
        let index = places[message] ?? notes.count
        if index == notes.count {
            notes.append(Note(message: message, count: 0, examples: []))
            places[message] = index
        }
        notes[index].count += 1
        if let place, notes[index].examples.count < Self.exampleLimit { notes[index].examples.append(place) }
    }

    /// Takes in the notes of another part.
    public mutating func add(_ other: ExchangeNotes) {
        for note in other.notes {
            let index = places[note.message] ?? notes.count
            if index == notes.count {
                notes.append(Note(message: note.message, count: 0, examples: []))
                places[note.message] = index
            }
            notes[index].count += note.count
            notes[index].examples += note.examples.prefix(max(0, Self.exampleLimit - notes[index].examples.count))
        }
    }

    /// One line a note, for people.
    public var lines: [String] {
        notes.map { note in
            let examples = note.examples.isEmpty ? "" : ", for instance \(note.examples.joined(separator: ", "))"
            return "\(note.message) (\(note.count)\(examples))"
        }
    }

    var json: JSONValue {
        .array(
            notes.map { note in
                [
                    "message": .string(note.message), "count": .integer(Int64(note.count)),
                    "examples": .array(note.examples.map(JSONValue.string)),
                ]
            }
        )
    }
}
