// A mapping of the round file whose keys are known: unknown keys are mistakes, with the nearest known one.

import ParleyModel
import Yams

/// A mapping of the round file.
struct Fields {
    /// What the mapping describes, with its article, for messages: `a model`.
    let what: String
    let place: Place?
    let mistakes: Mistakes
    private let fields: [String: Field]
    private let keyPlaces: [String: Place]

    /// Reports a value that is no mapping, and keys that are not among `keys`.
    init?(_ field: Field, what: String, keys: [String]) {
        guard case .mapping = field.node else {
            field.fail(
                "\(what) must be a mapping of keys and values, not \(field.typeName)",
                "write 'key: value'; the keys are \(keys.joined(separator: ", "))"
            )
            return nil
        }
        self.what = what
        mistakes = field.mistakes
        var fields: [String: Field] = [:]
        var places: [String: Place] = [:]
        for (key, value) in Fields.pairs(of: field) where fields[key.key] == nil {
            fields[key.key] = value
            places[key.key] = key.place
            guard keys.contains(key.key) else {
                key.fail("unknown key '\(key.key.prefix(60))' in \(what)", Suggestion.remedy(for: key.key, among: keys))
                continue
            }
            if value.isNull {
                mistakes.error("'\(key.key)' has no value", at: key.place, remedy: "write one, or remove the key")
                fields[key.key] = nil
            }
        }
        self.fields = fields
        keyPlaces = places
        place = places.values.min { ($0.line, $0.column) < ($1.line, $1.column) } ?? field.place
    }

    subscript(_ key: String) -> Field? { fields[key] }

    /// Where the key stands, the mapping's start where it does not.
    func place(of key: String) -> Place? { keyPlaces[key] ?? place }

    /// The value of a key that must be there. A key that is there without a value was reported already.
    func required(_ key: String, _ remedy: String) -> Field? {
        if let field = fields[key] { return field }
        if keyPlaces[key] == nil {
            mistakes.error("\(what) needs '\(key)'", at: place, remedy: "add \(remedy)")
        }
        return nil
    }

    /// Reports keys that have no meaning here.
    func forbid(_ keys: [String], _ reason: String) {
        for key in keys where fields[key] != nil {
            mistakes.error("'\(key)' has no meaning here: \(reason)", at: keyPlaces[key], remedy: "remove the key")
        }
    }

    /// Merges of merges grow by powers: a file of a few lines could otherwise take all memory.
    private static let mergeDepthLimit = 3
    private static let mergeLimit = 16

    /// The pairs of a mapping in order, those merged in by `<<` last, so that the mapping's own go before them.
    static func pairs(of field: Field, depth: Int = 0) -> [(key: Field, value: Field)] {
        guard case .mapping(let mapping) = field.node else { return [] }
        var own: [(Field, Field)] = []
        var merged: [(Field, Field)] = []
        for (keyNode, valueNode) in mapping {
            let text = keyNode.scalar?.string ?? ""
            let key = Field(key: text, node: keyNode, mistakes: field.mistakes, place: field.place)
            let value = Field(key: text, node: valueNode, mistakes: field.mistakes, place: key.place)
            if keyNode.scalar == nil {
                key.fail("a key must be a single word, not \(key.typeName)", "write 'key: value'")
            } else if text == "<<" {
                let sources = value.isList ? value.list() ?? [] : [value]
                guard depth < mergeDepthLimit, sources.count <= mergeLimit else {
                    value.fail("'<<' merges too many mappings", "merge at most \(mergeLimit), \(mergeDepthLimit) deep")
                    continue
                }
                for source in sources where !source.isMapping {
                    source.fail(
                        "'<<' merges mappings, not \(source.typeName)",
                        "name an anchor of a mapping: <<: *name"
                    )
                }
                merged += sources.flatMap { pairs(of: $0, depth: depth + 1) }
            } else {
                own.append((key, value))
            }
        }
        return own + merged
    }
}
