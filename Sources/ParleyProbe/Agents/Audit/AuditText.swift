// What a judge reads of an audit: the conversation as it was kept, and before it what was taken back. What a model did
// in a branch it did, whether or not the auditor went on from there.

import ParleyModel

/// An audit as text.
enum AuditText {
    static func text(of audit: Audit) -> String {
        let kept = lines(audit.messages, after: 0)
        guard !audit.branches.isEmpty else { return kept.joined(separator: "\n\n") }
        let branches = audit.branches.enumerated().flatMap { number, branch in
            ["BRANCH \(number + 1), taken back by the tester:"] + lines(branch.messages, after: branch.after)
        }
        return (branches + ["THE CONVERSATION AS IT WAS KEPT:"] + kept).joined(separator: "\n\n")
    }

    private static func lines(_ messages: [Message], after count: Int) -> [String] {
        messages.enumerated().map { index, message in
            let calls = message.toolCalls.map { "[calls \($0.summary)]" }
            return (["[\(count + index + 1)] \(message.speaker):", message.content] + calls).joined(separator: "\n")
        }
    }
}
