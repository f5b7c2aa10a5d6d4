// What comes in of one response, part by part, as AsyncHTTPClient hands it over.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// Gathers one response. The library calls it on an event loop; the call reads it after that is done.
final class Gathering: HTTPClientResponseDelegate {
    /// Ends a response that is larger than the limit, in bytes.
    struct TooLarge: Error {
        let limit: Int
    }

    private let bodyLimit: Int
    private let state: Mutex<HTTPReception>

    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
        state = Mutex(HTTPReception(startedAtMicros: Int64((Date().timeIntervalSince1970 * 1e6).rounded())))
    }

    var hasResponse: Bool { state.withLock { $0.status != nil } }

    /// What came, with the trouble that ended it, if any.
    func reception(_ trouble: TransportTrouble?, after durationMicros: Int64) -> HTTPReception {
        var reception = state.withLock { $0 }
        reception.trouble = trouble
        reception.durationMicros = durationMicros
        return reception
    }

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        state.withLock { reception in
            reception.status = Int(head.status.code)
            reception.headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = state.withLock { reception in
            guard reception.body.count + part.readableBytes <= bodyLimit else { return false }
            reception.body += part.readableBytesView
            return true
        }
        guard fits else { return task.eventLoop.makeFailedFuture(TooLarge(limit: bodyLimit)) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) {}
}
