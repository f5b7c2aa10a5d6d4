// The search for a lab in all that others can read: every mark as it is, in hexadecimal, and in base64 wherever it begins,
// in bytes as they are and in all that is compressed within them.

import Foundation
import Testing

/// Finds texts in bytes.
final class LabSearch {
    private let forms: [String: String]
    private let folder: String
    private var patterns: String { "\(folder)/patterns" }

    /// - Parameter marks: what is searched for
    init(_ marks: [String]) throws {
        folder = "/tmp/parley-search-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let pairs = marks.flatMap { mark in Self.forms(of: mark).map { ($0, mark) } }
        forms = Dictionary(pairs) { first, _ in first }
        try forms.keys.joined(separator: "\n").write(toFile: patterns, atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The marks that a content holds in any form.
    func found(in content: Data) throws -> [String] {
        let file = "\(folder)/content"
        let all = ([content] + Inflated.contents(of: content)).reduce(into: Data()) { $0 += $1 + Data("\n".utf8) }
        try all.write(to: URL(fileURLWithPath: file))
        let hits = try grep(["--only-matching", "--no-filename", file]).split(separator: "\n")
        return Set(hits.compactMap { forms[String($0)] }).sorted()
    }

    /// The files below a folder that hold a mark in any form.
    /// - Parameter inflated: whether their compressed contents are searched too
    func found(below folder: String, inflated: Bool = false) throws -> [String] {
        let raw = try grep(["--recursive", "--files-with-matches", folder]).split(separator: "\n").map(String.init)
        guard inflated else { return raw }
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let inside = try names.map { "\(folder)/\($0)" }.filter { path in
            guard let content = FileManager.default.contents(atPath: path) else { return false }
            return try !found(in: content).isEmpty
        }
        return Set(raw + inside).sorted()
    }

    /// Expects that no content holds a mark.
    func expectNone(in contents: [(name: String, content: Data)], sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        for (name, content) in contents {
            let found = try found(in: content)
            if found.isEmpty { continue }
            let lines = String(decoding: content, as: UTF8.self).split(separator: "\n")
            let line = lines.first { line in found.contains { line.contains($0) } } ?? ""
            Issue.record("\(name): \(found): \(line.prefix(1000))", sourceLocation: sourceLocation)
        }
    }

    private func grep(_ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["grep", "--text", "-F", "-f", patterns] + arguments
        process.environment = ["LC_ALL": "C", "PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    /// A mark as it is, in hexadecimal, and in base64 wherever it begins.
    private static func forms(of mark: String) -> [String] {
        let bytes = Data(mark.utf8)
        let hex = bytes.map { String(format: "%02x", $0) }.joined()
        let shifted = (0..<3).map { shift -> String in
            let text = (Data(repeating: 0, count: shift) + bytes).base64EncodedString()
            // The characters that hold bits of the mark alone.
            let first = [0, 2, 3][shift]
            let count = (bytes.count * 8 - [0, 4, 2][shift]) / 6
            return String(text.dropFirst(first).prefix(count))
        }
        return [mark, hex] + shifted
    }
}
