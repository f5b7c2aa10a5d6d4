// The order of a round against keys that Python's hashlib gave.

import ParleyModel
import Testing

@Suite("The order of samples")
struct OrderDrawTests {
    private static let seed = "c2VlZCBzZWVkIHNlZWQgc2VlZCBzZWVkIHNlZWQhISE="

    private static func definition(_ order: SampleOrder?) -> RoundDefinition {
        var definition = RoundDefinition(
            name: "r",
            title: "R",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [],
            models: [],
            configurations: [],
            suites: [],
            cells: [],
            budgets: []
        )
        definition.order = order
        return definition
    }

    @Test("The order is the one that its description gives to a stranger")
    func known() throws {
        let sealed = Self.definition(SampleOrder(seed: ContentHash(of: "commitment".utf8)))
        let hash = ContentHash(of: "definition".utf8)
        let draw = try #require(OrderDraw(sealed, hash: hash, opened: Self.seed))
        #expect(draw.order(of: "sums", count: 10) == [0, 8, 9, 2, 5, 7, 1, 6, 4, 3])
        #expect(draw.places(of: "sums", count: 10) == [0, 6, 3, 9, 8, 4, 7, 5, 1, 2])
        let open = try #require(OrderDraw(Self.definition(SampleOrder()), hash: hash))
        #expect(open.order(of: "sums", count: 10) == [4, 9, 1, 6, 3, 5, 0, 7, 8, 2])
        #expect(draw.order(of: "other", count: 10) != draw.order(of: "sums", count: 10))
        #expect(OrderDraw(sealed, hash: hash) == nil, "nobody can work it out before the seed is opened")
        #expect(OrderDraw(Self.definition(nil), hash: hash) == nil)
    }

    @Test("Each order of a few samples is equally likely over seeds")
    func uniform() throws {
        let definition = Self.definition(SampleOrder())
        var counts: [[Int]: Int] = [:]
        for seed in 0..<6000 {
            let draw = try #require(OrderDraw(definition, hash: ContentHash(of: "\(seed)".utf8)))
            counts[draw.order(of: "sums", count: 3), default: 0] += 1
        }
        // Chi-squared with 5 degrees of freedom: 20.5 is passed once in a thousand; the seeds are fixed.
        let statistic = counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
        #expect(counts.count == 6 && statistic < 20.5, "\(counts)")
    }
}
