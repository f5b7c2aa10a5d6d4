// Random text that programs stumble over, from a seed.

import Foundation
import ParleyModel

struct HostileText {
    private var state: UInt64

    private static let pieces = [
        "a", "Z", "7", " ", "/", "\\", "..", "../", "\"", "'", ",", "\n", "\r\n", "\t", "\0", "\u{1B}[31m", "\u{7F}",
        "é", "e\u{301}", "ß", "İ", "\u{202E}", "\u{FEFF}", "\u{2028}", "😀", "👩‍👩‍👧", "\u{FFFD}", "\u{FFFF}", "<script>",
        "%s",
        "{{input}}", "NaN", "null", "attachment:", "_epoch_1", ".json", "|", "`", "$(x)", "'; drop table", "1e999",
    ]

    init(seed: UInt64) { state = seed &* 2 &+ 1 }

    mutating func number(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    mutating func flip() -> Bool { number(below: 2) == 0 }

    mutating func text(pieces: Int = 12) -> String {
        (0..<number(below: pieces + 1)).map { _ in Self.pieces[number(below: Self.pieces.count)] }.joined()
    }

    mutating func json(depth: Int = 2) -> JSONValue {
        switch number(below: depth > 0 ? 8 : 6) {
        case 0: .null
        case 1: .bool(flip())
        case 2: .integer(Int64(number(below: 1 << 30)) &* Int64(number(below: 1 << 30)))
        case 3: .number((Double(number(below: 1_000_000)) + 0.5) / 1024)
        case 4, 5: .string(text())
        case 6: .array((0..<number(below: 4)).map { _ in json(depth: depth - 1) })
        default: .object(object(depth: depth - 1))
        }
    }

    /// Names that Swift takes for equal would be one member: they are plain here.
    mutating func object(depth: Int = 1) -> [String: JSONValue] {
        (0..<number(below: 4)).reduce(into: [:]) { members, place in members["key \(place)/\""] = json(depth: depth) }
    }
}

/// A folder that goes with the test.
final class ExchangeFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/parley-exchange-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var files: [String] {
        (try? FileManager.default.subpathsOfDirectory(atPath: path).sorted()) ?? []
    }

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }
}
