// A throw-away folder with the files of one test, and the small round that most tests vary.

import Foundation
import ParleyModel
import ParleyRounds

/// A temporary folder, gone with the last reference.
final class Folder {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = NSTemporaryDirectory() + "parley-rounds-" + UUID().uuidString
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

    func write(_ name: String, _ data: Data) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    func plan(_ options: PlanOptions = PlanOptions()) throws -> Plan {
        try Plan.make(file: path + "/round.yaml", options: options)
    }

    /// What planning reports, errors and warnings.
    func diagnostics() -> [Diagnostic] {
        do {
            return try Plan.make(file: path + "/round.yaml").warnings
        } catch {
            return error.diagnostics
        }
    }

    /// All samples of a dataset file.
    func samples(
        _ file: String,
        _ format: DatasetFormat,
        change: (inout DatasetSpecification) -> Void = { _ in }
    ) throws -> [Sample] {
        try Folder.samples(of: DatasetSource.open(specification(file, format, change: change)))
    }

    func specification(
        _ file: String,
        _ format: DatasetFormat,
        change: (inout DatasetSpecification) -> Void = { _ in }
    ) -> DatasetSpecification {
        var specification = DatasetSpecification(file: file, path: path + "/" + file, format: format)
        change(&specification)
        return specification
    }

    static func samples(of source: DatasetSource) throws -> [Sample] {
        var reader = try source.makeReader()
        var samples: [Sample] = []
        while let sample = try reader.next() { samples.append(sample) }
        return samples
    }
}

/// A small bilateral round that is right. Tests replace parts of it.
enum SmallRound {
    static let yaml = """
        round: small
        tier: bilateral
        parties:
          - { name: lab-a, role: lab }
          - { name: lab-b, role: lab }
        models:
          - name: model-a
            party: lab-a
            provider: openai
            model: A-1
            price: { input: 3, output: 15 }
          - name: model-b
            party: lab-b
            provider: anthropic
            model: B-1
        suites:
          - name: suite-a
            party: lab-a
            areas: [AI control]
            dataset: { file: items.jsonl }
            scorer: exact
        """

    static let items = """
        {"id": "one", "input": "1 + 1 = ?", "target": "2"}
        {"id": "two", "input": "2 + 2 = ?", "target": "4"}

        """

    /// The folder of the round with each first occurrence of a text replaced by another.
    static func folder(_ changes: [(String, String)] = [], items: String = items) throws -> Folder {
        var yaml = Self.yaml
        for (old, new) in changes {
            guard let range = yaml.range(of: old) else { throw Missing(text: old) }
            yaml.replaceSubrange(range, with: new)
        }
        return try Folder(["round.yaml": yaml, "items.jsonl": items])
    }

    struct Missing: Error { let text: String }
}
