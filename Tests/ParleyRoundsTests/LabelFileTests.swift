// People's labels of a round's transcripts: held against the definition, mistakes told with file and line.

import ParleyModel
import ParleyRounds
import Testing

@Suite("A file of labels")
struct LabelFileTests {
    private static let samples: [SuiteName: [String: Int]] = ["graded": ["q1": 0, "7": 1]]

    private static let definition: RoundDefinition = {
        func suite(_ name: SuiteName, _ scorer: Scorer) -> Suite {
            Suite(
                name: name,
                title: "T",
                party: "lab",
                areas: [],
                dataset: FrozenDataset(source: "x", count: 2, digest: ContentHash(of: [1])),
                solver: Solver(),
                scorer: scorer,
                epochs: 2
            )
        }
        let scale: [String: Score] = ["C": .one, "I": .zero]
        let grader = Grader(version: "1", judges: ["j"], rubric: "{{answer}}", scale: scale)
        return RoundDefinition(
            name: "r",
            title: "R",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [],
            models: [],
            configurations: [],
            suites: [
                suite("graded", Scorer(kind: .modelGraded, grader: grader)), suite("exact", Scorer(kind: .exact)),
            ],
            cells: ["a", "b"].map { Cell(suite: "graded", configuration: $0) } + [
                Cell(suite: "exact", configuration: "c")
            ],
            budgets: []
        )
    }()

    private func labels(_ name: String, _ text: String) throws -> [LabelRecord] {
        let folder = try Folder([name: text])
        return try LabelFile.read(folder.path + "/" + name, definition: Self.definition, samples: Self.samples)
    }

    @Test("gives labels by the samples' numbers; the epoch is 1 where it is missing")
    func right() throws {
        let expected = [
            LabelRecord(suite: "graded", configuration: "a", sample: 0, epoch: 1, score: .one),
            LabelRecord(suite: "graded", configuration: "b", sample: 1, epoch: 2, score: .zero),
        ]
        let csv = "suite,configuration,sample,epoch,score,note\ngraded,a,q1,,1,x\ngraded,b,7,2,0,y\n"
        #expect(try labels("a.csv", csv) == expected)
        let jsonl = """
            {"suite": "graded", "configuration": "a", "sample": "q1", "score": true}
            {"suite": "graded", "configuration": "b", "sample": 7, "epoch": 2, "score": 0}

            """
        #expect(try labels("a.jsonl", jsonl) == expected)
        #expect(try labels("a.csv", "suite,configuration,sample,score\ngraded,a,q1,1\n") == [expected[0]])
    }

    @Test(
        "tells what the round does not have",
        arguments: [
            ("grated,a,q1,1,1", "the round has no suite 'grated'", "there is: graded"),
            ("exact,c,q1,1,1", "suite 'exact' is not judged by models", "label one of graded"),
            ("graded,c,q1,1,1", "suite 'graded' was not put to configuration 'c'", "there is: a, b"),
            ("graded,a,q2,1,1", "suite 'graded' has no sample 'q2'", "the sample's id"),
            ("graded,a,q1,3,1", "suite 'graded' has no epoch 3", "1 to 2"),
            ("graded,a,q1,0,1", "suite 'graded' has no epoch 0", "1 to 2"),
            ("graded,a,q1,x,1", "'epoch' is 'x', which is no number", "write a number"),
            ("graded,a,q1,1,2", "the score 2 is outside the scale of suite 'graded'", "0 to 1"),
            ("graded,a,q1,1,", "'score' is empty", "leave the row out"),
            ("graded,a,,1,1", "'sample' is empty", "leave the row out"),
            ("graded,b,7,1,0", "this transcript has a label on line 2 already", "one label"),
        ]
    )
    func mistakes(row: String, message: String, remedy: String) throws {
        let text = "suite,configuration,sample,epoch,score\ngraded,b,7,1,1\n\(row)\n"
        let found = try #require(errors { try labels("a.csv", text) })
        #expect(found.count == 1 && found.first?.line == 3)
        #expect(found.first?.file.hasSuffix("/a.csv") == true)
        #expect(found.first?.message.hasPrefix(message) == true, "\(found)")
        #expect(found.first?.remedy?.contains(remedy) == true, "\(found)")
    }

    @Test("without a column says which ones there are to be, and a missing file is a mistake")
    func columns() throws {
        let found = try #require(errors { try labels("a.csv", "suite,sample\ngraded,q1\n") })
        #expect(found.map(\.line) == [1, 1])
        #expect(found.first?.message == "no column 'configuration'; there is: sample, suite")
        #expect(found.first?.remedy?.contains("suite, configuration, sample, score and") == true)
        let missing = errors {
            try LabelFile.read("/nowhere/a.csv", definition: Self.definition, samples: Self.samples)
        }
        #expect(missing?.count == 1)
    }
}
