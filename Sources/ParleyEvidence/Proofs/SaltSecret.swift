// Where salts come from: one secret of a round, from which each salt follows by HMAC-SHA-256. So that packages for
// several recipients have one Merkle root, all of them are made with the same secret; what is opened to one recipient
// shows the salts of those contents and nothing about the others.

private import Crypto
private import Foundation
public import ParleyModel

/// The secret that all salts of a round follow from. Whoever has it can open every commitment.
public struct SaltSecret: Sendable, CustomStringConvertible {
    public static let format = "parley.salts/1"
    private let secret: [UInt8]

    /// Takes 32 bytes or more.
    public init(secret: [UInt8]) {
        precondition(secret.count >= 32, "a secret of salts has 32 bytes or more")
        self.secret = secret
    }

    /// The secret of a file that only its owner may read; where there is no such file, a new secret in a new one.
    public init(file: String) throws(ParleyFailure) {
        if !FileManager.default.fileExists(atPath: file) {
            var random = SystemRandomNumberGenerator()
            let secret = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
            let json: JSONValue = ["format": .string(Self.format), "secret": .string(Base64.encode(secret))]
            try SecretFile.create(file, Array((json.pretty + "\n").utf8))
        }
        let remedy = "It is the file that was made with the round's first package."
        let bytes = try SecretFile.read(file, remedy: remedy)
        guard let json = try? JSONValue(parsing: bytes), json["format"]?.string == Self.format,
            let secret = json["secret"]?.string.flatMap(Base64.decode), secret.count >= 32
        else {
            throw ParleyFailure(.invalidInput, "\(file) holds no secret of the form \(Self.format).", remedy: remedy)
        }
        self.secret = secret
    }

    func salt(_ label: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(label.utf8), using: SymmetricKey(data: secret)))
    }

    /// The salt of one outcome of a cell.
    public func salt(cell: Int, sample: Int, epoch: Int) -> [UInt8] { salt("outcome/\(cell)/\(sample)/\(epoch)") }

    /// The salt of one sample of a suite.
    public func salt(suite: SuiteName, sample: Int) -> [UInt8] { salt("sample/\(suite.text)/\(sample)") }

    public var description: String { "secret of salts" }
}
