// What can go wrong with the database: a struct over a private enum, so that kinds can be added without breaking
// callers. Whether to try again comes from `retryClass`, which is computed from the SQLSTATE, never from a message.

/// An error of the database layer.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
    /// What kind of thing happened.
    public enum Kind: String, Sendable, CaseIterable {
        /// No connection could be made.
        case connect
        /// The connection broke; whether the running statement took effect is unknown.
        case connectionLost = "connection-lost"
        /// The server refused the statement; `sqlState` says why.
        case server
        /// A value did not have the type or range that was asked for.
        case decode
        /// A deadline passed; the statement was cancelled.
        case timeout
        /// The statement was cancelled on request.
        case cancelled
        /// The caller used the API or the machine's set-up wrongly.
        case usage
        /// Another process holds the state folder.
        case held
    }

    /// What the server says about a refused statement.
    public struct Report: Sendable {
        public var sqlState: String
        public var message: String
        public var detail: String?
        public var hint: String?
        /// Position in the statement's text, in characters from 1.
        public var position: Int?
        public var constraint: String?
        public var table: String?
        public var column: String?
        public var context: String?
        /// Place in a pipeline's batch, from 0.
        public var statementIndex: Int?
    }

    private enum Storage: Sendable {
        case plain(Kind, String)
        case reported(Kind, Report)
    }

    private let storage: Storage

    public var kind: Kind {
        switch storage {
        case .plain(let kind, _), .reported(let kind, _): kind
        }
    }

    /// The server's report, when the server sent one.
    public var report: Report? {
        if case .reported(_, let report) = storage { report } else { nil }
    }

    /// The five characters of the server's SQLSTATE, when the server sent one.
    public var sqlState: String? { report?.sqlState }

    static func connect(_ message: String) -> PostgresError { .init(storage: .plain(.connect, message)) }
    static func connectionLost(_ message: String) -> PostgresError { .init(storage: .plain(.connectionLost, message)) }
    static func decode(_ message: String) -> PostgresError { .init(storage: .plain(.decode, message)) }
    static func timeout(_ message: String) -> PostgresError { .init(storage: .plain(.timeout, message)) }
    static func cancelled(_ message: String) -> PostgresError { .init(storage: .plain(.cancelled, message)) }
    static func held(_ message: String) -> PostgresError { .init(storage: .plain(.held, message)) }
    static func reported(_ kind: Kind, _ report: Report) -> PostgresError { .init(storage: .reported(kind, report)) }

    /// The caller's mistake, or a machine that is not set up for what was asked; the message says what to do.
    public static func usage(_ message: String) -> PostgresError { .init(storage: .plain(.usage, message)) }

    /// A short text for metric labels: the kind, and the SQLSTATE where there is one. At most a few hundred values.
    public var shortDescription: String {
        if let sqlState, sqlState.utf8.count == 5 { "\(kind.rawValue):\(sqlState)" } else { kind.rawValue }
    }

    public var description: String {
        switch storage {
        case .plain(_, let message): return message
        case .reported(let kind, let report):
            var text = "PostgreSQL: \(report.message) (SQLSTATE \(report.sqlState))"
            if kind == .connectionLost { text = "The database connection was lost. " + text }
            if let index = report.statementIndex { text += ", in statement \(index) of the batch" }
            if let position = report.position { text += ", at character \(position)" }
            if let detail = report.detail { text += ". \(detail)" }
            if let hint = report.hint { text += ". Hint: \(hint)" }
            return text + ". " + retryClass.advice
        }
    }
}
