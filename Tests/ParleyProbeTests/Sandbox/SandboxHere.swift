// Whether the tests of the sandbox can run here. scripts/test installs bubblewrap and says that they must
// (PARLEY_TEST_SANDBOX=required); else they are skipped where the host gives no sandbox, and say why.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

enum SandboxHere {
    static let isRequired = ProcessInfo.processInfo.environment["PARLEY_TEST_SANDBOX"] == "required"

    /// True where there is a sandbox, and where there must be one.
    static func isUsable() async -> Bool {
        if isRequired { return true }
        return (try? await SandboxHost.shared.sandbox()) != nil
    }

    static func run(
        _ command: String,
        in folder: FolderImage = FolderImage(),
        change: (inout SandboxLimits) -> Void = { _ in }
    ) async throws -> SandboxResult {
        var limits = SandboxLimits()
        change(&limits)
        return try await SandboxHost.shared.sandbox().run(command, in: folder, limits: limits)
    }

    /// Processes of this machine in whose command line the text stands.
    static func processes(holding text: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { id in
            guard Int(id) != nil, let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else {
                return false
            }
            return String(decoding: line, as: UTF8.self).contains(text)
        }
    }

    /// A word that stands nowhere else.
    static func word() -> String { "parley-test-\(UInt64.random(in: 0...UInt64.max))" }
}

extension SandboxResult {
    var text: String { String(decoding: output, as: UTF8.self) }
    var kept: FolderImage? { try? folder.get() }
    var trouble: String? { if case .failure(let trouble) = folder { trouble.text } else { nil } }
}
