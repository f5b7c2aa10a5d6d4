// The files of a package in memory, from a folder or from a tar archive. What is read is hostile: nothing is unpacked to
// disk, names are plain file names, links and folders are refused, and sizes are bounded before anything is read.

import Foundation
public import ParleyModel

/// The files of a package by name.
public struct PackageFiles: Hashable, Sendable {
    /// The most files of a package.
    public static let countLimit = 256
    /// The most bytes of all files together.
    public static let sizeLimit = 1 << 30

    public var files: [String: [UInt8]]

    public init(_ files: [String: [UInt8]] = [:]) { self.files = files }

    public subscript(_ file: PackageManifest.File) -> [UInt8]? {
        get { files[file.rawValue] }
        set { files[file.rawValue] = newValue }
    }

    /// Whether a name is a plain file name: 1 to 99 letters, digits, `.`, `_`, `-`, and no dot at its start.
    static func isPlain(_ name: String) -> Bool {
        (1...99).contains(name.utf8.count) && name.utf8.first != UInt8(ascii: ".")
            && name.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == 45
                    || byte == 46 || byte == 95
            }
    }

    static func unreadable(_ message: String) -> ParleyFailure {
        ParleyFailure(
            .unreadable,
            message,
            remedy: "A package is a folder or a .tar file as `parley evidence` writes it; nothing was unpacked."
        )
    }

    /// Reads a folder, or a file as a tar archive. Throws `unreadable` for whatever is no package.
    public init(path: String) throws(ParleyFailure) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw Self.unreadable("\(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            try self.init(folder: path)
        } else {
            self = try TarArchive.files(in: Self.read(path, limit: Self.sizeLimit, followsLinks: true))
        }
    }

    private init(folder: String) throws(ParleyFailure) {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw Self.unreadable("The folder \(folder) cannot be read: \(error.localizedDescription)")
        }
        guard names.count <= Self.countLimit else {
            throw Self.unreadable("\(folder) holds \(names.count) files; a package has at most \(Self.countLimit).")
        }
        files = [:]
        var left = Self.sizeLimit
        for name in names.sorted() {
            guard Self.isPlain(name) else {
                // The name may be made for the terminal that it is shown on.
                let isShown = name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
                let shown = isShown ? "'\(name)'" : "A name with strange characters"
                throw Self.unreadable("\(shown) is no name of a file of a package.")
            }
            let bytes = try Self.read(folder + "/" + name, limit: left)
            left -= bytes.count
            files[name] = bytes
        }
    }

    private static func read(
        _ path: String,
        limit: Int,
        followsLinks: Bool = false
    ) throws(ParleyFailure) -> [UInt8] {
        do { return try BoundedFile.read(path, limit: limit, followsLinks: followsLinks) } catch {
            throw unreadable(error.message)
        }
    }

    /// Writes the files: to a new tar archive where the path ends in `.tar`, else into a new folder.
    public func write(to path: String) throws(ParleyFailure) {
        let manager = FileManager.default
        guard !manager.fileExists(atPath: path) else {
            let remedy = "Choose another name; nothing was written."
            throw ParleyFailure(.failure, "\(path) is there already.", remedy: remedy)
        }
        do {
            if path.hasSuffix(".tar") {
                try Data(TarArchive.bytes(of: self)).write(to: URL(fileURLWithPath: path), options: .atomic)
                return
            }
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
            for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
                try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
            }
        } catch {
            throw ParleyFailure(.failure, "The package cannot be written to \(path): \(error.localizedDescription)")
        }
    }
}
