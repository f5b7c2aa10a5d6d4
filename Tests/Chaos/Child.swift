// A child process with a name, in a session that signals reach.

import Foundation

/// A running child process.
final class Child {
    let process = Process()
    private(set) var isStopped = false

    init(_ executable: String, _ arguments: [String], environment: [String: String] = [:], log: FileHandle) throws {
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = log
        process.standardError = log
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    func signal(_ number: Int32) {
        if number == SIGSTOP { isStopped = true }
        if number == SIGCONT { isStopped = false }
        if process.isRunning { kill(process.processIdentifier, number) }
    }

    /// Ends the process, however it stands, and waits for it.
    func end(_ number: Int32) {
        signal(number)
        if isStopped { signal(SIGCONT) }
        process.waitUntilExit()
    }
}
