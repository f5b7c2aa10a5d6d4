// From a file on disk to a tree of YAML nodes with their places. Whatever keeps the file from being read at all ends
// here, in one diagnostic in plain words; the file's text is never repeated, since it may hold a secret by mistake.

import Foundation
import ParleyModel
import Yams

/// A YAML file as a tree of nodes.
enum YAMLFile {
    /// The most bytes of a round file.
    static let sizeLimit = 8 << 20

    /// Reads and composes a file. `name` is how messages name it.
    static func compose(path: String, name: String) throws(Diagnostic) -> Node {
        try compose(text: try readText(path: path, name: name, limit: sizeLimit, what: "round file"), name: name)
    }

    /// The text of a file of at most `limit` bytes of UTF-8, a byte-order mark left out.
    static func readText(path: String, name: String, limit: Int, what: String) throws(Diagnostic) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Diagnostic(file: name, "there is no file \(path)", remedy: "check the path of the \(what)")
        }
        guard !isFolder.boolValue else {
            throw Diagnostic(file: name, "\(path) is a folder", remedy: "name the \(what) itself")
        }
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw Diagnostic(
                file: name,
                "\(path) cannot be read: \(error.localizedDescription)",
                remedy: "check the permissions of the \(what)"
            )
        }
        guard data.count <= limit else {
            throw Diagnostic(
                file: name,
                "the \(what) is larger than \(limit >> 20) MiB",
                remedy: "keep samples in dataset files and long prompts in files of their own"
            )
        }
        guard
            let text = String(
                validating: data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data,
                as: UTF8.self
            )
        else {
            throw Diagnostic(file: name, "the \(what) is not valid UTF-8", remedy: "save it as UTF-8")
        }
        return text
    }

    static func compose(text: String, name: String) throws(Diagnostic) -> Node {
        let empty = Diagnostic(
            file: name,
            line: 1,
            column: 1,
            "the file is empty",
            remedy: "a round file starts with 'round: NAME'; examples/ holds complete ones"
        )
        guard text.contains(where: { !$0.isWhitespace }) else { throw empty }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text, .default, .default, .utf8)
        } catch let error as YamlError {
            throw diagnostic(of: error, name: name, text: text)
        } catch {
            throw Diagnostic(file: name, "the file is no YAML: \(error)", remedy: "check it with a YAML editor")
        }
        guard let node else { throw empty }
        return node
    }

    private static func diagnostic(of error: YamlError, name: String, text: String) -> Diagnostic {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let words = YAMLProblem.inPlainWords(problem)
            var message = "malformed YAML: \(words.message)"
            if let context, context.mark.line != mark.line, problem != YAMLProblem.secondDocument {
                message += " (\(context.text), which began on line \(context.mark.line))"
            }
            return Diagnostic(file: name, line: mark.line, column: mark.column, message, remedy: words.remedy)
        case .duplicatedKeysInMapping(let keys, let context):
            let named = keys.map { "'\($0)'" }.joined(separator: ", ")
            return Diagnostic(
                file: name,
                line: context.mark.line,
                column: context.mark.column,
                "\(named) stands more than once in one mapping; the first is here",
                remedy: "keep one of them"
            )
        case .reader(let problem, let offset, _, _):
            let before = offset.map { text.prefix($0) }
            let line = before.map { $0.count { $0.isNewline } + 1 }
            return Diagnostic(
                file: name,
                line: line,
                column: line == nil ? nil : 1,
                "malformed YAML: a character that YAML does not allow (\(problem))",
                remedy: "remove control characters from this line"
            )
        default:
            return Diagnostic(file: name, "the file is no YAML: \(error)", remedy: "check it with a YAML editor")
        }
    }
}

/// The parser's problems, in words for people who do not know its grammar.
enum YAMLProblem {
    static let secondDocument = "but found another document"

    /// What a problem of the parser means, and what to do about it.
    static func inPlainWords(_ problem: String) -> (message: String, remedy: String) {
        let indentation = "indent with spaces only, and the same number for entries of one level"
        switch problem {
        case "found character that cannot start any token":
            return ("a character that cannot stand here, such as a tab, '@' or '`'", "\(indentation); quote the text")
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            return ("a tab at the start of a line", indentation)
        case "mapping values are not allowed in this context":
            return ("a ':' where no key can stand", "put the text in quotes, or check this line's indentation")
        case "did not find expected key", "did not find expected '-' indicator", "did not find expected <block end>":
            return ("this line does not fit the lines before it", indentation)
        case "could not find expected ':'":
            return ("a key without its ':'", "write 'key: value'")
        case "did not find expected ',' or ']'":
            return ("a list in [ ] that is not closed", "add the missing ',' or ']'")
        case "did not find expected ',' or '}'":
            return ("a mapping in { } that is not closed", "add the missing ',' or '}'")
        case "found unexpected end of stream":
            return ("a quote that is never closed", "add the closing quote")
        case "found undefined alias":
            return ("an alias (*name) whose anchor (&name) does not stand before it", "define the anchor first")
        case secondDocument:
            return ("a second document ('---') in one file", "keep one round to a file")
        default:
            return (problem, "check this line and the one before it")
        }
    }
}
