// The errors of AsyncHTTPClient, NIO and BoringSSL as transport trouble. Only texts that cannot hold a header's value
// are taken over: the library's description of an invalid header would print the key.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL

extension TransportTrouble {
    /// What `connect` fails with, and what happens to no connection that stands.
    private static let connectErrors: Set<CInt> = [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL]

    /// The trouble behind an error; `hasResponse` tells whether the response had begun.
    init(_ error: any Error, hasResponse: Bool) {
        switch error {
        case is CancellationError: self = .cancelled
        case let error as HTTPClientError: self.init(client: error, hasResponse: hasResponse)
        case let error as NIOSSLExtraError: self = .tls(error.description)
        case let error as NIOSSLError: self = .tls(String(describing: error))
        case let error as BoringSSLError: self = .tls(String(describing: error))
        case let error as ChannelError:
            if case .connectTimeout = error {
                self = .unreachable("the connection was not accepted in time")
            } else {
                self = .broken(String(describing: error))
            }
        case let error as IOError:
            self =
                Self.connectErrors.contains(error.errnoCode) && !hasResponse
                ? .unreachable(error.description) : .broken(error.description)
        case is NIOTooManyBytesError: self = .broken("a message that is too long")
        default:
            // The one error of NIOPosix that comes here: no address of the host could be connected to. Its type is
            // told by its name, since this module needs nothing else of that library.
            let name = String(describing: type(of: error))
            self = name == "NIOConnectionError" ? .unreachable(String(describing: error)) : .broken(name)
        }
    }

    private init(client error: HTTPClientError, hasResponse: Bool) {
        let reason = error.shortDescription
        switch error {
        case .cancelled, .requestStreamCancelled: self = .cancelled
        case .deadlineExceeded, .readTimeout, .writeTimeout: self = .broken(reason)
        case .connectTimeout, .getConnectionFromPoolTimeout, .httpProxyHandshakeTimeout, .invalidProxyResponse,
            .proxyAuthenticationRequired, .socksHandshakeTimeout:
            self = .unreachable(reason)
        case .tlsHandshakeTimeout: self = .tls("the handshake was not finished in time")
        case .invalidURL, .emptyHost, .emptyScheme, .alreadyShutdown: self = .unsendable(reason)
        default:
            let isInvalid = reason.contains("invalidHeader") || reason.contains("unsupportedScheme")
            self = isInvalid && !hasResponse ? .unsendable(reason) : .broken(reason)
        }
    }
}
