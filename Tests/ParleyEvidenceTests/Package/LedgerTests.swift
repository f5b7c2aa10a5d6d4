// The ledger: a chain that names the first line that does not belong.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("The ledger") struct LedgerTests {
    private func lines() throws -> [[UInt8]] {
        try JSONLines.split(MadeUpRound.ledger().bytes, limit: Ledger.lineLimit).map { Array($0) }
    }

    private func fault(_ lines: [[UInt8]]) -> Ledger.Fault? {
        do {
            _ = try Ledger(parsing: lines.flatMap { $0 + [0x0A] }, round: "spring")
            return nil
        } catch { return error }
    }

    @Test("A chain comes back, and its head is the hash of its last line")
    func roundTrip() throws {
        let ledger = try MadeUpRound.ledger()
        let read = try Ledger(parsing: ledger.bytes, round: "spring")
        #expect(read == ledger && ledger.entries.count == 6)
        #expect(ledger.head == ContentHash(of: try #require(lines().last)))
        #expect(ledger.entries[0].previous == Ledger.genesis("spring"))
        #expect(ledger.head(at: 0) == Ledger.genesis("spring") && ledger.head(at: 7) == nil)
        #expect(try Ledger(parsing: [], round: "spring").head == Ledger.genesis("spring"))
    }

    @Test("What is added later changes no line before it")
    func appending() throws {
        var ledger = try MadeUpRound.ledger()
        let before = ledger
        ledger.append(atMicros: 0, who: "x", what: "y")
        #expect(Array(ledger.entries.prefix(6)) == before.entries && ledger.head(at: 6) == before.head)
    }

    @Test("A changed line is found at the line after it, one removed, added or moved where it stands", arguments: 0..<5)
    func broken(line: Int) throws {
        var lines = try lines()
        let text = String(decoding: lines[line], as: UTF8.self)
        var changed = lines
        changed[line] = Array(text.replacing("\"who\":\"", with: "\"who\":\"e").utf8)
        #expect(fault(changed)?.line == line + 2)
        var removed = lines
        removed.remove(at: line)
        #expect(fault(removed)?.line == line + 1)
        var doubled = lines
        doubled.insert(lines[line], at: line)
        #expect(fault(doubled)?.line == line + 2)
        lines.swapAt(line, line + 1)
        #expect(fault(lines)?.line == line + 1)
    }

    @Test("Another round's chain, other forms and cut lines are refused")
    func forms() throws {
        #expect(throws: Ledger.Fault.self) { try Ledger(parsing: MadeUpRound.ledger().bytes, round: "autumn") }
        let first = try #require(lines().first)
        #expect(throws: Ledger.Fault.self) { try Ledger(parsing: first, round: "spring") }
        let spaced = Array(String(decoding: first, as: UTF8.self).replacing("{", with: "{ ").utf8)
        #expect(fault([spaced])?.reason == "it is not in canonical form")
        let more = Array(String(decoding: first, as: UTF8.self).replacing("{", with: "{\"a\":1,").utf8)
        #expect(fault([more])?.line == 1)
        #expect(fault([first, []])?.line == 2)
        let long = [UInt8](repeating: 0x20, count: Ledger.lineLimit + 1)
        #expect(fault([long])?.reason.contains("longer than") == true)
    }

    @Test(
        "Times are UTC with microseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (1_764_000_000_123_456, "2025-11-24T16:00:00.123456Z"),
            (-1, "1969-12-31T23:59:59.999999Z"), (-1_000_000, "1969-12-31T23:59:59.000000Z"),
        ] as [(Int64, String)]
    )
    func times(micros: Int64, text: String) {
        #expect(LedgerEntry.time(micros: micros) == text)
    }
}
