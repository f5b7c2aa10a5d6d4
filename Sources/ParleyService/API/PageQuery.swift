// The query of a request: what may be asked is said by name, and what is not known is refused, so that a filter with a
// slip of the pen does not answer everything.

import Foundation
import Hummingbird
import ParleyModel

/// The query of a request.
struct PageQuery {
    static let mostEntries = 1000
    static let usualEntries = 100

    private var values: [String: String] = [:]

    /// - Parameter names: what may be asked, beside `limit` and `after` where it is a page
    init(_ request: Request, _ names: Set<String> = [], isPage: Bool = false) throws {
        let known = isPage ? names.union(["limit", "after"]) : names
        for part in (request.uri.query ?? "").split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = sides.map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard let name = texts[0], let value = texts.count == 2 ? texts[1] : "" else {
                throw Problem(.badRequest, "The query is not percent-encoded UTF-8.")
            }
            guard known.contains(name) else {
                let list = known.sorted().joined(separator: ", ")
                throw Problem(
                    .badRequest,
                    "The query asks for something that is not known here.",
                    remedy: known.isEmpty ? "Nothing can be asked here." : "There is \(list)."
                )
            }
            // No column holds U+0000, so nothing has it.
            guard values.updateValue(value.replacing("\0", with: "\u{FFFD}"), forKey: name) == nil else {
                throw Problem(.badRequest, "The query says '\(name)' twice.")
            }
        }
    }

    func text(_ name: String) -> String? { values[name] }

    /// A name that has a name's form; nil where it is not asked for.
    func name<Kind>(_ name: String, _ kind: Kind.Type = Kind.self) throws -> Name<Kind>? {
        guard let text = values[name] else { return nil }
        if let valid = Name<Kind>(validating: text) { return valid }
        throw Problem(.badRequest, "'\(name)' takes a name.")
    }

    /// One of some words; nil where it is not asked for.
    func word<Value>(_ name: String, _ words: [String: Value]) throws -> Value? {
        guard let text = values[name] else { return nil }
        if let value = words[text] { return value }
        throw Problem(.badRequest, "'\(name)' is none of \(words.keys.sorted().joined(separator: ", ")).")
    }

    /// How many entries are wanted.
    func limit() throws -> Int {
        guard let text = values["limit"] else { return Self.usualEntries }
        guard let number = Int(text), (1...Self.mostEntries).contains(number) else {
            throw Problem(.badRequest, "'limit' takes 1 to \(Self.mostEntries).")
        }
        return number
    }

    /// The number after which the page begins; `first` for the first page.
    func after(_ first: Int64 = -1) throws -> Int64 {
        guard let text = values["after"] else { return first }
        guard let number = Int64(text), number >= 0 else {
            throw Problem(
                .badRequest,
                "'after' is none that a page gave.",
                remedy: "Follow the Link of the page before."
            )
        }
        return number
    }

    /// The same query, for what comes after.
    func next(after place: some CustomStringConvertible) -> PageQuery {
        var next = self
        next.values["after"] = "\(place)"
        return next
    }

    var text: String {
        values.sorted { $0.key < $1.key }.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }.joined(separator: "&")
    }
}
