// What a suite's findings claim. A buyer must not take the one for the other: that a model could do something, that a
// safeguard held, that it differs from another, that it tends to do something.

/// The kind of claim that findings of a suite make.
public enum Claim: String, CaseIterable, Hashable, Sendable, Codable {
    /// What the model can do when it is brought to try.
    case capability
    /// Whether what is meant to stop a use stops it.
    case safeguard
    /// How one configuration does beside another; no statement about one alone.
    case comparison
    /// What the model does when it is free to do otherwise.
    case propensity

    /// In words; a suite that states none says so.
    public static func text(_ claim: Claim?) -> String { claim?.rawValue ?? "not stated" }
}
