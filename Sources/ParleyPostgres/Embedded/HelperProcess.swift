// Runs a short-lived program to its end and keeps what it printed. Blocks; the embedded cluster calls it on its own
// queue.

import Dispatch
import Foundation

/// A program that has ended.
struct HelperProcess: Sendable {
    let status: Int32
    /// Standard output and standard error together.
    let output: String

    /// Runs a program and waits for its end.
    /// - Parameter arguments: the program's path, then its arguments
    static func run(_ arguments: [String]) throws(PostgresError) -> HelperProcess {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: arguments[0])
        process.arguments = Array(arguments.dropFirst())
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do {
            try process.runWithOpenSignals()
        } catch {
            throw .usage("\(arguments[0]) cannot be run: \(error.localizedDescription)")
        }
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        ended.wait()
        return HelperProcess(status: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self))
    }

    /// Runs a program that must succeed.
    static func require(_ arguments: [String], _ purpose: String) throws(PostgresError) {
        let ended = try run(arguments)
        if ended.status == 0 { return }
        let tail = ended.output.split(separator: "\n").suffix(12).joined(separator: "\n")
        throw .usage("\(purpose) failed: \(arguments[0]) ended with status \(ended.status).\n\(tail)")
    }
}

extension Process {
    /// Starts the process with no signal blocked.
    ///
    /// A child inherits the signal mask of the thread that starts it, and threads of Dispatch block almost all signals:
    /// a shell that never hears of its child's end would wait for ever.
    func runWithOpenSignals() throws {
        var open = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&open)
        unsafe pthread_sigmask(SIG_SETMASK, &open, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}
