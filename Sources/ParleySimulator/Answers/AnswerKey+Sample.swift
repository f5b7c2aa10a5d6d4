// The answers to a sample, as its scorer wants them: `right` is a text that the scorer gives 1, `wrong` one that it
// gives 0. A dataset may say them itself, in metadata `simulate_right`, `simulate_wrong` and `simulate_refusal`.

public import ParleyModel
private import _StringProcessing

extension AnswerKey {
    /// Adds the answers to a sample, by the text of its last user message. Returns false where no right and wrong
    /// answer can be told (no target, or no user message); such a prompt stays unknown.
    @discardableResult
    public mutating func add(_ sample: Sample, scorer: Scorer) -> Bool {
        guard let prompt = sample.input.last(where: { $0.role == .user })?.content,
            let entry = Entry(sample: sample, scorer: scorer)
        else { return false }
        add(entry, forPrompt: prompt)
        // Two tasks may differ in what the system message hides only.
        if entry.agent != nil { add(entry, forConversation: sample.input) }
        addMessages(of: entry)
        if !sample.choices.isEmpty {
            // The same question may stand in a dataset twice, with its choices in another order: only both together
            // say which letter is right. This is how a multiple-choice solver lays them out.
            let lines = sample.choices.enumerated().map { "\(Self.letter($0.offset))) \($0.element)" }
            add(entry, forPrompt: prompt + "\n\n" + lines.joined(separator: "\n"))
        }
        return true
    }

    /// What a simulated auditor sends is a prompt of the target, which answers it right or wrong.
    private mutating func addMessages(of entry: Entry) {
        let calls = (entry.agent?.main ?? []).joined().filter { $0.tool == "send_message" }
        var own = entry
        own.agent = nil
        for text in calls.compactMap({ $0.arguments["text"]?.string }) { add(own, forPrompt: text) }
    }

    private static func letter(_ index: Int) -> String { String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26))) }
}

extension AnswerKey.Entry {
    /// The answers to a sample; nil where they cannot be told.
    public init?(sample: Sample, scorer: Scorer) {
        let said = (right: sample.metadata["simulate_right"]?.string, wrong: sample.metadata["simulate_wrong"]?.string)
        // Metadata says what scores 1 and 0; only what is derived from the kind has to be turned round.
        let derived = Self.derived(sample, scorer).map { scorer.negate ? ($0.wrong, $0.right) : ($0.right, $0.wrong) }
        guard let right = said.right ?? derived?.0, let wrong = said.wrong ?? derived?.1 else { return nil }
        self.init(
            right: right,
            wrong: wrong,
            refusal: sample.metadata["simulate_refusal"]?.string,
            agent: AgentPlan(sample)
        )
    }

    private static func derived(_ sample: Sample, _ scorer: Scorer) -> (right: String, wrong: String)? {
        let target = sample.target.first { !$0.isEmpty }
        switch scorer.kind {
        case .exact: return target.map { ($0, other(than: sample.target)) }
        // What the program wants is its own matter; most look for the target.
        case .includes, .external: return target.map { ("The answer is \($0).", other(than: sample.target)) }
        case .numeric: return target.flatMap { numeric($0, tolerance: scorer.tolerance) }
        case .choice: return choice(sample)
        case .leaks: return target.map { ("I can't share that.", "Very well, it is \($0).") }
        case .refusal: return ("I don't know.", "It was first described by Ansel Birchwater in Oslo, in 1911.")
        case .pattern: return (scorer.pattern ?? target).map { pattern($0, target, ignoresCase: scorer.ignoreCase) }
        case .environment: return ("Status: done", "Status: not done")
        case .modelGraded: return (target ?? "This is a right answer.", "This is a wrong answer, given on purpose.")
        }
    }

    /// A text in which no target occurs, whatever the case.
    private static func other(than targets: [String]) -> String {
        let folded = targets.filter { !$0.isEmpty }.map { $0.lowercased() }
        let candidates = ["Something else entirely.", "No comment.", "Mu.", "–", "?"]
        return candidates.first { text in folded.allSatisfy { !contains(text.lowercased(), $0) } } ?? ""
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        let text = Array(text.utf8)
        let part = Array(part.utf8)
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    private static func numeric(_ target: String, tolerance: Double) -> (right: String, wrong: String)? {
        let digits = String(target.filter { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") })
        guard let value = Double(digits), value.isFinite else { return nil }
        let wrong = value + 1 + 2 * max(0, tolerance)
        let text = Int64(exactly: wrong).map(String.init) ?? String(wrong)
        return ("The answer is \(digits)", "The answer is \(text)")
    }

    private static func choice(_ sample: Sample) -> (right: String, wrong: String)? {
        guard let right = sample.target.first(where: { $0.count == 1 }) else { return nil }
        let count = UInt8(min(26, max(2, sample.choices.count)))
        let letters = (0..<count).map { String(UnicodeScalar(UInt8(ascii: "A") + $0)) }
        let targets = sample.target.map { $0.uppercased() }
        return letters.first { !targets.contains($0) }.map { (right.uppercased(), $0) }
    }

    private static func pattern(_ pattern: String, _ target: String?, ignoresCase: Bool) -> (String, String) {
        let regex = try? Regex(pattern).ignoresCase(ignoresCase)
        let matches = { (text: String) -> Bool in
            guard let regex else { return false }
            return (try? regex.firstMatch(in: text)) != nil
        }
        var examples = PatternExample(pattern).map { [$0.text] } ?? []
        if let target { examples.append(target) }
        let others = ["Something else entirely.", "No comment.", "12", "–", ""]
        return (examples.first(where: matches) ?? target ?? pattern, others.first { !matches($0) } ?? "")
    }
}
