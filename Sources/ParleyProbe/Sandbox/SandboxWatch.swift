// The loop beside a running command: takes its output, hands it its folder, looks at what it uses, and ends it.

import Foundation

/// One command under watch. One task owns it.
struct SandboxWatch {
    let child: ChildProcess
    let outputEnd: Descriptor
    let packedEnd: Descriptor
    let limits: SandboxLimits
    private var sending: (bytes: ArraySlice<UInt8>, socket: Descriptor)?

    private(set) var output: [UInt8] = []
    private(set) var droppedBytes = 0
    /// The mark and the archive of the folder.
    private(set) var packed: [UInt8] = []
    private(set) var isPackedTooLarge = false
    var reached: SandboxLimits.Reached?
    /// What was there at the last look that saw the sandbox's first process, which outlives all others inside.
    private var seen: [pid_t] = []

    /// Between two looks: short at first, since most commands are, then longer.
    private static let looks = (first: Duration.milliseconds(2), last: Duration.milliseconds(20))
    /// For making the sandbox and for laying out and packing the folder, beside the command's own wall time.
    private static let grace = Duration.seconds(20)

    init(child: ChildProcess, output: Descriptor, packed: Descriptor, limits: SandboxLimits) {
        (self.child, self.limits) = (child, limits)
        (outputEnd, packedEnd) = (output, packed)
    }

    mutating func send(_ bytes: [UInt8], on socket: Descriptor) { sending = (bytes[...], socket) }

    /// Watches to the end of the guard, and of all that was inside.
    mutating func run() async -> Int32 {
        let status = await watch()
        // It is killed; only a process that hangs in the kernel outlasts this, and no wait would help there.
        let deadline = ContinuousClock.now + Self.grace
        while seen.contains(where: ProcessTree.lives), ContinuousClock.now < deadline {
            await Self.wait(Self.looks.first)
        }
        return status
    }

    private mutating func watch() async -> Int32 {
        let tree = ProcessTree(root: child.id)
        let began = ContinuousClock.now
        var pause = Self.looks.first
        while true {
            let hasEnded = child.hasEnded
            let moved = pump()
            if hasEnded {
                while pump() {}
                let ended = child.reap().code
                if reached == nil, ended == 137, ContinuousClock.now - began >= limits.wall { reached = .wall }
                return ended
            }
            if Task.isCancelled { return await end() }
            if ContinuousClock.now - began > limits.wall + Self.grace { reached = .wall }
            let usage = tree.usage()
            if usage.first != nil { seen = usage.processes }
            // The guard and bubblewrap, some megabytes, count with the rest.
            if usage.memory > limits.memory { reached = .memory }
            if usage.processor > limits.processor { reached = .processor }
            if usage.files > limits.files { reached = .files }
            if reached != nil { return await end() }
            await Self.wait(moved ? Self.looks.first : pause)
            pause = min(pause * 3 / 2, Self.looks.last)
        }
    }

    /// Takes and gives what goes at once; whether anything did.
    private mutating func pump() -> Bool {
        let new = outputEnd.read() ?? []
        let kept = new.prefix(limits.output - output.count)
        output += kept
        droppedBytes += new.count - kept.count
        let part = packedEnd.read() ?? []
        if packed.count + part.count > FolderImage.longestArchive + SandboxCommand.mark.count {
            isPackedTooLarge = true
        } else {
            packed += part
        }
        var sent = 0
        if let (bytes, socket) = sending {
            if let count = socket.send(bytes) {
                sent = count
                sending = count == bytes.count ? nil : (bytes.dropFirst(count), socket)
            } else {
                sending = nil
            }
            // What was sent last: the reader sees the end.
            if sending == nil { shutdown(socket.number, Int32(SHUT_WR)) }
        }
        return !new.isEmpty || !part.isEmpty || sent > 0
    }

    /// Kills all and waits until it is gone. While bubblewrap still makes the sandbox, its first process inside does not
    /// yet die with it: so it is stopped, that process is looked for and killed, and then the rest.
    private mutating func end() async -> Int32 {
        child.stop()
        let usage = ProcessTree(root: child.id).usage()
        seen = usage.processes
        if let first = usage.first { kill(first, SIGKILL) }
        child.kill()
        while true {
            if child.hasEnded { return child.reap().code }
            _ = pump()
            await Self.wait(Self.looks.first)
        }
    }

    /// Waits, in a cancelled task as well.
    private static func wait(_ duration: Duration) async {
        await Task { try? await Task.sleep(for: duration) }.value
    }
}
