// The environments that a round file can name. A new one is a type and its entry in `kinds`.

import ParleyModel

/// The environments by name.
enum Environments {
    static let kinds: [any Environment.Type] = [NotesEnvironment.self]

    /// The names, in alphabetical order.
    static var names: [String] { kinds.map { $0.name }.sorted() }

    /// The environment of a sample: at its start, or as `state` kept it. Throws where there is none of that name, or
    /// where it cannot be made of this sample.
    static func make(_ name: String, sample: Sample, state: JSONValue?) throws(ParleyFailure) -> any Environment {
        guard let type = kinds.first(where: { $0.name == name }) else {
            throw ParleyFailure(
                .invalidInput,
                "There is no environment '\(name)'.",
                remedy: "Use one of \(names.joined(separator: ", "))."
            )
        }
        if let state { return try type.init(sample: sample, state: state) }
        return try type.init(sample: sample)
    }
}
