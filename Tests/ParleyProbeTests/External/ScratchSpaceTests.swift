// What attempts of programs leave on the disk of a worker that dies.

import Foundation
import Testing

@testable import ParleyProbe

@Suite("Folders of attempts") struct ScratchSpaceTests {
    @Test("go with their process, and what a dead one left goes when the next begins")
    func sweeping() throws {
        let base = NSTemporaryDirectory() + "/parley-scratch-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: base) }
        var living: ScratchSpace? = try ScratchSpace(in: base)
        let attempt = try #require(try living?.folder())
        try Data("a prompt".utf8).write(to: URL(fileURLWithPath: attempt + "/input"))
        // As a process that was killed leaves it: a lock file that nobody holds.
        let dead = base + "/parley-programs-dead"
        try FileManager.default.createDirectory(atPath: dead + "/attempt-1", withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: dead + "/lock"))
        // One that is being made has none yet.
        let young = base + "/parley-programs-young"
        try FileManager.default.createDirectory(atPath: young, withIntermediateDirectories: true)
        let next = try ScratchSpace(in: base)
        let exists = { FileManager.default.fileExists(atPath: $0) }
        #expect(!exists(dead) && exists(young) && exists(attempt + "/input") && exists(next.path))
        living = nil
        #expect(!exists(attempt))
    }
}
