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
            ranges[suite.name] = suite.scoreRange.map {
                Score(billionths: $0.lowerBound)...Score(billionths: $0.upperBound)
            }
        }
        self.init(families: families, scoreRanges: ranges)
    }

    /// Takes a grade of a round, in any order.
    /// - Parameters:
    ///   - cell: the cell of the definition that was judged
    ///   - sample: index in the suite's frozen order
    ///   - score: nil where the judge gave no verdict
    public mutating func add(judge: ConfigurationName, cell: Cell, sample: Int, epoch: Int, score: Score?) {
        add(
            JudgeRating(
                suite: cell.suite,
                configuration: cell.configuration,
                sample: String(sample),
                epoch: epoch,
                judge: judge,
                score: score
            )
        )
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
