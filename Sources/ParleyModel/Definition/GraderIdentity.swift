// What a grade depends on beside the answer: the rubric, the scale, how judges are combined, who judges under which
// settings, and how their replies are read. Two graders with the same hash are the same grader, whatever their version
// is called; a changed comma in the rubric is another one.

extension Grader {
    /// How a judge's reply becomes a grade; another way of reading is another name here.
    public static let parser = "grade-line/1"
}

extension RoundDefinition {
    /// The hash of a grader as this round's configurations make it. A judge that the round does not define counts with
    /// its name alone.
    public func identity(of grader: Grader) throws -> ContentHash {
        var content = grader
        content.version = ""
        let judges = try grader.judges.map { name -> JSONValue in
            guard let configuration = self.configuration(name), let model = self.model(configuration.model) else {
                return .string(name.text)
            }
            return [
                "configuration": try JSONValue(encoding: configuration),
                "provider": .string(model.provider.rawValue),
                "model_id": .string(model.modelID),
            ]
        }
        return ContentHash(
            of: [
                "format": "parley.grader/1",
                "parser": .string(Grader.parser),
                "grader": try JSONValue(encoding: content),
                "judges": .array(judges),
            ]
        )
    }

    /// The round with other graders in place of the frozen ones, to be reduced by; its hash is not the frozen one.
    public func graded(by graders: [SuiteName: Grader]) -> RoundDefinition {
        var definition = self
        for index in suites.indices {
            guard let grader = graders[suites[index].name] else { continue }
            definition.suites[index].scorer.grader = grader
        }
        return definition
    }
}
