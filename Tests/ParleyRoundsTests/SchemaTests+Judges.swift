// Records about judges with every member that they can have.

import ParleyModel

extension SchemaTests {
    static func judges(_ interval: Interval) -> JudgeRecords {
        let rate = JudgeErrorRecord.Rate(observations: 3, estimate: 0.5, interval: interval)
        return JudgeRecords(
            agreements: [
                JudgeAgreementRecord(
                    suite: "turns",
                    judges: ["judge", "other"],
                    units: 3,
                    ratings: 6,
                    rawAgreement: 0.5,
                    cohenKappa: -0.1,
                    cohenKappaQuadratic: 0.1,
                    fleissKappa: 0.2,
                    krippendorffAlpha: 0.3,
                    krippendorffAlphaInterval: 0.4
                )
            ],
            errors: [
                JudgeErrorRecord(
                    suite: "turns",
                    configuration: "agent-high",
                    judge: "judge",
                    sameFamily: true,
                    auditedSamples: 2,
                    auditedObservations: 3,
                    disagreements: 1,
                    noVerdict: 1,
                    unlabelledSamples: 4,
                    raw: 0.5,
                    rawInterval: interval,
                    labelMean: 0.4,
                    judgeError: 0.1,
                    judgeErrorStandardError: 0.05,
                    corrected: JudgeErrorRecord.Correction(
                        estimate: 0.4,
                        standardError: 0.1,
                        interval: interval,
                        weight: 0.7
                    ),
                    confusion: JudgeErrorRecord.Confusion(
                        truePositives: 1,
                        falsePositives: 1,
                        trueNegatives: 1,
                        falseNegatives: 0,
                        accuracy: rate,
                        sensitivity: rate,
                        specificity: rate
                    )
                )
            ],
            homeBiases: [
                HomeBiasRecord(
                    suite: "turns",
                    leftJudge: "judge",
                    rightJudge: "other",
                    leftFamily: "lab-a",
                    rightFamily: "metro",
                    leftConfigurations: ["agent-high"],
                    rightConfigurations: ["judge"],
                    sharedSamples: 2,
                    samplesOnlyLeft: 0,
                    samplesOnlyRight: 1,
                    leftDifference: 0.1,
                    rightDifference: -0.1,
                    interaction: 0.2,
                    standardError: 0.1,
                    interval: interval,
                    pValue: 0.04,
                    adjustedPValue: 0.08
                )
            ]
        )
    }
}
