// Log lines, as JSON for machines or as text for people. A line is one write, so that lines of several threads never
// mix, and holds exactly one line feed, its last byte: what a model or a provider said cannot begin a line of its own.
//
// Values under names that say 'secret' are left out as a last guard; that keys never get here is the duty of those who
// log (`Secret` has no text, requests are redacted where they are sent).

import Foundation
public import Logging

/// How log lines look.
public enum LogFormat: String, Sendable, CaseIterable { case text, json }

/// Writes log lines to standard error.
public struct LineLogHandler: LogHandler {
    public var logLevel = Logger.Level.info
    public var metadata = Logger.Metadata()
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// - Parameter write: takes a whole line, its line feed included
    public init(
        label: String,
        format: LogFormat,
        write: @escaping @Sendable (String) -> Void = LineLogHandler.standardError
    ) {
        self.label = label
        self.format = format
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        let shown = fields.map { (name: $0, value: Self.isSecret($0) ? "(not logged)" : "\($1)") }
            .sorted { $0.name < $1.name }
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        write(
            format == .json
                ? json(time, event.level, "\(event.message)", shown)
                : text(time, event.level, "\(event.message)", shown)
        )
    }

    private func json(
        _ time: String,
        _ level: Logger.Level,
        _ message: String,
        _ fields: [(name: String, value: String)]
    ) -> String {
        var line = "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"logger\":"
        JSONText.append(label, to: &line)
        line += ",\"message\":"
        JSONText.append(message, to: &line)
        for field in fields {
            line += ","
            // What everyone may rely on is not taken by a field of the same name.
            let isTaken = ["time", "level", "logger", "message"].contains(field.name)
            JSONText.append(isTaken ? field.name + "_" : field.name, to: &line)
            line += ":"
            JSONText.append(field.value, to: &line)
        }
        return line + "}\n"
    }

    private func text(
        _ time: String,
        _ level: Logger.Level,
        _ message: String,
        _ fields: [(name: String, value: String)]
    ) -> String {
        var line = "\(time) \(level.rawValue) \(Self.plain(label)): \(Self.plain(message))"
        for field in fields {
            line += " \(Self.plain(field.name))="
            let isWord = !field.value.isEmpty && field.value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }
            if isWord { line += field.value } else { JSONText.append(field.value, to: &line) }
        }
        return line + "\n"
    }

    private static func plain(_ text: String) -> String {
        if text.unicodeScalars.allSatisfy(JSONText.isInert) { return text }
        var quoted = ""
        JSONText.append(text, to: &quoted)
        return quoted
    }

    /// Whether a name says that its value is nobody's business.
    static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["authorization", "password", "secret", "api_key", "api-key", "apikey", "cookie", "bearer"].contains {
            name.contains($0)
        }
    }

    /// One write to standard error.
    public static let standardError: @Sendable (String) -> Void = { line in
        FileHandle.standardError.write(Data(line.utf8))
    }
}
