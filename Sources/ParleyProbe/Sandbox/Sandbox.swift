// Runs one command in a sandbox that is made for it and gone after it. Nothing blocks: a loop looks every few
// milliseconds whether output came, a limit is passed or the end is there. Whatever happens, the guard's group is killed
// and waited for before this returns; bubblewrap's process name space takes all that was inside with it.

import Foundation
import ParleyModel

/// What a command came to.
struct SandboxResult: Hashable, Sendable {
    /// Its exit code, or 128 and a signal.
    var status: Int32
    /// Standard output and standard error together, the first bytes of it.
    var output: [UInt8]
    /// Bytes that came after those and were thrown away.
    var droppedBytes: Int
    /// The limit that ended it, if one did.
    var reached: SandboxLimits.Reached?
    /// The folder as it is, or why it cannot be kept and is as it was.
    var folder: Result<FolderImage, FolderTrouble>
}

/// A way to run commands that was found to be there.
struct Sandbox: Sendable {
    let programs: SandboxPrograms
    /// Nil: limits are watched instead.
    let groups: SandboxGroups?

    /// Runs `/bin/sh -c command` in the folder.
    /// - Throws: a failure where the sandbox cannot be made, which is no result of the command's; an interruption where
    ///   the task was cancelled
    func run(
        _ command: String,
        in folder: FolderImage,
        limits: SandboxLimits = SandboxLimits()
    ) async throws(ParleyFailure) -> SandboxResult {
        guard let machine = SystemCallFilter.Machine.here else {
            throw ParleyFailure(
                .failure,
                "the sandbox knows no system calls of this processor",
                remedy: "use x86-64 or arm64"
            )
        }
        guard command.utf8.count <= limits.command, !command.utf8.contains(0) else {
            throw ParleyFailure(.invalidInput, "the command is longer than \(limits.command) bytes, or holds a NUL")
        }
        let group = if let groups { try groups.make(limits) } else { SandboxGroup?.none }
        defer { group?.remove() }
        let output = try Descriptor.pipe(weRead: true)
        let packed = try Descriptor.pipe(weRead: true)
        let filter = try Descriptor.holding(SystemCallFilter(machine).bytes)
        let laidOut = try Descriptor.socketPair()
        let lifeline = try Descriptor.pipe(weRead: false)
        let arguments = SandboxCommand(programs: programs, limits: limits)
            .arguments(command, group: group?.folder)
        let child = try ChildProcess.start(
            arguments,
            descriptors: [
                nil, output.theirs, output.theirs, laidOut.theirs, packed.theirs, filter, lifeline.theirs,
            ]
        )
        var watch = SandboxWatch(child: child, output: output.ours, packed: packed.ours, limits: limits)
        watch.send(folder.archive, on: laidOut.ours)
        let status = await watch.run()
        // Held until here: the guard ends all when it closes.
        withExtendedLifetime((lifeline, output, packed, filter, laidOut)) {}
        if Task.isCancelled { throw ParleyFailure(.interrupted, "the command was stopped, since its job was") }
        if group?.ranOutOfMemory == true, watch.reached == nil { watch.reached = .memory }
        return try result(status, watch)
    }

    private func result(_ status: Int32, _ watch: SandboxWatch) throws(ParleyFailure) -> SandboxResult {
        let stood = watch.packed.starts(with: SandboxCommand.mark)
        // The mark comes after the command. Where nothing came and nothing ended the command, it never began: had it
        // killed its keeper, bubblewrap's end would tell of a signal. What is not the mark was written by the command
        // into what it should not have; that is its doing and loses it its folder, no more.
        if watch.packed.isEmpty, watch.reached == nil, status < 128 {
            let said = String(decoding: watch.output.prefix(1_000), as: UTF8.self)
            throw ParleyFailure(
                .failure,
                "the sandbox could not be made (status \(status)): \(said.split(separator: "\n").joined(separator: "; "))",
                remedy: "parley doctor says what is missing; without a sandbox no command is run"
            )
        }
        var folder = Result<FolderImage, FolderTrouble>.failure(FolderTrouble("the command was stopped"))
        if !watch.packed.isEmpty {
            do throws(FolderTrouble) {
                if !stood { throw FolderTrouble("it could not be read back") }
                if watch.isPackedTooLarge { throw FolderTrouble("more than \(FolderImage.mostBytes) bytes") }
                folder = .success(try FolderImage(archive: Array(watch.packed.dropFirst(SandboxCommand.mark.count))))
            } catch {
                folder = .failure(error)
            }
        }
        return SandboxResult(
            status: status,
            output: watch.output,
            droppedBytes: watch.droppedBytes,
            reached: watch.reached,
            folder: folder
        )
    }
}
