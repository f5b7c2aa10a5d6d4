// `parley reduce` as its user meets it: files in, findings out, no database.

import Foundation
import ParleyModel
import ParleyTestSupport
import Testing

@Suite("parley reduce") struct ReduceTests {
    /// Two methods on four items, three of them alike; by hand: a has 3 of 4, b 1 of 4, two items differ.
    private static let rows = [
        "a,1,1", "a,2,1", "a,3,1", "a,4,0",
        "b,1,1", "b,2,0", "b,3,0", "b,4,0",
    ]

    @Test("Findings of a CSV file are what its rows say, in any order and from any number of files")
    func anyOrder() throws {
        let first = try Self.reduce(["all.csv": "method,item,hit\n" + Self.rows.joined(separator: "\n") + "\n"])
        #expect(first.code == 0, "\(first.errors)")
        let document = try JSONValue(parsing: first.output).object ?? [:]
        let cells = document["cells"]?.array ?? []
        #expect(cells.map { $0.object?["configuration"] } == ["a", "b"])
        #expect(cells.map { $0.object?["estimate"] } == [0.75, 0.25])
        #expect(cells.allSatisfy { $0.object?["latency"] == nil }, "a file without latencies has none")
        let comparison = document["comparisons"]?.array?.first?.object ?? [:]
        #expect(comparison["difference"] == 0.5)
        // McNemar's exact test with 2 against 0 discordant items: 2 · (1/2)².
        #expect(comparison["p_value"] == 0.5)
        let seed = UInt64.random(in: 0...(.max))
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let shuffled = Self.rows.shuffled(using: &generator)
        let split = try Self.reduce([
            "1.csv": "hit,item,method\n" + shuffled[..<3].map(Self.reversed).joined(separator: "\n"),
            "2.jsonl": shuffled[3...].map(Self.asJSON).joined(separator: "\n"),
        ])
        #expect(split.code == 0, "\(split.errors)")
        let again = try JSONValue(parsing: split.output).object ?? [:]
        for part in ["cells", "comparisons"] { #expect(again[part] == document[part]) }
    }

    @Test("The bytes of a reduction are the same without AVX2 and FMA, bootstrap and epoch reducer included")
    func anyProcessor() throws {
        var generator = SeededGenerator(seed: 4)
        let rows = (0..<600).map { number in
            "\(number % 2 == 0 ? "a" : "b"),\(number / 12),\(Double.random(in: 0...1, using: &generator))"
        }
        for options in [["--bootstrap", "500"], ["--epoch-reducer", "median"]] {
            let file = ["all.csv": "method,item,hit\n" + rows.joined(separator: "\n")]
            let plain = try Self.reduce(file, options: options)
            let old = try Self.reduce(
                file,
                options: options,
                environment: ["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX512VL"]
            )
            #expect(plain.code == 0 && old.code == 0, "\(plain.errors) \(old.errors)")
            let (found, again) = (try JSONValue(parsing: plain.output), try JSONValue(parsing: old.output))
            #expect(found["cells"] == again["cells"] && found["comparisons"] == again["comparisons"])
            #expect(found["cells"]?.array?.count == 2)
        }
    }

    @Test(
        "Every bad row is named with its line, and nothing is printed",
        arguments: [
            ("method,item,hit\na,1,x\n", "all.csv:2: error: 'hit' is 'x'"),
            ("method,item,hit\na,1,1\na,,0\n", "all.csv:3: error: 'item' is empty"),
            ("method,item\na,1\na,2\n", "all.csv:1: error: no column 'hit'"),
            ("method,item,hit,kind\na,1,1,odd\n", "'odd' is no outcome kind"),
            ("method,item,hit,input_tokens\na,1,1,-3\n", "'input_tokens' is -3.0"),
            ("method,item,hit,cost\na,1,1,-3\n", "all.csv:2: error: "),
            ("method,item,hit\n", "no outcomes"),
        ]
    )
    func mistakes(text: String, problem: String) throws {
        let ended = try Self.reduce(["all.csv": text])
        #expect(ended.code == 2 && ended.output.isEmpty)
        #expect(ended.errors.contains(problem), "\(ended.errors)")
    }

    private static func reduce(
        _ files: [String: String],
        options: [String] = [],
        environment: [String: String] = [:]
    ) throws -> ParleyProcess.Ended {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var paths: [String] = []
        for (name, text) in files {
            let file = folder.appendingPathComponent(name)
            try Data(text.utf8).write(to: file)
            paths.append(file.path)
        }
        return try ParleyProcess.run(
            ["reduce"] + paths + ["--configuration", "method", "--sample", "item", "--score", "hit", "--json"]
                + options,
            environment: environment
        )
    }

    private static func reversed(_ row: String) -> String {
        row.split(separator: ",").reversed().joined(separator: ",")
    }

    private static func asJSON(_ row: String) -> String {
        let fields = row.split(separator: ",")
        return #"{"method": "\#(fields[0])", "item": \#(fields[1]), "hit": \#(fields[2] == "1")}"#
    }
}
