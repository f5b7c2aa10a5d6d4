import Testing

// RandomEffectsTests.swift: heterogeneity against mpmath and statsmodels, with estimates that are equal, far apart, at
// the ends, or of which one is far more exact than the others.
@testable import ParleyReduction

@Suite("Random effects")
struct RandomEffectsTests {
    static func effects(_ example: EffectsCase) -> [Effect] {
        zip(example.estimates, example.errors).map { Effect(estimate: $0, standardError: $1) }
    }

    @Test("agree with mpmath and statsmodels, within 1e-11", arguments: RollUpFixtures.effects)
    func fixtures(example: EffectsCase) throws {
        let found = try #require(RandomEffects(Self.effects(example)))
        let values = [
            found.q, found.pValue, found.iSquared, found.tauSquared, found.mean, found.standardError,
            found.interval.lower, found.interval.upper, found.hartungKnapp?.lower, found.hartungKnapp?.upper,
        ]
        for (value, expected) in zip(values, example.expected) {
            #expect(isClose(value, expected, relative: 1e-11), "\(example.name): \(value ?? .nan) is not \(expected)")
        }
        #expect((found.hartungKnapp != nil) == (example.expected.count == 10))
        #expect(found.count == example.estimates.count)
    }

    @Test("of equal estimates are those, without scatter")
    func equal() throws {
        let found = try #require(RandomEffects([0.1, 0.2, 0.3].map { Effect(estimate: 0.7, standardError: $0) }))
        #expect(found.mean == 0.7 && found.q == 0 && found.pValue == 1)
        #expect(found.tauSquared == 0 && found.iSquared == 0 && found.hartungKnapp == nil)
    }

    @Test("need two effects")
    func few() {
        #expect(RandomEffects([]) == nil)
        #expect(RandomEffects([Effect(estimate: 0.5, standardError: 0.1)]) == nil)
    }

    @Test("hold the mean of simulated suites about as often as they say", arguments: [6, 30])
    func coverage(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        func normal() -> Double { normalQuantile(Double.random(in: 1e-9..<1, using: &generator)) }
        let rounds = 2_000
        var (held, knappHeld) = (0, 0)
        for _ in 0..<rounds {
            let effects = (0..<count).map { _ in
                let error = Double.random(in: 0.02...0.06, using: &generator)
                return Effect(estimate: 0.4 + 0.05 * normal() + error * normal(), standardError: error)
            }
            let found = try #require(RandomEffects(effects))
            let knapp = try #require(found.hartungKnapp)
            if found.interval.lower <= 0.4, 0.4 <= found.interval.upper { held += 1 }
            if knapp.lower <= 0.4, 0.4 <= knapp.upper { knappHeld += 1 }
        }
        // The Monte-Carlo error is 0.5 %; the normal interval is known to fall short with few suites.
        #expect(Double(knappHeld) / Double(rounds) > 0.93 && Double(knappHeld) / Double(rounds) < 0.97)
        #expect(Double(held) / Double(rounds) > (count < 10 ? 0.85 : 0.92))
    }
}
