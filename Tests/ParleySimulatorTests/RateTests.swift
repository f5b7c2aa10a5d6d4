// Rates: what a model is set to is what comes out, within the bounds of chance; and everything is the same again.

import Foundation
import ParleyModel
import Testing

@testable import ParleySimulator

@Suite("Rates")
struct RateTests {
    /// Whether `count` of `trials` lies within 4 standard errors of a rate.
    private func fits(_ count: Int, of trials: Int, rate: Double) -> Bool {
        let expected = Double(trials) * rate
        return abs(Double(count) - expected) <= 4 * (expected * (1 - rate)).squareRoot()
    }

    private func request(_ prompt: String, seed: Int64? = nil) -> ChatRequest {
        let turns = [ChatRequest.Turn(role: "user", text: prompt)]
        return ChatRequest(format: .openai, model: "m", turns: turns, maxTokens: nil, seed: seed)
    }

    private func decide(_ request: ChatRequest, _ behaviour: ModelBehaviour, seed: UInt64, attempt: UInt32 = 0)
        -> Decision
    {
        let base = Simulation.base(of: request, model: "m", seed: seed)
        return Simulation.decide(request, as: Role(behaviour), key: AnswerKey(), base: base, attempt: attempt)
    }

    @Test("accuracy over HTTP lies within its bounds", arguments: [0.1, 0.7, 0.95])
    func accuracy(rate: Double) async throws {
        let seed: UInt64 = 20_260_801
        let configuration = SimulatorConfiguration(seed: seed, standard: ModelBehaviour(accuracy: rate))
        try await Simulated.run(configuration) { simulated in
            let right = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<50 {
                    group.addTask {
                        var right = 0
                        for index in stride(from: worker, to: 2000, by: 50) {
                            let seen = try await simulated.ask(.openai, "What is \(index) + 1?")
                            right += try Simulated.text(.openai, seen) == String(index + 1) ? 1 : 0
                        }
                        return right
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(fits(right, of: 2000, rate: rate), "\(right) of 2000 right, seed \(seed)")
        }
    }

    @Test(
        "refusals, filters and truncations come at their rates, for every seed",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func contents(seed: UInt64) {
        let behaviour = ModelBehaviour(accuracy: 0.6, refusalRate: 0.2, filterRate: 0.05, truncationRate: 0.1)
        var refusals = 0
        var filtered = 0
        var truncated = 0
        for index in 0..<2000 {
            let decision = decide(request("Prompt \(index)"), behaviour, seed: seed)
            switch decision.content {
            case .refusal: refusals += 1
            case .filtered: filtered += 1
            default: truncated += decision.isTruncated ? 1 : 0
            }
        }
        #expect(fits(refusals, of: 2000, rate: 0.2), "\(refusals) refusals, seed \(seed)")
        #expect(fits(filtered, of: 2000, rate: 0.05), "\(filtered) filtered, seed \(seed)")
        #expect(fits(truncated, of: 2000, rate: 0.1 * 0.75), "\(truncated) truncated, seed \(seed)")
    }

    @Test(
        "errors come at their rate, spread evenly, and anew for each attempt",
        arguments: 1...10 as ClosedRange<UInt64>
    )
    func errors(seed: UInt64) {
        let behaviour = ModelBehaviour(errorRate: 0.27, faults: [.hang: 0.1])
        var counts: [FaultKind: Int] = [:]
        var both = 0
        for index in 0..<2000 {
            let request = request("Prompt \(index)")
            let first = decide(request, behaviour, seed: seed).fault
            if let first { counts[first, default: 0] += 1 }
            if first != nil, decide(request, behaviour, seed: seed, attempt: 1).fault != nil { both += 1 }
        }
        #expect(fits(counts[.hang] ?? 0, of: 2000, rate: 0.1), "seed \(seed)")
        for kind in FaultKind.mix { #expect(fits(counts[kind] ?? 0, of: 2000, rate: 0.03), "\(kind), seed \(seed)") }
        #expect(fits(both, of: 2000, rate: 0.37 * 0.37), "\(both) failed twice, seed \(seed)")
    }

    @Test("rates of 0 and 1 are never and always")
    func certainties() {
        for index in 0..<500 {
            let never = decide(request("Prompt \(index)"), ModelBehaviour(accuracy: 0), seed: 1)
            #expect(never.fault == nil && !never.isTruncated)
            let always = decide(request("Prompt \(index)"), ModelBehaviour(errorRate: 1), seed: 1)
            #expect(always.fault != nil)
        }
    }

    @Test("the sampling seed, the model and the seed each draw anew; the attempt draws faults only")
    func independence() {
        let behaviour = ModelBehaviour(accuracy: 0.5, latencyMilliseconds: 100)
        let answers = { (change: (Int) -> Decision) in (0..<400).map { change($0).content } }
        let first = answers { decide(request("What is \($0) + 1?"), behaviour, seed: 1) }
        #expect(first == answers { decide(request("What is \($0) + 1?"), behaviour, seed: 1, attempt: 9) })
        #expect(first != answers { decide(request("What is \($0) + 1?"), behaviour, seed: 2) })
        #expect(first != answers { decide(request("What is \($0) + 1?", seed: 2), behaviour, seed: 1) })
    }

    @Test("latencies have the median that is set and the spread of a log-normal distribution")
    func latencies() {
        let latencies = (0..<20_001).map { index in
            LatencySpread.microseconds(medianMilliseconds: 200, draw: StableHash.mix(UInt64(index)))
        }.sorted()
        // Quantiles of exp(σ z), σ = 0.5: z = ±1.2816 at 0.1 and 0.9.
        let quantile = { (part: Double) in Double(latencies[Int(20_000 * part)]) / 200_000 }
        #expect(abs(quantile(0.5) - 1) < 0.03)
        #expect(abs(quantile(0.9) - exp(0.5 * 1.2816)) < 0.06)
        #expect(abs(quantile(0.1) - exp(-0.5 * 1.2816)) < 0.03)
        #expect(LatencySpread.microseconds(medianMilliseconds: 0, draw: 77) == 0)
        let decision = decide(request("x"), ModelBehaviour(latencyMilliseconds: 200), seed: 1)
        #expect((40_000...900_000).contains(decision.latencyMicroseconds))
    }

    @Test("the same requests get the same bytes, whatever the order and the server")
    func repeatability() async throws {
        let behaviour = ModelBehaviour(accuracy: 0.5, refusalRate: 0.2, truncationRate: 0.1)
        let configuration = SimulatorConfiguration(seed: 3, standard: behaviour, threads: 2)
        let texts = { (order: [Int]) async throws -> [Int: String] in
            var texts: [Int: String] = [:]
            try await Simulated.run(configuration) { simulated in
                for index in order {
                    texts[index] = try await simulated.ask(.anthropic, "What is \(index) × 3?").body
                }
            }
            return texts
        }
        let forwards = try await texts(Array(0..<100))
        let backwards = try await texts((0..<100).reversed())
        #expect(forwards == backwards)
    }

    @Test("the hash and the mixer are the published ones")
    func hashes() {
        // FNV-1a of "foobar" from the authors' test vectors; SplitMix64 from seed 0.
        var hash = StableHash()
        hash.combine("foobar")
        #expect(hash.state == 0x8594_4171_f739_67e8)
        #expect(StableHash.mix(0) == 0xe220_a839_7b1d_cdaf)
    }
}
