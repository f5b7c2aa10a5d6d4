// Which choice an answer takes. The rules, in order; the first that finds a letter of the choices decides:
//
//   1  the whole answer is a letter:                          B   (B)   **B.**   b
//   2  the last mark `ANSWER: B`, also with a choice's text:  Answer: **(B)**   ANSWER: Paris
//   3  the last sentence that says so:                        the answer is B   I choose option (B)   B is correct
//   4  the first line starts with a letter:                   B) Paris   (B) since …   B. Paris
//   5  the last line is a letter
//   6  one letter alone is named:                             … (B) …   … option B …
//   7  one choice's text alone occurs in the answer           I think that it is Paris.
//
// A mark or sentence that names two letters (`B or C`) chooses nothing, and nor does a line-by-line echo of the
// choices. Reading is bounded to the end of a long answer.

private import Foundation
import ParleyModel

/// Reads the letter that an answer chooses.
struct ChoiceReader {
    let choices: [String]

    /// The most of an answer that is read, in bytes of UTF-8, from its end.
    static let longestAnswer = 16_384

    /// The letter chosen, `A`…; nil where none can be read. Without choices every letter may be chosen.
    func letter(in answer: String) -> String? {
        let bytes = answer.utf8
        let tail = bytes.count > Self.longestAnswer ? bytes.suffix(Self.longestAnswer) : bytes[...]
        let text = FoldedText.trimmed(String(decoding: tail, as: UTF8.self))
        if let letter = first(ChoicePattern.whole, in: text) { return letter }
        for pattern in [ChoicePattern.marked, ChoicePattern.spoken] {
            switch last(pattern, in: text) {
            case .letter(let letter): return letter
            case .several: return nil
            case .nothing: continue
            }
        }
        return leadingLetter(of: text) ?? last(line: text) ?? soleLetter(in: text) ?? textChosen(in: text)
    }

    /// 1 where the letter chosen is a target; an answer that chooses nothing gets 0.
    func scoring(of answer: String, _ targets: [String]) -> Scoring {
        let wanted = targets.map { FoldedText.trimmed($0).uppercased() }.filter(isChoice)
        guard !wanted.isEmpty else { return .unscorable("no target is a letter of the choices") }
        guard let letter = letter(in: answer) else { return .none("no choice could be read") }
        return wanted.contains(letter)
            ? .success("the choice is \(letter), the target") : .none("the choice is \(letter), no target")
    }

    private func isChoice(_ letter: String) -> Bool {
        ChoiceLayout.letters(choices.isEmpty ? ChoiceLayout.mostChoices : choices.count).contains(letter)
    }

    // MARK: - The rules

    private enum Reading {
        case letter(String)
        case several
        case nothing
    }

    private func first(_ pattern: ChoicePattern, in text: String) -> String? {
        pattern.matches(in: text).lazy.map(\.letter).first(where: isChoice)
    }

    private func last(_ pattern: ChoicePattern, in text: String) -> Reading {
        for match in pattern.matches(in: text).reversed() {
            if pattern.takesText, let letter = equalText(match.restOfLine) { return .letter(letter) }
            guard isChoice(match.letter), match.isLetter || pattern.isStrict else { continue }
            if let other = match.otherLetter, other != match.letter, isChoice(other) { return .several }
            return .letter(match.letter)
        }
        return .nothing
    }

    private func leadingLetter(of text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        let starts = lines.map { first(ChoicePattern.leading, in: $0) }
        guard let letter = starts.first ?? nil, Set(starts.compactMap { $0 }).count == 1 else { return nil }
        let other = ChoicePattern.leading.matches(in: lines[0]).first?.otherLetter
        return other == nil || other == letter ? letter : nil
    }

    private func last(line text: String) -> String? {
        text.split(whereSeparator: \.isNewline).last.flatMap { first(ChoicePattern.whole, in: String($0)) }
    }

    private func soleLetter(in text: String) -> String? {
        let letters = Set(ChoicePattern.named.matches(in: text).map(\.letter).filter(isChoice))
        return letters.count == 1 ? letters.first : nil
    }

    /// The choice whose text this is, where it is one only.
    private func equalText(_ text: String) -> String? {
        let words = ChoiceWords.joined(text)
        let found = choices.indices.filter { ChoiceWords.joined(choices[$0]) == words }
        return found.count == 1 && words.count > 2 ? ChoiceLayout.letters(choices.count)[safe: found[0]] : nil
    }

    /// The choice whose text alone occurs, whole words only; a text within a longer one that occurs does not count.
    private func textChosen(in text: String) -> String? {
        if let letter = equalText(text) { return letter }
        let hay = FoldedText(bytes: Array(ChoiceWords.joined(text).utf8))
        let words = choices.map { ChoiceWords.joined($0) }
        let occurring = words.indices.filter {
            words[$0].count > 2 && hay.contains(FoldedText(bytes: Array(words[$0].utf8)))
        }
        let longest = occurring.filter { index in
            !occurring.contains { $0 != index && words[$0] != words[index] && words[$0].contains(words[index]) }
        }
        return longest.count == 1 ? ChoiceLayout.letters(choices.count)[safe: longest[0]] : nil
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
