// Grade jobs: one judgement of one transcript by one judge. A judge that refuses, is blocked or gives no grade is
// `unscorable`: a judge's failure is never scored as the model's. Failures of its provider are failures of the
// attempt as anywhere else.

public import ParleyModel

extension Prober {
    /// Has the `judge`-th judge of the cell's suite grade a transcript, by its frozen grader or by a later one.
    ///
    /// The result's usage, cost and latency are the judge's alone; its transcript holds the judge's conversation, its
    /// answer the judge's reply. Throws the failure of the judge's call; `invalid_request` where the suite has no
    /// such judge.
    @concurrent
    public func grade(
        cell: Int,
        judge: Int,
        by later: Grader? = nil,
        sample: Sample,
        transcript: Transcript
    ) async throws(ProbeFailure) -> ProbeResult {
        let place = try place(of: cell)
        let (suite, target) = (place.suite, place.configuration)
        guard let grader = later ?? suite.scorer.grader, grader.judges.indices.contains(judge) else {
            throw definitionFailure("suite '\(suite.name)' has no judge \(judge)")
        }
        guard let configuration = definition.configuration(grader.judges[judge]) else {
            throw definitionFailure("the round has no configuration '\(grader.judges[judge])'")
        }
        var record = Transcript(
            suite: suite.name,
            configuration: configuration.name,
            sampleID: transcript.sampleID,
            epoch: transcript.epoch
        )
        var caller = Caller(prober: self, epoch: 1)
        let blinding = Blinding(names: names[target.model] ?? [])
        do throws(TemplateProblem) {
            let prompt = try JudgePrompt(
                rubric: grader.rubric,
                sample: sample,
                answer: transcript.answer,
                messages: transcript.messages,
                blinding: blinding,
                axis: grader.axis(ofJudge: judge).flatMap { grader.axes?[$0] }
            ).messages(for: configuration)
            record.messages = prompt.messages
            record.blinded = prompt.blinded
        } catch {
            record.explanation = error.description
            return result(Observation(.unscorable), log: caller.log, modelReturned: nil, transcript: record)
        }
        let reply = try await caller.ask(
            record.messages,
            of: configuration,
            maxTokens: grader.maxTokens,
            purpose: .judge
        )
        let observation = Self.observation(of: reply, scorer: suite.scorer, grader: grader)
        record.messages.append(Message(.assistant, reply.text, reasoning: reply.reasoning))
        record.answer = reply.text
        record.explanation = observation.explanation
        record.exchanges = caller.log.exchanges
        return result(observation, log: caller.log, modelReturned: reply.modelReturned, transcript: record)
    }

    private static func observation(of reply: GenerateReply, scorer: Scorer, grader: Grader) -> Observation {
        switch reply.stop {
        case .contentFilter: return Observation(.unscorable, nil, "the provider blocked the judge")
        case .refusal: return Observation(.unscorable, nil, "the judge refused")
        case .contextLength: return Observation(.unscorable, nil, "the answer did not fit the judge's context")
        case .stop, .toolCalls, .maxTokens: break
        }
        guard let grade = GradeLine.grade(in: reply.text, scale: grader.scale, isCut: reply.stop == .maxTokens),
            let score = grader.scale[grade]
        else {
            let refused = RefusalDetector.reading(of: reply.text) == .refusal
            return Observation(.unscorable, nil, refused ? "the judge refused" : "the judge gave no grade of the scale")
        }
        return Observation(.scored, scorer.signed(score), "the judge's grade is \(grade)")
    }
}

extension RoundDefinition {
    /// What the model under test and its lab are called in this round, to be taken out of its answer.
    func names(of model: ModelName) -> [String] {
        guard let model = self.model(model) else { return [] }
        return [model.name.text, model.modelID, model.party.text, party(model.party)?.title ?? ""]
    }
}
