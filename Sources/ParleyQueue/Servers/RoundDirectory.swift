// The rounds of the desk and of all servers that it knows. A server that does not answer is never passed over in silence:
// what needs all rounds, or one that may be there, is refused with its name and what it had when it last answered.

public import ParleyModel
import ParleyPostgres

/// The rounds of this database and of the servers that it knows.
public struct RoundDirectory: Sendable {
    /// A round, and the queue by which it is read.
    public struct Entry: Sendable {
        public let record: RoundRecord
        /// Where it is; nil for here.
        public let server: KnownServer?
        public let queue: CoordinatorQueue
    }

    /// A server that could not be read, and why.
    public struct Silence: Sendable {
        public let server: KnownServer
        public let reason: String
    }

    /// Oldest first.
    public let entries: [Entry]
    public let silent: [Silence]

    /// The round of this name.
    /// - Throws: `ParleyFailure` where there is none, where there are two, and where a server that does not answer may
    ///   have it
    public func entry(named name: RoundName) throws -> Entry {
        let found = entries.filter { $0.record.name == name }
        if found.count > 1 { throw CoordinatorQueue.twice(name, found.map(\.place)) }
        if let entry = found.first { return entry }
        if !silent.isEmpty { throw silence("Round '\(name)' is on no server that answers.") }
        let names = entries.map(\.record.name.text)
        throw ParleyFailure(
            .invalidInput,
            "There is no round named '\(name)' here.",
            remedy: names.isEmpty ? "No round was submitted yet." : "There are: \(names.joined(separator: ", "))."
        )
    }

    /// Throws unless every server answered and no name is there twice: what is said of all rounds holds for all.
    public func requireAll() throws {
        if !silent.isEmpty { throw silence("Not all rounds can be read, so that an answer would be incomplete.") }
        for (name, same) in Dictionary(grouping: entries, by: \.record.name).sorted(by: { $0.key < $1.key })
        where same.count > 1 {
            throw CoordinatorQueue.twice(name, same.map(\.place))
        }
    }

    private func silence(_ message: String) -> ParleyFailure {
        ParleyFailure(
            .database,
            ([message] + silent.map(\.description)).joined(separator: "\n  "),
            remedy: "Start it, or check its address and login (`parley servers list`)."
        )
    }
}

extension RoundDirectory.Entry {
    fileprivate var place: String { server.map { "on '\($0.name)'" } ?? "here" }
}

extension RoundDirectory.Silence: CustomStringConvertible {
    public var description: String {
        let rounds = server.rounds.isEmpty ? "none" : server.rounds.map(\.text).joined(separator: ", ")
        return "Server '\(server.name)' (\(server.place)) cannot be read: \(reason); its rounds when it last could: "
            + "\(rounds)."
    }
}

extension CoordinatorQueue {
    /// All rounds, here and on the servers that are known here.
    public func directory() async throws -> RoundDirectory {
        var entries = try await rounds().map { RoundDirectory.Entry(record: $0, server: nil, queue: self) }
        var silent: [RoundDirectory.Silence] = []
        for server in try await servers() {
            let queue = at(server)
            do {
                let records = try await queue.rounds()
                entries += records.map { RoundDirectory.Entry(record: $0, server: server, queue: queue) }
                try await remember(records.map(\.name), of: server)
            } catch let error as PostgresError {
                // Without a report it is this server that is lost.
                guard let report = error.report else { throw error }
                silent.append(RoundDirectory.Silence(server: server, reason: report.message))
            }
        }
        entries.sort { ($0.record.createdAtMicros, $0.record.name) < ($1.record.createdAtMicros, $1.record.name) }
        return RoundDirectory(entries: entries, silent: silent)
    }

    /// The round of this name, wherever it is. Other servers are asked only where it is not here alone.
    public func locate(_ name: RoundName) async throws -> RoundDirectory.Entry {
        let servers = try await servers()
        if !servers.contains(where: { $0.rounds.contains(name) }), let record = try await round(named: name) {
            return RoundDirectory.Entry(record: record, server: nil, queue: self)
        }
        let directory = try await directory()
        if directory.silent.isEmpty, !directory.entries.contains(where: { $0.record.name == name }),
            let absence = try await absence(of: name)
        {
            throw absence
        }
        return try directory.entry(named: name)
    }

    /// Throws where a round that is new here has the name of one on another server, as far as it answers or was seen.
    func requireNowhereElse(_ name: RoundName) async throws {
        guard try await !servers().isEmpty, try await round(named: name) == nil else { return }
        let directory = try await directory()
        let elsewhere =
            directory.entries.filter { $0.record.name == name }.compactMap(\.server)
            + directory.silent.map(\.server).filter { $0.rounds.contains(name) }
        guard let server = elsewhere.first else { return }
        throw ParleyFailure(
            .invalidInput,
            "There is a round named '\(name)' on server '\(server.name)'.",
            remedy: "A name means one round over all servers: give this one another."
        )
    }

    /// Keeps what a server has, for when it does not answer. A desk that is a standby keeps nothing.
    private func remember(_ rounds: [RoundName], of server: KnownServer) async throws {
        if rounds == server.rounds { return }
        do {
            _ = try await query(.sawRounds, [.text(server.name), .textArray(rounds.map(\.text))])
        } catch let error as PostgresError where error.isReadOnly {}
    }
}
