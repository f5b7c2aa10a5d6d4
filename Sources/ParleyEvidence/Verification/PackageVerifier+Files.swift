// The files against the manifest, and the definition against its hash.

import ParleyModel

extension PackageVerifier {
    private static let needed: [PackageManifest.File] = [
        .definition, .outcomes, .samples, .findings, .ledger, .readme, .crosswalk,
    ]
    private static let definitionLimit = 16 << 20

    mutating func checkFiles() {
        var wrong = 0
        func name(_ path: String) -> String { PackageFiles.isPlain(path) ? path : "a file with a strange name" }
        for entry in manifest.files {
            guard let bytes = package.files[entry.path] else {
                note("files", name(entry.path), .failed, "The manifest lists it, and it is not there.")
                wrong += 1
                continue
            }
            guard bytes.count == entry.size, ContentHash(of: bytes).hex == entry.sha256 else {
                note("files", name(entry.path), .failed, "It is not the file that the manifest lists: it was changed.")
                wrong += 1
                continue
            }
        }
        let listed = manifest.files.map(\.path)
        if listed != Set(listed).sorted() {
            note("files", PackageManifest.File.manifest.rawValue, .failed, "It lists a file twice, or out of order.")
            wrong += 1
        }
        let apart = Set([PackageManifest.File.manifest, .signatures].map(\.rawValue))
        for extra in Set(package.files.keys).subtracting(listed).subtracting(apart).sorted() {
            note("files", extra, .failed, "It is there, and the manifest does not list it: it was added.")
            wrong += 1
        }
        for file in Self.needed where !listed.contains(file.rawValue) {
            note("files", file.rawValue, .failed, "The manifest does not list it: every package has it.")
            wrong += 1
        }
        for path in listed where PackageManifest.File(rawValue: path) == nil {
            note("files", name(path), .notCovered, "This program does not know what it is: only its hash was checked.")
        }
        if wrong == 0 {
            note("files", nil, .passed, "\(listed.count) files have the SHA-256 in the manifest; none was added.")
        }
    }

    mutating func checkDefinition() {
        guard let bytes = package[.definition] else { return }
        let subject = PackageManifest.File.definition.rawValue
        guard bytes.count <= Self.definitionLimit else {
            return note("definition", subject, .failed, "It has more than \(Self.definitionLimit) bytes.")
        }
        do {
            let json = try JSONValue(parsing: bytes)
            guard json.canonicalBytes == bytes else {
                return note("definition", subject, .failed, "It is not in canonical form (RFC 8785).")
            }
            let opened =
                try json["format"] == .string(OpenDefinition.format)
                ? OpenDefinition(json: json, digest: manifest.definitionHash) : nil
            let definition = try opened?.definition ?? json.decode(RoundDefinition.self)
            guard try (opened?.json ?? definition.json()).canonicalBytes == bytes,
                definition.allowsSilentExit == (opened != nil)
            else {
                return note("definition", subject, .failed, "It has members that this program does not know.")
            }
            if let problem = DefinitionCheck.problem(of: definition) {
                return note("definition", subject, .failed, "It cannot be used: \(problem).")
            }
            let hash = try definition.hash
            guard hash == manifest.definitionHash else {
                return note("definition", subject, .failed, "Its hash is \(hash), not the manifest's.")
            }
            guard definition.name.text == manifest.round.text, definition.isSimulated == manifest.simulated,
                manifest.recipient.map({ definition.party($0) != nil }) ?? true
            else {
                let reason = "The manifest tells another round, recipient or simulation."
                return note("definition", subject, .failed, reason)
            }
            guard manifest.openCells == Set(manifest.openCells).sorted(),
                manifest.openCells.allSatisfy(definition.cells.indices.contains)
            else {
                return note("definition", subject, .failed, "The manifest opens cells that the definition lacks.")
            }
            self.definition = definition
            note("definition", nil, .passed, "It is in canonical form, and its hash is \(hash).")
            if let opened {
                let reason =
                    "\(opened.openLeaves.count) of \(opened.leaves.count) leaves are open. A closed one may be of a lab that "
                    + "left before the disclosure, or be noise from the start: that cannot be told."
                note("definition", "closed leaves", .notCovered, reason)
            }
        } catch let failure as ParleyFailure {
            note("definition", subject, .failed, failure.message)
        } catch let error as JSONError {
            note("definition", subject, .failed, "It is no JSON: \(error).")
        } catch {
            note("definition", subject, .failed, "It is no definition: a member is missing or of another type.")
        }
    }
}
