// Raw reasoning is kept where it is granted, and nothing of it is left where it is not.

import ParleyModel
import Testing

@Suite("Raw reasoning")
struct RawReasoningTests {
    private static func round(_ access: ModelDefinition.Access, _ granted: Bool?) -> RoundDefinition {
        let all: [(String, ModelDefinition.Access, Bool?)] = [("m", access, granted), ("judge", .published, nil)]
        let models = all.map { name, access, granted in
            ModelDefinition(
                name: ModelName(name),
                party: "south",
                access: access,
                provider: .openai,
                baseURL: "http://localhost",
                modelID: name,
                account: "south",
                rawReasoning: granted
            )
        }
        let suite = Suite(
            name: "s",
            title: "S",
            party: "north",
            areas: [],
            dataset: FrozenDataset(source: "", count: 1, digest: ContentHash(of: [])),
            solver: Solver(),
            scorer: Scorer(
                kind: .modelGraded,
                grader: Grader(version: "1", judges: ["judge"], rubric: "", scale: [:], combination: .mean)
            )
        )
        return RoundDefinition(
            name: "r",
            title: "R",
            tier: .mediated,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [],
            models: models,
            configurations: models.map { Configuration(name: ConfigurationName($0.name.text), model: $0.name) },
            suites: [suite],
            cells: [Cell(suite: "s", configuration: "m")],
            budgets: []
        )
    }

    @Test(
        "An internal model's is withheld unless it is granted, a published one's is kept unless it is refused",
        arguments: [
            (ModelDefinition.Access.internal, nil, true), (.internal, true, false), (.internal, false, true),
            (.published, nil, false), (.published, false, true), (.published, true, false),
        ] as [(ModelDefinition.Access, Bool?, Bool)]
    )
    func rule(_ access: ModelDefinition.Access, _ granted: Bool?, _ withheld: Bool) {
        let round = Self.round(access, granted)
        #expect(round.withholdsReasoning(cell: 0, judge: nil) == withheld)
        #expect(!round.withholdsReasoning(cell: 0, judge: 0))
        // What the definition does not know is withheld.
        #expect(round.withholdsReasoning(cell: 1, judge: nil) && round.withholdsReasoning(cell: 0, judge: 1))
    }

    @Test("What is withheld is nowhere in the transcript, and the answer still is")
    func nothingLeft() {
        let transcript = Transcript(
            suite: "s",
            configuration: "m",
            sampleID: "1",
            epoch: 1,
            messages: [Message(.user, "Q"), Message(.assistant, "A", reasoning: "SECRET", blocks: ["SECRET"])],
            answer: "A",
            exchanges: [
                Exchange(
                    purpose: .target,
                    configuration: "m",
                    url: "http://localhost",
                    request: ["thinking": "SECRET"],
                    response: #"{"reasoning_content":"SECRET"}"#,
                    startedAtMicros: 0,
                    durationMicros: 0
                )
            ]
        )
        let text = transcript.withoutReasoning.json.canonical
        #expect(
            !text.contains("SECRET") && text.contains(#""answer":"A""#) && transcript.json.canonical.contains("SECRET")
        )
    }
}
