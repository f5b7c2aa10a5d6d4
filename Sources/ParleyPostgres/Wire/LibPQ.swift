// The one file that says `PQ…`: an owner for each of libpq's objects and nothing of Parley's own rules.
//
// Invariant: a `LibPQConnection` is used by one thread at a time (the connection actor's queue); a `LibPQCancel` and a
// `LibPQResult` may be used by any. Each is freed exactly once, in `deinit`. Texts are copied out before the C object
// that owns them can go.

internal import CLibPQ
import Synchronization

/// Owner of one `PGconn`. Not thread-safe: lives inside the connection actor.
@safe final class LibPQConnection {
    enum Progress { case reading, writing, done, failed }

    private let raw: OpaquePointer

    /// Begins to connect; nil when libpq has no memory. Resolves host names, so it may block.
    init?(parameters: [String: String]) {
        let keys = parameters.keys.sorted()
        let made = unsafe withCStrings(keys) { keywords in
            unsafe withCStrings(keys.map { parameters[$0] ?? "" }) { values in
                unsafe PQconnectStartParams(keywords, values, 0)
            }
        }
        guard let made = unsafe made else { return nil }
        unsafe raw = made
    }

    deinit { unsafe PQfinish(raw) }

    func continueConnecting() -> Progress {
        switch unsafe PQconnectPoll(raw) {
        case PGRES_POLLING_READING: .reading
        case PGRES_POLLING_WRITING: .writing
        case PGRES_POLLING_OK: .done
        default: .failed
        }
    }

    var isBad: Bool { unsafe PQstatus(raw) == CONNECTION_BAD }
    var descriptor: Int32 { unsafe PQsocket(raw) }
    var serverVersion: Int32 { unsafe PQserverVersion(raw) }
    var backendProcess: Int32 { unsafe PQbackendPID(raw) }
    var isBusy: Bool { unsafe PQisBusy(raw) != 0 }
    var isInTransaction: Bool { unsafe PQtransactionStatus(raw) != PQTRANS_IDLE }
    var message: String { unsafe String(cString: PQerrorMessage(raw)) }

    func useNonBlocking() -> Bool { unsafe PQsetnonblocking(raw, 1) == 0 }
    /// Throws away the server's notices; without this libpq writes them to standard error.
    func dropNotices() { _ = unsafe PQsetNoticeReceiver(raw, { _, _ in }, nil) }
    /// 0 when all is sent, 1 when more is left, -1 on failure.
    func flush() -> Int32 { unsafe PQflush(raw) }
    func consumeInput() -> Bool { unsafe PQconsumeInput(raw) == 1 }
    func nextResult() -> LibPQResult? { unsafe PQgetResult(raw).map { unsafe LibPQResult($0) } }

    func send(script: String) -> Bool { unsafe PQsendQuery(raw, script) == 1 }

    func send(prepare name: String, sql: String, types: [UInt32]) -> Bool {
        unsafe types.withUnsafeBufferPointer {
            unsafe PQsendPrepare(raw, name, sql, Int32(types.count), $0.baseAddress)
        }
            == 1
    }

    /// Sends the execution of a prepared statement with binary parameters and results.
    func send(execute name: String, values: [[UInt8]?]) -> Bool {
        let lengths = values.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: values.count)
        // One block for all values; empty values still need an address, since NULL means SQL null.
        var block: [UInt8] = []
        block.reserveCapacity(values.reduce(1) { $0 + ($1?.count ?? 0) })
        var starts: [Int?] = []
        for value in values {
            starts.append(value == nil ? nil : block.count)
            if let value { block.append(contentsOf: value) }
        }
        block.append(0)
        return unsafe block.withUnsafeBytes { bytes in
            let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = unsafe starts.map { start in unsafe start.flatMap { unsafe base?.advanced(by: $0) } }
            return unsafe PQsendQueryPrepared(raw, name, Int32(values.count), pointers, lengths, formats, 1)
        } == 1
    }

    func send(describe name: String) -> Bool { unsafe PQsendDescribePrepared(raw, name) == 1 }

    func enterPipeline() -> Bool { unsafe PQenterPipelineMode(raw) == 1 }
    func leavePipeline() -> Bool { unsafe PQexitPipelineMode(raw) == 1 }
    func syncPipeline() -> Bool { unsafe PQpipelineSync(raw) == 1 }

    /// 1 when queued, 0 when the buffer is full, -1 on failure.
    func put(copy bytes: [UInt8]) -> Int32 {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe PQputCopyData(raw, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
        }
    }

    /// Ends a COPY into the server; with an error the server rolls it back.
    func endCopy(error: String?) -> Int32 { unsafe PQputCopyEnd(raw, error) }

    enum CopyRow { case taken, none, end, failed }

    /// Appends the next row of a COPY out of the server to a chunk, without blocking.
    func nextCopyRow(into chunk: inout [UInt8]) -> CopyRow {
        var buffer: UnsafeMutablePointer<CChar>?
        let count = unsafe PQgetCopyData(raw, &buffer, 1)
        guard let start = unsafe buffer else { return count == 0 ? .none : count == -1 ? .end : .failed }
        defer { unsafe PQfreemem(start) }
        unsafe chunk.append(contentsOf: UnsafeRawBufferPointer(start: start, count: Int(count)))
        return .taken
    }

    /// Drops the rows of a COPY out of the server that nobody reads.
    func abandonCopyOut() {
        var chunk: [UInt8] = []
        while case .taken = nextCopyRow(into: &chunk) { chunk.removeAll(keepingCapacity: true) }
    }

    /// The next notification that has come in, if any.
    func nextNotification() -> (channel: String, payload: String, process: Int32)? {
        guard let notice = unsafe PQnotifies(raw) else { return nil }
        defer { unsafe PQfreemem(notice) }
        return unsafe (
            String(cString: notice.pointee.relname), String(cString: notice.pointee.extra), notice.pointee.be_pid
        )
    }

    func makeCancel() -> LibPQCancel? { unsafe PQgetCancel(raw).map { unsafe LibPQCancel($0) } }
}

