// Packages that were made to harm their reader: paths, links, lies about sizes, documents that explode. They are refused
// before they cost anything, and nothing is written.

import Foundation
import ParleyModel
import ParleyTestSupport
import Testing

@testable import ParleyEvidence

@Suite("Hostile packages", .serialized) struct HostilePackageTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = "/tmp/parley-hostile-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func expectUnreadable(_ path: String, _ word: String = "cannot be read") {
        do {
            _ = try PackageFiles(path: path)
            Issue.record("\(path) was read")
        } catch {
            #expect(error.category == .unreadable && error.message.contains(word), "\(error)")
        }
    }

    @Test("A package comes back from a folder and from an archive")
    func roundTrip() throws {
        let package = try MadeUpRound.package()
        try withFolder { folder in
            for name in ["package", "package.tar"] {
                try package.write(to: folder + "/" + name)
                #expect(try PackageFiles(path: folder + "/" + name) == package)
                #expect(throws: ParleyFailure.self) { try package.write(to: folder + "/" + name) }
            }
        }
    }

    @Test("The archive is what tar(1) reads, and any byte of it that is changed is found")
    func archive() throws {
        let package = try MadeUpRound.package()
        let bytes = TarArchive.bytes(of: package)
        try withFolder { folder in
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/p.tar"))
            let tar = Process()
            tar.executableURL = URL(fileURLWithPath: "/bin/tar")
            tar.arguments = ["xf", folder + "/p.tar", "-C", folder]
            try tar.run()
            tar.waitUntilExit()
            #expect(tar.terminationStatus == 0)
            for (name, content) in package.files {
                #expect(FileManager.default.contents(atPath: folder + "/" + name) == Data(content))
            }
        }
        var generator = SeededGenerator(seed: 1)
        for number in 0..<400 {
            var changed = bytes
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            changed[place] ^= UInt8.random(in: 1...255, using: &generator)
            let read = try? TarArchive.files(in: changed)
            #expect(read != package, "seed 1, change \(number) at byte \(place)")
        }
        for number in 0..<60 {
            let length = Int.random(in: 0..<bytes.count, using: &generator)
            let cut = Array(bytes.prefix(length))
            #expect(throws: ParleyFailure.self, "cut \(number)") { try TarArchive.files(in: cut) }
        }
        #expect(throws: ParleyFailure.self) { try TarArchive.files(in: bytes + [0]) }
    }

    @Test(
        "Names that lead elsewhere are refused in archives",
        arguments: ["../x", "/etc/passwd", "a/b", "a\\b", ".hidden", "a\u{1B}[2J", "..", ""]
    )
    func names(name: String) {
        var archive = TarArchive.bytes(of: PackageFiles(["README.txt": [1]]))
        for index in 0..<100 { archive[index] = 0 }
        for (index, byte) in name.utf8.enumerated() { archive[index] = byte }
        for index in 148..<156 { archive[index] = 0x20 }
        let sum = archive[..<512].reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        for (index, byte) in (String(repeating: "0", count: 6 - digits.count) + digits + "\0 ").utf8.enumerated() {
            archive[148 + index] = byte
        }
        #expect(throws: ParleyFailure.self) { try TarArchive.files(in: archive) }
    }

    @Test("Links, folders and pipes in a package are refused; nothing is followed")
    func links() throws {
        try withFolder { folder in
            let manager = FileManager.default
            let kinds: [(String, (String) throws -> Void)] = [
                ("link", { try manager.createSymbolicLink(atPath: $0, withDestinationPath: "/etc/passwd") }),
                ("folder", { try manager.createDirectory(atPath: $0, withIntermediateDirectories: false) }),
                ("pipe", { #expect(mkfifo($0, 0o600) == 0) }),
            ]
            for (kind, make) in kinds {
                let path = folder + "/" + kind
                try MadeUpRound.package().write(to: path)
                try manager.removeItem(atPath: path + "/README.txt")
                try make(path + "/README.txt")
                expectUnreadable(path, "README.txt")
            }
            try MadeUpRound.package().write(to: folder + "/hidden")
            try Data().write(to: URL(fileURLWithPath: folder + "/hidden/.profile"))
            expectUnreadable(folder + "/hidden", ".profile")
            expectUnreadable(folder + "/nothing")
            expectUnreadable("/dev/zero", "no regular file")
        }
    }

    @Test("Sizes are looked at before anything is read: sparse giants and lying headers cost nothing")
    func giants() throws {
        try withFolder { folder in
            for name in ["giant.tar", "giant/outcomes.jsonl"] {
                let path = folder + "/" + name
                let parent = (path as NSString).deletingLastPathComponent
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                #expect(FileManager.default.createFile(atPath: path, contents: nil))
                #expect(truncate(path, 1 << 40) == 0)
                expectUnreadable(name == "giant.tar" ? path : folder + "/giant", "at most")
            }
            let many = folder + "/many"
            try FileManager.default.createDirectory(atPath: many, withIntermediateDirectories: true)
            for number in 0...PackageFiles.countLimit {
                #expect(FileManager.default.createFile(atPath: many + "/f\(number)", contents: nil))
            }
            expectUnreadable(many, "at most")
        }
        // A header that promises 8 GiB.
        var archive = TarArchive.bytes(of: PackageFiles(["a": [1]]))
        for index in 124..<135 { archive[index] = UInt8(ascii: "7") }
        #expect(throws: ParleyFailure.self) { try TarArchive.files(in: archive) }
    }

    @Test(
        "Documents that explode when they are read fail their check, and do not take the reader with them",
        arguments: PackageManifest.File.allCases
    )
    func explosions(file: PackageManifest.File) throws {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 17)
        let wide = Array("[".utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 200) + Array("1e999999".utf8)
        let long = Array("\"".utf8) + [UInt8](repeating: 0x61, count: 1 << 17)
        for bytes in [deep, wide, long, [0xFF, 0xFE, 0x00], Array("{\"a\":1,\"a\":2}\n".utf8)] {
            var package = try MadeUpRound.package()
            package[file] = bytes
            do {
                let report = try MadeUpRound.report(on: package)
                #expect(report.failures.contains { ($0.subject ?? "").contains(file.rawValue) }, "\(report.failures)")
            } catch let failure as ParleyFailure {
                #expect(file == .manifest && failure.category == .unreadable)
            }
        }
    }

    @Test("A definition that the reduction could not stand is refused by name, not by a crash")
    func definitions() throws {
        let changes: [(String, (inout RoundDefinition) -> Void)] = [
            ("suite 'none'", { $0.cells.append(Cell(suite: "none", configuration: "a")) }),
            ("stands in it twice", { $0.cells.append($0.cells[0]) }), ("epochs", { $0.suites[0].epochs = 0 }),
            ("epochs", { $0.suites[0].epochs = .max }), ("samples", { $0.suites[0].dataset.count = -1 }),
            ("unknown model", { $0.configurations[0].model = "none" }),
            ("same", { $0.suites.append($0.suites[0]) }), ("form is number", { $0.format = 99 }),
            ("limit of a score", { $0.suites[0].kinds[.refused] = .scoreAs(Score(billionths: 1 << 60)) }),
            ("no name", { $0.suites[0].name = "../x" }),
            (
                "comparisons",
                { definition in
                    definition.configurations = (0..<1200).map {
                        Configuration(name: ConfigurationName("c\($0)"), model: "ma")
                    }
                    definition.cells = definition.configurations.map { Cell(suite: "sums", configuration: $0.name) }
                }
            ),
        ]
        for (word, change) in changes {
            var definition = MadeUpRound.definition()
            change(&definition)
            var package = try MadeUpRound.package()
            package[.definition] = try definition.json().canonicalBytes
            let report = try MadeUpRound.report(on: package, trusting: [])
            let reasons = report.failures.filter { $0.check == "definition" }.map(\.reason)
            #expect(reasons.count == 1 && reasons.contains { $0.contains(word) }, "\(word): \(reasons)")
        }
    }
}
