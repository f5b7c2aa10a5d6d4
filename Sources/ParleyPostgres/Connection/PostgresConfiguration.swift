// Where and how to connect: libpq's own keywords, read by libpq's own parser, so that every form and option that psql
// takes works here. Invariant: the password never appears in a description.

/// How to reach a database.
public struct PostgresConfiguration: Sendable, Hashable, CustomStringConvertible {
    /// libpq's keywords, such as `host`, `port`, `dbname`, `user`, `password`, `sslmode`.
    public private(set) var keywords: [String: String]

    /// The longest time to connect. 10 seconds by default.
    public var connectTimeout: Duration

    /// The server's `statement_timeout` for every statement of a connection; nil for none.
    public var statementTimeout: Duration?

    /// Reads a URL (`postgresql://user@host/db`, `postgresql:///db?host=/run/postgresql`) or a keyword string
    /// (`host=… dbname=…`).
    /// - Throws: a usage error when the text cannot be read; the message does not contain the password
    public init(_ text: String) throws(PostgresError) {
        self.init(keywords: try LibPQ.parse(text))
    }

    /// Takes libpq's keywords as they are.
    public init(keywords: [String: String]) {
        var keywords = keywords
        let seconds = keywords.removeValue(forKey: "connect_timeout").flatMap(Int64.init) ?? 10
        connectTimeout = seconds > 0 ? .seconds(seconds) : .seconds(3600)
        self.keywords = keywords
    }

    public var applicationName: String? {
        get { keywords["application_name"] }
        set { keywords["application_name"] = newValue }
    }

    public var host: String? {
        get { keywords["host"] }
        set { keywords["host"] = newValue }
    }

    public var port: Int? {
        get { keywords["port"].flatMap { Int($0) } }
        set { keywords["port"] = newValue.map { String($0) } }
    }

    public var database: String? {
        get { keywords["dbname"] }
        set { keywords["dbname"] = newValue }
    }

    public var user: String? {
        get { keywords["user"] }
        set { keywords["user"] = newValue }
    }

    public var password: String? {
        get { keywords["password"] }
        set { keywords["password"] = newValue }
    }

    /// The same server and options with another database, role and password.
    public func with(database: String? = nil, user: String? = nil, password: String? = nil) -> PostgresConfiguration {
        var copy = self
        if let database { copy.database = database }
        if let user { copy.user = user }
        if let password { copy.password = password }
        return copy
    }

    public var description: String {
        let place = (host ?? "local socket") + (port.map { ":\($0)" } ?? "")
        return "database \(database ?? "default") on \(place) as \(user ?? "default user")"
    }

    /// What is handed to libpq: the keywords, a session in UTC and UTF-8, keepalives, and the statement timeout. Nothing
    /// is compiled: our statements are short, and where sequential scans are off the planner's estimates are beyond the
    /// cost at which the server would, for longer than the statement takes.
    var connectionParameters: [String: String] {
        var all = keywords
        all["client_encoding"] = "UTF8"
        all["fallback_application_name"] = "parley"
        if all["tcp_user_timeout"] == nil { all["tcp_user_timeout"] = "60000" }
        if all["keepalives_idle"] == nil { all["keepalives_idle"] = "30" }
        var options = all["options"].map { $0 + " " } ?? ""
        options += "-c client_min_messages=warning -c timezone=UTC -c jit=off"
        if let statementTimeout {
            options += " -c statement_timeout=\(statementTimeout.wholeMilliseconds)"
        }
        all["options"] = options
        return all
    }
}

extension PostgresConfiguration: CustomDebugStringConvertible, CustomReflectable {
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension Duration {
    /// Milliseconds, rounded up to a whole one, at least 1.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return max(1, seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
