// What makes readable what is kept of a party: 32 random bytes in a file that only its owner may read, outside PostgreSQL
// and its backups. The keys of what its models answered, and keys and salts of every leaf of a definition about it, follow
// from it, so that the end of this one file, in all its copies, is the end of them all: what is left is noise, in old
// backups too.

private import Crypto
private import Foundation
public import ParleyModel

extension PartySecret {
    public static let format = "parley.party-secret/1"
    private static let remedy = "`parley key secret --party NAME` writes one."

    /// A new secret from the system's random source.
    public init(party: PartyName) {
        self.init(party: party, bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    /// Reads a file. Throws where others than its owner may read it.
    public init(file: String) throws(ParleyFailure) {
        let content = try SecretFile.read(file, remedy: Self.remedy)
        if Self.isWrittenOver(content) {
            throw ParleyFailure(
                .invalidInput,
                "\(file) is what is left of a secret whose end was interrupted: it was written over, not removed.",
                remedy: "Give `parley round exit` again, or remove the file."
            )
        }
        guard let json = try? JSONValue(parsing: content), json["format"]?.string == Self.format,
            let party = json["party"]?.string.flatMap({ PartyName(validating: $0) }),
            let bytes = json["secret"]?.string.flatMap(Base64.decode), bytes.count == 32
        else {
            let message = "\(file) holds no secret of the form \(Self.format)."
            throw ParleyFailure(.invalidInput, message, remedy: Self.remedy)
        }
        self.init(party: party, bytes: bytes)
    }

    /// Writes it to a new file of mode 0600. Throws where the file is there already.
    public func write(to file: String) throws(ParleyFailure) {
        let json: JSONValue = [
            "format": .string(Self.format), "party": .string(party.text), "secret": .string(Base64.encode(bytes)),
        ]
        try SecretFile.create(file, Array((json.pretty + "\n").utf8))
    }

    /// Whether a file is what an end leaves: it is gone, or written over and not removed, since the end was interrupted.
    public static func isEnded(file: String) throws(ParleyFailure) -> Bool {
        guard FileManager.default.fileExists(atPath: file) else { return true }
        return isWrittenOver(try SecretFile.read(file, remedy: remedy))
    }

    private static func isWrittenOver(_ content: [UInt8]) -> Bool { !content.isEmpty && content.allSatisfy { $0 == 0 } }

    /// Removes what an end that was interrupted left of a file.
    public static func removeEnded(file: String) throws(ParleyFailure) {
        guard try isEnded(file: file), FileManager.default.fileExists(atPath: file) else { return }
        do { try FileManager.default.removeItem(atPath: file) } catch {
            throw ParleyFailure(.failure, "\(file) cannot be removed: \(error.localizedDescription)")
        }
    }

    /// Ends a secret: its file is read, written over and removed. Copies, and what the file system keeps of the old bytes,
    /// are not reached.
    /// - Throws: where the file is no secret, or another party's
    public static func destroy(file: String, of party: PartyName) throws(ParleyFailure) {
        let found = try PartySecret(file: file).party
        guard found == party else {
            throw ParleyFailure(.invalidInput, "\(file) is the secret of '\(found)', not of '\(party)'.")
        }
        do {
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
            let length = try handle.seekToEnd()
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: Data(repeating: 0, count: Int(length)))
            try handle.synchronize()
            try handle.close()
            try FileManager.default.removeItem(atPath: file)
        } catch {
            throw ParleyFailure(.failure, "\(file) cannot be destroyed: \(error.localizedDescription)")
        }
    }

    /// The key of which one half is stored.
    func completed(_ half: [UInt8], for slot: KeySlot) -> [UInt8] {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: half + bytes),
            info: Array("parley.bound-key/1\n".utf8) + slot.label,
            outputByteCount: 32
        )
        return key.withUnsafeBytes { Array($0) }
    }
}

/// What one leaf is hidden by. It takes the secrets of all parties that the leaf is about: without one of them there is
/// none of this.
struct LeafKey {
    let salt: [UInt8]
    let nonce: [UInt8]
    private let key: SymmetricKey

    /// - Parameters:
    ///   - secrets: of all parties that the leaf is about, in any order
    ///   - draw: 32 random bytes of this one tree, so that no key ever seals two contents
    init(_ secrets: [PartySecret], draw: [UInt8]) {
        let joined = secrets.sorted { $0.party < $1.party }.flatMap(\.bytes)
        let material = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: joined),
            salt: draw,
            info: Array("parley.definition-leaf/1".utf8),
            outputByteCount: 76
        )
        let bytes = material.withUnsafeBytes { Array($0) }
        key = SymmetricKey(data: bytes[0..<32])
        salt = Array(bytes[32..<64])
        nonce = Array(bytes[64..<76])
    }

    /// Nonce, ciphertext, tag: nobody without the key can tell it from as many random bytes.
    func seal(_ plain: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(plain, using: key, nonce: AES.GCM.Nonce(data: nonce))
            return nonce + Array(box.ciphertext) + Array(box.tag)
        } catch { throw ParleyFailure(.failure, "A leaf of the definition cannot be sealed: \(error)") }
    }

    /// Throws where a bit was changed.
    func open(_ sealed: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        do { return Array(try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key)) } catch {
            throw ParleyFailure(.verification, "A leaf of the definition was changed: it does not open with its key.")
        }
    }
}
