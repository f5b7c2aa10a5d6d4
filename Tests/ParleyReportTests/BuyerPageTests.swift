// The page for a buyer, as a reader, a printer and an attacker see it.

import ParleyModel
import Testing

@testable import ParleyReport

@Suite("A buyer's page") struct BuyerPageTests {
    /// A page of which every text that others wrote is the same one.
    private static func page(_ text: String, attached: Bool = true) throws -> String {
        let dataset = FrozenDataset(source: text, count: 100, digest: ContentHash(of: [1]))
        let suite = Suite(
            name: "facts",
            title: text,
            party: "south-lab",
            areas: [.aiControl],
            claim: .safeguard,
            dataset: dataset,
            solver: Solver(),
            scorer: Scorer(
                kind: .modelGraded,
                grader: Grader(version: text, judges: ["north-large"], rubric: text, scale: ["A": .one])
            ),
            epochs: 2
        )
        let definition = RoundDefinition(
            name: "spring",
            title: text,
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [
                Party(name: "north-lab", title: text, role: .lab, conflicts: text),
                Party(name: "south-lab", title: text, role: .lab),
            ],
            models: [
                ModelDefinition(
                    name: "north",
                    party: "north-lab",
                    provider: .openai,
                    baseURL: "http://x/v1",
                    modelID: text,
                    account: "x"
                )
            ],
            configurations: [
                Configuration(name: "north-large", model: "north", systemPrompt: text, flags: [text])
            ],
            suites: [suite],
            cells: [Cell(suite: "facts", configuration: "north-large")],
            budgets: [Budget(tokens: 1_000)],
            stream: ["baseline_absence": text]
        )
        let cell = MadeUpRound.cell(
            "facts",
            "north-large",
            kinds: [.scored: 100, .refused: 3],
            neverRun: 2,
            estimate: 0.7,
            flags: [text]
        )
        let findings = FindingsDocument(
            round: "spring",
            title: text,
            tier: .bilateral,
            simulated: true,
            definitionHash: ContentHash(of: [2]),
            currency: "USD",
            complete: false,
            asOf: nil,
            parties: definition.parties,
            models: [
                ModelSummary(
                    name: "north",
                    party: "north-lab",
                    access: .published,
                    modelID: text,
                    modelsReturned: [text]
                )
            ],
            suites: [SuiteSummary(suite)],
            configurations: try definition.configurations.map { try ConfigurationSummary($0) },
            cells: [cell],
            comparisons: []
        )
        let answer = FindingAnswer(
            id: cell.id,
            suite: "facts",
            configuration: "north-large",
            areas: [.aiControl],
            claim: .safeguard,
            evaluator: "south-lab",
            crossParty: true,
            status: .notShown,
            because: "the interval holds the threshold",
            measure: "rate",
            estimate: 0.7,
            interval: cell.interval,
            counted: 100,
            clusters: 50,
            threshold: Threshold("facts=0.7"),
            flags: [text]
        )
        var document = BuyerDocument(
            request: BuyerRequest(vendor: "north-lab"),
            definition: definition,
            findings: findings,
            state: "exchange",
            window: "2026-11-01T00:00:00Z"..."2026-11-02T00:00:00Z",
            answers: [answer]
        )
        document.examples = [
            DrawnExample(
                cell: definition.cells[0],
                sample: 1,
                epoch: 1,
                kind: .scored,
                score: .one,
                texts: [DrawnExample.Line(speaker: text, text: text)],
                redacted: nil
            ),
            DrawnExample(
                cell: definition.cells[0],
                sample: 2,
                epoch: 1,
                kind: .refused,
                score: nil,
                texts: nil,
                redacted: "held out"
            ),
        ]
        if attached {
            let signed = SignedText(
                party: "north-lab",
                dated: "2026-11-26",
                title: text,
                text: text,
                keyID: ContentHash(of: [3])
            )
            document.response = signed
            document.attachments = [signed]
        }
        document.events = [
            BuyerDocument.Event(at: "2026-11-02", who: text, what: "invalidated", subject: text, why: text)
        ]
        document.redactions = ["Nothing."]
        return BuyerPage(document).render()
    }

    @Test("Hostile text changes no element, attribute name or link of the page", arguments: HTMLReportTests.hostile)
    func hostile(_ text: String) throws {
        let plain = WellFormed(try Self.page("harmless"))
        let attacked = WellFormed(try Self.page(text))
        #expect(plain.failure == nil && attacked.failure == nil)
        #expect(attacked.elements.map(\.name) == plain.elements.map(\.name))
        #expect(attacked.elements.map { $0.attributes["href"] } == plain.elements.map { $0.attributes["href"] })
    }

    @Test("It loads and runs nothing, and has print rules and two colour schemes")
    func selfContained() throws {
        let page = WellFormed(try Self.page("harmless"))
        let policy = page.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
        #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
        #expect(Set(page.elements.map(\.name)).isDisjoint(with: ["script", "link", "img", "iframe", "object", "form"]))
        #expect(page.elements.compactMap { $0.attributes["href"] }.allSatisfy { $0.hasPrefix("#") })
        let style = page.all("style").map(\.text).joined()
        #expect(style.contains("@media print") && style.contains("prefers-color-scheme: dark"))
        let ids = page.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        let targets = Set(page.elements.compactMap { $0.attributes["href"]?.dropFirst() }.map(String.init))
        #expect(targets.isSubset(of: ids))
    }

    @Test("Nothing is left blank: what was not done is said, and what is open is not called passed")
    func honest() throws {
        let page = WellFormed(try Self.page("harmless"))
        let text = page.all("body").map(\.text).joined()
        for words in [
            "not shown", "not evaluated", "the interval holds the threshold", "No baseline of people", "none stated",
            "PREVIEW, NOT RELEASED", "SIMULATED", "INCOMPLETE", "safeguard", "at least 0.7", "Redacted: held out",
            "was not measured against people", "invalidated", "not known", "It states no conformity",
        ] { #expect(text.contains(words), "\(words)") }
        #expect(!text.contains("passed"))
        let headings = page.all("h2").map(\.text)
        #expect(
            headings == [
                "Findings", "Areas", "Primary findings", "Comparisons", "Who evaluated whom", "What was tested",
                "How it was tested",
                "Graders and their measured error", "Baselines", "Examples", "Limits", "The vendor's response",
                "Validity", "Deployment data of the vendor", "How to check this", "Crosswalk",
            ]
        )
        let bare = WellFormed(try Self.page("harmless", attached: false)).all("body").map(\.text).joined()
        #expect(bare.contains("No response of harmless is attached.") && bare.contains("None is attached."))
    }
}
