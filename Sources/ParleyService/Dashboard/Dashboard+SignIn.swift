// Signing in and out, and the stream that says when to look again. The token is kept by the browser in a cookie that no
// script reads and no other site sends. Tokens cannot be guessed by asking often: after some wrong ones in a minute
// nobody signs in until it is over.

import Foundation
import Hummingbird
import ParleyReport
import ServiceLifecycle
import Synchronization

/// Counts what must not be had too often.
final class Doors: Sendable {
    private struct State {
        var wrong: [ContinuousClock.Instant] = []
        var streams = 0
    }

    static let mostWrongInAMinute = 10
    static let mostStreams = 256
    private let state = Mutex(State())

    /// Whether a token may be tried now.
    var isOpen: Bool {
        state.withLock { state in
            state.wrong.removeAll { ContinuousClock.now - $0 > .seconds(60) }
            return state.wrong.count < Self.mostWrongInAMinute
        }
    }

    func wrong() { state.withLock { $0.wrong.append(.now) } }

    func enterStream() -> Bool {
        state.withLock { state in
            guard state.streams < Self.mostStreams else { return false }
            state.streams += 1
            return true
        }
    }

    func leaveStream() { state.withLock { $0.streams -= 1 } }
}

extension Dashboard {
    private struct SignIn: Decodable {
        let token: String
    }

    func addSignIn<Context: RequestContext>(to router: Router<Context>) {
        router.get("dashboard/sign-in") { _, _ in respond(.ok, DashboardFrame.signIn(problem: nil)) }
        router.post("dashboard/sign-in") { request, context in
            guard Self.isOwnForm(request) else {
                return respond(.forbidden, DashboardFrame.signIn(problem: "This form came from another site."))
            }
            guard doors.isOpen else {
                return respond(
                    .tooManyRequests,
                    DashboardFrame.signIn(problem: "Too many wrong tokens; wait a minute.")
                )
            }
            let form = try? await URLEncodedFormDecoder().decode(SignIn.self, from: request, context: context)
            guard let token = form?.token.trimmingCharacters(in: .whitespaces), Self.isCookieValue(token),
                try await access.viewer(token: token) != nil
            else {
                doors.wrong()
                return respond(.unauthorized, DashboardFrame.signIn(problem: "This token lets nobody in."))
            }
            var response = redirect("")
            response.setCookie(cookie(token))
            return response
        }
        router.post("dashboard/leave") { _, _ in
            var response = redirect("/sign-in")
            response.setCookie(cookie("", maxAge: 0))
            return response
        }
    }

    private func cookie(_ token: String, maxAge: Int? = nil) -> Cookie {
        Cookie(
            name: Self.cookie,
            value: token,
            maxAge: maxAge,
            path: DashboardFrame.root,
            secure: isSecure,
            httpOnly: true,
            sameSite: .strict
        )
    }

    /// Whether a token can stand in a cookie as it is.
    private static func isCookieValue(_ token: String) -> Bool {
        !token.isEmpty && token.utf8.count <= 512
            && token.utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && !Array("\",;\\".utf8).contains(byte)
            }
    }

    /// Browsers say where a request comes from; only a page of ours may send a form.
    static func isOwnForm(_ request: Request) -> Bool {
        guard let name = HTTPFields.Element.Name("sec-fetch-site"), let site = request.headers[name] else {
            return true
        }
        return site == "same-origin" || site == "none"
    }

    /// Says every two seconds that it is time to look; for five minutes, then the browser asks again.
    func live(_ request: Request) async throws -> Response {
        guard try await frame(request) != nil else { return respond(.unauthorized, "", type: "text/plain") }
        guard doors.enterStream() else { return respond(.serviceUnavailable, "", type: "text/plain") }
        let doors = doors
        return Response(
            status: .ok,
            headers: Self.headers("text/event-stream"),
            body: ResponseBody { writer in
                defer { doors.leaveStream() }
                for number in 0..<150 {
                    try await writer.write(ByteBuffer(string: "event: look\ndata: \(number)\n\n"))
                    let isOver = await Self.pause()
                    if isOver { break }
                }
                try await writer.finish(nil)
            }
        )
    }

    /// Waits for two seconds; whether the process shuts down.
    private static func pause() async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(2)) }
            return false
        } catch {
            return true
        }
    }
}
