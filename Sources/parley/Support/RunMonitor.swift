// Watches a round while `parley run` works on it: shows how far it is, and ends when nothing is left to do.

import Foundation
import ParleyModel
import ParleyQueue
import ServiceLifecycle
import Synchronization

/// Ends when the round is done, or when only a person can make it go on.
struct RunMonitor: Service {
    let queue: CoordinatorQueue
    let round: RoundID
    let progress: ProgressLine

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            // A look that was interrupted by the end is no failure.
            do { try await watch() } catch  where Task.isCancelled {}
        }
    }

    private func watch() async throws {
        while !Task.isCancelled {
            let start = ContinuousClock.now
            let status = try await queue.status(round: round)
            progress.show(status)
            if status.leased == 0 {
                let budgets = try await queue.budgets(round: round)
                if isOver(status, usedUp: Set(budgets.filter(\.isExhausted).flatMap(\.streams))) { return }
            }
            // A large round takes longer to count: looking costs the database a twentieth of its time at most.
            let pause = max(.milliseconds(700), (ContinuousClock.now - start) * 20)
            try await Task.sleep(for: pause)
        }
    }

    /// Whether nothing is left, or all that is left stands in streams that only a person can make go on.
    private func isOver(_ status: RoundStatus, usedUp: Set<StreamID>) -> Bool {
        status.leased == 0
            && status.streams.allSatisfy {
                $0.pauseReason != nil || $0.isCancelled || usedUp.contains($0.id) || $0.ready + $0.waiting == 0
            }
    }
}

/// One line that is redrawn on a terminal, and now and then a plain line elsewhere.
final class ProgressLine: Sendable {
    private struct State {
        var first: Int?
        var lastPlain: ContinuousClock.Instant?
        var lastEnded: Int?
    }

    private let isInteractive: Bool
    private let isSimulated: Bool
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(isInteractive: Bool, isSimulated: Bool) {
        self.isInteractive = isInteractive
        self.isSimulated = isSimulated
    }

    func show(_ status: RoundStatus) {
        let now = ContinuousClock.now
        let first = state.withLock { state in
            if state.first == nil { state.first = status.done }
            return state.first ?? 0
        }
        let seconds = Double((now - start) / .milliseconds(1)) / 1000
        let rate = seconds > 0 ? Double(status.done - first) / seconds : 0
        let text = Self.text(status, rate: rate, isSimulated: isSimulated)
        if isInteractive {
            FileHandle.standardError.write(Data("\r\u{1B}[2K\(text)".utf8))
            return
        }
        let isDue = state.withLock { state in
            let isOver = status.done + status.dead >= status.planned
            if let last = state.lastPlain, now - last < .seconds(10), !isOver { return false }
            // The end is said once, however often it is looked at.
            let ended = status.grades.values.reduce(status.done + status.dead, +)
            if isOver, state.lastEnded == ended { return false }
            state.lastPlain = now
            state.lastEnded = ended
            return true
        }
        if isDue { Console.error(text) }
    }

    /// Leaves the last state standing.
    func end() {
        if isInteractive { FileHandle.standardError.write(Data("\n".utf8)) }
    }

    /// For instance `[#####-----]  512/1024  50 %  31.2/s  ETA 0:16  scored 500 refused 12`.
    static func text(_ status: RoundStatus, rate: Double, isSimulated: Bool) -> String {
        let share = status.planned > 0 ? Double(status.done) / Double(status.planned) : 1
        let filled = Int(share * 20)
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 20 - filled)
        let left = status.planned - status.done - status.dead
        let eta = rate > 0 && left > 0 ? "ETA \(clock(Double(left) / rate))" : left > 0 ? "ETA --" : "done"
        let kinds = OutcomeKind.allCases.compactMap { kind in
            status.probes[kind].map { "\(kind.name) \($0)" }
        }
        let grades = status.grades.values.reduce(0, +)
        let parts =
            ["[\(bar)]", "\(status.done)/\(status.planned)", "\(Int(share * 100)) %", "\(tenths(rate))/s", eta] + kinds
            + (grades > 0 ? ["graded \(grades)"] : []) + (status.waiting > 0 ? ["waiting \(status.waiting)"] : [])
            + (status.dead > 0 ? ["dead \(status.dead)"] : []) + (isSimulated ? ["SIMULATED"] : [])
        return parts.joined(separator: "  ")
    }

    private static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    private static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        let pad = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        return whole < 3600
            ? "\(whole / 60):\(pad(whole % 60))" : "\(whole / 3600):\(pad(whole / 60 % 60)):\(pad(whole % 60))"
    }
}
