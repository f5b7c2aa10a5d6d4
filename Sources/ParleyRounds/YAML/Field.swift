// A value of the round file together with its key and its place. Its readers return nil after having reported what
// is wrong; whoever calls goes on without the value.

import ParleyModel
import Yams

/// A value of the round file.
struct Field {
    /// The key it stands under, for messages.
    let key: String
    let node: Node
    let mistakes: Mistakes
    let place: Place?

    init(key: String, node: Node, mistakes: Mistakes, place: Place? = nil) {
        self.key = key
        self.node = node
        self.mistakes = mistakes
        self.place = Place(node.mark) ?? place
    }

    func fail(_ message: String, _ remedy: String? = nil) { mistakes.error(message, at: place, remedy: remedy) }
    func warn(_ message: String, _ remedy: String? = nil) { mistakes.warning(message, at: place, remedy: remedy) }

    /// Whether nothing stands there (`key:` or `~`).
    var isNull: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// The text of a single value, whatever it means; nil for lists and mappings.
    var scalarText: String? { if case .scalar(let scalar) = node { scalar.string } else { nil } }

    var isList: Bool { if case .sequence = node { true } else { false } }
    var isMapping: Bool { if case .mapping = node { true } else { false } }
    var isScalar: Bool { if case .scalar = node { true } else { false } }

    /// What stands there, for messages; values are not repeated.
    var typeName: String {
        switch node {
        case .scalar: isNull ? "nothing" : "a single value"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// The elements of a list; an empty list is a mistake unless it is allowed.
    func list(allowEmpty: Bool = false) -> [Field]? {
        guard case .sequence(let sequence) = node else {
            fail("'\(key)' must be a list, not \(typeName)", "write it as [a, b] or as lines that start with '- '")
            return nil
        }
        guard allowEmpty || !sequence.isEmpty else {
            fail("'\(key)' is an empty list", "name at least one, or remove the key")
            return nil
        }
        return sequence.map { Field(key: key, node: $0, mistakes: mistakes, place: place) }
    }

    /// A list of texts; a single text is a list of one.
    func texts() -> [String]? {
        if isScalar { return text().map { [$0] } }
        guard let elements = list() else { return nil }
        let texts = elements.compactMap { $0.text() }
        return texts.count == elements.count ? texts : nil
    }

    /// The words of a list, each one of an enumeration's; a single word is a list of one.
    func words<Word: CaseIterable & RawRepresentable<String>>(_ type: Word.Type) -> [Word]? {
        if isScalar { return word(type).map { [$0] } }
        guard let elements = list() else { return nil }
        let words = elements.compactMap { $0.word(type) }
        return words.count == elements.count ? words : nil
    }
}
