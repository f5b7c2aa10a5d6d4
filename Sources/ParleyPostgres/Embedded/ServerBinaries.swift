// Where the server's programs are. A data folder can only be served by the major version that made it, so that version
// is asked for when there is a folder; otherwise the highest is taken.

import Foundation

/// The folder that holds `initdb` and `postgres` of one major version.
struct ServerBinaries: Sendable, Hashable {
    let folder: String
    let majorVersion: Int

    var initdb: String { folder + "/initdb" }
    var postgres: String { folder + "/postgres" }

    /// Environment variable that names the folder of the server's programs.
    static let variable = "PARLEY_POSTGRES_BIN"
    /// The oldest server that Parley's SQL runs on.
    static let oldestVersion = 15

    /// Finds the programs.
    /// - Parameter majorVersion: the version that made the data folder; nil for the highest
    /// - Throws: a usage error that says what was looked for and what to install
    static func find(majorVersion wanted: Int?) throws(PostgresError) -> ServerBinaries {
        let all = candidates().filter { $0.majorVersion >= oldestVersion }
        if let wanted {
            if let match = all.first(where: { $0.majorVersion == wanted }) { return match }
            throw .usage(
                "The data folder was made by PostgreSQL \(wanted), whose server was not found (found: "
                    + "\(all.map { String($0.majorVersion) }.joined(separator: ", "))). Install it, or set \(variable)."
            )
        }
        if let best = all.max(by: { $0.majorVersion < $1.majorVersion }) { return best }
        throw .usage(
            "No PostgreSQL server, version \(oldestVersion) or later, was found. Install one (Debian: apt-get install "
                + "postgresql), set \(variable) to the folder of initdb, or give a database URL."
        )
    }

    private static func candidates() -> [ServerBinaries] {
        if let named = ProcessInfo.processInfo.environment[variable] {
            return [version(ofFolder: named).map { ServerBinaries(folder: named, majorVersion: $0) }].compactMap(\.self)
        }
        var folders: [String] = []
        for (base, suffix) in [("/usr/lib/postgresql", "/bin"), ("/opt/homebrew/opt", "/bin"), ("/usr", "/bin")] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
            let matching = base == "/usr/lib/postgresql" ? names : names.filter { $0.hasPrefix("pgsql-") }
            folders += matching.map { "\(base)/\($0)\(suffix)" }
        }
        folders += (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return folders.compactMap { folder in
            guard FileManager.default.isExecutableFile(atPath: folder + "/initdb") else { return nil }
            return version(ofFolder: folder).map { ServerBinaries(folder: folder, majorVersion: $0) }
        }
    }

    /// Asks `postgres --version`, which prints `postgres (PostgreSQL) 15.10 …`.
    private static func version(ofFolder folder: String) -> Int? {
        guard let output = try? HelperProcess.run([folder + "/postgres", "--version"]).output else { return nil }
        let words = output.split(whereSeparator: \.isWhitespace)
        guard words.count >= 3 else { return nil }
        return Int(words[2].prefix { $0.isNumber })
    }
}
