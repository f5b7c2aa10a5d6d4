// One process of an external program, from its start to its end. It has a process group, a folder and an environment of
// its own; its address space is limited by the shell that starts it. However it ends, the whole group ends with it.
//
// The loop blocks in poll(2) and runs on a serial queue of its own: a process a sample is the heavier thing by far, and
// what the program says needs no thread of the cooperative pool.

import Dispatch
import Foundation
import ParleyModel
import Synchronization

/// What is to be started.
struct ProgramLaunch: Sendable {
    /// The program's path, or a name to be looked up in the `PATH` of `environment`; then its arguments.
    var command: [String]
    var environment: [String: String]
    /// Where it starts.
    var folder: String
    /// Written to standard input, which is then closed.
    var input: [UInt8]
    var timeLimit: Duration
    /// In MiB; nil for none.
    var memoryLimit: Int?
    /// In bytes of standard output.
    var outputLimit: Int
}

/// How a process ended, and what it said.
struct ProgramEnd: Sendable {
    enum Cause: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// We ended it: it had said its last word and did not go, it broke the protocol, its time was over, or the
        /// attempt was stopped.
        case killedAfterEnd
        case killedForViolation
        case timeLimit
        case stopped
    }

    var cause: Cause
    var dialogue: ProgramDialogue
    /// The end of standard error.
    var errorOutput: String
    /// To the first byte of standard output; nil where none came.
    var startMicros: Int64?
    var durationMicros: Int64
}

final class ProgramProcess: Sendable {
    /// How long a program may stay after its last word.
    private static let grace = Duration.seconds(2)
    /// How often the end of the leader is looked for while its children hold the pipes.
    private static let pollMilliseconds: Int32 = 20
    /// The most bytes of standard error that are kept.
    private static let errorTail = 8192

    private let launch: ProgramLaunch
    private let isStopped = Atomic(false)

    init(_ launch: ProgramLaunch) { self.launch = launch }

    /// Ends it soon, whatever it does.
    func stop() { isStopped.store(true, ordering: .releasing) }

    /// Runs it to its end; a cancelled task stops it. Throws where it cannot be started.
    func run() async throws(ParleyFailure) -> ProgramEnd {
        let queue = DispatchQueue(label: "parley.program")
        let result: Result<ProgramEnd, ParleyFailure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.async { [self] in
                    do throws(ParleyFailure) {
                        continuation.resume(returning: .success(try runBlocking()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            }
        } onCancel: {
            stop()
        }
        return try result.get()
    }

    /// The same, for callers that may block.
    func runBlocking() throws(ParleyFailure) -> ProgramEnd {
        blockBrokenPipes()
        let started = ContinuousClock.now
        var child = try ProgramChild(launch)
        var dialogue = ProgramDialogue(outputLimit: launch.outputLimit)
        var errors: [UInt8] = []
        var firstByte: Int64?
        var unsent = launch.input[...]
        var overAt: ContinuousClock.Instant?
        /// Why we end it; nil where it ended.
        var reason: ProgramEnd.Cause?
        while reason == nil {
            child.wait(milliseconds: Self.pollMilliseconds)
            if !unsent.isEmpty { child.write(&unsent) }
            let output = child.readOutput()
            if firstByte == nil, !output.isEmpty { firstByte = started.duration(to: .now).wholeMicroseconds }
            dialogue.feed(output)
            errors += child.readError()
            if errors.count > 4 * Self.errorTail { errors.removeFirst(errors.count - Self.errorTail) }
            if dialogue.isOver, overAt == nil { overAt = .now }
            if isStopped.load(ordering: .acquiring) {
                reason = .stopped
            } else if case .broken = dialogue.state {
                reason = .killedForViolation
            } else if child.process.hasEnded {
                break
            } else if let overAt, overAt.duration(to: .now) > Self.grace {
                reason = .killedAfterEnd
            } else if !dialogue.isOver, started.duration(to: .now) > launch.timeLimit {
                reason = .timeLimit
            }
        }
        let end = child.process.reap()
        // What it wrote before its end is still in the pipes.
        while dialogue.byteCount <= launch.outputLimit, case let output = child.readOutput(), !output.isEmpty {
            dialogue.feed(output)
        }
        while errors.count < 64 << 10, case let more = child.readError(), !more.isEmpty { errors += more }
        dialogue.finish()
        return ProgramEnd(
            cause: reason ?? ProgramEnd.Cause(end),
            dialogue: dialogue,
            errorOutput: String(decoding: errors.suffix(Self.errorTail), as: UTF8.self),
            startMicros: firstByte,
            durationMicros: started.duration(to: .now).wholeMicroseconds
        )
    }

    /// A program that closes its input early must not end the worker: the write then fails instead.
    private func blockBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}

extension ProgramEnd.Cause {
    init(_ end: ChildProcess.End) {
        switch end {
        case .exited(let code): self = .exited(code)
        case .signalled(let number): self = .signalled(number)
        }
    }

    /// For people.
    var description: String {
        switch self {
        case .exited(let code): "exit \(code)"
        case .signalled(let number): "signal \(number)"
        case .killedAfterEnd: "killed: it stayed after its last word"
        case .killedForViolation: "killed: it broke the protocol"
        case .timeLimit: "killed: its time was over"
        case .stopped: "killed: the attempt was stopped"
        }
    }
}
