// Archives: what is written comes back, with and without ZIP64, and hostile ones are refused.

import Foundation
import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("ZIP archives")
struct ZipTests {
    private func archive(
        _ members: [(String, [UInt8])],
        limits: ZipWriter.Limits = ZipWriter.Limits(),
        in folder: ExchangeFolder
    ) throws -> String {
        let path = folder.path + "/a.zip"
        let writer = try ZipWriter(path: path, limits: limits)
        for (index, member) in members.enumerated() {
            switch index % 3 {
            case 0: try writer.add(member.0, member.1)
            case 1: try writer.add(member.0, member.1, method: .stored)
            default:
                try writer.add(member.0) { give throws(ParleyFailure) in
                    for start in stride(from: 0, to: member.1.count, by: 1000) {
                        try give(Array(member.1[start..<min(start + 1000, member.1.count)]))
                    }
                }
            }
        }
        try writer.finish()
        return path
    }

    @Test("Members come back, and nothing else lies in the folder", arguments: [false, true])
    func roundTrip(isWide: Bool) throws {
        let folder = try ExchangeFolder()
        var text = HostileText(seed: 11)
        let members = (0..<60).map { number in
            ("\(number) " + text.text(), [UInt8](String(repeating: text.text(pieces: 40), count: number * 7).utf8))
        }
        let limits = isWide ? ZipWriter.Limits(size: 64, count: 3) : ZipWriter.Limits()
        let path = try archive(members, limits: limits, in: folder)
        #expect(folder.files == ["a.zip"])
        let reader = try ZipReader(path: path)
        #expect(reader.directory.entries.count == members.count)
        for (name, content) in members { #expect(try reader.read(name) == content, "\(name.debugDescription)") }
        #expect(try reader.read("missing") == nil)
        let bytes = try folder.bytes("a.zip")
        _ = try archive(members, limits: limits, in: folder)
        #expect(try folder.bytes("a.zip") == bytes, "the same members give the same bytes")
    }

    @Test("More than 65,535 members need ZIP64 and come back")
    func manyMembers() throws {
        let folder = try ExchangeFolder()
        let path = folder.path + "/many.zip"
        let writer = try ZipWriter(path: path)
        for number in 0..<70_000 { try writer.add("m\(number)", Array("\(number)".utf8), method: .stored) }
        try writer.finish()
        let reader = try ZipReader(path: path)
        #expect(reader.directory.entries.count == 70_000)
        for number in [0, 65_534, 65_535, 69_999] { #expect(try reader.read("m\(number)") == Array("\(number)".utf8)) }
    }

    @Test("Of several members with one name the last counts")
    func duplicates() throws {
        let folder = try ExchangeFolder()
        let path = try archive([("x", [1]), ("y", [2]), ("x", [3]), ("z", [4])], in: folder)
        let reader = try ZipReader(path: path)
        #expect(try reader.read("x") == [3])
        #expect(reader.directory.entries.map { String(decoding: $0.name, as: UTF8.self) } == ["y", "x", "z"])
    }

    @Test("An archive that is cut anywhere, or has a byte changed, never gives other content")
    func damage() throws {
        let folder = try ExchangeFolder()
        let content = Array(String(repeating: "some content, ", count: 30).utf8)
        let path = try archive([("a", content), ("b", content), ("c", content)], in: folder)
        let whole = try folder.bytes("a.zip")
        for length in 0..<whole.count {
            try folder.write("cut.zip", Array(whole.prefix(length)))
            #expect(throws: ParleyFailure.self, "cut at \(length)") { try ZipReader(path: folder.path + "/cut.zip") }
        }
        for place in whole.indices {
            var changed = whole
            changed[place] ^= 0x55
            try folder.write("changed.zip", changed)
            guard let reader = try? ZipReader(path: folder.path + "/changed.zip") else { continue }
            for name in ["a", "b", "c"] {
                guard let read = try? reader.read(name) else { continue }
                #expect(read == content, "byte \(place)")
            }
        }
        #expect(try ZipReader(path: path).read("a") == content)
    }

    @Test("Members that lie over one another, lie about their size or are of unknown packing are refused")
    func hostile() throws {
        let folder = try ExchangeFolder()
        let content = [UInt8](repeating: 0, count: 100_000)
        _ = try archive([("a", content), ("b", [1, 2, 3])], in: folder)
        let whole = try folder.bytes("a.zip")
        let directory = try #require(whole.indices.first { whole.number(UInt32.self, at: $0) == ZipSignature.entry })
        func changed(at offset: Int, _ bytes: [UInt8]) throws -> ZipReader {
            var copy = whole
            copy.replaceSubrange((directory + offset)..<(directory + offset + bytes.count), with: bytes)
            try folder.write("h.zip", copy)
            return try ZipReader(path: folder.path + "/h.zip")
        }
        // The stated size: smaller, larger, and far beyond what so few bytes can hold.
        for size: UInt32 in [99_999, 100_001, 400_000_000, 0xFFFF_FFFE] {
            var bytes: [UInt8] = []
            bytes.put(size)
            #expect(throws: ParleyFailure.self, "\(size)") { try changed(at: 24, bytes).read("a") }
        }
        #expect(throws: ParleyFailure.self) { try changed(at: 10, [12, 0]).read("a") }
        #expect(throws: ParleyFailure.self) { try changed(at: 8, [1, 8]).read("a") }
        // The first member's packed bytes reach into the second.
        #expect(throws: ParleyFailure.self) { try changed(at: 20, [200, 0, 0, 0]) }
        #expect(throws: ParleyFailure.self) { try ZipReader(path: folder.path) }
        #expect(throws: ParleyFailure.self) { try ZipReader(path: folder.path + "/none") }
    }
}
