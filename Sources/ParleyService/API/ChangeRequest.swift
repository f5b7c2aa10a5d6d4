// A request that changes something, from its body to its answer. Invariant: nothing is changed without a reason that
// stands in the database before, under the token's name; and a request that carries the key of an earlier one is answered
// as that was.

import Foundation
import Hummingbird
import NIOCore
import ParleyModel
import ParleyQueue

/// The members of a body, each read by its type; what is not known is refused.
struct ChangeBody {
    private let members: [String: JSONValue]

    /// - Parameter names: what the body may say, beside `because`
    init(_ bytes: [UInt8], _ names: Set<String>) throws {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw Problem(.badRequest, "The body is no JSON: \(error)")
        }
        guard let members = value.object else { throw Problem(.unprocessableContent, "The body is no object.") }
        let known = names.union(["because"])
        if !known.isSuperset(of: members.keys) {
            throw Problem(
                .unprocessableContent,
                "The body says something that is not known here.",
                remedy: "There is \(known.sorted().joined(separator: ", "))."
            )
        }
        self.members = members
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    /// Why; never blank. The ledger keeps 500 characters of it.
    func reason() throws -> String {
        guard let text = members["because"]?.string, text.unicodeScalars.count <= 500,
            text.unicodeScalars.contains(where: Self.isInk)
        else {
            throw Problem(
                .unprocessableContent,
                "Say why: 'because' takes 1 to 500 characters, not all blank, and the ledger keeps it."
            )
        }
        return text
    }

    /// Whether something is seen of it: it is no control character and no space.
    private static func isInk(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x20 && !(0x7F...0xA0).contains(scalar.value) && !scalar.properties.isWhitespace
    }

    /// A name that has a name's form.
    func name<Kind>(_ name: String, _ kind: Kind.Type = Kind.self) throws -> Name<Kind>? {
        guard let value = members[name] else { return nil }
        guard let text = value.string, let valid = Name<Kind>(validating: text) else {
            throw Problem(.unprocessableContent, "'\(name)' takes a name.")
        }
        return valid
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
        guard let value = members[name] else { return nil }
        guard let number = value.integer, range.contains(number) else {
            throw Problem(
                .unprocessableContent,
                "'\(name)' takes a whole number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }

    func amount(_ name: String) throws -> Money? {
        guard let value = members[name] else { return nil }
        guard let number = value.double, (0...9e9).contains(number) else {
            throw Problem(.unprocessableContent, "'\(name)' takes an amount from 0 to 9e9.")
        }
        return Money(billionths: Int64((number * Double(Money.unit)).rounded()))
    }

    func flag(_ name: String) throws -> Bool {
        guard let value = members[name] else { return false }
        guard let flag = value.bool else { throw Problem(.unprocessableContent, "'\(name)' takes true or false.") }
        return flag
    }

    /// One of some words.
    func word<Value: RawRepresentable<String> & CaseIterable>(_ name: String, _ type: Value.Type) throws -> Value {
        guard let value = members[name]?.string.flatMap({ Value(rawValue: $0) }) else {
            let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.unprocessableContent, "'\(name)' takes one of \(words).")
        }
        return value
    }

    func text(_ name: String) throws -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string, (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw Problem(.unprocessableContent, "'\(name)' takes 1 to 64 printable ASCII characters.")
        }
        return text
    }

    func integers(_ name: String, most: Int) throws -> [Int64]? {
        guard let value = members[name] else { return nil }
        let numbers = value.array.map { $0.compactMap(\.integer) } ?? []
        guard let count = value.array?.count, (1...most).contains(count), numbers.count == count,
            numbers.allSatisfy({ $0 >= 0 })
        else { throw Problem(.unprocessableContent, "'\(name)' takes 1 to \(most) numbers of jobs.") }
        return numbers
    }
}

extension ServiceAPI {
    /// Does what a body asks for, once, and keeps it with its reason.
    func change(
        _ request: Request,
        _ context: ServiceRequestContext,
        _ names: Set<String>,
        of round: RoundRecord? = nil,
        _ body: (ChangeBody, CoordinatorQueue.Authority) async throws -> any Encodable
    ) async throws -> Response {
        guard let caller = context.caller else { throw Problem(.unauthorized, "A token is needed.") }
        let bytes = try await Self.bytes(request, context)
        let asked = try ChangeBody(bytes, names)
        let authority = CoordinatorQueue.Authority(actor: caller.actor, reason: try asked.reason())
        let kept = ServiceRequest(
            method: request.method.rawValue,
            path: request.uri.path,
            round: round?.id,
            reason: authority.reason,
            key: try Self.key(request),
            bodyHash: ContentHash(of: bytes)
        )
        switch try await queue.begin(kept, by: caller) {
        case .new(let number):
            return try await respond(number, context) { try await body(asked, authority) }
        case .answered(let status, let answer):
            return Self.response(status, answer, isReplayed: true)
        case .unfinished:
            throw Problem(
                .conflict,
                "The first request with this Idempotency-Key has no answer yet.",
                remedy: "Wait; where its service died, look whether it took effect and use a new key."
            )
        case .differs:
            throw Problem(
                .conflict,
                "This Idempotency-Key was used for another request.",
                remedy: "Each change has a key of its own."
            )
        }
    }

    private func respond(
        _ number: Int64,
        _ context: ServiceRequestContext,
        _ body: () async throws -> any Encodable
    ) async throws -> Response {
        do {
            let document = try await body()
            let text = try JSONValue(encoding: document).canonical
            try await queue.end(number, status: 200, answer: text)
            return Self.response(200, text, isReplayed: false)
        } catch {
            let problem = Problem(error)
            // What it came to is kept where the database still answers; the caller learns of the first error.
            try? await queue.end(number, status: problem.status.code, answer: problem.text(context.requestID))
            throw error
        }
    }

    private static func response(_ status: Int, _ text: String, isReplayed: Bool) -> Response {
        var headers: HTTPFields = [.contentType: status < 400 ? "application/json" : "application/problem+json"]
        if isReplayed { headers[named: "Idempotency-Replayed"] = "true" }
        return Response(
            status: HTTPResponse.Status(code: status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    private static func bytes(_ request: Request, _ context: ServiceRequestContext) async throws -> [UInt8] {
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased()
        guard type?.filter({ $0 != " " }) == "application/json" else {
            throw Problem(.unsupportedMediaType, "The body is to be application/json.")
        }
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        return Array(buffer: body)
    }

    private static func key(_ request: Request) throws -> String? {
        guard let key = request.headers[named: "Idempotency-Key"] else { return nil }
        guard (1...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(.badRequest, "Idempotency-Key takes 1 to 128 visible ASCII characters.")
        }
        return key
    }
}
