// Why a finding may not be held against others: data of the round, agreed with it, and shown wherever the finding is.

/// One reason against comparing a suite's findings on a configuration.
public struct Comparability: Hashable, Sendable, Codable {
    public enum Flag: String, CaseIterable, Hashable, Sendable, Codable {
        /// The scaffold was made for this configuration, or for its kin.
        case scaffoldTunedFor = "scaffold_tuned_for"
        /// The samples were chosen because this model, or its kin, fails on them.
        case selectedAgainst = "selected_against"
        /// The environment was changed for this configuration.
        case environmentModified = "environment_modified"
        /// A variant of the suite was left out for this configuration.
        case variantExcluded = "variant_excluded"

        /// In words.
        public var text: String { rawValue.split(separator: "_").joined(separator: " ") }
    }

    public var suite: SuiteName
    public var configuration: ConfigurationName
    public var flag: Flag
    public var because: String?

    public init(suite: SuiteName, configuration: ConfigurationName, flag: Flag, because: String? = nil) {
        self.suite = suite
        self.configuration = configuration
        self.flag = flag
        self.because = because
    }

    /// As findings show it.
    public var text: String { because.map { "\(flag.text): \($0)" } ?? flag.text }
}

extension RoundDefinition {
    /// The reasons against comparing a cell; empty where there is none.
    public func comparability(of cell: Cell) -> [Comparability] {
        (comparability ?? []).filter { $0.suite == cell.suite && $0.configuration == cell.configuration }
    }

    /// All flags of a cell in words: its configuration's own, then the reasons against comparing it.
    public func flags(of cell: Cell) -> [String] {
        (configuration(cell.configuration)?.flags ?? []) + comparability(of: cell).map(\.text)
    }
}
