// From errors to messages and exit codes: the one table that the README documents.

import Foundation
import ParleyModel
import ParleyPostgres

enum ExitStatus {
    /// Whether an error is one of the program's, rather than of the argument parser.
    static func isOurs(_ error: any Error) -> Bool {
        error is ParleyFailure || error is InvalidInput || error is PostgresError || error is CancellationError
            || error is Diagnostic
    }

    static func code(_ error: any Error) -> Int32 {
        switch error {
        case let failure as ParleyFailure:
            switch failure.category {
            case .failure: 1
            case .invalidInput: 2
            case .incomplete: 3
            case .database: 4
            case .busy: 5
            case .interrupted: 6
            case .verification: 7
            case .unreadable: 8
            }
        case is InvalidInput, is Diagnostic: 2
        case is CancellationError: 6
        case let error as PostgresError:
            switch error.kind {
            case .connect, .connectionLost: 4
            default: [.schema, .permission, .connection].contains(error.retryClass) || error.isReadOnly ? 4 : 1
            }
        default: 1
        }
    }

    static func end(with error: any Error) -> Never {
        let text =
            switch error {
            case let invalid as InvalidInput:
                "\(invalid)\n\(invalid.diagnostics.count { $0.severity == .error }) mistakes; nothing was done."
            case let error as PostgresError where error.retryClass == .schema && error.sqlState != "0A000":
                "error: \(error)\n  The database's schema does not fit this program: run `parley migrate`."
            case let error as PostgresError where error.isReadOnly:
                "error: \(error)\n  This server is a standby, which only reads: name the primary with --database."
            default: "error: \(error)"
            }
        Console.error(text)
        exit(code(error))
    }
}
