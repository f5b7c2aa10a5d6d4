// Groups of cells in a few figures, and what lies far from its like: the parts of the findings document that look
// across suites. Every number was computed by the reduction.

/// The cells of a group in a few figures.
public struct RollUpRecord: Hashable, Sendable, Codable {
    /// What the cells of a group have in common.
    public enum Grouping: String, CaseIterable, Hashable, Sendable, Codable {
        /// An area of the suite; a suite of several areas stands in each.
        case area
        /// Suites that the round file puts together.
        case family
        case suiteParty = "suite party"
        case modelParty = "model party"
        /// All cells of the round.
        case tier
    }

    /// Cells of the group that did not enter, by reason.
    public struct LeftOut: Hashable, Sendable, Codable {
        /// Without a counted outcome.
        public var withoutEstimate: Int
        /// Whose scores can lie outside 0 to 1.
        public var onAnotherScale: Int
        /// Of one sample, and means of which all samples agree.
        public var withoutError: Int

        public init(withoutEstimate: Int, onAnotherScale: Int, withoutError: Int) {
            self.withoutEstimate = withoutEstimate
            self.onAnotherScale = onAnotherScale
            self.withoutError = withoutError
        }
    }

    /// A cell and its estimate.
    public struct Member: Hashable, Sendable, Codable {
        public var suite: SuiteName
        public var configuration: ConfigurationName
        public var estimate: Double

        public init(suite: SuiteName, configuration: ConfigurationName, estimate: Double) {
            self.suite = suite
            self.configuration = configuration
            self.estimate = estimate
        }
    }

    /// How the cells differ beyond their own errors.
    public struct Heterogeneity: Hashable, Sendable, Codable {
        /// Cochran's Q, with one degree of freedom less than there are cells.
        public var q: Double
        public var pValue: Double
        /// The share of the scatter that is not chance.
        public var iSquared: Double
        /// The variance between the cells' true values (DerSimonian and Laird).
        public var tauSquared: Double
        /// The random-effects mean.
        public var mean: Double
        public var standardError: Double
        public var interval: Interval
        /// Hartung and Knapp's, to be preferred with few cells; nil where all estimates are equal.
        public var hartungKnapp: Interval?

        public init(
            q: Double,
            pValue: Double,
            iSquared: Double,
            tauSquared: Double,
            mean: Double,
            standardError: Double,
            interval: Interval,
            hartungKnapp: Interval?
        ) {
            self.q = q
            self.pValue = pValue
            self.iSquared = iSquared
            self.tauSquared = tauSquared
            self.mean = mean
            self.standardError = standardError
            self.interval = interval
            self.hartungKnapp = hartungKnapp
        }
    }

    public var grouping: Grouping
    /// The area, the party or the tier.
    public var name: String
    /// Cells that entered; 0 where the round evaluated nothing of the group.
    public var cells: Int
    /// The suites that they are of.
    public var suites: Int
    public var leftOut: LeftOut
    /// Each cell weighing the same.
    public var mean: Double?
    /// Of the mean of these very cells.
    public var standardError: Double?
    public var lowest: Member?
    public var highest: Member?
    /// nil with fewer than two cells.
    public var heterogeneity: Heterogeneity?

    public init(
        grouping: Grouping,
        name: String,
        cells: Int,
        suites: Int,
        leftOut: LeftOut,
        mean: Double?,
        standardError: Double?,
        lowest: Member?,
        highest: Member?,
        heterogeneity: Heterogeneity?
    ) {
        self.grouping = grouping
        self.name = name
        self.cells = cells
        self.suites = suites
        self.leftOut = leftOut
        self.mean = mean
        self.standardError = standardError
        self.lowest = lowest
        self.highest = highest
        self.heterogeneity = heterogeneity
    }
}

/// How far a comparison lies from those of the same configurations on the other suites, or a cell from the others of
/// its suite: a question to look into, not a finding.
public struct SurpriseRecord: Hashable, Sendable, Codable {
    public var suite: SuiteName
    public var configuration: ConfigurationName
    /// The configuration that is subtracted; nil for a cell.
    public var comparedWith: ConfigurationName?
    /// The estimate or the difference.
    public var estimate: Double
    /// The random-effects mean of the others.
    public var expected: Double
    /// √(standard error² + τ² + the expectation's standard error²).
    public var spread: Double
    /// How many others there are.
    public var others: Int
    /// (estimate − expected) / spread.
    public var z: Double

    public init(
        suite: SuiteName,
        configuration: ConfigurationName,
        comparedWith: ConfigurationName?,
        estimate: Double,
        expected: Double,
        spread: Double,
        others: Int,
        z: Double
    ) {
        self.suite = suite
        self.configuration = configuration
        self.comparedWith = comparedWith
        self.estimate = estimate
        self.expected = expected
        self.spread = spread
        self.others = others
        self.z = z
    }
}
