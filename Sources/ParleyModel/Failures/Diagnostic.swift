// One mistake in a file, with its place and its mend. A reader collects all of them before it gives up.

/// A mistake (or a warning) at a place in a file.
public struct Diagnostic: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    public enum Severity: String, Sendable, Hashable, Codable { case error, warning }

    public let severity: Severity
    public let file: String
    /// From 1; nil where the whole file is meant.
    public let line: Int?
    public let column: Int?
    /// What is wrong.
    public let message: String
    /// What to write instead.
    public let remedy: String?

    public init(
        _ severity: Severity = .error,
        file: String,
        line: Int? = nil,
        column: Int? = nil,
        _ message: String,
        remedy: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.remedy = remedy
    }

    /// `file:line:column: error: message`, and the mend below it.
    public var description: String {
        let place = ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
        return "\(place): \(severity.rawValue): \(message)" + (remedy.map { "\n    \($0)" } ?? "")
    }
}

/// All the mistakes of some input, thrown together.
public struct InvalidInput: Error, Hashable, Sendable, CustomStringConvertible {
    public let diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
