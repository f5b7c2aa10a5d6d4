// Reads a log of Inspect, ours or another's: the header whole, samples one by one. A log is hostile input; the archive's
// reader bounds what is held, and what has not the form of a log is an error that names the file and the member.

public import ParleyModel

/// A log that is open for reading; samples may be read side by side.
public struct InspectLogReader: Sendable {
    /// A sample that the log holds.
    public struct Key: Hashable, Sendable {
        public let id: String
        public let epoch: Int
        fileprivate let place: Int
    }

    /// As many as a round file takes.
    static let mostEpochs = 10_000

    public let path: String
    /// The header's JSON, or of a log that was never finished what stands in its journal.
    public let header: JSONValue
    /// The samples in the archive's order.
    public let samples: [Key]
    /// Members of a sample that the log holds in pieces, which are not read.
    public let unread: Int
    private let archive: ZipReader

    public init(path: String) throws(ParleyFailure) {
        let archive = try ZipReader(path: path)
        if let bytes = try archive.read("header.json") {
            header = try Self.json(bytes, path, "header.json")
        } else if let bytes = try archive.read("_journal/start.json") {
            header = try Self.json(bytes, path, "_journal/start.json")
        } else {
            throw ParleyFailure(
                .invalidInput,
                "\(path) is no log of Inspect: it holds neither header.json nor _journal/start.json."
            )
        }
        self.path = path
        self.archive = archive
        var keys: [Key] = []
        var unread = 0
        for (place, entry) in archive.directory.entries.enumerated() {
            if let key = Self.key(entry.name, place) {
                keys.append(key)
            } else if entry.name.starts(with: "samples/".utf8) {
                unread += 1
            }
        }
        samples = keys
        self.unread = unread
    }

    /// The JSON of a sample with its attachments put in their places.
    public func sample(_ key: Key) throws(ParleyFailure) -> JSONValue {
        let entry = archive.directory.entries[key.place]
        let json = try Self.json(archive.read(entry), path, "samples/\(key.id)_epoch_\(key.epoch).json")
        guard let attachments = json["attachments"]?.object, !attachments.isEmpty else { return json }
        var room = Int(ZipReader.memberLimit)
        let whole = json.resolving(attachments, room: &room)
        if room < 0 {
            throw ParleyFailure(
                .invalidInput,
                "\(path): sample '\(key.id.prefix(60))' takes more than \(ZipReader.memberLimit >> 20) MiB with its attachments"
            )
        }
        return whole
    }

    private static func json(_ bytes: [UInt8], _ path: String, _ member: String) throws(ParleyFailure) -> JSONValue {
        do {
            return try JSONValue(parsingPython: bytes)
        } catch {
            throw ParleyFailure(.invalidInput, "\(path): the member '\(member.prefix(100))' is no JSON: \(error)")
        }
    }

    /// `samples/ID_epoch_N.json`; an id may hold anything.
    private static func key(_ name: [UInt8], _ place: Int) -> Key? {
        let (prefix, middle, suffix) = (Array("samples/".utf8), Array("_epoch_".utf8), Array(".json".utf8))
        guard name.starts(with: prefix), name.count > prefix.count + suffix.count,
            name.suffix(suffix.count).elementsEqual(suffix)
        else { return nil }
        let stem = name[prefix.count..<(name.count - suffix.count)]
        let digits = stem.reversed().prefix { (48...57).contains($0) }.count
        let head = stem.dropLast(digits)
        guard digits > 0, head.count >= middle.count, head.suffix(middle.count).elementsEqual(middle),
            let id = String(validating: head.dropLast(middle.count), as: UTF8.self),
            let epoch = Int(String(decoding: stem.suffix(digits), as: UTF8.self)), (1...mostEpochs).contains(epoch)
        else { return nil }
        return Key(id: id, epoch: epoch, place: place)
    }
}

extension JSONValue {
    private static let attachment = "attachment://"

    /// The value with each reference to an attachment replaced by its text, as long as there is room: one text may be
    /// referred to many times. What a reference leads to is text, and is not resolved again.
    fileprivate func resolving(_ attachments: [String: JSONValue], room: inout Int) -> JSONValue {
        switch self {
        case .string(let text):
            guard room >= 0, text.hasPrefix(Self.attachment),
                let whole = attachments[String(text.dropFirst(Self.attachment.count))]
            else { return self }
            room -= whole.string?.utf8.count ?? 0
            return whole
        case .array(let elements): return .array(elements.map { $0.resolving(attachments, room: &room) })
        case .object(var members):
            for (name, value) in members where name != "attachments" {
                members[name] = value.resolving(attachments, room: &room)
            }
            return .object(members)
        case .null, .bool, .integer, .number: return self
        }
    }
}
