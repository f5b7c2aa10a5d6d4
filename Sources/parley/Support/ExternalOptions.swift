// Whether programs that a round names may be run here. They run as this user, on this machine, so nothing runs them
// unless it is said.

import ArgumentParser
import Foundation
import ParleyModel
import ParleyProbe
import ParleyRounds

struct ExternalOptions: ParsableArguments {
    @Flag(help: "Run the programs of external suites and the code of Inspect's tasks, as this user.")
    var allowExternal = false

    func plan(_ file: String, isSimulated: Bool, isRehearsal: Bool = false) throws(InvalidInput) -> Plan {
        try Plan.checked(
            file: file,
            options: PlanOptions(isSimulated: isSimulated, isRehearsal: isRehearsal),
            allowsPrograms: allowExternal
        )
    }

    /// Refuses a plan with programs where they are not allowed: it would wait for a worker for ever.
    func admit(_ plan: Plan) throws(ParleyFailure) {
        guard !allowExternal, let row = plan.document.programs.first else { return }
        throw ParleyFailure(
            .invalidInput,
            "The suite '\(row.suite)' runs a program: \(row.command.joined(separator: " "))",
            remedy: "Look at it, and add --allow-external if you trust it; it will run as this user."
        )
    }

    /// Where programs lie; nil where they are not allowed.
    func folder(_ given: String?, default folder: String) -> String? {
        allowExternal ? URL(fileURLWithPath: given ?? folder).standardizedFileURL.path : nil
    }
}

extension TaskCapture {
    /// Runs the bridge that is built in.
    static var bridged: TaskCapture? {
        guard let bridge = InspectCapture.bridge else { return nil }
        return TaskCapture(bridge: bridge) { request throws(ParleyFailure) in
            let captured = try InspectCapture.run(request.program, folder: request.folder, limit: request.limit)
            return CapturedTask(path: captured.path, versions: captured.versions)
        }
    }
}
