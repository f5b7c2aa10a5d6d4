// The one place that says how tokens are estimated before anything is run. No tokenizer is asked: a text counts a
// quarter of its UTF-8 bytes, rounded up, and each message 4 tokens more for its frame. Output is taken at its upper
// bound, `max_tokens` of every call. The conversation of a solver with several turns is sent again with each call:
// call k holds everything before it, earlier answers at their upper bound. A simulated user is taken to use all its
// turns. Retries are not counted, nor what a cache would save.

import ParleyModel

/// What samples come to in tokens.
public struct SampleSize: Hashable, Sendable {
    /// Of all messages, frames included.
    public var input: Int64 = 0
    /// Of all choices as they are laid out, a letter and a line break each.
    public var choices: Int64 = 0
    /// Of all targets.
    public var target: Int64 = 0

    /// Of no samples.
    public init() {}

    mutating func add(_ sample: Sample) {
        input += sample.input.reduce(0) { $0 + TokenEstimate.message($1.content) }
        choices += sample.choices.reduce(0) { $0 + TokenEstimate.text($1) + 2 }
        target += sample.target.reduce(0) { $0 + TokenEstimate.text($1) }
    }
}

/// Tokens and calls, estimated before a run.
public struct TokenEstimate: Hashable, Sendable {
    /// Calls to providers, without retries.
    public var calls: Int64 = 0
    /// Input tokens.
    public var input: Int64 = 0
    /// Output tokens, at their upper bound.
    public var output: Int64 = 0

    /// Of nothing, unless it is said.
    public init(calls: Int64 = 0, input: Int64 = 0, output: Int64 = 0) {
        self.calls = calls
        self.input = input
        self.output = output
    }

    /// Input and output.
    public var total: Int64 { input.clampedSum(output) }

    /// Both together; ends at the largest number.
    public static func + (left: TokenEstimate, right: TokenEstimate) -> TokenEstimate {
        TokenEstimate(
            calls: left.calls.clampedSum(right.calls),
            input: left.input.clampedSum(right.input),
            output: left.output.clampedSum(right.output)
        )
    }

    static func * (estimate: TokenEstimate, factor: Int64) -> TokenEstimate {
        TokenEstimate(
            calls: estimate.calls.clampedProduct(factor),
            input: estimate.input.clampedProduct(factor),
            output: estimate.output.clampedProduct(factor)
        )
    }

    /// The estimate with no more than so many tokens: output first, since it is dearer, then input.
    func capped(_ limit: Int64) -> TokenEstimate {
        let output = min(output, limit)
        return TokenEstimate(calls: calls, input: min(input, limit - output), output: output)
    }

    /// Tokens of a text: a quarter of its bytes, rounded up.
    static func text(_ text: String) -> Int64 { (Int64(text.utf8.count) + 3) / 4 }

    /// Tokens of a message: its text and 4 for its frame.
    static func message(_ text: String) -> Int64 { self.text(text) + 4 }

    /// A conversation over `count` samples: `opening` tokens (over all of them) in the first call; before each later
    /// call an answer of at most `answer` tokens and the next of the user's messages come in, for every sample.
    static func conversation(opening: Int64, later: [Int64], answer: Int64, count: Int64) -> TokenEstimate {
        var estimate = TokenEstimate()
        var context = opening
        for turn in 0...later.count {
            estimate = estimate + TokenEstimate(calls: count, input: context, output: answer.clampedProduct(count))
            if turn < later.count {
                context = context.clampedSum((answer + later[turn]).clampedProduct(count))
            }
        }
        return estimate
    }
}

extension Int64 {
    /// Sums and products that end at the largest number: an estimate of absurd limits is absurd, but no trap.
    func clampedSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    func clampedProduct(_ other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}

extension Money {
    func clampedSum(_ other: Money) -> Money { Money(billionths: billionths.clampedSum(other.billionths)) }
}
