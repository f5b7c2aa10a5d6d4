// Learns the samples of a task of Inspect: runs the bridge in its mode `list`, which writes them to a file, one a line.
// The bridge speaks the same protocol as for a sample; its last word names the versions that the task runs on.

import Foundation
public import ParleyModel
import Synchronization

/// Captures the samples of a task.
public enum InspectCapture {
    /// Loading a task imports whatever it needs, which may be much.
    private static let timeLimit = Duration.seconds(600)
    private static let otherPython = "name an interpreter that has it: python: /path/to/venv/bin/python"

    /// The bridge, as it is to be frozen.
    public static var bridge: FrozenFile? {
        ExternalPrograms.builtIns[ExternalProgram.inspectBridge].map {
            FrozenFile(path: ExternalProgram.inspectBridge, sha256: ContentHash(of: $0))
        }
    }

    /// Folders of files that are read until this process ends.
    private static let kept = Mutex<[ScratchSpace]>([])

    /// Runs the bridge and waits for it. The file is there until this process ends. Throws what the bridge says, or how
    /// it ended.
    public static func run(
        _ program: ExternalProgram,
        folder: String,
        limit: Int?
    ) throws(ParleyFailure) -> (path: String, versions: [String: String]) {
        let programs = ExternalPrograms(folder: folder)
        let prepared = try programs.prepare(program, keyVariables: [])
        defer { try? FileManager.default.removeItem(atPath: prepared.scratch) }
        let space = try ScratchSpace()
        kept.withLock { $0.append(space) }
        let path = space.path + "/samples.jsonl"
        var request: [String: JSONValue] = [
            "type": "list", "protocol": .integer(ProgramOpening.version), "output": .string(path),
        ]
        request["options"] = program.options
        request["limit"] = limit.map { .integer(Int64($0)) }
        let launch = ProgramLaunch(
            command: prepared.command,
            environment: prepared.environment,
            folder: prepared.scratch,
            input: JSONValue.object(request).canonicalBytes + [UInt8(ascii: "\n")],
            timeLimit: timeLimit,
            memoryLimit: nil,
            outputLimit: program.outputLimitBytes
        )
        let end = try ProgramProcess(launch).runBlocking()
        switch end.dialogue.state {
        case .ended(.answer(let text, _, _)):
            let versions = (try? JSONValue(parsing: text))?["versions"]?.object?.compactMapValues(\.string)
            return (path, versions ?? [:])
        case .ended(.error(let message, _)):
            throw ParleyFailure(
                .invalidInput,
                Bounded.message(message, limit: 1000),
                remedy: message.contains("No module named 'inspect_ai'")
                    ? "install inspect-ai for the python3 that comes first in PATH, or " + otherPython
                    : "check task and task_args"
            )
        default:
            let words = "the bridge ended (\(end.cause.description)) and listed nothing: \(end.errorOutput.suffix(600))"
            throw ParleyFailure(
                .invalidInput,
                Bounded.message(words, limit: 1000),
                remedy: otherPython
            )
        }
    }
}
