// Every form in which servers say how long to wait.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Retry advice")
struct RetryAdviceTests {
    /// 2026-08-01 12:00:00 UTC.
    private static let now = Date(timeIntervalSince1970: 1_785_585_600)
    private static let date = "Sat, 01 Aug 2026 12:00:00 GMT"

    @Test(
        "The largest wait that applies wins",
        arguments: [
            ([:], nil),
            (["retry-after-ms": "1500"], .milliseconds(1500)),
            (["retry-after": "2"], .seconds(2)),
            (["retry-after": "0.25"], .milliseconds(250)),
            (["retry-after": "Sat, 01 Aug 2026 12:00:30 GMT"], .seconds(30)),
            (["retry-after": "Sat, 01 Aug 2026 12:00:30 GMT", "date": "Sat, 01 Aug 2026 12:00:20 GMT"], .seconds(10)),
            (["retry-after": "Sat, 01 Aug 2026 11:00:00 GMT"], .zero),
            (["retry-after": "1", "retry-after-ms": "3000"], .seconds(3)),
            (["x-ratelimit-reset-requests": "1m30s", "x-ratelimit-reset-tokens": "500ms"], .seconds(90)),
            (["x-ratelimit-reset-tokens": "500ms"], .milliseconds(500)),
            (["x-ratelimit-reset-tokens": "1h2m3.5s"], .milliseconds(3_723_500)),
            (["x-ratelimit-reset-tokens": "12"], .seconds(12)),
            (["retry-after": "1", "x-ratelimit-reset-requests": "20s"], .seconds(20)),
            (
                ["retry-after": "1", "x-ratelimit-reset-requests": "20s", "x-ratelimit-remaining-requests": "0"],
                .seconds(20)
            ),
            (
                ["retry-after": "1", "x-ratelimit-reset-requests": "20s", "x-ratelimit-remaining-requests": "5"],
                .seconds(1)
            ),
            (["x-ratelimit-reset-requests": "20s", "x-ratelimit-remaining-requests": "5"], .seconds(20)),
            (["anthropic-ratelimit-tokens-reset": "2026-08-01T12:00:45Z"], .seconds(45)),
            (["anthropic-ratelimit-tokens-reset": "2026-08-01T14:00:45.500+02:00"], .milliseconds(45_500)),
            (["retry-after": "-5"], .zero),
            (["retry-after": "1e300"], RetryAdvice.limit),
            (["retry-after": "nan"], nil), (["retry-after": "inf"], nil), (["retry-after": "soon"], nil),
            (["x-ratelimit-reset-tokens": "5 parsecs"], nil), (["x-ratelimit-reset-tokens": ""], nil),
            (["retry-after": "Sat, 99 Foo 2026 12:00:30 GMT"], nil),
        ] as [([String: String], Duration?)]
    )
    func waits(headers: [String: String], wait: Duration?) {
        #expect(RetryAdvice(headers: headers, now: Self.now).wait == wait)
    }

    @Test("A date in the header and the clock agree")
    func httpDate() {
        #expect(TimeText.httpDate(Self.date) == Self.now)
    }

    @Test("Only a failure that may be tried again carries a wait")
    func onlyTransient() {
        let headers = ["retry-after": "7"]
        #expect(Wire.failure(.openai, status: 429, headers: headers, "{}")?.retryAfter == .seconds(7))
        #expect(Wire.failure(.openai, status: 401, headers: headers, "{}")?.retryAfter == nil)
    }
}
