// Logs go to standard error, so that results can be piped.

public import ArgumentParser
import Foundation
import Logging
public import ParleyTelemetry

struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Lowest level that is logged: trace, debug, info, notice, warning, error.",
            valueName: "level"
        )
    )
    var logLevel: LogLevel = .warning

    @Option(
        help: ArgumentHelp(
            "How log lines look: text or json, one object a line. Default: PARLEY_LOG_FORMAT, else text.",
            valueName: "format"
        )
    )
    var logFormat: LogFormat?

    private var format: LogFormat {
        let named = ProcessInfo.processInfo.environment["PARLEY_LOG_FORMAT"].flatMap(LogFormat.init(rawValue:))
        return logFormat ?? named ?? .text
    }

    /// Says where a daemon stands, whatever the level: as a log line where those are read by machines.
    func announce(_ text: String, _ logger: Logger) {
        if format == .text { return Console.error(text) }
        var logger = logger
        logger.logLevel = .notice
        logger.notice("\(text)")
    }

    func logger(_ label: String) -> Logger {
        let format = format
        var logger = Logger(label: label) { LineLogHandler(label: $0, format: format) }
        logger.logLevel = Logger.Level(rawValue: logLevel.rawValue) ?? .warning
        return logger
    }
}

/// The levels of `--log-level`.
enum LogLevel: String, ExpressibleByArgument, CaseIterable { case trace, debug, info, notice, warning, error }

extension LogFormat: ExpressibleByArgument {}
