// What the forms do: pause and resume a round, rule on dead jobs. Invariant: nothing is changed without a token that may
// control, the form's own token, and a reason; what is changed stands in the ledger with both.

import Hummingbird
import ParleyModel
import ParleyQueue
import ParleyReport

/// What a form came to, as the page after it says.
enum Done: String {
    case paused, resumed, ruled, nothing

    var text: String {
        switch self {
        case .paused: "Paused: what is in flight finishes, nothing more is claimed."
        case .resumed: "Resumed."
        case .ruled: "Ruled; the ledger holds it with the reason."
        case .nothing: "Nothing had to be done."
        }
    }
}

extension Dashboard {
    private struct ControlForm: Decodable {
        let proof: String
        let because: String
        let action: String
    }

    private struct RuleForm: Decodable {
        let proof: String
        let because: String
        let ruling: String
        let `class`: String
    }

    func addForms<Context: RequestContext>(to router: Router<Context>) {
        router.post("dashboard/rounds/:round/control") { request, context in
            let name = context.parameters.get("round") ?? ""
            let form = try? await URLEncodedFormDecoder().decode(ControlForm.self, from: request, context: context)
            return await change(request, form?.proof, form?.because) { authority in
                let action: CoordinatorQueue.Action = form?.action == "resume" ? .resume : .pause
                guard form?.action == action.rawValue else { return nil }
                let record = try await source.record(name)
                let effect = try await source.queue.control(action, record.id, by: authority)
                let done: Done = !effect.isChange ? .nothing : action == .pause ? .paused : .resumed
                return "/rounds/\(record.name)?done=\(done.rawValue)"
            }
        }
        router.post("dashboard/rounds/:round/rule") { request, context in
            let name = context.parameters.get("round") ?? ""
            let form = try? await URLEncodedFormDecoder().decode(RuleForm.self, from: request, context: context)
            return await change(request, form?.proof, form?.because) { authority in
                guard let form, let ruling = Ruling(rawValue: form.ruling) else { return nil }
                return try await rule(ruling, on: form.class, of: source.record(name), by: authority)
            }
        }
    }

    private func rule(
        _ ruling: Ruling,
        on failureClass: String,
        of record: RoundRecord,
        by authority: CoordinatorQueue.Authority
    ) async throws -> String {
        let jobs = try await source.queue.deadJobs(round: record.id, failureClass: failureClass, limit: .max)
            .filter { $0.ruling == nil }.map(\.job)
        let count = try await source.queue.rule(ruling, on: jobs, round: record.id, by: authority)
        return "/rounds/\(record.name)/dead?done=\((count > 0 ? Done.ruled : Done.nothing).rawValue)"
    }

    /// Does what a form asks for, where it may; then shows the page that the body names.
    private func change(
        _ request: Request,
        _ formToken: String?,
        _ because: String?,
        _ body: (CoordinatorQueue.Authority) async throws -> String?
    ) async -> Response {
        await answer(request) { frame, viewer in
            guard viewer.canControl else {
                return respond(.forbidden, frame.problem("Not allowed", "This token may look, but change nothing."))
            }
            guard formToken == frame.formToken, Self.isOwnForm(request) else {
                return respond(
                    .forbidden,
                    frame.problem("Not done", "The form is not of this session; open its page again.")
                )
            }
            guard let because, !because.allSatisfy(\.isWhitespace) else {
                return respond(.badRequest, frame.problem("Not done", "Say why: the ledger keeps it."))
            }
            let authority = CoordinatorQueue.Authority(actor: viewer.name, reason: because)
            let changed = try await body(authority)
            await source.forget()
            guard let path = changed else {
                return respond(.badRequest, frame.problem("Not done", "The form asks for nothing that is known."))
            }
            return redirect(path)
        }
    }
}