/// Owner of one `PGcancel`. `@unchecked Sendable`: libpq allows `PQcancel` from any thread; it only reads the object.
@safe final class LibPQCancel: @unchecked Sendable {
    private let raw: OpaquePointer
    init(_ raw: OpaquePointer) { unsafe self.raw = unsafe raw }
    deinit { unsafe PQfreeCancel(raw) }

    /// Asks the server to cancel what runs now; returns when the server has taken the request. Blocks.
    func request() -> Bool {
        var buffer = [CChar](repeating: 0, count: 256)
        return unsafe PQcancel(raw, &buffer, 256) == 1
    }
}

/// Owner of one `PGresult`. `@unchecked Sendable`: a finished result is only read, which libpq allows from any thread.
@safe final class LibPQResult: @unchecked Sendable {
    enum Status { case command, rows, copyIn, copyOut, failed, aborted, synced }

    private let raw: OpaquePointer
    init(_ raw: OpaquePointer) { unsafe self.raw = unsafe raw }
    deinit { unsafe PQclear(raw) }

    var status: Status {
        switch unsafe PQresultStatus(raw) {
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: .command
        case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE: .rows
        case PGRES_COPY_IN: .copyIn
        case PGRES_COPY_OUT: .copyOut
        case PGRES_PIPELINE_ABORTED: .aborted
        case PGRES_PIPELINE_SYNC: .synced
        default: .failed
        }
    }

    var rowCount: Int { unsafe Int(PQntuples(raw)) }
    var columnCount: Int { unsafe Int(PQnfields(raw)) }
    var parameterCount: Int { unsafe Int(PQnparams(raw)) }
    var commandTag: String { unsafe String(cString: PQcmdStatus(raw)) }
    var affectedRows: Int { unsafe Int(String(cString: PQcmdTuples(raw))) ?? 0 }
    var message: String { unsafe String(cString: PQresultErrorMessage(raw)) }
    func columnName(_ column: Int) -> String { unsafe String(cString: PQfname(raw, Int32(column))) }
    func columnType(_ column: Int) -> UInt32 { unsafe PQftype(raw, Int32(column)) }
    func parameterType(_ index: Int) -> UInt32 { unsafe PQparamtype(raw, Int32(index)) }
    func isNull(_ row: Int, _ column: Int) -> Bool { unsafe PQgetisnull(raw, Int32(row), Int32(column)) == 1 }

    /// Lends the bytes of one value; empty for null.
    func withBytes<R>(_ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        let count = unsafe Int(PQgetlength(raw, Int32(row), Int32(column)))
        return unsafe body(UnsafeRawBufferPointer(start: PQgetvalue(raw, Int32(row), Int32(column)), count: count))
    }

    enum Field: Sendable { case sqlState, primary, detail, hint, position, constraint, table, column, context }

    func field(_ field: Field) -> String? {
        let code: Character =
            switch field {
            case .sqlState: "C"
            case .primary: "M"
            case .detail: "D"
            case .hint: "H"
            case .position: "P"
            case .constraint: "n"
            case .table: "t"
            case .column: "c"
            case .context: "W"
            }
        return unsafe PQresultErrorField(raw, Int32(code.asciiValue ?? 0)).map { unsafe String(cString: $0) }
    }
}

/// libpq's parser of connection strings, and its quoting of names.
enum LibPQ {
    /// The keywords that a connection URL or keyword string sets; throws libpq's message. Does no I/O.
    static func parse(_ text: String) throws(PostgresError) -> [String: String] {
        var failure: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(text, &failure) else {
            let message = unsafe failure.map { unsafe String(cString: $0) } ?? "out of memory"
            unsafe PQfreemem(failure)
            throw .usage("The connection string cannot be read: \(message.trimmed)")
        }
        defer { unsafe PQconninfoFree(options) }
        var found: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe found[String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        return found
    }
}

/// Lends a null-terminated array of C strings.
private func withCStrings<R>(
    _ texts: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R
) -> R {
    var block: [CChar] = []
    var starts: [Int] = []
    for text in texts {
        starts.append(block.count)
        block.append(contentsOf: text.utf8.map { CChar(bitPattern: $0) })
        block.append(0)
    }
    block.append(0)
    return unsafe block.withUnsafeBufferPointer { buffer in
        var pointers = unsafe starts.map { start in unsafe buffer.baseAddress?.advanced(by: start) }
        unsafe pointers.append(nil)
        return unsafe pointers.withUnsafeBufferPointer { list in
            // Never empty: the terminating null is in it.
            guard let base = list.baseAddress else { preconditionFailure("an array lost its null terminator") }
            return unsafe body(base)
        }
    }
}

extension String {
    /// Without white space at the ends; libpq ends its messages with a newline.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
