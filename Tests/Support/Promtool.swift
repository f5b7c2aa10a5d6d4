// Prometheus's own tool, where it is installed (Debian's package `prometheus`).

import Foundation

/// Runs promtool.
package enum Promtool {
    package static var path: String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { $0 + "/promtool" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// What `promtool check metrics` says to an exposition; empty where it finds nothing. nil where it is not there.
    package static func complaints(about exposition: String) throws -> String? {
        guard let path else { return nil }
        let file = NSTemporaryDirectory() + "parley-metrics-\(UUID().uuidString)"
        try exposition.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["check", "metrics"]
        process.standardInput = FileHandle(forReadingAtPath: file)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: said, as: UTF8.self)
        return process.terminationStatus == 0 ? text : text + "(exit code \(process.terminationStatus))"
    }
}
