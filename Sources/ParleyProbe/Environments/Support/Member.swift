// Strict reading of what a dataset says of an environment: each value knows where it stands, so that a mistake names its
// member, and what is not known is a mistake. Nothing of a sample is guessed.

import ParleyModel

/// A value in a sample's metadata, with its place.
struct Member {
    /// `metadata.mailbox.messages[2].from`
    let place: String
    let value: JSONValue
    private let sample: String

    /// The member of the metadata that describes the environment `name`.
    init(_ name: String, of sample: Sample) throws(ParleyFailure) {
        guard let value = sample.metadata[name] else {
            throw ParleyFailure(
                .invalidInput,
                "sample \(sample.id): metadata.\(name) is missing, which describes the environment \(name)",
                remedy: "add it to the dataset, or name the environment that the samples describe"
            )
        }
        self.init(place: "metadata.\(name)", value: value, sample: sample.id)
    }

    /// The environment's state, as a checkpoint kept it.
    init(state: JSONValue, of sample: Sample) { self.init(place: "state", value: state, sample: sample.id) }

    private init(place: String, value: JSONValue, sample: String) {
        (self.place, self.value, self.sample) = (place, value, sample)
    }

    func failure(_ message: String, remedy: String = "mend the dataset") -> ParleyFailure {
        ParleyFailure(.invalidInput, "sample \(sample): \(place) \(message)", remedy: remedy)
    }

    /// The members of an object, all of which must be known.
    func object(known: [String]) throws(ParleyFailure) -> [String: JSONValue] {
        guard let members = value.object else { throw failure("must be an object, is a \(value.typeName)") }
        if let stranger = members.keys.sorted().first(where: { !known.contains($0) }) {
            let name = stranger.bounded(to: 60)
            throw failure("has an unknown member \(name)", remedy: "the members are \(known.joined(separator: ", "))")
        }
        return members
    }

    func optional(_ name: String) -> Member? {
        value[name].map { Member(place: "\(place).\(name)", value: $0, sample: sample) }
    }

    func required(_ name: String) throws(ParleyFailure) -> Member {
        guard let member = optional(name) else { throw failure("has no member \(name)") }
        return member
    }

    /// The elements of an array.
    func list(atMost most: Int = EnvironmentLimits.items) throws(ParleyFailure) -> [Member] {
        guard let elements = value.array else { throw failure("must be an array, is a \(value.typeName)") }
        if elements.count > most { throw failure("has \(elements.count) elements; at most \(most) are taken") }
        return elements.enumerated().map { Member(place: "\(place)[\($0)]", value: $1, sample: sample) }
    }

    /// The members of an object whose names are data, sorted by name.
    func entries(atMost most: Int = EnvironmentLimits.items) throws(ParleyFailure) -> [(name: String, member: Member)] {
        guard let members = value.object else { throw failure("must be an object, is a \(value.typeName)") }
        if members.count > most { throw failure("has \(members.count) members; at most \(most) are taken") }
        return members.sorted { $0.key < $1.key }
            .map { ($0.key, Member(place: "\(place).\($0.key.bounded(to: 60))", value: $0.value, sample: sample)) }
    }

    /// A text of at most `limit` bytes.
    func text(limit: Int = EnvironmentLimits.text) throws(ParleyFailure) -> String {
        guard let text = value.string else { throw failure("must be a text, is a \(value.typeName)") }
        if text.utf8.count > limit { throw failure("has \(text.utf8.count) bytes; at most \(limit) are taken") }
        if text.holdsControls { throw failure("holds control characters") }
        return text
    }

    /// A name: a text on one line that is not empty.
    func name() throws(ParleyFailure) -> String {
        let text = try text(limit: EnvironmentLimits.name)
        if text.isEmpty || text.contains(where: \.isNewline) { throw failure("must be one line of text") }
        return text
    }

    /// Texts that must not be empty.
    func texts() throws(ParleyFailure) -> [String] {
        try list().map { (member) throws(ParleyFailure) in
            let text = try member.text()
            if text.isEmpty { throw member.failure("must not be empty") }
            return text
        }
    }

    /// A whole number from 1.
    func count(upTo most: Int64) throws(ParleyFailure) -> Int {
        guard let number = value.integer, 1...most ~= number else {
            throw failure("must be a number from 1 to \(most)")
        }
        return Int(number)
    }

    func flag() throws(ParleyFailure) -> Bool {
        guard let flag = value.bool else { throw failure("must be true or false, is a \(value.typeName)") }
        return flag
    }
}
