// One call over HTTP and what came of it, without the types of any HTTP library.

import ParleyModel

/// A call to make.
struct HTTPCall: Sendable {
    enum Method: String, Sendable { case get = "GET", post = "POST" }

    var method: Method
    var url: String
    var headers: [(name: String, value: String)]
    var body: [UInt8]?
    /// The time allowed for the whole call, body included.
    var timeout: Duration
}

/// What came of a call: a response, a part of one, or nothing but trouble.
struct HTTPReception: Sendable {
    /// nil where no response came.
    var status: Int?
    /// Names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// Why the response is not whole; nil where it is.
    var trouble: TransportTrouble?
    var startedAtMicros: Int64
    var durationMicros: Int64 = 0
}

/// Why a call brought no whole response.
enum TransportTrouble: Hashable, Sendable {
    /// No connection could be made: nothing was sent.
    case unreachable(String)
    /// TLS failed: nothing was sent.
    case tls(String)
    /// The connection broke after the request may have been sent.
    case broken(String)
    /// The time allowed is over.
    case timeout(Duration)
    /// The response is larger than the limit, in bytes.
    case tooLarge(Int)
    /// The caller stopped.
    case cancelled
    /// The request cannot be sent as it is.
    case unsendable(String)

    var failureClass: FailureClass {
        switch self {
        case .unreachable, .tls, .broken: .connection
        case .timeout: .timeout
        case .tooLarge: .malformedResponse
        case .cancelled: .workerLost
        case .unsendable: .invalidRequest
        }
    }

    /// A short name of bounded variety.
    var code: String {
        switch self {
        case .unreachable: "unreachable"
        case .tls: "tls"
        case .broken: "connection_broken"
        case .timeout: "timeout"
        case .tooLarge: "response_too_large"
        case .cancelled: "cancelled"
        case .unsendable: "unsendable"
        }
    }

    /// Whether the provider can have seen nothing of the request.
    var isUnsent: Bool {
        switch self {
        case .unreachable, .tls, .unsendable: true
        case .broken, .timeout, .tooLarge, .cancelled: false
        }
    }

    /// What happened, for people.
    var message: String {
        switch self {
        case .unreachable(let reason): "no connection: \(reason)"
        case .tls(let reason):
            "TLS failed: \(reason). If the endpoint's certificate comes from a private authority, name its file as "
                + "certificate_file"
        case .broken(let reason): "the connection broke: \(reason)"
        case .timeout(let limit): "no whole answer within \(limit)"
        case .tooLarge(let limit): "the response is larger than \(limit) bytes"
        case .cancelled: "the call was cancelled"
        case .unsendable(let reason): "the request cannot be sent: \(reason)"
        }
    }
}
