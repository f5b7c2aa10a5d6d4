// Checks as a command shows them, and the exit code that they come to.

import ParleyModel
import ParleyReport

enum CheckList {
    /// Prints the checks. Throws `verification` where one failed.
    static func show(_ checks: [VerificationReport.Check], of what: String, json: Bool) throws {
        if json {
            try Console.json(checks)
        } else {
            for check in checks {
                let subject = check.subject.map { " (\($0))" } ?? ""
                let word = check.status == .notCovered ? "not covered" : check.status.rawValue
                Console.print(Escape.terminal("\(word)  \(check.check)\(subject): \(check.reason)"))
            }
        }
        let failed = checks.count { $0.status == .failed }
        if failed > 0 {
            throw ParleyFailure(.verification, Escape.terminal("\(failed) checks of the \(what) failed."))
        }
    }
}
