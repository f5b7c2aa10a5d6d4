// Workers of a rehearsal: this program as `parley worker`, since what is to be shown is that one can be killed.

import Foundation
import ParleyModel
import ParleyPostgres

final class WorkerProcesses {
    private let database: PostgresConfiguration
    private let simulator: String
    private let settings: RehearsalSettings
    private var processes: [Process] = []

    init(database: PostgresConfiguration, simulator: String, settings: RehearsalSettings) {
        self.database = database
        self.simulator = simulator
        self.settings = settings
    }

    /// Starts a worker whose lease is short, so that what it holds is soon known to be lost.
    func start(_ name: String) throws {
        let keywords = ["host", "port", "dbname", "user"].compactMap { key in
            database.keywords[key].map { "\(key)=\($0)" }
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "worker", "--database", keywords.joined(separator: " "), "--name", name, "--lease", "3",
            "--concurrency", "\(settings.concurrency)", "--stop-within", "5s", "--simulator", simulator,
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw ParleyFailure(.failure, "A worker cannot be started: \(error.localizedDescription)")
        }
        processes.append(process)
    }

    /// Kills the first worker, as a lost host would, and starts another one.
    func replaceFirst(by name: String) throws {
        if let first = processes.first, first.isRunning {
            kill(first.processIdentifier, SIGKILL)
            first.waitUntilExit()
        }
        try start(name)
    }

    /// Ends all workers.
    func end() {
        for process in processes where process.isRunning { process.terminate() }
        for process in processes where process.isRunning { process.waitUntilExit() }
    }
}
