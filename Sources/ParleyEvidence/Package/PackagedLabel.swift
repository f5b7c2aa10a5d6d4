// People's labels as a package holds them, one a line.

import ParleyModel

extension LabelRecord {
    var packaged: JSONValue {
        [
            "suite": .string(suite.text), "configuration": .string(configuration.text),
            "sample": .integer(Int64(sample)), "epoch": .integer(Int64(epoch)),
            "score_billionths": .integer(score.billionths),
        ]
    }

    /// nil where the line has another form.
    init?(packaged json: JSONValue) {
        guard let suite = json["suite"]?.string, let configuration = json["configuration"]?.string,
            let sample = json["sample"]?.integer, let epoch = json["epoch"]?.integer,
            let score = json["score_billionths"]?.integer
        else { return nil }
        self.init(
            suite: SuiteName(suite),
            configuration: ConfigurationName(configuration),
            sample: Int(sample),
            epoch: Int(epoch),
            score: Score(billionths: score)
        )
        guard packaged == json else { return nil }
    }
}
