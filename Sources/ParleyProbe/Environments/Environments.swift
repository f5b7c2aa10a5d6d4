// The environments that a round file may name, and the one place where they are made.

import ParleyModel

/// The environments by their names.
enum Environments {
    static let kinds: [any Environment.Type] = [
        FileStore.self, Impossible.self, Mailbox.self, Shell.self, Tickets.self,
    ]

    static var names: [String] { kinds.map { $0.name } }

    /// What is wrong with a sample for the environment of this name; nil where it describes one. Needs no sandbox, so
    /// that a round can be planned on another host than its workers'.
    static func problem(with sample: Sample, in name: String) -> ParleyFailure? {
        do throws(ParleyFailure) {
            if name == Shell.name {
                _ = try Shell(sample: sample, sandbox: nil)
            } else {
                _ = try make(name, sample: sample, state: nil)
            }
            return nil
        } catch {
            return error
        }
    }

    /// An environment at its start, or as `state` kept it.
    /// - Throws: invalid input where there is none of this name or the sample does not describe one
    static func make(_ name: String, sample: Sample, state: JSONValue?) throws(ParleyFailure) -> any Environment {
        guard let kind = kinds.first(where: { $0.name == name }) else {
            throw ParleyFailure(
                .invalidInput,
                "there is no environment \(name)",
                remedy: "write one of \(names.joined(separator: ", "))"
            )
        }
        if let state { return try kind.init(sample: sample, state: state) }
        return try kind.init(sample: sample)
    }
}
