// Logs go to standard error, so that results can be piped.

import ArgumentParser
import Logging

struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Lowest level that is logged: trace, debug, info, notice, warning, error.",
            valueName: "level"
        )
    )
    var logLevel: LogLevel = .warning

    func logger(_ label: String) -> Logger {
        var logger = Logger(label: label, factory: StreamLogHandler.standardError(label:))
        logger.logLevel = Logger.Level(rawValue: logLevel.rawValue) ?? .warning
        return logger
    }
}

/// The levels of `--log-level`.
enum LogLevel: String, ExpressibleByArgument, CaseIterable { case trace, debug, info, notice, warning, error }
