// Where ratings and labels come from: the grades and labels of a round, by the numbers of its definition, and the rows
// of outcome files.

public import ParleyModel

extension JudgeAssembler {
    /// An assembler that knows the families and the scales of a round. A model's family is its party.
    public init(definition: RoundDefinition) {
        var families: [ConfigurationName: FamilyName] = [:]
        for configuration in definition.configurations {
            families[configuration.name] = definition.model(configuration.model).map { FamilyName($0.party.text) }
        }
        var ranges: [SuiteName: ClosedRange<Score>] = [:]
        for suite in definition.suites {
            let range = suite.scoreRange.map {
                Score(billionths: $0.lowerBound)...Score(billionths: $0.upperBound)
            }
            let axes = suite.scorer.grader?.axes ?? []
            for name in [suite.name] + axes.map({ suite.name.axis($0) }) { ranges[name] = range }
        }
        self.init(families: families, scoreRanges: ranges)
        axes = AxisAssembler(definition: definition)
    }

    /// Takes a grade of a round, in any order. Judges are compared axis by axis, under the axis's own name.
    /// - Parameters:
    ///   - judge: index in the `judges` of the grader
    ///   - cell: the cell of the definition that was judged
    ///   - sample: index in the suite's frozen order
    ///   - epoch: from 1
    ///   - score: nil where the judge gave no verdict
    public mutating func add(judge: Int, of grader: Grader, cell: Cell, sample: Int, epoch: Int, score: Score?) {
        var rating = JudgeRating(
            suite: cell.suite,
            configuration: cell.configuration,
            sample: String(sample),
            epoch: epoch,
            judge: grader.judges[judge],
            score: score
        )
        if let axis = grader.axis(ofJudge: judge), let named = grader.axes?[axis] {
            rating.suite = cell.suite.axis(named)
            axes?.add(axis: axis, cell: cell, sample: sample, epoch: epoch, score: score)
        }
        add(rating)
    }

    /// Takes a label of a round, in any order.
    public mutating func add(_ label: LabelRecord) {
        add(
            GoldLabel(
                suite: label.suite,
                configuration: label.configuration,
                sample: String(label.sample),
                epoch: label.epoch,
                score: label.score
            )
        )
    }

    /// Takes what judges and people said of an outcome, which is the `epoch`-th of its sample in its cell.
    mutating func add(_ outcome: OutcomeRecord, epoch: Int) {
        for verdict in outcome.verdicts {
            add(
                JudgeRating(
                    suite: outcome.suite,
                    configuration: outcome.configuration,
                    sample: outcome.sample,
                    epoch: epoch,
                    judge: verdict.judge,
                    score: verdict.score
                )
            )
        }
        guard let label = outcome.label else { return }
        add(
            GoldLabel(
                suite: outcome.suite,
                configuration: outcome.configuration,
                sample: outcome.sample,
                epoch: epoch,
                score: label
            )
        )
    }
}
