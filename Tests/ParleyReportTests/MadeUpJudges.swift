// What is said of the judges of the made-up round. Its figures are inputs to the report and mean nothing.

import ParleyModel

extension MadeUpRound {
    /// `text` stands wherever a name is free.
    static func judges(text: String) -> JudgeRecords {
        JudgeRecords(
            agreements: [
                agreement("jailbreak", ["judge-north", ConfigurationName(text)], alpha: 0.7),
                agreement("turns", ["judge-north", "judge-other", "judge-south"], alpha: 0.6),
            ],
            errors: [
                error("jailbreak", "north-large", corrected: 0.113),
                error("jailbreak", "south-agent-high-effort", corrected: nil, noVerdict: 3),
            ],
            homeBiases: [homeBias(text)]
        )
    }

    static func agreement(_ suite: SuiteName, _ judges: [ConfigurationName], alpha: Double) -> JudgeAgreementRecord {
        JudgeAgreementRecord(
            suite: suite,
            judges: judges,
            units: 1_234,
            ratings: 2_468,
            rawAgreement: 0.905,
            cohenKappa: judges.count == 2 ? 0.789 : nil,
            cohenKappaQuadratic: judges.count == 2 ? 0.8 : nil,
            fleissKappa: 0.512,
            krippendorffAlpha: alpha,
            krippendorffAlphaInterval: judges.count == 2 ? alpha : alpha + 0.2
        )
    }

    static func error(
        _ suite: SuiteName,
        _ configuration: ConfigurationName,
        judge: ConfigurationName = "judge-north",
        corrected: Double?,
        noVerdict: Int = 0
    ) -> JudgeErrorRecord {
        JudgeErrorRecord(
            suite: suite,
            configuration: configuration,
            judge: judge,
            sameFamily: configuration == "north-large",
            auditedSamples: corrected == nil ? 0 : 50,
            auditedObservations: corrected == nil ? 0 : 60,
            disagreements: corrected == nil ? 0 : 7,
            noVerdict: noVerdict,
            unlabelledSamples: 40,
            raw: 0.06,
            rawInterval: Interval(lower: 0.03, upper: 0.09, level: 0.95, method: "wilson"),
            labelMean: corrected,
            judgeError: corrected.map { 0.06 - $0 },
            judgeErrorStandardError: corrected.map { _ in 0.01 },
            corrected: corrected.map {
                JudgeErrorRecord.Correction(
                    estimate: $0,
                    standardError: 0.02,
                    interval: Interval(lower: $0 - 0.04, upper: $0 + 0.04, level: 0.95, method: "PPI++ t"),
                    weight: 0.8
                )
            },
            confusion: nil
        )
    }

    static func homeBias(_ text: String) -> HomeBiasRecord {
        HomeBiasRecord(
            suite: "jailbreak",
            leftJudge: "judge-north",
            rightJudge: ConfigurationName(text),
            leftFamily: "north-lab",
            rightFamily: "south-lab",
            leftConfigurations: ["north-large"],
            rightConfigurations: ["south-agent-high-effort"],
            sharedSamples: 97,
            samplesOnlyLeft: 0,
            samplesOnlyRight: 3,
            leftDifference: 0.05,
            rightDifference: -0.021,
            interaction: 0.071,
            standardError: 0.02,
            interval: Interval(lower: 0.031, upper: 0.111, level: 0.95, method: "paired t"),
            pValue: 0.0006,
            adjustedPValue: 0.012
        )
    }
}
