// What a command in the sandbox may use, and which of these limits ended it.

/// The limits of one command.
struct SandboxLimits: Hashable, Sendable {
    /// Wall time; what still runs then is killed.
    var wall = Duration.seconds(20)
    /// Processor time: of each process by the kernel, and of all together.
    var processor = Duration.seconds(20)
    /// Memory of all processes together, in bytes, files in the private folder not counted.
    var memory = 256 << 20
    /// Processes and threads at a time.
    var processes = 48
    /// Room in the private folder, and again in /tmp, in bytes.
    var folder = 16 << 20
    /// Files and folders in the private folder, and again in /tmp.
    var files = 4_096
    /// Open files of one process.
    var openFiles = 64
    /// What is kept of the output, in bytes; the rest is thrown away, and that is said.
    var output = 64 << 10
    /// The longest command, in bytes.
    var command = 16 << 10

    /// A limit that ended a command.
    enum Reached: String, CaseIterable, Hashable, Sendable {
        case wall, processor, memory, files

        /// For the agent.
        var text: String {
            switch self {
            case .wall: "It ran too long and was stopped."
            case .processor: "It used too much processor time and was stopped."
            case .memory: "It used too much memory and was stopped."
            case .files: "It made too many files and was stopped."
            }
        }
    }
}
