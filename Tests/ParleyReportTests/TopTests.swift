// The screen of `parley top` and the keys that move it: pure, so without a terminal.

import ParleyModel
import Testing

@testable import ParleyReport

@Suite("The live screen")
struct TopTests {
    static func round(_ name: RoundName, pace: Int = 0, left: Int = 0) -> OperationsDocument.Round {
        OperationsDocument.Round(
            round: name,
            title: "T",
            state: "running",
            simulated: false,
            currency: "USD",
            planned: 100,
            done: 50,
            kinds: [:],
            graded: 0,
            ready: left,
            waiting: 0,
            held: 0,
            dead: 0,
            oldestDueSeconds: 5,
            lastMinute: pace,
            etaSeconds: 3_700,
            cost: .zero,
            budget: Money(billionths: 2_000_000_000),
            budgetUsed: Money(billionths: 1_000_000_000),
            binding: .init(.paused, "paused: \u{1B}[2J\u{202E}evil", jobs: left)
        )
    }

    /// Most of the time goes into waiting for models.
    static let vitals = WorkerVitals(
        mostInFlight: 500,
        processors: 2,
        processorsUsed: 0.25,
        loopLagSeconds: 0.003,
        overSeconds: 60,
        providerSeconds: 930,
        queueSeconds: 20,
        backoffSeconds: 0,
        localSeconds: 50
    )

    /// The same, as it looks from a worker whose tasks wait for a processor.
    static var starved: WorkerVitals {
        var starved = vitals
        starved.loopLagSeconds = 0.4
        return starved
    }

    static func house(_ rounds: [OperationsDocument.Round], workers: Int = 2) -> OperationsDocument {
        OperationsDocument(
            at: "2030-01-01T00:00:00Z",
            rounds: rounds,
            accounts: [
                .init(
                    account: "acct\u{1B}]0;x\u{07}",
                    model: "m",
                    inFlight: 9,
                    workers: 1,
                    ended: 60,
                    failed: 1,
                    turnedAway: 1,
                    tokens: 5,
                    values: [.init(.learned, 10, setBy: "found by trying", binds: true)]
                )
            ],
            workers: (0..<workers).map {
                .init(worker: Int64($0), name: "w\u{1B}[31m", host: "h", version: "0", state: "active", inFlight: 4)
            }
        )
    }

    @Test(
        "No screen is wider or higher than the terminal, whatever its size",
        arguments: [(80, 24), (40, 10), (20, 3), (200, 60), (1, 1)]
    )
    func size(width: Int, height: Int) {
        let rounds = (0..<20).map { Self.round(RoundName("round-with-a-rather-long-name-\($0)"), left: $0) }
        let screen = TopScreen(Self.house(rounds, workers: 30), TopState(), width: width, isStyled: false)
        let lines = screen.lines(height: height)
        #expect(lines.count <= height)
        #expect(lines.allSatisfy { $0.count <= max(width, 20) && !$0.contains("\n") })
    }

    @Test("At 80 columns a round shows progress, pace, time left and what holds it")
    func shown() {
        let screen = TopScreen(
            Self.house([Self.round("spring", pace: 1234, left: 50)]),
            TopState(),
            width: 80,
            isStyled: false
        )
        let text = screen.lines(height: 24).joined(separator: "\n")
        for part in [
            "spring", "#####----- 50.0 %", "1,234", "1:01:40", "1.00 USD of 2.00 USD", "oldest due 0:05",
            "learned (429)", "q quit",
        ] {
            #expect(text.contains(part), "\(part) is missing in\n\(text)")
        }
    }

    @Test("At 80 columns a worker shows processors, lag and what its time goes into; a starved one says so first")
    func workers() {
        var house = Self.house([], workers: 2)
        house.workers = [Self.vitals, Self.starved].map {
            .init(worker: 7, name: "w", host: "h", version: "0", state: "active", inFlight: 4, vitals: $0)
        }
        let lines = TopScreen(house, TopState(), width: 80, isStyled: false).lines(height: nil).suffix(2)
        for (line, parts) in zip(lines, [["0.25/2", "3 ms", "waits for providers", "93"], ["400 ms", "lacks proc"]]) {
            #expect(parts.allSatisfy { line.contains($0) } && line.count <= 80, "\(line)")
        }
        var idle = Self.vitals
        idle.providerSeconds = 0
        #expect(idle.bound == .local)
        idle.localSeconds = 0
        idle.queueSeconds = 0
        #expect(idle.bound == nil && idle.shares.isEmpty)
    }

    @Test("What others wrote is no command to the terminal")
    func hostile() {
        let house = Self.house([Self.round("spring", left: 1)])
        let text = TopScreen(house, TopState(), width: 200, isStyled: false).lines(height: nil).joined()
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202E}" })
        #expect(text.contains("[U+001B][2J[U+202E]evil"))
        var line = TailRecord(at: "t", what: .failure)
        line.message = "\u{1B}[2Jx\ny"
        #expect(!tailLine(line).unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test("Keys are found in what terminals send, and nothing else is")
    func keys() {
        #expect(
            TopKey.keys(in: Array("q\u{1B}[A\u{1B}OB\u{1B}[1;5C\u{1B}[3~\r\u{7F}é".utf8))
                == [.character("q"), .up, .down, .enter, .backspace, .character("é")]
        )
        #expect(TopKey.keys(in: [0x1B]) == [.escape] && TopKey.keys(in: [0x01, 0x09]) == [])
        #expect(TopKey.keys(in: Array("\u{1B}[".utf8)) == [])
    }

    @Test("Nothing is paused without a selection, a question, a reason and Enter")
    func pause() {
        let rounds = [Self.round("a"), Self.round("b")]
        var state = TopState()
        func press(_ keys: TopKey...) -> [TopAction] { keys.map { state.press($0, over: rounds) } }
        #expect(press(.character("p"), .enter) == [.none, .none] && state.question == nil)
        #expect(press(.down, .down, .character("p")).allSatisfy { $0 == .none })
        #expect(state.question?.round == "b")
        #expect(press(.enter) == [.none] && state.question != nil, "no reason")
        #expect(press(.character("q"), .character("x"), .backspace) == [.none, .none, .none], "typed, not commands")
        #expect(press(.enter) == [.pause("b", because: "q")] && state.question == nil)
        #expect(press(.character("r"), .character("y"), .escape, .enter).allSatisfy { $0 == .none })
        #expect(press(.character("r"), .character("y"), .enter).last == .resume("b", because: "y"))
        #expect(press(.character("q")) == [.quit])
    }

    @Test("Rounds are sorted by name, pace and what is left, and the selection stays with its round")
    func sort() {
        let rounds = [Self.round("b", pace: 1, left: 9), Self.round("a", pace: 2, left: 3), Self.round("c", pace: 3)]
        var state = TopState()
        #expect(state.ordered(rounds).map(\.round) == ["a", "b", "c"])
        _ = state.press(.down, over: rounds)
        _ = state.press(.character("s"), over: rounds)
        #expect(state.sort == .pace && state.ordered(rounds).map(\.round) == ["c", "a", "b"] && state.selected == "a")
        _ = state.press(.up, over: rounds)
        #expect(state.selected == "c")
        _ = state.press(.character("s"), over: rounds)
        #expect(state.ordered(rounds).map(\.round) == ["b", "a", "c"])
    }
}
