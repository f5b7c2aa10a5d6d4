// What is known of a request beside the request itself: who calls, and from where. Invariant: `caller` is set by the
// `Authentication` alone, from a token that held a moment ago.

public import Hummingbird
import Logging
public import NIOCore
public import ParleyQueue
import Synchronization

/// The context of a request to the service.
public struct ServiceRequestContext: RequestContext, RemoteAddressRequestContext {
    /// The largest body that is read, in bytes: all that can be sent are small documents.
    public static let mostBodyBytes = 64 * 1024

    public var coreContext: CoreRequestContextStorage
    public let remoteAddress: SocketAddress?
    /// Whose token came with the request; nil where none is asked for.
    public var caller: TokenHolder?
    /// What the log says of the request when it is over.
    let notes = RequestNotes()

    public var maxUploadSize: Int { Self.mostBodyBytes }

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress
    }

    /// The request's id; a log handler that keeps no metadata has none.
    var requestID: String { logger[metadataKey: "hb.request.id"]?.description ?? "-" }

    /// The address without its port, by which callers are told apart before they say who they are.
    var address: String { remoteAddress?.ipAddress ?? "local" }
}

/// What inner parts tell the outermost one of a request.
final class RequestNotes: Sendable {
    private let name = Mutex<String?>(nil)

    var caller: String? {
        get { name.withLock { $0 } }
        set { name.withLock { $0 = newValue } }
    }
}
