// A grader in a file of its own, by which answers that are there are graded again: what a suite's `model_graded` scorer
// says of its grader, with a version of its own.

public import ParleyModel

/// A file with one grader.
public enum GraderFile {
    /// Reads a grader whose judges are configurations of a round.
    ///
    ///     version: "2"
    ///     judges: [judge-a, judge-b]
    ///     rubric_file: rubric-2.md
    ///     scale: { C: 1, I: 0 }
    ///
    /// - Throws: every mistake in it at once
    public static func read(_ path: String, definition: RoundDefinition) throws(InvalidInput) -> Grader {
        let mistakes = Mistakes(file: path)
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        var reader = RoundFileReader(mistakes: mistakes, folder: folder.isEmpty && !path.hasPrefix("/") ? "." : folder)
        for configuration in definition.configurations {
            reader.declared.add(configuration.name.text, .configuration, at: nil)
        }
        var grader: Grader?
        do {
            let root = try YAMLFile.compose(path: path, name: path)
            let field = Field(key: "the grader file", node: root, mistakes: mistakes)
            if let fields = Fields(field, what: "a grader", keys: RoundFileReader.graderKeys) {
                let version = fields.required("version", "version: \"2\", a name that no grader of the suite has yet")
                if let text = version?.text(), text.utf8.count > 64 {
                    version?.fail("'version' is longer than 64 bytes", "shorten it")
                }
                grader = reader.readGrader(fields)?.value
                if let judges = grader?.judges.count, judges > 31 {
                    fields["judges"]?.fail("a grader has \(judges) judges, more than 31", "name fewer")
                }
            }
        } catch {
            mistakes.add([error])
        }
        guard !mistakes.hasErrors, let grader else { throw InvalidInput(mistakes.sorted) }
        return grader
    }
}
