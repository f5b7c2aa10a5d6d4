// The programs that the sandbox is made of. Without bubblewrap there is no sandbox, and without a sandbox no command.

import Foundation
import ParleyModel

/// Where bubblewrap and setpriv are.
struct SandboxPrograms: Hashable, Sendable {
    let bubblewrap: String
    /// Nil where this process is not root and has nobody to drop to.
    let setpriv: String?

    /// Finds them: bubblewrap as `PARLEY_BWRAP` says, or on the PATH and in /usr/bin.
    /// - Throws: what is missing and how to get it
    static func find(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        isRoot: Bool = geteuid() == 0
    ) throws(ParleyFailure) -> SandboxPrograms {
        let named = environment["PARLEY_BWRAP"].flatMap { $0.isEmpty ? nil : $0 }
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/bin", "/bin"]
        let places = named.map { [$0] } ?? folders.map { "\($0)/bwrap" }
        guard let bubblewrap = places.first(where: isProgram) else {
            throw ParleyFailure(
                .failure,
                named.map { "PARLEY_BWRAP is \($0), which is no program" } ?? "bubblewrap (bwrap) was not found",
                remedy: "commands run in a sandbox or not at all: install bubblewrap (Debian: apt-get install "
                    + "bubblewrap), or set PARLEY_BWRAP to its path"
            )
        }
        guard isRoot else { return SandboxPrograms(bubblewrap: bubblewrap, setpriv: nil) }
        let privileges = ["/usr/bin/setpriv", "/bin/setpriv"]
        guard let setpriv = privileges.first(where: isProgram) else {
            throw ParleyFailure(
                .failure,
                "setpriv was not found, which the sandbox needs to drop root's rights",
                remedy: "install util-linux, or run as another user than root"
            )
        }
        return SandboxPrograms(bubblewrap: bubblewrap, setpriv: setpriv)
    }

    /// A file that may be run. Foundation's answer is always yes for root; the kernel's is not.
    private static func isProgram(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
            && access(path, X_OK) == 0
    }
}
