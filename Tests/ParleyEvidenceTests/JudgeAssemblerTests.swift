// Records about judges: the same for any order of ratings, under the right names, with what cannot be said left out.

import ParleyEvidence
import ParleyModel
import Testing

@Suite("Judge assembler") struct JudgeAssemblerTests {
    private static let families: [ConfigurationName: FamilyName] = [
        "north-large": "north", "north-small": "north", "south-large": "south", "judge-north": "north",
        "judge-south": "south",
    ]
    private static let targets: [ConfigurationName] = ["south-large", "north-small", "north-large"]

    /// 30 samples of two epochs of three configurations; each judge lifts its own family's scores now and then.
    private static func ratings(suite: SuiteName = "tutor", judges: [ConfigurationName]) -> [JudgeRating] {
        var ratings: [JudgeRating] = []
        for (place, configuration) in targets.enumerated() {
            for sample in 0..<30 {
                for epoch in 0..<2 {
                    for judge in judges {
                        let own = families[judge] == families[configuration]
                        let isHit = (sample * 7 + epoch * 3 + place) % 5 < 2 || own && sample % 3 == 0
                        let isSilent = sample == 11 && judge == "judge-south"
                        ratings.append(
                            JudgeRating(
                                suite: suite,
                                configuration: configuration,
                                sample: "s\(sample)",
                                epoch: epoch,
                                judge: judge,
                                score: isSilent ? nil : isHit ? .one : .zero
                            )
                        )
                    }
                }
            }
        }
        return ratings
    }

    private static let labels: [GoldLabel] = targets.prefix(2).enumerated().flatMap { place, configuration in
        (0..<12).map { sample in
            GoldLabel(
                suite: "tutor",
                configuration: configuration,
                sample: "s\(sample)",
                epoch: 0,
                score: (sample * 7 + place) % 5 < 2 ? .one : .zero
            )
        }
    }

    private func records(
        _ ratings: [JudgeRating],
        _ labels: [GoldLabel] = [],
        families: [ConfigurationName: FamilyName] = families
    ) throws -> JudgeRecords {
        var assembler = JudgeAssembler(families: families)
        for rating in ratings { assembler.add(rating) }
        for label in labels { assembler.add(label) }
        return try assembler.records()
    }

    @Test("makes the same records of ratings in any order", arguments: 1...5)
    func shuffled(round: Int) throws {
        let judges: [ConfigurationName] = ["judge-south", "judge-north", "judge-other"]
        let ratings = Self.ratings(judges: judges) + Self.ratings(suite: "abuse", judges: judges)
        let expected = try records(ratings, Self.labels)
        let found = try records(ratings.shuffled(), Self.labels.shuffled())
        #expect(found == expected)
        #expect(try JSONValue(encoding: found).canonical == JSONValue(encoding: expected).canonical)
        #expect(expected.agreements.map(\.suite.text) == ["abuse", "tutor"].flatMap { Array(repeating: $0, count: 4) })
    }

    @Test("pairs the judges, and takes all of them where they are more than two")
    func agreements() throws {
        let two = try records(Self.ratings(judges: ["judge-south", "judge-north"])).agreements
        #expect(two.map(\.judges) == [["judge-north", "judge-south"]])
        #expect(two[0].units == 174 && two[0].ratings == 348)
        #expect(two[0].cohenKappa != nil && two[0].krippendorffAlpha != nil)
        #expect(two[0].fleissKappa == nil, "sample 11 has one score only")
        let three = try records(Self.ratings(judges: ["b", "c", "a"]), families: [:]).agreements
        #expect(three.map(\.judges) == [["a", "b"], ["a", "c"], ["b", "c"], ["a", "b", "c"]])
        #expect(three[3].cohenKappa == nil && three[3].cohenKappaQuadratic == nil)
        #expect(three[3].fleissKappa == 1 && three[3].rawAgreement == 1)
    }

