// Whoever can sign for a party: a key of a file, or a program that keeps the key elsewhere.

public import ParleyModel

/// Signs for a party.
public protocol Signer: Sendable {
    var publicKey: PublicKey { get }
    /// The 64 bytes of an Ed25519 signature of the message.
    func signature(of message: [UInt8]) throws(ParleyFailure) -> [UInt8]
}
