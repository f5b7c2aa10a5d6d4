// Many phrases looked for at once in a text's words, by their first word.

/// Phrases of one or more words.
struct PhraseIndex: Sendable {
    /// By first word the words that follow it, of each phrase.
    private let tails: [String: [[String]]]

    /// - Parameter phrases: words with single spaces between them.
    init(_ phrases: [String]) {
        var tails: [String: [[String]]] = [:]
        for phrase in phrases {
            let words = phrase.split(separator: " ").map(String.init)
            guard let first = words.first else { continue }
            tails[first, default: []].append(Array(words.dropFirst()))
        }
        self.tails = tails
    }

    /// The lengths, in words, of the phrases that stand at a place.
    func lengths(at place: Int, in words: [String]) -> [Int] {
        guard place < words.count, let tails = tails[words[place]] else { return [] }
        return tails.compactMap { words[(place + 1)...].starts(with: $0) ? $0.count + 1 : nil }
    }

    /// Whether a phrase occurs.
    func occurs(in words: [String]) -> Bool { words.indices.contains { !lengths(at: $0, in: words).isEmpty } }

    /// The words without all phrases; the longest goes first.
    func removed(from words: [String]) -> [String] {
        var rest: [String] = []
        var place = 0
        while place < words.count {
            if let length = lengths(at: place, in: words).max() {
                place += length
            } else {
                rest.append(words[place])
                place += 1
            }
        }
        return rest
    }
}
