// What the private PostgreSQL needs of this machine: the server's programs, a folder to write to, room on the disk.

import Foundation

enum MachineChecks {
    /// Free bytes below which a round is at risk, and below which it is hopeless.
    static let comfortableBytes: Int64 = 1 << 30
    static let leastBytes: Int64 = 512 << 20

    static func all(folder: String) -> [HealthCheck] {
        let parent = nearestFolder(to: folder)
        return [programs, writable(folder, parent), freeDisk(parent)]
    }

    private static var programs: HealthCheck {
        let name = "postgres programs"
        let environment = ProcessInfo.processInfo.environment
        let named = environment["PARLEY_POSTGRES_BIN"]
        let files = FileManager.default
        let versions = (try? files.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let folders =
            named.map { [$0] }
            ?? versions.sorted { $0.compare($1, options: .numeric) == .orderedDescending }
            .map { "/usr/lib/postgresql/\($0)/bin" }
            + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let found = folders.first { folder in
            ["initdb", "postgres"].allSatisfy { files.isExecutableFile(atPath: "\(folder)/\($0)") }
        }
        if let found { return .ok(name, found) }
        return .failed(
            name,
            named.map { "PARLEY_POSTGRES_BIN is \($0), where initdb and postgres are not" }
                ?? "no PostgreSQL server was found",
            remedy: "install PostgreSQL 15 or later (Debian: apt-get install postgresql), set PARLEY_POSTGRES_BIN to "
                + "the folder of initdb, or use --database"
        )
    }

    private static func writable(_ folder: String, _ parent: String) -> HealthCheck {
        let name = "state folder"
        guard FileManager.default.isWritableFile(atPath: parent) else {
            return .failed(
                name,
                "\(parent) cannot be written to",
                remedy: "mend its rights, or name another by --state"
            )
        }
        return .ok(name, folder == parent ? folder : "\(folder) (will be made)")
    }

    private static func freeDisk(_ parent: String) -> HealthCheck {
        let name = "free disk"
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: parent)
        guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value else {
            return .warning(name, "the room on the disk of \(parent) is not known", remedy: "look with df")
        }
        let message = "\(free >> 20) MiB at \(parent)"
        let remedy = "make room, or name a folder on another disk by --state"
        if free < leastBytes { return .failed(name, message, remedy: remedy) }
        if free < comfortableBytes { return .warning(name, message, remedy: remedy) }
        return .ok(name, message)
    }

    /// The path itself where it exists, else the nearest folder above that does.
    private static func nearestFolder(to path: String) -> String {
        var url = URL(fileURLWithPath: path).standardizedFileURL
        while !FileManager.default.fileExists(atPath: url.path), url.path != "/" { url.deleteLastPathComponent() }
        return url.path
    }
}
