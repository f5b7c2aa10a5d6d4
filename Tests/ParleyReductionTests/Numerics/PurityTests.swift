// PurityTests.swift: nothing that reaches a published figure may call libm, whose last bits differ between machines.
// The check reads the sources: a target without imports can reach neither Glibc nor Foundation.
import Foundation
import Testing

@Suite("The reduction is pure")
struct PurityTests {
    @Test("no source file imports Foundation, Glibc or any other module that holds libm")
    func imports() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let sources = root.appendingPathComponent("Sources/ParleyReduction")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
        #expect(paths.count > 30, "the sources are where this test looks for them")
        for path in paths {
            let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
            let code = text.split(separator: "\n").filter { line in
                !line.drop { $0 == " " }.hasPrefix("//")
            }
            let imports = code.filter { $0.split(separator: " ").prefix(3).contains("import") }
            let foreign = imports.filter {
                !$0.hasSuffix("import ParleyDispatch") && !$0.hasSuffix("import Synchronization")
            }
            #expect(foreign.isEmpty, "\(path) has \(foreign)")
            #expect(!code.contains { $0.contains(".rounded(") }, "\(path) rounds by a function that may be libm's")
        }
    }
}
