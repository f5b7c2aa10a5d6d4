// A program that stands in for a solver: any executable that speaks the external protocol
// (schemas/json/external.schema.json). What is frozen is the command as the round file writes it and the hash of every
// file that it is made of, so that a worker on any machine can tell whether it has the same program.

/// A file of a program, as it was frozen.
public struct FrozenFile: Hashable, Sendable, Codable {
    /// As the round file writes it, relative to its folder; or the name of a program that is built in.
    public var path: String
    /// The hash of the content.
    public var sha256: ContentHash

    public init(path: String, sha256: ContentHash) {
        self.path = path
        self.sha256 = sha256
    }
}

/// A program that puts one sample to a model, one process a sample.
public struct ExternalProgram: Hashable, Sendable, Codable {
    /// Program and arguments, as the round file writes them. Elements that are a path of `files` are resolved against
    /// the worker's folder of programs; a first element without `/` that is none is looked up in `PATH`.
    public var command: [String]
    /// What the program is made of: the files that the command names, and others that the round file lists.
    public var files: [FrozenFile]
    /// The most time of one sample, model calls included.
    public var timeLimitMilliseconds: Int
    /// The most address space of each process, in MiB; nil sets no limit.
    public var memoryLimitMebibytes: Int?
    /// The most bytes that it may write to standard output.
    public var outputLimitBytes: Int
    /// The most model calls of one sample.
    public var callLimit: Int
    /// The tokens of one sample after which no further call is made; nil leaves it to `callLimit`.
    public var tokenLimit: Int?
    /// Environment variables of the worker that it gets, besides `PATH`.
    public var environment: [String]
    /// Further configurations that it may call, by the role that it knows them by: `grader`, …
    public var roles: [String: ConfigurationName]
    /// Handed to the program as it is.
    public var options: JSONValue?

    /// Whether a variable is Parley's own or libpq's: such lead to the database, and no program gets one.
    public static func isReserved(variable name: String) -> Bool { name.hasPrefix("PARLEY_") || name.hasPrefix("PG") }

    public static let defaultTimeLimitMilliseconds = 300_000
    public static let defaultOutputLimitBytes = 16 << 20
    public static let defaultCallLimit = 32

    public init(
        command: [String],
        files: [FrozenFile],
        timeLimitMilliseconds: Int = defaultTimeLimitMilliseconds,
        memoryLimitMebibytes: Int? = nil,
        outputLimitBytes: Int = defaultOutputLimitBytes,
        callLimit: Int = defaultCallLimit,
        tokenLimit: Int? = nil,
        environment: [String] = [],
        roles: [String: ConfigurationName] = [:],
        options: JSONValue? = nil
    ) {
        self.command = command
        self.files = files
        self.timeLimitMilliseconds = timeLimitMilliseconds
        self.memoryLimitMebibytes = memoryLimitMebibytes
        self.outputLimitBytes = outputLimitBytes
        self.callLimit = callLimit
        self.tokenLimit = tokenLimit
        self.environment = environment
        self.roles = roles
        self.options = options
    }

    /// The tag of workers that may run programs: streams of suites with one go to no others.
    public static let workerTag = "external"
    /// What the path of a built-in program begins with.
    public static let builtInPrefix = "builtin:"
    /// The bridge to tasks of Inspect.
    public static let inspectBridge = builtInPrefix + "inspect_bridge.py"
}
