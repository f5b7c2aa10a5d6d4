// Logs go to standard error, so that results can be piped.

import ArgumentParser
import Foundation
import Logging
import ParleyTelemetry

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

    func logger(_ label: String) -> Logger {
        let named = ProcessInfo.processInfo.environment["PARLEY_LOG_FORMAT"].flatMap(LogFormat.init(rawValue:))
        let format = logFormat ?? named ?? .text
        var logger = Logger(label: label) { LineLogHandler(label: $0, format: format) }
        logger.logLevel = Logger.Level(rawValue: logLevel.rawValue) ?? .warning
        return logger
    }
}

/// The levels of `--log-level`.
enum LogLevel: String, ExpressibleByArgument, CaseIterable { case trace, debug, info, notice, warning, error }

extension LogFormat: ExpressibleByArgument {}
