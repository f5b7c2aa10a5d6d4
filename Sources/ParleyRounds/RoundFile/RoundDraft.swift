// A round file that was read but whose datasets were not: all of the definition except counts and digests.

import ParleyModel

/// A suite and what its dataset is to be read from.
struct SuiteDraft {
    /// Complete but for its dataset, which is empty.
    var suite: Suite
    var dataset: DatasetSpecification
    /// Where the dataset stands in the round file.
    var place: Place?
    /// Where the solver stands, for what is wrong with its limits.
    var solverPlace: Place?
    var namePlace: Place?
}

/// A round file without its datasets' contents. Parts that had mistakes are missing.
struct RoundDraft {
    var name: RoundName?
    var title: String?
    var tier: Tier?
    var currency = "USD"
    var seed: Int64 = 1
    var parties: [Party] = []
    var models: [ModelDefinition] = []
    var configurations: [Configuration] = []
    var suites: [SuiteDraft] = []
    var cells: [Cell] = []
    var budgets: [Budget] = []
    var stream: [String: String]?
    var signatures: Int?
    var primary: [PrimaryFinding]?
    var audit: AuditSample?
    var rules: RoundRules?
    /// By default it follows from the definition's hash.
    var order = SampleOrder()
    var vendors = VendorRule.warn
    var comparability: [Comparability]?
    var silentExit: Bool?

    /// The most jobs of a round: a job's number is its place in the plan, in 36 bits.
    static let jobLimit: Int64 = 1 << 36

    /// Reports a round that is larger than jobs can be numbered.
    func checkJobCount(_ mistakes: Mistakes) {
        let jobs = cells.reduce(Int64(0)) { sum, cell in
            guard let suite = suites.first(where: { $0.suite.name == cell.suite })?.suite else { return sum }
            let judges = suite.scorer.grader?.judges.count ?? 0
            return sum.clampedSum(Int64(suite.dataset.count).clampedProduct(Int64(suite.epochs * (1 + judges))))
        }
        guard jobs > Self.jobLimit else { return }
        mistakes.error(
            "the round has \(jobs) jobs, more than \(Self.jobLimit)",
            at: nil,
            remedy: "lower epochs or set dataset.limit, or split the round"
        )
    }

    func model(of name: ConfigurationName) -> ModelDefinition? {
        guard let configuration = configurations.first(where: { $0.name == name }) else { return nil }
        return models.first { $0.name == configuration.model }
    }
}
