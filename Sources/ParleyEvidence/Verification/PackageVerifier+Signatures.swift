// Who signed what. A signature by a trusted key passes; one by a key that came with the package shows only that whoever
// made the key signed, and is not covered. A signature that does not hold fails, and so does a trusted key that signed
// nothing: a reader who names it expects to find it. Where keys are trusted, one of them must have signed the package.

import ParleyModel

extension PackageVerifier {
    private static let keysLimit = 1 << 20

    mutating func checkKeys() {
        guard let bytes = package[.keys] else { return }
        let subject = PackageManifest.File.keys.rawValue
        do {
            guard bytes.count <= Self.keysLimit else { throw ParleyFailure(.invalidInput, "It is too large.") }
            let json = try JSONValue(parsing: bytes)
            guard let list = json["keys"]?.array, list.count <= KeyRing.limit else {
                throw ParleyFailure(.invalidInput, "It holds no list of at most \(KeyRing.limit) keys.")
            }
            let packaged = try list.map { try PublicKey(json: $0) }
            guard Array(((["keys": .array(packaged.map(\.json))] as JSONValue).pretty + "\n").utf8) == bytes else {
                throw ParleyFailure(.invalidInput, "Its bytes are not in the form that Parley writes.")
            }
            keys = try KeyRing(trusted: trusted, packaged: packaged)
            for key in keys.displaced {
                note("keys", key.party.text, .failed, "The package names another key, \(key.id), than the trusted one.")
            }
        } catch let failure as ParleyFailure {
            note("keys", subject, .failed, failure.message)
        } catch {
            note("keys", subject, .failed, "It is no JSON: \(error).")
        }
    }

    mutating func checkAgreement() {
        let check = "agreement"
        guard let definition else { return }
        guard let bytes = package[.agreement] else {
            return note(
                check,
                nil,
                .notCovered,
                "Nobody signed the definition: nothing shows that the parties agreed to it."
            )
        }
        guard let (envelope, count) = signatures(bytes, check, PackageManifest.File.agreement.rawValue) else { return }
        do throws(ParleyFailure) {
            let statement = try Statement(in: envelope, expecting: .definition)
            guard statement.digest == manifest.definitionHash else {
                throw ParleyFailure(.invalidInput, "It is about the definition \(statement.digest), not this one.")
            }
            guard statement.content["round"]?.string == definition.name.text else {
                throw ParleyFailure(.invalidInput, "It is about another round.")
            }
            let policy = try SigningPolicy(statement.content["policy"], of: definition)
            let signed = count.parties.intersection(policy.parties)
            let missing = policy.parties.filter { !signed.contains($0) }
            let known = Set(count.valid.filter(keys.isTrusted).map(\.party)).intersection(policy.parties)
            let reason =
                "\(signed.count) of \(policy.parties.count) parties signed, \(known.count) by trusted keys; the policy asks "
                + "for \(policy.threshold)."
                + (missing.isEmpty ? "" : " Without a valid signature: \(missing.map(\.text).joined(separator: ", ")).")
            let status: VerificationReport.Status =
                known.count >= policy.threshold ? .passed : signed.count >= policy.threshold ? .notCovered : .failed
            note(check, "threshold", status, reason)
        } catch {
            note(check, PackageManifest.File.agreement.rawValue, .failed, error.message)
        }
    }

    mutating func checkPackageSignatures() {
        let check = "package signatures"
        let subject = PackageManifest.File.signatures.rawValue
        guard let bytes = package[.signatures] else {
            guard manifest.signers.isEmpty else {
                return note(check, subject, .failed, "It is not there, and the manifest says who signs it.")
            }
            guard trusted.isEmpty else {
                return note(check, subject, .failed, "Nobody signed the package, hence none of the trusted keys did.")
            }
            return note(
                check,
                nil,
                .notCovered,
                "Nobody signed the package: whoever held it could have made all of it anew."
            )
        }
        guard let (envelope, count) = signatures(bytes, check, subject) else { return }
        if !trusted.isEmpty, !count.valid.contains(where: keys.isTrusted) {
            note(check, subject, .failed, "None of the trusted keys signed the package.")
        }
        for party in manifest.signers where !count.parties.contains(party) {
            note(check, subject, .failed, "It has no valid signature of '\(party)', whom the manifest names.")
        }
        do throws(ParleyFailure) {
            let statement = try Statement(in: envelope, expecting: .package)
            guard let expected = try? manifest.statement(), statement.digest == expected.digest else {
                throw ParleyFailure(
                    .invalidInput,
                    "It is about another manifest: \(PackageManifest.File.manifest.rawValue) was changed."
                )
            }
            guard statement.content.canonicalBytes == expected.content.canonicalBytes else {
                throw ParleyFailure(.invalidInput, "What it says of the package is not what the manifest says.")
            }
        } catch {
            note(check, subject, .failed, error.message)
        }
    }

    mutating func checkTrust() {
        for key in trusted where !seen.contains(key.id) && !isWitness(key) {
            note("keys", key.party.text, .failed, "Its trusted key signed nothing here: \(key.id).")
        }
        if trusted.isEmpty, !keys.keys.isEmpty {
            note(
                "keys",
                nil,
                .notCovered,
                "No key is trusted: get the parties' public keys from them, and name them with --trust."
            )
        }
    }

    /// An envelope in the package's form, with its signatures counted and noted; nil where it is none.
    mutating func signatures(_ bytes: [UInt8], _ check: String, _ subject: String) -> (
        envelope: DSSEEnvelope, count: SignatureCount
    )? {
        let envelope: DSSEEnvelope
        do { envelope = try DSSEEnvelope(parsing: bytes) } catch {
            note(check, subject, .failed, error.message)
            return nil
        }
        guard envelope.json.canonicalBytes == bytes else {
            note(check, subject, .failed, "The envelope's bytes are not in canonical form.")
            return nil
        }
        let count = SignatureCount(of: envelope, keys: keys)
        for key in count.valid {
            seen.insert(key.id)
            if keys.isTrusted(key) {
                note(check, key.party.text, .passed, "Signed by \(key.id), which is trusted.")
            } else {
                note(
                    check,
                    key.party.text,
                    .notCovered,
                    "Signed by \(key.id); the key came with the package, so that whose it is is not shown."
                )
            }
        }
        for id in count.invalid {
            let reason = "The signature by \(name(id)) does not hold: it, or what was signed, was changed."
            note(check, subject, .failed, reason)
        }
        for id in count.unknown {
            note(check, subject, .failed, "A signature by \(name(id)), a key that is neither trusted nor in keys.json.")
        }
        return (envelope, count)
    }

    /// A key id as it may be printed: hostile text is not.
    private func name(_ id: String) -> String { ContentHash(id) == nil ? "a key without a proper id" : id }
}
