// Packages as one file: the ustar form of POSIX.1-1988, without compression, names in order, no times and no owners, so
// that the same files are the same bytes. The reader takes this one form and no other: every header and every byte of
// padding must be what the writer would have written, hence no links, no folders, no paths and no bytes that nobody
// looks at.

import ParleyModel

enum TarArchive {
    private static let block = 512

    /// The archive of a package.
    static func bytes(of package: PackageFiles) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, content) in package.files.sorted(by: { $0.key < $1.key }) {
            bytes += header(name: name, size: content.count)
            bytes += content
            bytes += [UInt8](repeating: 0, count: padding(after: content.count))
        }
        return bytes + [UInt8](repeating: 0, count: 2 * block)
    }

    /// The files of an archive. Throws `unreadable` with the offset of what is not as the writer writes it.
    static func files(in archive: [UInt8]) throws(ParleyFailure) -> PackageFiles {
        var package = PackageFiles()
        var position = 0
        var last = ""
        while position + block <= archive.count, archive[position] != 0 {
            let name = String(decoding: archive[position..<(position + 100)].prefix { $0 != 0 }, as: UTF8.self)
            let digits = String(decoding: archive[(position + 124)..<(position + 135)], as: UTF8.self)
            guard PackageFiles.isPlain(name), let size = Int(digits, radix: 8), size >= 0,
                archive[position..<(position + block)].elementsEqual(header(name: name, size: size))
            else {
                throw damaged("the header at byte \(position) is no plain file's as Parley writes it")
            }
            guard name > last else { throw damaged("'\(name)' stands twice, or out of order") }
            guard package.files.count < PackageFiles.countLimit else {
                throw damaged("it holds more than \(PackageFiles.countLimit) files")
            }
            let start = position + block
            let end = start + size + padding(after: size)
            guard end <= archive.count else { throw damaged("it is cut off within '\(name)'") }
            guard archive[(start + size)..<end].allSatisfy({ $0 == 0 }) else {
                throw damaged("there is something behind the end of '\(name)'")
            }
            package.files[name] = Array(archive[start..<(start + size)])
            last = name
            position = end
        }
        guard archive.count == position + 2 * block, archive[position...].allSatisfy({ $0 == 0 }) else {
            throw damaged("it does not end after its last file, at byte \(position)")
        }
        guard !package.files.isEmpty else { throw damaged("it is empty") }
        return package
    }

    private static func damaged(_ reason: String) -> ParleyFailure {
        PackageFiles.unreadable("The archive cannot be read: \(reason).")
    }

    private static func padding(after size: Int) -> Int { (block - size % block) % block }

    private static func header(name: String, size: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: block)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        put(name, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(octal(size, digits: 11), at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put("0000000", at: 329)
        put("0000000", at: 337)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6), at: 148)
        header[154] = 0
        return header
    }

    private static func octal(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
