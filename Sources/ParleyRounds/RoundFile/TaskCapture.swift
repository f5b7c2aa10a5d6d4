// The seam to tasks of other frameworks: planning needs their samples, and only running their code tells what they are.
// Who plans decides whether that is allowed, and hands in the means.

public import ParleyModel

/// A task whose samples are asked for.
public struct TaskRequest: Hashable, Sendable {
    /// As a program would be started for a sample, with the bridge and the task.
    public var program: ExternalProgram
    /// Where relative paths count from.
    public var folder: String
    /// The most samples; nil for all.
    public var limit: Int?
}

/// A task's samples, captured.
public struct CapturedTask: Hashable, Sendable {
    /// A file of one sample a line, in Inspect's fields.
    public var path: String
    /// What the task runs on, to be frozen: versions by name.
    public var versions: [String: String]

    public init(path: String, versions: [String: String]) {
        self.path = path
        self.versions = versions
    }
}

/// Captures the samples of tasks.
public struct TaskCapture: Sendable {
    /// The bridge, as it is to be frozen.
    public var bridge: FrozenFile
    /// Runs the bridge. Blocks. Throws what the bridge says is wrong.
    public var run: @Sendable (TaskRequest) throws(ParleyFailure) -> CapturedTask

    public init(bridge: FrozenFile, run: @escaping @Sendable (TaskRequest) throws(ParleyFailure) -> CapturedTask) {
        self.bridge = bridge
        self.run = run
    }
}
