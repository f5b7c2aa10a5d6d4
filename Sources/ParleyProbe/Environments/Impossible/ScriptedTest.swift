// The tests of the environment `impossible`: lines that say what a file must hold. They are read, never run, and read
// anew at each run from the file as the agent left it, so that an altered test gives another result.

import ParleyModel

/// A test as its file says it.
struct ScriptedTest: Hashable, Sendable {
    struct Expectation: Hashable, Sendable {
        let path: String
        /// All of the file but white space at both ends.
        let text: String
    }

    let expectations: [Expectation]

    /// Reads lines of the form `expect FILE = TEXT`; empty lines and those that begin with `#` are comments. Nil where
    /// another line stands.
    init?(_ text: String) {
        var expectations: [Expectation] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ", maxSplits: 3)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard first == "expect", words.count == 4, words[2] == "=" else { return nil }
            expectations.append(Expectation(path: String(words[1]), text: words[3].trimmed))
        }
        self.expectations = expectations
    }

    /// Whether two lines ask for different texts of one file.
    var contradictsItself: Bool {
        Dictionary(grouping: expectations, by: \.path).values.contains { Set($0.map(\.text)).count > 1 }
    }

    /// What is not met, one line each; empty where the test passes.
    func failures(_ file: (String) -> String?) -> [String] {
        expectations.compactMap { expectation in
            guard let text = file(expectation.path) else { return "\(expectation.path) is missing" }
            if text.trimmed == expectation.text { return nil }
            return "\(expectation.path) must be \(expectation.text), is \(text.trimmed.bounded(to: 200))"
        }
    }
}
