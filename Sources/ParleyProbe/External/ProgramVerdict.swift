// From how a program ended to what the attempt comes to. In order, the first that applies:
//
//   a provider failed under a call             the attempt fails as it failed
//   the attempt was stopped                    cancelled
//   a wrong line, a flood                      malformed_response: it will happen again
//   a last word                                the outcome that it names; `error` fails the attempt
//   the time limit                             limited
//   no last word after a refused call          limited
//   not to be started (exit 126, 127, silent)  worker: this worker lacks something
//   no last word                               malformed_response: a crash

import ParleyModel

/// What an attempt with a program comes to.
enum ProgramVerdict {
    case observation(Observation, answer: String)
    /// Without what was exchanged and used.
    case failure(ProbeFailure)

    init(_ end: ProgramEnd, _ calls: EndpointSession.Calls, scorer: Scorer, sample: Sample) {
        switch end.dialogue.state {
        case .broken(let violation):
            self = Self.failure(end, "protocol \(violation.code.rawValue)", violation.message)
        case .ended(let message):
            self.init(message, end, calls, scorer: scorer, sample: sample)
        case .talking:
            if end.cause == .timeLimit {
                self = .observation(Observation(.limited, nil, "the program's time was over"), answer: "")
            } else if let limit = calls.limit {
                self = .observation(Observation(.limited, nil, "the attempt reached its limit: \(limit)"), answer: "")
            } else {
                self = Self.crash(end)
            }
        }
    }

    private init(
        _ message: ProgramMessage,
        _ end: ProgramEnd,
        _ calls: EndpointSession.Calls,
        scorer: Scorer,
        sample: Sample
    ) {
        switch message {
        case .answer(let text, let stop, let explanation):
            let solution = Solution(messages: [], answer: text, ending: .model(stop ?? calls.lastStop ?? .stop))
            var observation = Observation(of: solution, scorer: scorer, sample: sample)
            if let explanation { observation.explanation = [observation.explanation, explanation].joinedLines }
            self = .observation(observation, answer: text)
        case .score(let score, let answer, let explanation):
            guard scorer.kind == .external else {
                let message = "it scored itself, and the suite's scorer is '\(scorer.kind.rawValue)': it must answer"
                self = Self.failure(end, "protocol score_not_asked", message)
                return
            }
            let observation =
                score.map { Observation(.scored, scorer.signed($0), explanation) }
                ?? Observation(.unscorable, nil, explanation ?? "the program gave no score")
            self = .observation(observation, answer: answer ?? "")
        case .refused(let answer, let explanation):
            let solution = Solution(messages: [], answer: answer ?? "", ending: .model(.refusal))
            var observation = Observation(of: solution, scorer: scorer, sample: sample)
            if let explanation { observation.explanation = explanation }
            self = .observation(observation, answer: answer ?? "")
        case .error(let message, let isTransient):
            if let limit = calls.limit {
                let reason = "the attempt reached its limit: \(limit); the program says: \(message)"
                self = .observation(Observation(.limited, nil, Bounded.message(reason, limit: 2000)), answer: "")
            } else {
                self = Self.failure(end, "error", "it says: \(message)", isTransient ? .worker : .malformedResponse)
            }
        case .log, .message:
            self = Self.crash(end)
        }
    }

    private static func crash(_ end: ProgramEnd) -> ProgramVerdict {
        if case .exited(let code) = end.cause, code == 126 || code == 127, end.dialogue.byteCount == 0 {
            return failure(end, "cannot_start \(code)", "it cannot be started", .worker)
        }
        return failure(
            end,
            end.cause == .exited(0) ? "no_answer" : "crash \(end.cause.description)",
            "it ended without an answer"
        )
    }

    private static func failure(
        _ end: ProgramEnd,
        _ code: String,
        _ message: String,
        _ failureClass: FailureClass = .malformedResponse
    ) -> ProgramVerdict {
        let tail = end.errorOutput.suffix(500)
        let words =
            "the external program (\(end.cause.description)): \(message)" + (tail.isEmpty ? "" : "; stderr: \(tail)")
        return .failure(
            ProbeFailure(
                failureClass,
                Bounded.message(words, limit: 1500),
                fingerprint: "external \(code)",
                usage: Usage()
            )
        )
    }
}

extension [String?] {
    fileprivate var joinedLines: String? {
        let lines = compactMap { $0 }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
