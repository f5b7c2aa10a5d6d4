// The HTTP service of `parley run`, over TLS with a certificate of the test's own: it answers while the round is worked
// on, and a pause through it ends the run as one by the command line does.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import ParleyModel
import Testing

@Suite("The service of a run") struct ServiceTests {
    @Test("It answers over TLS while the round runs, and a pause by a token ends the run", .timeLimit(.minutes(2)))
    func pause() async throws {
        let place = try Workplace(samples: 400, latency: "50ms")
        let (certificate, key) = (place.folder + "/chain.pem", place.folder + "/key.pem")
        try Self.makeCertificate(certificate, key)
        let made = try ParleyProcess.run([
            "token", "new", "olga", "--scope", "control", "--because", "a test", "--state", place.state,
        ])
        let token = made.output.trimmingCharacters(in: .whitespacesAndNewlines)

        let run = try place.start(["--http", "127.0.0.1:0", "--tls-certificate", certificate, "--tls-key", key])
        var address: String?
        while run.isRunning, address == nil {
            address = run.errorsSoFar.split(separator: "\n").first { $0.hasPrefix("Listening on ") }
                .map { String($0.dropFirst("Listening on ".count)) }
            await Task.yield()
        }
        let base = try #require(address, "\(run.errorsSoFar)")
        #expect(base.hasPrefix("https://127.0.0.1:"))

        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(certificate)
        let client = HTTPClient(configuration: HTTPClient.Configuration(tlsConfiguration: tls))
        let headers: HTTPHeaders = ["authorization": "Bearer \(token)", "content-type": "application/json"]
        var look = HTTPClientRequest(url: base + "/v1/rounds/sums")
        look.headers = headers
        let seen = try await client.execute(look, timeout: .seconds(20))
        #expect(seen.headers["strict-transport-security"] == ["max-age=31536000"])
        let status = try JSONValue(parsing: Array(buffer: try await seen.body.collect(upTo: 1 << 20)))
        #expect(status["rounds"]?[0]?["round"] == "sums" && status["rounds"]?[0]?["planned"] == 1600)

        var change = HTTPClientRequest(url: base + "/v1/rounds/sums/control")
        change.method = .POST
        change.headers = headers
        change.body = .bytes(ByteBuffer(string: #"{"action": "pause", "because": "wrong key"}"#))
        let done = try await client.execute(change, timeout: .seconds(20))
        #expect(done.status == .ok)
        // In the clear nobody is answered.
        let clear = HTTPClientRequest(url: base.replacing("https:", with: "http:") + "/healthz")
        await #expect(throws: (any Error).self) { try await client.execute(clear, timeout: .seconds(5)) }
        try await client.shutdown()

        let ended = run.end()
        #expect(ended.code == 3 && ended.errors.contains("wrong key"), "\(ended.errors.suffix(500))")
        let events = try ParleyProcess.run(["events", "sums", "--state", place.state])
        #expect(events.output.contains("pause the round (2) by token olga: wrong key"), "\(events.output)")
    }

    private static func makeCertificate(_ certificate: String, _ key: String) throws {
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        openssl.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj",
            "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        #expect(openssl.terminationStatus == 0)
    }
}
