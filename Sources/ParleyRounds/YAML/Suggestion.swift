// 'Did you mean …?': the nearest known word by edit distance.

/// The nearest of some known words.
enum Suggestion {
    /// The known word with the fewest edits; nil where none is near enough to be meant: more than a third of its
    /// letters, and never more than three.
    static func nearest(to word: String, among known: some Sequence<String>) -> String? {
        let lowered = word.lowercased()
        let candidates = known.map { (word: $0, distance: distance(lowered, $0.lowercased())) }
        let best = candidates.min { ($0.distance, $0.word) < ($1.distance, $1.word) }
        guard let best, best.distance <= min(3, max(1, best.word.count / 3)) else { return nil }
        return best.word
    }

    /// What to write instead of an unknown word: the nearest, or all there are.
    static func remedy(for word: String, among known: some Sequence<String>, none: String = "there are none") -> String
    {
        if let nearest = nearest(to: word, among: known) { return "did you mean '\(nearest)'?" }
        let words = Array(known)
        return words.isEmpty ? none : "write one of: \(words.joined(separator: ", "))"
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one word of the other (the restricted
    /// Damerau–Levenshtein distance, by the usual table of prefixes).
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars.prefix(64))
        let right = Array(right.unicodeScalars.prefix(64))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
