// What goes wrong, as a document (RFC 9457, `application/problem+json`): what happened, to what, and the way out. Nothing
// of a server's inside is told to a caller; it is in the log, under the request's id.

import Hummingbird
import ParleyModel
import ParleyPostgres

/// A refusal with its reason.
struct Problem: Error, Hashable {
    var status: HTTPResponse.Status
    /// What happened.
    var detail: String
    /// What the caller can do.
    var remedy: String?
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ detail: String, remedy: String? = nil, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.remedy = remedy
        self.headers = headers
    }

    /// The document.
    /// - Parameter request: the request's id
    func text(_ request: String) -> String {
        var members: [String: JSONValue] = [
            "type": "about:blank", "title": .string(status.reasonPhrase), "status": .integer(Int64(status.code)),
            "detail": .string(detail), "request": .string(request),
        ]
        if let remedy { members["remedy"] = .string(remedy) }
        return JSONValue.object(members).canonical
    }

    func response(_ request: String) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text(request)))
        )
    }
}

extension Problem {
    /// What a caller is told of an error.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as any HTTPResponseError: self.init(status: error.status)
        case let failure as ParleyFailure: self.init(failure)
        case let error as PostgresError: self.init(error)
        case is InvalidInput:
            self.init(.unprocessableContent, "\(error)")
        default:
            self.init(.internalServerError, "The service failed.", remedy: "Look for the request's id in its log.")
        }
    }

    /// A refusal of the server's own: a path that is none, a method, a body that is too large.
    private init(status: HTTPResponse.Status) {
        switch status {
        case .notFound:
            self.init(status, "There is nothing at this path.", remedy: "/v1/openapi.json lists what there is.")
        case .contentTooLarge:
            self.init(status, "The body is larger than \(ServiceRequestContext.mostBodyBytes) bytes.")
        default: self.init(status, "\(status.reasonPhrase).")
        }
    }

    private init(_ failure: ParleyFailure) {
        let status: HTTPResponse.Status =
            switch failure.category {
            case .invalidInput: .unprocessableContent
            case .incomplete, .busy: .conflict
            case .database, .interrupted: .serviceUnavailable
            case .failure, .verification, .unreadable: .internalServerError
            }
        self.init(status, failure.message, remedy: failure.remedy)
    }

    private init(_ error: PostgresError) {
        switch error.retryClass {
        case .connection, .resources, .transient:
            self.init(
                .serviceUnavailable,
                "The database does not answer just now.",
                remedy: "Ask again in a moment.",
                headers: [.retryAfter: "2"]
            )
        case .schema, .permission:
            self.init(
                .serviceUnavailable,
                "The database's schema or the service's rights in it do not fit this program.",
                remedy: "Run `parley migrate`, or look at the coordinator's log."
            )
        case .permanent:
            if error.sqlState == "P0002" {
                self.init(.notFound, error.report?.message ?? "There is no such thing.")
            } else {
                self.init(.internalServerError, "The service failed.", remedy: "Look for the request's id in its log.")
            }
        }
    }
}
