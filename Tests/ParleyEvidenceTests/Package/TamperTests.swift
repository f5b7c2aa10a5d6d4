// Seeded changes to packages, one at a time: a byte, a line, a file. Each is found, and what is said of it names the
// file that was changed.

import ParleyModel
import ParleyTestSupport
import Testing

@testable import ParleyEvidence

@Suite("Tampering with a package") struct TamperTests {
    private enum Change: CaseIterable {
        case flipByte, insertByte, removeByte, truncate, extend, empty, removeFile, swapFiles, addFile
        case removeLine, doubleLine, swapLines
    }

    static let changes = 120

    /// What is tampered with.
    enum Kind: CaseIterable {
        case whole, buyer

        var package: PackageFiles {
            get throws { try self == .whole ? MadeUpRound.package() : MadeUpRound.buyerPackage() }
        }
    }

    @Test(
        "Each of 720 single changes to each package is found, and the file that was changed is named",
        arguments: 1...6 as ClosedRange<UInt64>,
        Kind.allCases
    )
    func property(seed: UInt64, kind: Kind) throws {
        var generator = SeededGenerator(seed: seed)
        let package = try kind.package
        let names = package.files.keys.sorted()
        var done: [String: Int] = [:]
        for number in 0..<Self.changes {
            let change = try #require(Change.allCases.randomElement(using: &generator))
            let name = names[number % names.count]
            guard let changed = Self.apply(change, to: name, of: package, &generator), changed != package else {
                continue
            }
            done["\(change)", default: 0] += 1
            let place = "seed \(seed), change \(number): \(change) of \(name)"
            do {
                let report = try MadeUpRound.report(on: changed)
                let said = report.failures.map { "\($0.subject ?? "") \($0.reason)" }.joined(separator: "\n")
                #expect(!report.passed && said.contains(name), "\(place)\n\(said)")
            } catch let failure as ParleyFailure {
                // What stands in the manifest's place is named as the manifest.
                let isManifest = name == PackageManifest.File.manifest.rawValue || change == .swapFiles
                #expect(isManifest && failure.category == .unreadable, "\(place): \(failure)")
                #expect(failure.message.contains(PackageManifest.File.manifest.rawValue), "\(place): \(failure)")
            }
        }
        #expect(done.count == Change.allCases.count, "\(done)")
        #expect(done.values.reduce(0, +) >= 100, "\(done)")
    }

    private static func apply(
        _ change: Change,
        to name: String,
        of package: PackageFiles,
        _ generator: inout SeededGenerator
    ) -> PackageFiles? {
        var package = package
        guard var bytes = package.files[name], !bytes.isEmpty else { return nil }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let line = Int.random(in: 0..<lines.count, using: &generator)
        switch change {
        case .flipByte: bytes[place] ^= UInt8.random(in: 1...255, using: &generator)
        case .insertByte: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        case .removeByte: bytes.remove(at: place)
        case .truncate: bytes.removeLast(bytes.count - place)
        case .extend: bytes += [0x20]
        case .empty: bytes = []
        case .removeFile:
            package.files[name] = nil
            return package
        case .swapFiles:
            guard let other = package.files.keys.sorted().filter({ $0 != name }).randomElement(using: &generator)
            else { return nil }
            (package.files[name], package.files[other]) = (package.files[other], package.files[name])
            return package
        case .addFile:
            package.files["more-\(name)"] = bytes
            return package
        case .removeLine:
            lines.remove(at: line)
            bytes = Array(lines.joined(separator: [0x0A]))
        case .doubleLine:
            lines.insert(lines[line], at: line)
            bytes = Array(lines.joined(separator: [0x0A]))
        case .swapLines:
            lines.swapAt(line, Int.random(in: 0..<lines.count, using: &generator))
            bytes = Array(lines.joined(separator: [0x0A]))
        }
        package.files[name] = bytes
        return package
    }

    @Test(
        "Each of 180 single changes to each package is found though the manifest was made to fit",
        arguments: 1...3 as ClosedRange<UInt64>,
        Kind.allCases
    )
    func refitted(seed: UInt64, kind: Kind) throws {
        var generator = SeededGenerator(seed: seed)
        let package = try kind.package
        let files: [PackageManifest.File] =
            kind == .whole
            ? [.outcomes, .samples, .order, .ledger, .findings, .crosswalk, .readme]
            : [.page, .claims, .order, .examples, .response, .attachments, .findings]
        for number in 0..<60 {
            let name = files[number % files.count].rawValue
            let change = try #require(Change.allCases.prefix(5).randomElement(using: &generator))
            guard var changed = Self.apply(change, to: name, of: package, &generator), changed != package else {
                continue
            }
            var manifest = try PackageManifest(in: package)
            let entry = try #require(manifest.files.firstIndex { $0.path == name })
            let bytes = try #require(changed.files[name])
            manifest.files[entry].size = bytes.count
            manifest.files[entry].sha256 = ContentHash(of: bytes).hex
            changed[.manifest] = try manifest.bytes()
            // Nobody's signature is asked for: only what the content itself shows.
            changed[.signatures] = nil
            let report = try MadeUpRound.report(on: changed, trusting: [])
            let found = report.failures.filter { $0.check != "package signatures" }
            let said = found.map { "\($0.check) \($0.subject ?? "")" }.joined(separator: "\n")
            let area = String(name.prefix { $0 != "." }).lowercased()
            #expect(said.contains(area), "seed \(seed), change \(number): \(change) of \(name)\n\(said)")
        }
    }
}
