// What an agent's last message claims of its task. A line `Status: done` or `Status: not done` settles it, and the
// example datasets ask for one; without it phrases are looked for, those of failure first. A text that fits neither
// claims nothing that can be read, and is left to a judge.

/// Whether the agent says that it did its task.
enum Claim: String, Hashable, Sendable {
    case done
    case notDone = "not done"

    private static let failures = [
        "not done", "could not", "cannot", "can not", "unable to", "not able to", "not possible", "impossible",
        "did not", "have not", "has not", "was not", "failed to", "not available", "still fails", "does not pass",
        "incomplete", "not finished", "not completed",
    ]
    private static let successes = [
        "done", "complete", "completed", "finished", "successfully", "i have", "all set", "all tests pass",
        "tests pass", "the test passes", "is now",
    ]

    /// The claim of a message; nil where none can be read.
    init?(_ message: String) {
        let text = Self.plain(message)
        for line in text.split(separator: "\n").reversed() {
            let words = line.split(separator: " ")
            guard words.first == "status" else { continue }
            switch words.dropFirst().joined(separator: " ") {
            case "done": self = .done
            case "not done": self = .notDone
            default: continue
            }
            return
        }
        let words = " " + text.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ") + " "
        if Self.failures.contains(where: { words.contains(" \($0) ") }) {
            self = .notDone
        } else if Self.successes.contains(where: { words.contains(" \($0) ") }) {
            self = .done
        } else {
            return nil
        }
    }

    /// Lower case, contractions spelt out, letters and digits only; lines are kept. The last 8 KiB say it.
    private static func plain(_ message: String) -> String {
        var text = String(message.unicodeScalars.suffix(8 << 10)).lowercased()
        for apostrophe in ["’", "`", "´"] { text = text.replacing(apostrophe, with: "'") }
        text = text.replacing("can't", with: "cannot").replacing("n't", with: " not").replacing("i've", with: "i have")
        return String(text.map { $0.isNewline ? "\n" : $0.isLetter || $0.isNumber ? $0 : " " })
    }
}
