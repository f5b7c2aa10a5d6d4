// What a worker allows external programs: none, unless it was told to. It finds a program's files, refuses any other
// content than the frozen one, and gives a program nothing but a folder, a few variables and a token.

import Foundation
import ParleyModel
import Synchronization

/// The external programs of a worker.
public final class ExternalPrograms: Sendable {
    /// A program that can be started.
    struct Prepared {
        var command: [String]
        var environment: [String: String]
        /// The attempt's own folder, removed by whoever asked for it.
        var scratch: String
    }

    /// Programs are refused.
    public static let refused = ExternalPrograms(folder: nil, environment: [:])

    let endpoint = ModelEndpoint()
    /// Where relative paths count from; nil where nothing may be run.
    private let folder: String?
    private let environment: [String: String]
    private let space = Mutex<ScratchSpace?>(nil)

    /// Allows programs under `folder`, where that is not nil. `environment` is this process's own unless given; a
    /// program sees `PATH` and what its round allows of it.
    public init(folder: String?, environment: [String: String]? = nil) {
        self.folder = folder
        self.environment = environment ?? ProcessInfo.processInfo.environment
    }

    /// Ends the endpoint.
    public func shutdown() async { await endpoint.shutdown() }

    /// Makes a folder for an attempt and checks every file of the program. Throws where programs are refused, and where
    /// a file is missing or not the frozen one.
    ///
    /// - Parameter keyVariables: variables that hold keys, which no program gets
    func prepare(_ program: ExternalProgram, keyVariables: Set<String>) throws(ParleyFailure) -> Prepared {
        guard let folder else {
            throw ParleyFailure(
                .invalidInput,
                "this worker does not run external programs (\(program.command.joined(separator: " ")))",
                remedy: "start it with --allow-external if you trust the program"
            )
        }
        var paths: [String: String] = [:]
        for file in program.files { paths[file.path] = try check(file, in: folder) }
        let scratch = try scratchSpace().folder()
        return Prepared(
            command: program.command.map { paths[$0] ?? $0 },
            environment: variables(program, without: keyVariables, home: scratch),
            scratch: scratch
        )
    }

    /// The path of a file whose content is the frozen one.
    private func check(_ file: FrozenFile, in folder: String) throws(ParleyFailure) -> String {
        if file.path.hasPrefix(ExternalProgram.builtInPrefix) { return try builtIn(file) }
        let path = file.path.hasPrefix("/") ? file.path : folder + "/" + file.path
        guard let content = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
            throw ParleyFailure(
                .failure,
                "the program file \(path) cannot be read",
                remedy: "put it there, or name its folder with --programs"
            )
        }
        let found = ContentHash(of: content)
        guard found == file.sha256 else {
            throw ParleyFailure(
                .failure,
                "the program file \(path) is not the one that was frozen: it has \(found), not \(file.sha256)",
                remedy: "restore the frozen file, or plan a new round with this one"
            )
        }
        return path
    }

    /// A program of ours, written out once a process.
    private func builtIn(_ file: FrozenFile) throws(ParleyFailure) -> String {
        guard let content = Self.builtIns[file.path], ContentHash(of: content) == file.sha256 else {
            throw ParleyFailure(
                .failure,
                "this worker's \(file.path) is not the one that was frozen",
                remedy: "run a worker of the version that planned the round"
            )
        }
        let path = try scratchSpace().path + "/" + file.path.dropFirst(ExternalProgram.builtInPrefix.count)
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        do {
            try Data(content).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ParleyFailure(.failure, "\(path) cannot be written: \(error.localizedDescription)")
        }
        return path
    }

    /// This process's folder, made when it is first needed.
    private func scratchSpace() throws(ParleyFailure) -> ScratchSpace {
        try space.withLock { space throws(ParleyFailure) in
            let made = if let space { space } else { try ScratchSpace() }
            space = made
            return made
        }
    }

    /// An allow-list; a variable that holds a key of the round or leads to the database is never on it.
    private func variables(_ program: ExternalProgram, without keys: Set<String>, home: String) -> [String: String] {
        var variables = [
            "PATH": environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": home,
            "TMPDIR": home,
        ]
        for name in program.environment where !keys.contains(name) && !ExternalProgram.isReserved(variable: name) {
            variables[name] = environment[name]
        }
        return variables
    }
}

extension ExternalPrograms {
    /// The programs that are part of this one, by the path under which a definition names them.
    public static let builtIns: [String: [UInt8]] = [
        ExternalProgram.inspectBridge: PackageResources.inspect_bridge_py
    ]
}

extension RoundDefinition {
    /// The environment variables in which the keys of its models stand.
    var keyVariables: Set<String> {
        Set(
            models.compactMap { model in
                if case .environment(let name)? = model.apiKey { name } else { nil }
            }
        )
    }
}
