// The built program as a child process: what it prints, how it ends, and signals at any moment.

import Foundation

/// One run of the `parley` executable.
final class ParleyProcess {
    struct Ended {
        let code: Int32
        let output: String
        let errors: String
    }

    private let process = Process()
    private let outputFile: URL
    private let errorFile: URL

    var isRunning: Bool { process.isRunning }
    var identifier: Int32 { process.processIdentifier }

    /// Starts the program that was built beside the tests.
    /// - Parameter input: what it reads from standard input; nil for nothing
    init(_ arguments: [String], environment: [String: String] = [:], input: String? = nil) throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)")
        outputFile = base.appendingPathExtension("out")
        errorFile = base.appendingPathExtension("err")
        for file in [outputFile, errorFile] { try Data().write(to: file) }
        process.executableURL = Self.executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        if let input {
            let file = base.appendingPathExtension("in")
            try Data(input.utf8).write(to: file)
            process.standardInput = try FileHandle(forReadingFrom: file)
            try FileManager.default.removeItem(at: file)
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        for file in [outputFile, errorFile] { try? FileManager.default.removeItem(at: file) }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for the end.
    func end() -> Ended {
        process.waitUntilExit()
        let text = { (file: URL) in (try? String(contentsOf: file, encoding: .utf8)) ?? "" }
        // A process that a signal ended has no code of its own.
        let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Ended(code: code, output: text(outputFile), errors: text(errorFile))
    }

    /// What it has written to standard output until now.
    var soFar: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }

    /// What it has written to standard error until now.
    var errorsSoFar: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String? = nil
    ) throws -> Ended {
        try ParleyProcess(arguments, environment: environment, input: input).end()
    }

    /// The program lies beside the test binary.
    private static var executable: URL {
        let binary = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "."
        return URL(fileURLWithPath: binary).deletingLastPathComponent().appendingPathComponent("parley")
    }
}