    @Test("flags a judge of the configuration's own family, and states what was not audited")
    func errors() throws {
        let judges: [ConfigurationName] = ["judge-south", "judge-north", "judge-other"]
        let errors = try records(Self.ratings(judges: judges), Self.labels).errors
        let expected = ["north-large", "north-small", "south-large"].flatMap { Array(repeating: $0, count: 3) }
        #expect(errors.map(\.configuration.text) == expected)
        #expect(errors.map(\.judge.text).prefix(3) == ["judge-north", "judge-other", "judge-south"])
        #expect(errors.map(\.sameFamily) == [true, nil, false, true, nil, false, false, nil, true])
        #expect(errors[0].auditedSamples == 0 && errors[0].corrected == nil && errors[0].raw != nil)
        #expect(errors[0].unlabelledSamples == 30)
        let own = errors[3]
        #expect(own.auditedSamples == 12 && own.auditedObservations == 12 && own.unlabelledSamples == 18)
        let confusion = try #require(own.confusion)
        #expect(own.disagreements == confusion.falsePositives + confusion.falseNegatives)
        #expect(confusion.falsePositives > 0 && confusion.falseNegatives == 0)
        #expect(own.judgeError ?? 0 > 0)
        #expect(own.corrected?.interval?.method == "PPI++ t")
        #expect(errors[5].noVerdict == 1 && errors[5].auditedSamples == 11)
        #expect(errors[5].confusion?.accuracy.estimate == 1)
        #expect(try records(Self.ratings(judges: judges)).errors.isEmpty, "without labels there are no errors")
    }

    @Test("tests home bias between judges of two families, adjusted over all")
    func homeBias() throws {
        let judges: [ConfigurationName] = ["judge-south", "judge-north", "judge-other"]
        let ratings = Self.ratings(judges: judges) + Self.ratings(suite: "abuse", judges: judges)
        let biases = try records(ratings).homeBiases
        #expect(biases.count == 2)
        let bias = try #require(biases.last)
        #expect(bias.suite == "tutor" && bias.leftJudge == "judge-north" && bias.rightJudge == "judge-south")
        #expect(bias.leftFamily == "north" && bias.rightFamily == "south")
        #expect(bias.leftConfigurations == ["north-large", "north-small"])
        #expect(bias.rightConfigurations == ["south-large"])
        #expect(bias.sharedSamples == 29)
        #expect(bias.interaction ?? 0 > 0)
        #expect(bias.adjustedPValue == bias.pValue.map { min(1, 2 * $0) })
        #expect(try records(ratings, families: [:]).homeBiases.isEmpty)
    }

    @Test("names the transcript that was rated or labelled twice")
    func twice() throws {
        let rating = Self.ratings(judges: ["judge-north"])[0]
        let label = Self.labels[0]
        let rated = #expect(throws: ParleyFailure.self) { try records([rating, rating]) }
        let transcript = "sample 's0', epoch 0, of 'south-large'"
        #expect(rated?.message == "Suite 'tutor': judge 'judge-north' rated \(transcript) twice.")
        let labelled = #expect(throws: ParleyFailure.self) { try records([rating], [label, label]) }
        #expect(labelled?.message == "Suite 'tutor': \(transcript) has two labels.")
    }

    @Test("refuses more judges than are compared, and scores beyond the limit")
    func limits() throws {
        let many = (0..<40).map { ConfigurationName("judge-\($0)") }
        let crowd = #expect(throws: ParleyFailure.self) { try records(Self.ratings(judges: many)) }
        #expect(crowd?.message.contains("40 judges") == true)
        var rating = Self.ratings(judges: ["judge-north"])[0]
        rating.score = Score(billionths: .max)
        let score = #expect(throws: ParleyFailure.self) { try records([rating]) }
        #expect(score?.message.contains("score") == true)
    }

    @Test("makes records that read back as they were written, in snake case")
    func json() throws {
        let found = try records(Self.ratings(judges: ["judge-south", "judge-north"]), Self.labels)
        let json = try JSONValue(encoding: found)
        #expect(try json.decode(JudgeRecords.self) == found)
        #expect(json.canonical.contains("\"krippendorff_alpha_interval\""))
        #expect(json.canonical.contains("\"home_biases\""))
    }

    @Test("makes no records of nothing")
    func nothing() throws {
        #expect(try records([]) == JudgeRecords(agreements: [], errors: [], homeBiases: []))
    }
}
