// Placeholders in prompts and rubrics: `{{input}}`, `{{metadata.KEY}}`. A text is cut into pieces once and each
// placeholder is replaced once; what is put in is never read again. Invariant: no answer, question or metadatum can
// bring in a placeholder of its own, whatever it contains.

/// Why a template cannot be filled for a sample.
public struct TemplateProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is missing, in which sample.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Reading and filling texts with placeholders.
public enum Template {
    /// Where a template stands; each place has its own placeholders.
    public enum Use: CaseIterable, Sendable {
        /// `solver.template` and scripted turns.
        case prompt
        /// The system prompt of a simulated user.
        case simulatedUser
        /// A grader's rubric.
        case rubric

        /// The placeholders of this place, `metadata.KEY` apart, which every place has.
        public var names: [String] {
            switch self {
            case .prompt: ["input", "choices", "letters"]
            case .simulatedUser: ["input", "target"]
            case .rubric: ["question", "answer", "actions", "target", "input", "choices", "letters"]
            }
        }
    }

    /// The longest name between the braces, in bytes; anything longer is plain text.
    static let longestName = 128
    static let metadataPrefix = "metadata."

    enum Piece: Equatable {
        case text(String)
        case placeholder(name: String, written: String)
    }

    /// The names of the placeholders of a text, each once, in order of appearance.
    ///
    ///     Template.placeholders(in: "{{input}} ({{ metadata.topic }})")  // ["input", "metadata.topic"]
    public static func placeholders(in text: String) -> [String] {
        var seen: Set<String> = []
        return pieces(of: text).compactMap { piece in
            guard case .placeholder(let name, _) = piece, seen.insert(name).inserted else { return nil }
            return name
        }
    }

    /// The placeholders of a text that its place does not have, for validation.
    public static func unknownPlaceholders(in text: String, for use: Use) -> [String] {
        placeholders(in: text).filter { name in
            !use.names.contains(name) && !(name.hasPrefix(metadataPrefix) && name.count > metadataPrefix.count)
        }
    }

    /// Replaces each placeholder once; one that has no value stays as it is written, as validation reports it.
    static func fill(
        _ text: String,
        with value: (String) throws(TemplateProblem) -> String?
    ) throws(TemplateProblem) -> String {
        var filled = ""
        for piece in pieces(of: text) {
            switch piece {
            case .text(let text): filled += text
            case .placeholder(let name, let written): filled += try value(name) ?? written
            }
        }
        return filled
    }

    static func pieces(of text: String) -> [Piece] {
        let bytes = Array(text.utf8)
        var pieces: [Piece] = []
        var plainStart = 0
        var place = 0
        while place + 1 < bytes.count {
            guard bytes[place] == UInt8(ascii: "{"), bytes[place + 1] == UInt8(ascii: "{"),
                let end = nameEnd(in: bytes, from: place + 2)
            else {
                place += 1
                continue
            }
            if plainStart < place { pieces.append(.text(String(decoding: bytes[plainStart..<place], as: UTF8.self))) }
            let inner = bytes[(place + 2)..<end].drop { $0 == UInt8(ascii: " ") }
            let name = String(decoding: inner.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
            pieces.append(
                .placeholder(name: name, written: String(decoding: bytes[place..<(end + 2)], as: UTF8.self))
            )
            place = end + 2
            plainStart = place
        }
        if plainStart < bytes.count { pieces.append(.text(String(decoding: bytes[plainStart...], as: UTF8.self))) }
        return pieces
    }

    /// The place of the closing braces where what lies before them is a name, which may stand between spaces.
    private static func nameEnd(in bytes: [UInt8], from start: Int) -> Int? {
        var place = start
        var hasName = false
        var nameIsOver = false
        while place + 1 < bytes.count, place - start <= longestName {
            switch bytes[place] {
            case UInt8(ascii: "}"): return hasName && bytes[place + 1] == UInt8(ascii: "}") ? place : nil
            case UInt8(ascii: " "): nameIsOver = hasName
            case 0...32, UInt8(ascii: "{"), UInt8(ascii: "\""), 127: return nil
            default:
                if nameIsOver { return nil }
                hasName = true
            }
            place += 1
        }
        return nil
    }
}
