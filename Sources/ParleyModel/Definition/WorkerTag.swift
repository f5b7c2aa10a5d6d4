// What routes jobs: a stream asks for tags, and a worker that has them all is given its jobs. People write some, in a
// round file's `requires`; others follow from the definition. What follows cannot be written by hand, so that nobody
// claims by mistake what his worker cannot do.

/// Rules of tags.
public enum WorkerTag {
    /// The tag of workers that understand a form of definitions.
    public static func definition(_ format: Int) -> String { "definition:\(format)" }

    /// What is wrong with a tag that a person wrote, in words; nil where nothing is.
    public static func fault(in tag: String) -> String? {
        if tag == ExternalProgram.workerTag || tag.hasPrefix("sealed:") || tag.hasPrefix("definition:") {
            return "the tag '\(tag)' is given by Parley itself"
        }
        let isPlain = tag.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "/"): true
            default: false
            }
        }
        return isPlain && (1...64).contains(tag.utf8.count)
            ? nil : "a tag is 1 to 64 of a-z, 0-9, '.', '_', '-', ':' and '/', and '\(tag.prefix(64))' is not"
    }
}

extension RoundDefinition {
    /// The forms that this program understands.
    public static let understoodFormats = [currentFormat]
}
