// Reading a judge's grade: the last line `GRADE: X` with X in the scale.

import ParleyModel

/// Finds the grade in a judge's reply.
enum GradeLine {
    /// Marks that judges put around a line or a grade.
    private static let decoration: Set<Character> = ["*", "_", "`", "#", ">", "(", ")", "[", "]", "\"", "'", ".", "-"]

    /// The key of the scale that the last `GRADE: X` line names, as the scale writes it: as written, else in the
    /// other case where that is unique. A line whose X is not in the scale is passed over. Where the token limit
    /// cut the reply, its last, unfinished line is not read (`GRADE: 1` may have been going to be `GRADE: 10`).
    static func grade(in reply: String, scale: [String: Score], isCut: Bool) -> String? {
        var lines = reply.split(omittingEmptySubsequences: false) { $0.isNewline }
        if isCut { _ = lines.popLast() }
        for line in lines.reversed() {
            let bare = trim(line)
            guard bare.prefix(5).lowercased() == "grade" else { continue }
            let rest = trim(bare.dropFirst(5))
            guard let mark = rest.first, mark == ":" || mark == "=" else { continue }
            let whole = rest.dropFirst().filter { !$0.isWhitespace || $0 == " " }.trimmedOfSpaces
            for written in [whole, String(trim(rest.dropFirst()))] {
                if scale[written] != nil { return written }
                let folded = scale.keys.filter { $0.lowercased() == written.lowercased() }
                if folded.count == 1 { return folded[0] }
            }
        }
        return nil
    }

    private static func trim(_ text: Substring) -> Substring {
        let isPadding = { (character: Character) in character.isWhitespace || decoration.contains(character) }
        var text = text.drop(while: isPadding)
        while let last = text.last, isPadding(last) { text.removeLast() }
        return text
    }
}

extension String {
    /// Without spaces at either end.
    fileprivate var trimmedOfSpaces: String {
        var text = self[...].drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
