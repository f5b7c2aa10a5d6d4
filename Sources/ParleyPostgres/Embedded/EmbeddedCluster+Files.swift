// The cluster's folder: made by initdb beside its final place, then renamed; who may connect; where the socket lies.

import Foundation

extension EmbeddedCluster {
    /// Longest path of a Unix socket, its terminating zero not counted (sockaddr_un.sun_path).
    private static let longestSocketPath = 107

    /// The folder of the socket: in the state folder, or a short one when the path would be too long.
    public nonisolated var socketFolder: String {
        let plain = folder + "/socket"
        if (plain + "/.s.PGSQL.5432").utf8.count <= Self.longestSocketPath { return plain }
        let base = account.drops ? "/tmp" : ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] ?? "/tmp"
        return "\(base)/parley-\(String(Fingerprint.of(folder), radix: 16))"
    }

    /// The major version that made the data folder; nil when there is none.
    nonisolated func existingVersion() -> Int? {
        (try? String(contentsOfFile: dataFolder + "/PG_VERSION", encoding: .utf8)).flatMap { Int($0.trimmed) }
    }

    nonisolated func prepareFolder() throws(PostgresError) {
        guard folder.hasPrefix("/") else { throw .usage("The state folder must be an absolute path, is \(folder).") }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .usage("The state folder \(folder) cannot be made: \(error.localizedDescription)")
        }
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        if let free = attributes?[.systemFreeSize] as? NSNumber, free.int64Value < options.minimumFreeBytes {
            throw .usage(
                "The disk of \(folder) has \(free.int64Value >> 20) MiB free, the embedded PostgreSQL wants "
                    + "\(options.minimumFreeBytes >> 20) MiB. Free some, or choose another folder."
            )
        }
    }

    /// Makes the cluster: UTF-8, C locale (the same order of text on every machine), data checksums.
    nonisolated func makeCluster(_ binaries: ServerBinaries) throws(PostgresError) {
        let unfinished = dataFolder + ".new"
        if FileManager.default.fileExists(atPath: unfinished) {
            try HelperProcess.require(["/bin/rm", "-rf", "--", unfinished], "Removing an unfinished cluster")
        }
        if FileManager.default.fileExists(atPath: dataFolder) {
            throw .usage("\(dataFolder) exists and is not a PostgreSQL cluster; move it away.")
        }
        try account.makePrivateFolder(unfinished)
        try account.checkReach(unfinished)
        var arguments = [
            binaries.initdb, "-D", unfinished, "-U", "postgres", "-E", "UTF8", "--locale=C", "--data-checksums",
            "--auth=peer",
        ]
        if !options.durable { arguments.append("--no-sync") }
        try HelperProcess.require(try account.command(arguments), "Making a PostgreSQL cluster in \(folder)")
        guard unsafe rename(unfinished, dataFolder) == 0 else {
            throw .usage("\(unfinished) cannot be renamed: \(unsafe String(cString: strerror(errno))).")
        }
    }

    /// Admits this machine's root, the server's user and ours, by the kernel's word, as the named roles only.
    nonisolated func writeAccessRules() throws(PostgresError) {
        try account.checkReach(dataFolder)
        try account.makePrivateFolder(socketFolder)
        let roles = Set(["postgres"] + options.roles).sorted()
        let map = account.admitted.flatMap { user in roles.map { "parley \"\(user)\" \"\($0)\"" } }
        do {
            try "local all all peer map=parley\n"
                .write(toFile: dataFolder + "/pg_hba.conf", atomically: false, encoding: .utf8)
            try (map.joined(separator: "\n") + "\n")
                .write(toFile: dataFolder + "/pg_ident.conf", atomically: false, encoding: .utf8)
        } catch {
            throw .usage("The access rules in \(dataFolder) cannot be written: \(error.localizedDescription)")
        }
    }

    nonisolated func serverArguments() -> [String] {
        var settings: [(name: String, value: String)] = [
            ("listen_addresses", ""), ("unix_socket_directories", socketFolder), ("port", "5432"),
            ("logging_collector", "off"), ("log_destination", "stderr"), ("timezone", "UTC"),
        ]
        if !options.durable {
            settings += [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")]
        }
        settings += options.settings
        return ["-D", dataFolder] + settings.flatMap { ["-c", "\($0.name)=\($0.value)"] }
    }
}
