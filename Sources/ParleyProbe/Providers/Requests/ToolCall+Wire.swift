// Calls as they are sent back. A model may call anything; providers refuse names and arguments that are not of their
// form, and a whole conversation with them. What the model really wrote stays in the transcript.

import ParleyModel

extension ToolCall {
    private static let longestName = 64

    /// The name in letters, digits, `_` and `-`, at most 64 of them.
    var wireName: String {
        let plain = name.unicodeScalars.prefix(Self.longestName).map { scalar -> Character in
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-")
            return isPlain ? Character(scalar) : "_"
        }
        return plain.isEmpty ? "unnamed" : String(plain)
    }

    /// The arguments as an object. Text that was none is quoted: several servers parse what is sent back, and fail.
    var wireArguments: JSONValue { arguments ?? Self.unreadable(argumentsText ?? "") }

    static func unreadable(_ text: String) -> JSONValue { ["unreadable_arguments": .string(text)] }
}
