// A Unix socket between workers and server that forwards bytes, and on demand cuts a connection exactly where the
// server has done a statement and its answer is on the way back. Two threads a connection, blocking.

import Foundation
import Synchronization

final class Proxy: Sendable {
    private let listener: Int32
    private let upstream: String
    /// How many answers are still to be swallowed.
    private let toCut = Mutex(0)
    private let cuts = Mutex(0)

    /// How many answers were swallowed.
    var swallowed: Int { cuts.withLock { $0 } }

    /// Listens as PostgreSQL would in a folder, and forwards to the server's own socket.
    init(folder: String, upstream: String) throws {
        self.upstream = upstream
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/.s.PGSQL.5432"
        unlink(path)
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0, Self.withAddress(path, { bind(listener, $0, $1) }) == 0, listen(listener, 64) == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
        Thread.detachNewThread { [self] in accept() }
    }

    /// Cuts the connection of the next answer instead of handing the answer on.
    func swallowNextAnswer() { toCut.withLock { $0 += 1 } }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            if client < 0 { return }
            let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            guard Self.withAddress(upstream, { connect(server, $0, $1) }) == 0 else {
                close(client)
                close(server)
                continue
            }
            let pair = Pair(client: client, server: server)
            Thread.detachNewThread { [self] in
                forward(from: client, to: server) { true }
                pair.end()
            }
            Thread.detachNewThread { [self] in
                forward(from: server, to: client) { !takeCut() }
                pair.end()
            }
        }
    }

    private func takeCut() -> Bool {
        let isDue = toCut.withLock { count in
            guard count > 0 else { return false }
            count -= 1
            return true
        }
        if isDue { cuts.withLock { $0 += 1 } }
        return isDue
    }

    private func forward(from: Int32, to: Int32, isForwarded: () -> Bool) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(from, &buffer, buffer.count)
            guard count > 0, isForwarded() else { return }
            var written = 0
            while written < count {
                let step = buffer[written..<count].withUnsafeBytes {
                    send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if step <= 0 { return }
                written += step
            }
        }
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// Two sockets that end together and are closed once, when both directions have ended.
private final class Pair: Sendable {
    private let client: Int32
    private let server: Int32
    private let ended = Mutex(0)

    init(client: Int32, server: Int32) {
        self.client = client
        self.server = server
    }

    func end() {
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
        let isLast = ended.withLock { count in
            count += 1
            return count == 2
        }
        if isLast {
            close(client)
            close(server)
        }
    }
}
