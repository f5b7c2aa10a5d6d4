// The reduction's plain results about judges under the names of their records.

import ParleyModel
import ParleyReduction

extension JudgeErrorRecord {
    init(
        _ suite: SuiteName,
        _ configuration: ConfigurationName,
        _ judge: ConfigurationName,
        _ estimate: CorrectedEstimate,
        _ confusion: JudgeConfusion?
    ) {
        self.init(
            suite: suite,
            configuration: configuration,
            judge: judge,
            sameFamily: nil,
            auditedSamples: Int(estimate.auditedSamples),
            auditedObservations: Int(estimate.auditedObservations),
            disagreements: Int(estimate.disagreements),
            noVerdict: Int(estimate.noVerdict),
            unlabelledSamples: Int(estimate.unlabelledSamples),
            raw: estimate.judge.mean,
            rawInterval: estimate.judge.interval.map(Interval.init),
            labelMean: estimate.labelMean,
            judgeError: estimate.judgeError,
            judgeErrorStandardError: estimate.judgeErrorStandardError,
            corrected: Correction(estimate),
            confusion: confusion.map(Confusion.init)
        )
    }
}

extension JudgeErrorRecord.Correction {
    fileprivate init?(_ corrected: CorrectedEstimate) {
        guard let estimate = corrected.estimate, let weight = corrected.weight else { return nil }
        self.init(
            estimate: estimate,
            standardError: corrected.standardError,
            interval: corrected.interval.map(Interval.init),
            weight: weight
        )
    }
}

extension JudgeErrorRecord.Confusion {
    fileprivate init(_ confusion: JudgeConfusion) {
        self.init(
            truePositives: Int(confusion.truePositives),
            falsePositives: Int(confusion.falsePositives),
            trueNegatives: Int(confusion.trueNegatives),
            falseNegatives: Int(confusion.falseNegatives),
            accuracy: JudgeErrorRecord.Rate(confusion.accuracy),
            sensitivity: JudgeErrorRecord.Rate(confusion.sensitivity),
            specificity: JudgeErrorRecord.Rate(confusion.specificity)
        )
    }
}

extension JudgeErrorRecord.Rate {
    fileprivate init(_ rate: ScoreEstimate) {
        self.init(
            observations: Int(rate.observations),
            estimate: rate.mean,
            interval: rate.interval.map(Interval.init)
        )
    }
}

extension HomeBiasRecord {
    /// Of two judges, in one order throughout.
    init(
        _ suite: SuiteName,
        judges: [ConfigurationName],
        families: [FamilyName],
        configurations: [[ConfigurationName]],
        _ bias: HomeBias
    ) {
        self.init(
            suite: suite,
            leftJudge: judges[0],
            rightJudge: judges[1],
            leftFamily: families[0],
            rightFamily: families[1],
            leftConfigurations: configurations[0],
            rightConfigurations: configurations[1],
            sharedSamples: Int(bias.sharedSamples),
            samplesOnlyLeft: Int(bias.samplesOnlyOfFirst),
            samplesOnlyRight: Int(bias.samplesOnlyOfSecond),
            leftDifference: bias.differenceOnFirst,
            rightDifference: bias.differenceOnSecond,
            interaction: bias.interaction,
            standardError: bias.standardError,
            interval: bias.interval.map(Interval.init),
            pValue: bias.pValue,
            adjustedPValue: nil
        )
    }
}
