// Three rounds of a series, for tests that spread them over servers.

extension Workplace {
    static let seriesRounds = ["spring", "autumn", "winter"]

    /// Three rounds that share most samples; two suites whose epochs are put together differently.
    static func series() throws -> Workplace {
        let place = try Workplace()
        for (index, round) in seriesRounds.enumerated() {
            let rows = (10 * index..<10 * index + 60).map {
                #"{"id":"s\#($0)","input":"What is \#($0) + 7?","target":"\#($0 + 7)"}"#
            }
            try place.write("\(round).jsonl", rows.joined(separator: "\n"))
            let accuracy = [0.9, 0.5, 0.7][index]
            try place.write(
                "\(round).yaml",
                """
                round: \(round)
                tier: bilateral
                seed: 1
                parties: [{ name: a, role: lab }, { name: b, role: lab }]
                models:
                  - { name: ma, party: a, provider: openai, model: ma, simulate: { accuracy: \(accuracy), refusal_rate: 0.1 } }
                  - { name: mb, party: b, provider: anthropic, model: mb, simulate: { accuracy: 0.7 } }
                configurations:
                  - { name: ma, model: ma, temperature: 1 }
                  - { name: mb, model: mb, temperature: 1 }
                suites:
                  - { name: sums, party: a, areas: [scalable oversight], dataset: \(round).jsonl, scorer: numeric, epochs: 3 }
                  - { name: modes, party: b, areas: [AI control], dataset: \(round).jsonl, scorer: numeric, epochs: 4, epoch_reducer: mode }
                runs: all
                """
            )
        }
        return place
    }
}
