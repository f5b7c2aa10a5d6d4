// What a reader takes out of a package that was checked.

public import ParleyModel

extension PackageFiles {
    /// The hash of the definition that the manifest names. Throws `unreadable` where there is no manifest.
    public func definitionHash() throws(ParleyFailure) -> ContentHash {
        try PackageManifest(in: self).definitionHash
    }

    /// The definition and the findings of a package whose checks passed.
    /// - Throws: `unreadable` where they are missing or in another form
    public func checkedFindings() throws(ParleyFailure) -> (RoundDefinition, FindingsDocument) {
        guard let definition = self[.definition], let findings = self[.findings] else {
            throw Self.unreadable("The definition or the findings are not there.")
        }
        do {
            let json = try JSONValue(parsing: definition)
            let opened =
                try json["format"] == .string(OpenDefinition.format)
                ? OpenDefinition(json: json, digest: definitionHash()) : nil
            return (
                try opened?.definition ?? json.decode(RoundDefinition.self),
                try JSONValue(parsing: findings).decode(FindingsDocument.self)
            )
        } catch { throw Self.unreadable("The definition or the findings are in another form.") }
    }
}
