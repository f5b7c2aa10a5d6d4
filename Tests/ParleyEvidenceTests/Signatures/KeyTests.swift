// Keys: Ed25519 as in RFC 8032, files that only their owner may read, agents that sign elsewhere.

import Foundation
import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("Keys") struct KeyTests {
    private let folder = "/tmp/parley-keys-\(UUID().uuidString)"

    private func withFolder(_ body: () throws -> Void) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body()
    }

    private static func bytes(_ hex: String) -> [UInt8] { ContentHash("sha256:\(hex)")?.bytes ?? [] }

    @Test("Signing is Ed25519: tests 1 to 3 of RFC 8032, section 7.1")
    func vectors() throws {
        let cases = [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", [] as [UInt8],
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
                    + "24655141438e7a100b"
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", [0x72],
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
                    + "eeb00d291612bb0c00"
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", [0xaf, 0x82],
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
                    + "8dc027beceea1ec40a"
            ),
        ]
        for (seed, publicKey, message, signature) in cases {
            let key = try SigningKey(party: "north", seed: Self.bytes(seed))
            #expect(key.publicKey.bytes == Self.bytes(publicKey))
            let made = try key.signature(of: message)
            #expect(made.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == signature)
            #expect(key.publicKey.isValid(signature: made, for: message))
            #expect(!key.publicKey.isValid(signature: made, for: message + [0]))
        }
    }

    @Test("A key comes back from its file, which only its owner may read and which is never overwritten")
    func file() throws {
        try withFolder {
            let path = folder + "/north.key"
            let key = try SigningKey(party: "north")
            try key.write(to: path)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let read = try SigningKey(file: path)
            #expect(read.publicKey == key.publicKey)
            #expect(read.publicKey.isValid(signature: try read.signature(of: [1]), for: [1]))
            let other = try SigningKey(party: "north")
            #expect(throws: ParleyFailure.self) { try other.write(to: path) }
            #expect(try SigningKey(file: path).publicKey == key.publicKey)
            #expect(!"\(read)".contains("private_key") && "\(read)".contains(key.publicKey.id.hex))
        }
    }

    @Test("A key file that others can read or write is refused", arguments: [0o640, 0o604, 0o660, 0o601, 0o620])
    func wide(mode: Int) throws {
        try withFolder {
            let path = folder + "/north.key"
            try SigningKey(party: "north").write(to: path)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let failure = #expect(throws: ParleyFailure.self) { try SigningKey(file: path) }
            #expect(failure?.remedy?.contains("chmod 600") == true)
        }
    }

    @Test("A key whose id is not that of its bytes is refused")
    func wrongID() throws {
        let key = try MadeUpRound.key("north").publicKey
        guard var members = key.json.object else { return }
        members["key_id"] = .string(try MadeUpRound.key("south").publicKey.id.description)
        #expect(throws: ParleyFailure.self) { try PublicKey(json: .object(members)) }
        #expect(try PublicKey(json: key.json) == key)
    }

    @Test("An agent's signature is used only where it is one by its key")
    func agent() throws {
        try withFolder {
            let key = try MadeUpRound.key("north")
            let message: [UInt8] = Array("hello".utf8)
            let good = Base64.encode(try key.signature(of: message))
            // The agent keeps what it was asked, so that the request itself can be looked at.
            let request = folder + "/request.json"
            let agent = AgentSigner(
                command: "cat > \(request); printf '{\"signature\":\"\(good)\"}'",
                publicKey: key.publicKey
            )
            #expect(try agent.signature(of: message) == (try key.signature(of: message)))
            let asked = try JSONValue(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: request))))
            #expect(asked["message"]?.string == Base64.encode(message) && asked["party"]?.string == "north")
            #expect(throws: ParleyFailure.self) { try agent.signature(of: message + [1]) }
        }
    }

    @Test(
        "An agent that fails, chatters or answers nonsense signs nothing",
        arguments: ["exit 3", "true", "echo no", "yes", "printf '{\"signature\":\"AAAA\"}'"]
    )
    func badAgent(command: String) throws {
        let agent = AgentSigner(command: command, publicKey: try MadeUpRound.key("north").publicKey)
        #expect(throws: ParleyFailure.self) { try agent.signature(of: [UInt8](repeating: 1, count: 1 << 20)) }
    }
}
