// Where a command finds its database: a shared one by URL, or the private one of a state folder.

import ArgumentParser
import Foundation
import Logging
import ParleyEvidence
import ParleyModel
import ParleyPostgres
import ParleyQueue

struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "URL of a shared PostgreSQL, postgresql://user@host/db. Default: PARLEY_DATABASE_URL, else the private "
                + "PostgreSQL of the state folder.",
            valueName: "url"
        )
    )
    var database: String?

    @Option(help: ArgumentHelp("Folder of the private PostgreSQL.", valueName: "folder"))
    var state: String = ".parley/state"

    @Option(
        help: ArgumentHelp(
            "A lab's secret, of `parley key secret`: keys of its transcripts are bound to it, or its names in a round that "
                + "it may leave. May be repeated. Default: the files *.secret of the folder PARLEY_PARTY_SECRETS.",
            valueName: "file"
        )
    )
    var partySecret: [String] = []

    /// The secrets that are at hand.
    var secrets: [PartySecret] { get throws { try secretFiles.map { try PartySecret(file: $0) } } }

    /// Their files.
    var secretFiles: [String] {
        get throws {
            var files = partySecret
            let folder = ProcessInfo.processInfo.environment["PARLEY_PARTY_SECRETS"] ?? ""
            if files.isEmpty, !folder.isEmpty {
                let names = try FileManager.default.contentsOfDirectory(atPath: folder)
                files = names.filter { $0.hasSuffix(".secret") }.sorted().map { "\(folder)/\($0)" }
            }
            return files
        }
    }

    /// The shared database, nil where the private one is meant.
    func shared() throws -> PostgresConfiguration? {
        let environment = ProcessInfo.processInfo.environment["PARLEY_DATABASE_URL"]
        guard let url = database ?? environment, !url.isEmpty else { return nil }
        var configuration = try PostgresConfiguration(url)
        configuration.applicationName = "parley"
        return configuration
    }

    /// The state folder as an absolute path.
    var folder: String { URL(fileURLWithPath: state).standardizedFileURL.path }

    /// Opens the database for a command that reads or submits: the shared one, the private one of a running
    /// `parley run`, or the private one started for this command.
    /// - Parameter secrets: nil for those that are at hand
    func open(logger: Logger, secrets: [PartySecret]? = nil) async throws -> Session {
        let secrets = try secrets ?? self.secrets
        return try await found(logger: logger).with(secrets)
    }

    private func found(logger: Logger) async throws -> Session {
        if let shared = try shared() { return try await Session.shared(shared, logger: logger) }
        guard FileManager.default.fileExists(atPath: folder + "/data/PG_VERSION") else {
            throw ParleyFailure(
                .invalidInput,
                "There is no round in the state folder \(folder).",
                remedy: "Run one with `parley run FILE --state \(state)`, or name a database with --database."
            )
        }
        return try await Session.attached(folder: folder, logger: logger)
    }

    /// The same for a command that needs no round: a private database that is not there yet is made.
    func openOrMake(logger: Logger) async throws -> Session {
        let secrets = try secrets
        if let shared = try shared() { return try await Session.shared(shared, logger: logger).with(secrets) }
        return try await Session.attached(folder: folder, logger: logger).with(secrets)
    }

    /// Opens the database for a command that owns it: the private one is started, and a second owner is refused.
    func own(logger: Logger) async throws -> Session {
        let secrets = try secrets
        if let shared = try shared() { return try await Session.shared(shared, logger: logger).with(secrets) }
        return try await Session.embedded(folder: folder, logger: logger).with(secrets)
    }
}
