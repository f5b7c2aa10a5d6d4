// An error for a person: what happened, to what, and what to do about it. Every error that reaches the command line
// is one of these, or is wrapped into one.

/// An error with its way out.
public struct ParleyFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble; each maps to one exit code of the command line.
    public enum Category: String, Sendable, Hashable, Codable {
        /// The round file, a dataset or an argument is wrong.
        case invalidInput = "invalid_input"
        /// The round is not complete: jobs remain or are dead.
        case incomplete
        /// The database cannot be reached, or its schema does not fit.
        case database
        /// Another process holds what is needed.
        case busy
        /// Stopped on request; what was done is kept.
        case interrupted
        /// A package was checked, and a check failed.
        case verification
        /// What was to be checked cannot be read at all.
        case unreadable
        /// Anything else.
        case failure
    }

    public let category: Category
    /// What happened, to what.
    public let message: String
    /// What the person can do about it.
    public let remedy: String?

    public init(_ category: Category, _ message: String, remedy: String? = nil) {
        self.category = category
        self.message = message
        self.remedy = remedy
    }

    public var description: String { remedy.map { "\(message)\n  \($0)" } ?? message }
}
