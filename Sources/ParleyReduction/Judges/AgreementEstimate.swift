// AgreementEstimate.swift: how far raters agree, raw and beyond chance.

/// Why an agreement has no coefficient.
public enum AgreementAbsence: String, Sendable, Equatable, CaseIterable {
    /// No unit has two ratings that could be compared.
    case noPairableUnits = "no unit has two ratings"
    /// All ratings are the same: chance alone would agree fully, so that 0 / 0 is left. It is neither 0 nor 1.
    case oneCategory = "one category"
    /// The units have different numbers of ratings, for which the coefficient is not defined.
    case unequalRatings = "unequal numbers of ratings"
}

/// The agreement of raters over units.
///
/// A coefficient is 1 where raters agree always, 0 where they agree as often as chance would, and negative below. It is
/// one quotient of exact whole numbers, rounded at the end, so that no order of the rows can show.
public struct AgreementEstimate: Sendable, Equatable {
    /// The units that entered.
    public var units: Int64
    /// The ratings that entered.
    public var ratings: Int64
    /// The raw share of agreement, between 0 and 1, not corrected for chance. Which share, the coefficient's function
    /// says.
    public var rawAgreement: Double?
    /// The agreement beyond chance, at most 1; `nil` for the reason in ``absence``.
    public var coefficient: Double?
    /// Why there is no coefficient.
    public var absence: AgreementAbsence?

    /// Makes an estimate from its parts.
    public init(
        units: Int64,
        ratings: Int64,
        rawAgreement: Double?,
        coefficient: Double?,
        absence: AgreementAbsence?
    ) {
        self.units = units
        self.ratings = ratings
        self.rawAgreement = rawAgreement
        self.coefficient = coefficient
        self.absence = absence
    }

    /// An estimate without a coefficient.
    static func absent(
        _ absence: AgreementAbsence,
        units: Int64 = 0,
        ratings: Int64 = 0,
        rawAgreement: Double? = nil
    ) -> AgreementEstimate {
        AgreementEstimate(
            units: units,
            ratings: ratings,
            rawAgreement: rawAgreement,
            coefficient: nil,
            absence: absence
        )
    }
}
