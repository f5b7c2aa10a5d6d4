// The loop of `parley top`: looks at the database in a task of its own, so that keys are answered at once however long
// a look takes, and draws what came last.

import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct TopWatch {
    private enum Event: Sendable {
        case terminal(TerminalEvent)
        case looked(OperationsDocument)
        case failed(String)
        case done(String)
    }

    let queue: CoordinatorQueue
    let rounds: Set<RoundName>
    let every: Duration

    /// Watches until the person quits or a signal asks to end.
    func run(from first: OperationsDocument) async throws {
        try await LiveTerminal.run { terminal, keys in
            await watch(terminal, keys, first)
        }
    }

    private func watch(
        _ terminal: LiveTerminal,
        _ keys: AsyncStream<TerminalEvent>,
        _ first: OperationsDocument
    ) async {
        let (events, feed) = AsyncStream.makeStream(of: Event.self)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await key in keys { feed.yield(.terminal(key)) } }
            group.addTask { await look(feed) }
            var state = TopState()
            var document = first
            draw(terminal, document, state)
            loop: for await event in events {
                switch event {
                case .terminal(.end): break loop
                case .terminal(.resized): break
                case .terminal(.key(let key)):
                    let action = state.press(key, over: document.rounds)
                    if action == .quit { break loop }
                    if action != .none { group.addTask { feed.yield(.done(await perform(action))) } }
                case .looked(let new):
                    document = new
                    if state.message.hasPrefix(Self.lookFailed) { state.message = "" }
                case .failed(let text): state.message = "\(Self.lookFailed) \(text)"
                case .done(let text): state.message = text
                }
                draw(terminal, document, state)
            }
            group.cancelAll()
        }
    }

    private static let lookFailed = "No news:"

    private func draw(_ terminal: LiveTerminal, _ document: OperationsDocument, _ state: TopState) {
        let (width, height) = terminal.size
        terminal.draw(TopScreen(document, state, width: width, isStyled: Console.isStyled).lines(height: height))
    }

    private func look(_ feed: AsyncStream<Event>.Continuation) async {
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do {
                feed.yield(.looked(try await queue.operations(rounds: rounds)))
            } catch {
                feed.yield(.failed("\(error)"))
            }
            // Looking costs the database a tenth of its time at most.
            try? await Task.sleep(for: max(every, (ContinuousClock.now - start) * 10))
        }
    }

    private func perform(_ action: TopAction) async -> String {
        do {
            switch action {
            case .pause(let round, let reason): return try await control(.pause, round, reason)
            case .resume(let round, let reason): return try await control(.resume, round, reason)
            case .none, .quit: return ""
            }
        } catch {
            return "Not done: \(error)"
        }
    }

    private func control(_ action: CoordinatorQueue.Action, _ name: RoundName, _ reason: String) async throws -> String
    {
        guard let record = try await queue.round(named: name) else { return "There is no round '\(name)' any more." }
        let effect = try await queue.control(action, record.id, by: .init(actor: Session.person, reason: reason))
        let waits = effect.waits > 0 ? ", ended \(effect.waits) waits" : ""
        return "\(action == .pause ? "Paused" : "Resumed") \(effect.streams) parts of '\(name)'\(waits)."
    }
}
