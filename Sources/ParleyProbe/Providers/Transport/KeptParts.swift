// What of a response goes into the transcript: headers by an allow-list, and the body as it came.

import Foundation

/// Headers that are kept.
enum KeptHeaders {
    private static let names: Set<String> = [
        "request-id", "x-request-id", "date", "content-type", "cf-ray", "openai-processing-ms", "openai-version",
        "x-should-retry",
    ]
    private static let prefixes = ["retry-after", "x-ratelimit-", "anthropic-ratelimit-"]
    /// The most bytes of one value.
    private static let valueLimit = 1024

    static func keep(_ headers: [String: String]) -> [String: String] {
        headers.filter { name, _ in names.contains(name) || prefixes.contains { name.hasPrefix($0) } }
            .mapValues { Bounded.message($0, limit: valueLimit) }
    }
}

/// A body as text.
enum BodyText {
    /// Marks a body that is not UTF-8 and therefore stands in base64.
    static let base64Mark = "base64:"
    /// Stands for a body that held the key in a form that cannot be cut out of it.
    static let withheld = "[body withheld: it held the key]"

    static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self) ?? base64Mark + Data(bytes).base64EncodedString()
    }
}
