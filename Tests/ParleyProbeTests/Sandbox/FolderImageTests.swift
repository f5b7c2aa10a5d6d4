// The folder's two forms, archive and JSON: what is written is read, by us and by tar; what is hostile is refused.

import Foundation
import ParleyModel
import ParleyTestSupport
import Testing

@testable import ParleyProbe

@Suite("The private folder as a value")
struct FolderImageTests {
    private static func sample() throws -> FolderImage {
        var folder = try FolderImage(files: ["a.txt": "text\n", "d/e/f": "", "é/漢": "ü"])
        try folder.add("bytes", .file([0, 255, 10, 0], isExecutable: false))
        try folder.add("run.sh", .file(Array("#!/bin/sh\n".utf8), isExecutable: true))
        try folder.add("empty", .folder)
        try folder.add("up", .link("../../etc/shadow"))
        try folder.add(
            String(repeating: "x", count: 100),
            .file(Array(repeating: 7, count: 5_000), isExecutable: false)
        )
        return folder
    }

    @Test("archive and JSON come back as they went")
    func roundTrip() throws {
        let folder = try Self.sample()
        #expect(try FolderImage(archive: folder.archive) == folder)
        let text = JSONValue.object(["folder": folder.json]).canonicalBytes
        let member = Member(state: try JSONValue(parsing: text), of: Sample(id: "s", input: []))
        #expect(try FolderImage(member.required("folder")) == folder)
        #expect(try FolderImage(archive: FolderImage().archive) == FolderImage())
    }

    @Test("tar reads the archive")
    func tar() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(SandboxHere.word())
        try Data(try Self.sample().archive).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/tar")
        process.arguments = ["-tvf", file.path, "--quoting-style=literal"]
        process.environment = ["LANG": "C.UTF-8"]
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(
            text.contains("-rwxr-xr-x") && text.contains("up -> ../../etc/shadow") && text.contains("é/漢"),
            "\(text)"
        )
    }

    @Test(
        "paths that climb, hide or are too long are refused",
        arguments: [
            "", "/a", "a/", "a//b", "..", "a/../b", ".", "./a", "a\nb", "a\u{0}b", String(repeating: "x", count: 101),
        ]
    )
    func paths(_ path: String) {
        var folder = FolderImage()
        #expect(throws: FolderTrouble.self) { try folder.add(path, .folder) }
        #expect(throws: FolderTrouble.self) { try folder.add("link", .link(String(repeating: "x", count: 101))) }
    }

    @Test("an archive in which something lies in a file or in a link is refused: it could not be laid out again")
    func parents() throws {
        var link = FolderImage()
        try link.add("a", .link("/tmp"))
        let below = try FolderImage(files: ["a/b": "x"]).archive
        for above in [link, try FolderImage(files: ["a": "x"])] {
            let head = above.archive.dropLast(1024)
            #expect(throws: FolderTrouble.self) { try FolderImage(archive: head + below) }
            #expect(throws: FolderTrouble.self) { try FolderImage(archive: below.dropLast(1024) + above.archive) }
        }
        var folder = FolderImage()
        try folder.add("a", .folder)
        try folder.add("a/b", .link("c"))
        #expect(folder.entries.count == 2 && folder.links == ["a/b"])
    }

    @Test("an archive that was tampered with is read or refused, and never traps", arguments: [1, 2, 3, 4] as [UInt64])
    func hostile(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let archive = try Self.sample().archive
        var refused = 0
        for _ in 0..<1_500 {
            var bytes = archive
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            case 1:
                for _ in 0..<8 {
                    bytes[.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
                }
            default:
                // A field of the first header, with the right checksum.
                let place = [0, 100, 124, 156, 157, 345].randomElement(using: &random) ?? 0
                for offset in 0..<8 where place + offset < 512 {
                    bytes[place + offset] =
                        [0, 0x20, 0x2E, 0x2F, 0x37, 0x39, 0x80, 0xFF].randomElement(using: &random) ?? 0
                }
                bytes.replaceSubrange(148..<156, with: Array("        ".utf8))
                let sum = String(bytes[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
                let digits = String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} "
                bytes.replaceSubrange(148..<156, with: Array(digits.utf8))
            }
            do throws(FolderTrouble) {
                let folder = try FolderImage(archive: bytes)
                #expect(try FolderImage(archive: folder.archive) == folder, "seed \(seed)")
            } catch {
                refused += 1
            }
        }
        #expect(refused > 300 && refused < 1_500, "seed \(seed)")
    }
}
