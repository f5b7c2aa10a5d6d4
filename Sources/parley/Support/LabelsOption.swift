// The option of every command that corrects judges by what people said.

import ArgumentParser

struct LabelsOption: ParsableArguments {
    @Option(
        name: .customLong("labels"),
        help: ArgumentHelp(
            "People's labels of transcripts, by which judges' errors are corrected, in place of those of `parley audit`.",
            discussion:
                "CSV or JSONL; columns suite, configuration, sample (its id), score, and epoch where it is not 1.",
            valueName: "file"
        )
    )
    var file: String?
}
