// A shell in a sandbox, with a private folder. Each call runs one command in a sandbox of its own; the folder is all that
// goes from one call to the next, and it is the state. Where the host cannot give a sandbox nothing is run, and the call
// says so as the host's failure, not as the agent's.

import ParleyModel

/// The environment `shell`.
struct Shell: Environment {
    static let name = "shell"

    private let original: [String: String]
    private let tasks: Tasks<FileCondition>
    private let limits: SandboxLimits
    private(set) var folder: FolderImage
    /// Nil: this host's.
    private let sandbox: Sandbox?

    init(sample: Sample) throws(ParleyFailure) {
        _ = try SandboxPrograms.find()
        try self.init(sample: sample, sandbox: nil)
    }

    init(sample: Sample, state: JSONValue) throws(ParleyFailure) {
        try self.init(sample: sample)
        try restore(state, of: sample)
    }

    /// With a sandbox that was found already.
    init(sample: Sample, sandbox: Sandbox?) throws(ParleyFailure) {
        self.sandbox = sandbox
        let member = try Member(Self.name, of: sample)
        _ = try member.object(known: ["files", "seconds", "memory_mib"] + Tasks<FileCondition>.members)
        let files = try member.required("files")
        original = Dictionary(uniqueKeysWithValues: try FileStore.files(files).map { ($0.key.text, $0.value) })
        do throws(FolderTrouble) { folder = try FolderImage(files: original) } catch {
            throw files.failure("cannot be laid out: \(error.text)")
        }
        tasks = try Tasks(member)
        var limits = SandboxLimits()
        if let seconds = try member.optional("seconds")?.count(upTo: 600) {
            (limits.wall, limits.processor) = (.seconds(seconds), .seconds(seconds))
        }
        if let mebibytes = try member.optional("memory_mib")?.count(upTo: 4_096) { limits.memory = mebibytes << 20 }
        self.limits = limits
    }

    mutating func restore(_ state: JSONValue, of sample: Sample) throws(ParleyFailure) {
        let member = Member(state: state, of: sample)
        _ = try member.object(known: ["folder"])
        folder = try FolderImage(member.required("folder"))
    }

    var state: JSONValue { ["folder": folder.json] }

    var tools: [Tool] {
        [
            Tool(
                "run_command",
                """
                Runs a command with /bin/sh and shows what it prints. It starts in the private folder \
                \(SandboxCommand.folder), the only thing that is kept from one command to the next. There is no \
                network, and the system is read-only. A command may take \(limits.wall.components.seconds) seconds.
                """,
                ["command": "The command."]
            )
        ]
    }

    mutating func call(_ tool: String, _ arguments: JSONValue) async -> ToolOutput {
        guard tool == "run_command" else {
            return ToolOutput("There is no tool \(tool.bounded(to: 60)).", isError: true)
        }
        let command: String
        do throws(ToolTrouble) {
            command = try Arguments(arguments).text("command", limit: limits.command)
        } catch {
            return ToolOutput(error.text, isError: true)
        }
        do throws(ParleyFailure) {
            let sandbox = if let sandbox { sandbox } else { try await SandboxHost.shared.sandbox() }
            return take(try await sandbox.run(command, in: folder, limits: limits))
        } catch {
            return ToolOutput(hostFailure: error)
        }
    }

    /// Keeps the folder and says what came of the command.
    private mutating func take(_ result: SandboxResult) -> ToolOutput {
        var text = Self.plain(result.output)
        if result.droppedBytes > 0 { text += "\n[\(result.droppedBytes) more bytes of output were thrown away]" }
        text = text.bounded(to: EnvironmentLimits.output)
        if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
        if let reached = result.reached { text += "[\(reached.text)]\n" }
        switch result.folder {
        case .success(let folder): self.folder = folder
        case .failure(let trouble): text += "[The folder is as it was before this command: \(trouble.text).]\n"
        }
        return ToolOutput(text + "[exit code \(result.status)]", isError: result.status != 0)
    }

    /// Output as text: what is no UTF-8, and control characters, become U+FFFD.
    private static func plain(_ bytes: [UInt8]) -> String {
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar in
            scalar.isControl && scalar != "\n" && scalar != "\t" && scalar != "\r" ? "\u{FFFD}" : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }

    func verdict(lastMessage: String) -> AgentRecord.Verdict {
        let world = FileWorld(files: folder.texts, original: original, links: folder.links)
        return tasks.verdict(in: world, lastMessage: lastMessage)
    }
}
