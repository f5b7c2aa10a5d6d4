// A simulated provider as a process: where it listens, and what it is told while it plays.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

extension ParleyProcess {
    /// Where `parley simulate` listens, as it says at its start; empty where it ended before.
    func simulatorAddress() -> String {
        var said = ""
        while isRunning, !said.contains(";") { said = soFar }
        return said.prefix { $0 != ";" }.split(separator: " ").last.map(String.init) ?? ""
    }

    /// Lets its models answer without delay from now on.
    static func letAnswerAtOnce(_ address: String) async throws {
        let command = #"{"all":{"latency_milliseconds":0}}"#
        let answer = try await HTTPClient.shared.post(url: address + "/control", body: .string(command)).get()
        #expect(answer.status == .ok)
    }
}
