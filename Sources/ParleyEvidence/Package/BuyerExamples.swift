// Five outcomes of each open cell, drawn at random so that nobody chooses what a reader sees: they are the five whose
// SHA-256 over the definition's hash and the outcome's place is the smallest. The definition was signed before anything
// ran, hence anybody can draw them again, and nobody can draw others. What was said is shown for suites whose questions
// are released; of all others only that the outcome exists, and how it was scored.

import ParleyModel

/// Draws examples, and reads and writes their file.
struct BuyerExamples {
    static let count = 5
    /// The most characters of one text, and the most texts of an example; what is cut says so.
    static let textLimit = 4_000
    static let lineLimit = 40

    let definition: RoundDefinition
    let request: BuyerRequest
    private let outcomes: [PackagedOutcome.Position: PackagedOutcome]
    /// Ascending.
    let drawn: [PackagedOutcome.Position]

    init(definition: RoundDefinition, request: BuyerRequest, outcomes: [PackagedOutcome]) {
        self.definition = definition
        self.request = request
        self.outcomes = Dictionary(outcomes.map { ($0.position, $0) }, uniquingKeysWith: { first, _ in first })
        drawn = Self.draw(outcomes.map(\.position), of: definition)
    }

    /// The positions that are drawn of some.
    static func draw(
        _ positions: [PackagedOutcome.Position],
        of definition: RoundDefinition
    ) -> [PackagedOutcome.Position] {
        guard let hash = try? definition.hash else { return [] }
        return Dictionary(grouping: positions, by: \.cell).values.flatMap { cell in
            cell.map { position in (position, Self.lot(position, of: definition, hash)) }
                .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(count).map(\.0)
        }.sorted()
    }

    private static func lot(
        _ position: PackagedOutcome.Position,
        of definition: RoundDefinition,
        _ hash: ContentHash
    ) -> String {
        let cell = definition.cells[position.cell]
        let place = "\(cell.suite)\n\(cell.configuration)\n\(position.sample)\n\(position.epoch)\n"
        return ContentHash(of: "parley.examples/1\n\(hash)\n\(place)".utf8).hex
    }

    /// The lines of the file.
    /// - Throws: where what was said in a drawn outcome of a shown suite is missing
    func lines(_ dialogues: [PackagedOutcome.Position: [DrawnExample.Line]]) throws(ParleyFailure) -> [JSONValue] {
        var lines: [JSONValue] = []
        for position in drawn {
            guard request.shownSuites.contains(definition.cells[position.cell].suite) else {
                lines.append(["position": position.json])
                continue
            }
            guard let said = dialogues[position] else {
                throw ParleyFailure(.failure, "The transcript of \(position) is missing, and its suite is to be shown.")
            }
            let texts = said.prefix(Self.lineLimit).map { line -> JSONValue in
                let text = line.text.count <= Self.textLimit ? line.text : line.text.prefix(Self.textLimit) + " […]"
                return ["speaker": .string(line.speaker), "text": .string(String(text))]
            }
            lines.append(["position": position.json, "said": .array(texts)])
        }
        return lines
    }

    /// The example of a line. Throws where it is not the one that was drawn, or shows what it may not.
    func example(_ json: JSONValue, line: Int) throws(Ledger.Fault) -> DrawnExample {
        guard drawn.indices.contains(line - 1), json["position"] == drawn[line - 1].json,
            let outcome = outcomes[drawn[line - 1]]
        else { throw Ledger.Fault(line: line, reason: "it is not the outcome that the definition's hash draws") }
        let cell = definition.cells[outcome.position.cell]
        let isShown = request.shownSuites.contains(cell.suite)
        guard Set((json.object ?? [:]).keys) == (isShown ? ["position", "said"] : ["position"]) else {
            throw Ledger.Fault(line: line, reason: isShown ? "it lacks what was said" : "it shows what is not released")
        }
        var texts: [DrawnExample.Line]?
        if isShown {
            let said = json["said"]?.array ?? []
            texts = said.compactMap { entry in
                guard entry.object?.count == 2, let speaker = entry["speaker"]?.string, let text = entry["text"]?.string
                else { return nil }
                return DrawnExample.Line(speaker: speaker, text: text)
            }
            guard texts?.count == said.count else {
                throw Ledger.Fault(line: line, reason: "what was said is not in the form of a dialogue")
            }
        }
        return DrawnExample(
            cell: cell,
            sample: outcome.position.sample,
            epoch: outcome.position.epoch,
            kind: outcome.kind,
            score: outcome.score,
            texts: texts,
            redacted: isShown
                ? nil : "held out: the questions of suite '\(cell.suite)' are not released in this package"
        )
    }

    /// All examples of a file. Throws the first line that is none.
    func examples(parsing bytes: [UInt8]) throws(Ledger.Fault) -> [DrawnExample] {
        var found: [DrawnExample] = []
        for (index, line) in try JSONLines.split(bytes, limit: Ledger.lineLimit * 16).enumerated() {
            let line = Array(line)
            guard let json = try? JSONValue(parsing: line), json.canonicalBytes == line else {
                throw Ledger.Fault(line: index + 1, reason: "it is no JSON in canonical form")
            }
            found.append(try example(json, line: index + 1))
        }
        guard found.count == drawn.count else {
            throw Ledger.Fault(line: found.count + 1, reason: "\(drawn.count) are drawn, \(found.count) are there")
        }
        return found
    }
}
