// Log lines: their shape, hostile text, and what is never logged.

import Logging
import ParleyModel
import Synchronization
import Testing

@testable import ParleyTelemetry

@Suite("Log lines")
struct LineLogHandlerTests {
    private final class Lines: Sendable { let all = Mutex<[String]>([]) }

    private func lines(_ format: LogFormat, _ body: (inout Logger) -> Void) -> [String] {
        let lines = Lines()
        var logger = Logger(label: "parley.test") { label in
            LineLogHandler(label: label, format: format) { line in lines.all.withLock { $0.append(line) } }
        }
        body(&logger)
        return lines.all.withLock { $0 }
    }

    /// Text that breaks lines, ends strings, moves a cursor, turns the direction of reading, or is a lone mark.
    static let hostile = [
        "a\n{\"level\":\"error\"}", "a\r\nb", "\"},{\"", "\\", "\u{1B}[2J", "\u{202E}txt.exe", "\u{2028}\u{2029}", "\0",
        "\u{9B}31m", "\u{FEFF}", "\u{E0041}", "é👩‍👩‍👧 ",
    ]

    @Test("a line is one JSON object with time, level, logger, message and fields")
    func json() throws {
        let written = lines(.json) { logger in
            logger[metadataKey: "worker"] = "7"
            logger.warning("an attempt failed", metadata: ["job": "12", "round": "3", "level": "taken"])
        }
        #expect(written.count == 1)
        let value = try JSONValue(parsing: try #require(written.first))
        #expect(value["level"]?.string == "warning" && value["logger"]?.string == "parley.test")
        #expect(value["message"]?.string == "an attempt failed" && value["level_"]?.string == "taken")
        #expect(value["job"]?.string == "12" && value["round"]?.string == "3" && value["worker"]?.string == "7")
        let time = try #require(value["time"]?.string)
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(time)")
    }

    @Test("hostile text comes back as it was, and stays within its line", arguments: hostile, LogFormat.allCases)
    func hostileText(_ text: String, _ format: LogFormat) throws {
        let written = lines(format) { logger in
            logger.error("\(text)", metadata: ["field": "\(text)", "\(text)": "x"])
        }
        let line = try #require(written.first)
        #expect(line.unicodeScalars.filter { $0 == "\n" }.count == 1 && line.hasSuffix("\n"))
        #expect(line.unicodeScalars.dropLast().allSatisfy(JSONText.isInert), "\(line.debugDescription)")
        if format == .json {
            let value = try JSONValue(parsing: line)
            #expect(value["message"]?.string == text && value["field"]?.string == text)
            #expect(value[text]?.string == "x")
        }
    }

    @Test("values under names that say 'secret' are left out", arguments: LogFormat.allCases)
    func secrets(_ format: LogFormat) {
        let written = lines(format) { logger in
            logger.error(
                "a call failed",
                metadata: [
                    "Authorization": "Bearer sk-1234", "x-api-key": "sk-1234", "db_password": "sk-1234",
                    "client_secret": "sk-1234",
                ]
            )
        }
        #expect(written.count == 1 && !written.joined().contains("sk-1234"))
        #expect(written.joined().contains("not logged"))
    }
}
