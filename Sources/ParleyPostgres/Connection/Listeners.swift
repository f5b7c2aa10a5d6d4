// Who listens to which channel of a connection.

/// A notification of the server.
public struct PostgresNotification: Sendable, Hashable {
    public let channel: String
    /// At most 8000 bytes; empty when the sender gave none.
    public let payload: String
    /// The server process that sent it.
    public let backendProcess: Int32
}

/// The streams of one connection, by channel.
struct Listeners {
    private var streams: [String: [UInt64: AsyncStream<PostgresNotification>.Continuation]] = [:]
    private var made: UInt64 = 0

    var isEmpty: Bool { streams.isEmpty }

    func hears(_ channel: String) -> Bool { streams[channel] != nil }

    mutating func add(_ channel: String, _ stream: AsyncStream<PostgresNotification>.Continuation) -> UInt64 {
        made += 1
        streams[channel, default: [:]][made] = stream
        return made
    }

    /// Removes a stream; true when it was the channel's last.
    mutating func remove(_ channel: String, _ id: UInt64) -> Bool {
        streams[channel]?[id] = nil
        guard streams[channel]?.isEmpty == true else { return false }
        streams[channel] = nil
        return true
    }

    func deliver(_ notification: PostgresNotification) {
        for stream in streams[notification.channel, default: [:]].values { stream.yield(notification) }
    }

    mutating func finish() {
        for stream in streams.values.flatMap(\.values) { stream.finish() }
        streams = [:]
    }
}
