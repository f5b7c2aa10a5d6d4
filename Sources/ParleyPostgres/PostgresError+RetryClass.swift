// From a SQLSTATE to what can be done about it. The codes are those of PostgreSQL's manual, appendix A.

extension PostgresError {
    /// What a caller can do after an error.
    public enum RetryClass: String, Sendable, CaseIterable {
        /// The same transaction can succeed when it is run again at once.
        case transient
        /// A new connection is needed; whether the last statement took effect is unknown.
        case connection
        /// The server lacks disk, memory or connections; wait before trying again.
        case resources
        /// A table, column or function is missing: the schema is older or newer than this program.
        case schema
        /// The role may not do this, or could not log in.
        case permission
        /// Trying again gives the same error.
        case permanent

        var advice: String {
            switch self {
            case .transient: "Run the transaction again."
            case .connection: "Connect again; whether the last statement took effect is unknown."
            case .resources: "Free disk, memory or connections on the server, then try again."
            case .schema: "The database's schema does not match this program."
            case .permission: "Check the role, its password and its grants."
            case .permanent: "Trying again will not help."
            }
        }
    }

    /// What can be done about this error.
    public var retryClass: RetryClass {
        if let sqlState { return Self.retryClass(sqlState: sqlState, kind: kind) }
        return switch kind {
        case .connect, .connectionLost: .connection
        case .timeout: .transient
        case .server, .decode, .cancelled, .usage, .held: .permanent
        }
    }

    /// Whether the server refused to write: it is a standby, or the session is read-only.
    public var isReadOnly: Bool { sqlState == "25006" }

    static func retryClass(sqlState: String, kind: Kind) -> RetryClass {
        switch sqlState {
        case "40001", "40P01", "55P03", "25P03": return .transient
        case "57014": return kind == .cancelled ? .permanent : .transient
        case "57P01", "57P02", "57P03", "57P05": return .connection
        case "42P01", "42883", "42703", "3F000", "42704", "0A000": return .schema
        case "42501": return .permission
        default: break
        }
        return switch sqlState.prefix(2) {
        case "08": .connection
        case "53", "58": .resources
        case "28": .permission
        default: kind == .connectionLost ? .connection : .permanent
        }
    }
}
