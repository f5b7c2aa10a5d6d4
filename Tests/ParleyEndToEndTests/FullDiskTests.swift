// The disk under the private PostgreSQL fills up while a round runs: results wait, the cause is named, and the round
// goes on by itself once there is room. Needs to mount a small file system, so it runs as root with that right only.

import Foundation
import ParleyModel
import Testing

@Suite("A full disk") struct FullDiskTests {
    @Test("makes results wait and loses none", .enabled(if: SmallDisk.canMount, "needs the right to mount a tmpfs"))
    func fills() async throws {
        let place = try Workplace(samples: 200, latency: "20ms")
        let disk = try SmallDisk(at: place.folder + "/disk", mebibytes: 640)
        defer { disk.unmount() }
        let state = disk.path + "/state"
        let arguments = ["run", place.round, "--simulated", "--state", state]
        let run = try ParleyProcess(arguments + ["--json"])
        let before = try #require(await place.outcomes(atLeast: 20, of: run, state: state))
        disk.fill()
        while run.isRunning, !run.errorsSoFar.contains("No space left on device") { await Task.yield() }
        #expect(run.errorsSoFar.contains("Free disk"), "\(run.errorsSoFar)")
        disk.free()
        let ended = run.end()
        #expect(ended.code == 0, "\(ended.errors)")
        let findings = try JSONValue(parsing: ended.output).decode(FindingsDocument.self)
        #expect(findings.complete)
        #expect(findings.cells.allSatisfy { $0.kinds.values.reduce(0, +) == 400 && $0.neverRun == 0 })
        #expect(before.count >= 20)
    }

    @Test("is refused before anything begins", .enabled(if: SmallDisk.canMount, "needs the right to mount a tmpfs"))
    func tooSmall() throws {
        let place = try Workplace(samples: 4)
        let disk = try SmallDisk(at: place.folder + "/disk", mebibytes: 64)
        defer { disk.unmount() }
        let ended = try ParleyProcess.run(["run", place.round, "--simulated", "--state", disk.path + "/state"])
        #expect(ended.code == 1)
        #expect(ended.errors.contains("64 MiB free") && ended.errors.contains("choose another folder"))
    }
}

/// A file system of its own, in memory.
private struct SmallDisk {
    static let canMount: Bool = {
        let folder = "/tmp/parley-mount-\(ProcessInfo.processInfo.processIdentifier)"
        guard let disk = try? SmallDisk(at: folder, mebibytes: 1) else { return false }
        disk.unmount()
        try? FileManager.default.removeItem(atPath: folder)
        return true
    }()

    let path: String
    private var filler: String { path + "/filler" }

    init(at path: String, mebibytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else {
            throw CocoaError(.fileWriteNoPermission)
        }
    }

    /// Writes until nothing more fits.
    func fill() {
        let file = open(filler, O_WRONLY | O_CREAT, 0o600)
        for size in [1 << 20, 1 << 12] {
            let zeros = [UInt8](repeating: 0, count: size)
            while write(file, zeros, size) == size {}
        }
        close(file)
    }

    func free() { unlink(filler) }

    func unmount() { umount2(path, Int32(MNT_DETACH)) }
}
