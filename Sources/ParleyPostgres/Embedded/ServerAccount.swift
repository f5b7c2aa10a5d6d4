// As whom the server runs. `initdb` and `postgres` refuse to run as root, so root drops to the operating system's user
// `postgres`; everybody else runs the server as themselves.

import Foundation

/// The operating-system user that owns the data folder and runs the server.
struct ServerAccount: Sendable {
    /// The user's name.
    let name: String
    /// Whether this process is root and has to change users.
    let drops: Bool

    static func current() -> ServerAccount {
        geteuid() == 0 ? ServerAccount(name: "postgres", drops: true) : ServerAccount(name: NSUserName(), drops: false)
    }

    /// The command line that runs `arguments` as this user.
    func command(_ arguments: [String]) throws(PostgresError) -> [String] {
        guard drops else { return arguments }
        for program in ["/usr/bin/setpriv", "/bin/setpriv"]
        where FileManager.default.isExecutableFile(atPath: program) {
            return [program, "--reuid=\(name)", "--regid=\(name)", "--init-groups", "--"] + arguments
        }
        throw .usage("Running as root needs setpriv (package util-linux), to run PostgreSQL as user \(name).")
    }

    /// Makes a folder that only this user may enter.
    func makePrivateFolder(_ path: String) throws(PostgresError) {
        let owner = drops ? ["-o", name, "-g", name] : []
        try HelperProcess.require(["/usr/bin/install", "-d", "-m", "0700"] + owner + [path], "Making \(path)")
    }

    /// Checks that the user can reach a folder through all of its parents.
    func checkReach(_ path: String) throws(PostgresError) {
        guard drops else { return }
        if try HelperProcess.run(try command(["/usr/bin/test", "-w", path])).status == 0 { return }
        throw .usage(
            "PostgreSQL runs as user \(name), who cannot enter \(path): let others pass through its parent folders "
                + "(chmod o+x), or choose a state folder elsewhere."
        )
    }

    /// The users who may connect through the private socket.
    var admitted: [String] { Array(Set(["root", "postgres", name, NSUserName()])).sorted() }
}
