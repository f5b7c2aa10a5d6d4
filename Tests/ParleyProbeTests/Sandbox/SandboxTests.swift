// Commands in the sandbox: what works, and what must not.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("The sandbox", .enabled("this host gives no sandbox; install bubblewrap") { await SandboxHere.isUsable() })
struct SandboxTests {
    @Test("a command reads and writes its folder, which comes back; its output and its exit code too")
    func works() async throws {
        let folder = try FolderImage(files: ["a/one.txt": "eins\n", "two.txt": "zwei\n"])
        let result = try await SandboxHere.run(
            "cat a/one.txt two.txt; echo drei > three; rm two.txt; exit 3",
            in: folder
        )
        #expect(result.text == "eins\nzwei\n" && result.status == 3 && result.reached == nil)
        #expect(result.kept?.texts == ["a/one.txt": "eins\n", "three": "drei\n"], "\(result)")
    }

    @Test("files of the host, its /tmp, its environment and its processes are not there")
    func hidden() async throws {
        let word = SandboxHere.word()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(word)
        try word.write(to: file, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        setenv("PARLEY_TEST_SECRET", word, 1)
        defer { unsetenv("PARLEY_TEST_SECRET") }
        let result = try await SandboxHere.run(
            """
            cat /etc/shadow /etc/passwd /proc/1/environ /proc/\(getpid())/environ '\(file.path)'
            env; ls -a /tmp /root /home /var; ls -d /proc/[0-9]*; kill -9 \(getpid()); cat /proc/[0-9]*/environ
            find / -xdev -name 'parley-test-*'; echo; id -u
            """
        )
        #expect(!result.text.contains("\(word)\n") && !result.text.contains("root:"), "\(result.text)")
        #expect(!result.text.contains("PARLEY_TEST_SECRET") && result.text.contains("\n1000\n"))
        #expect(!result.text.contains("/proc/\(getpid())\n"), "\(result.text)")
    }

    @Test("nothing outside the folder and /tmp can be written, and what is in /tmp does not stay")
    func readOnly() async throws {
        let result = try await SandboxHere.run(
            """
            for place in / /usr /usr/bin /etc /dev /dev/shm /proc /proc/sys/kernel; do
                echo x > $place/parley-test && echo "wrote $place"
            done 2> /dev/null
            echo x > /proc/sys/kernel/hostname && echo "wrote hostname"
            mount -t tmpfs none /usr && echo mounted; hostname other && echo named
            echo x > /tmp/stays; echo x > here
            """
        )
        #expect(!result.text.contains("wrote") && !result.text.contains("mounted") && !result.text.contains("named"))
        #expect(result.kept?.texts == ["here": "x\n"])
        let next = try await SandboxHere.run("ls /tmp", in: try #require(result.kept))
        #expect(next.text.isEmpty)
    }

    @Test("no network: not to this host, not by name, and no socket that passes name spaces by")
    func network() async throws {
        let listener = try Listener()
        let result = try await SandboxHere.run(
            """
            perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0) or die "no socket\\n";
                print connect(S, sockaddr_in(\(listener.port), inet_aton("127.0.0.1"))) ? "connected" : "refused: $!", "\\n"'
            perl -MSocket -e 'for (40, 16, 38, 17) { print socket(S, $_, SOCK_STREAM, 0) ? "family $_" : "none", "\\n" }'
            perl -MSocket -e 'print inet_aton("example.org") ? "resolved" : "unknown", "\\n"'
            """
        )
        #expect(result.text.contains("refused: ") && !result.text.contains("connected"), "\(result.text)")
        #expect(!result.text.contains("family") && !result.text.contains("resolved"), "\(result.text)")
    }

    @Test("tracing, new name spaces and hidden memory are denied by the system call filter")
    func calls() async throws {
        #if arch(x86_64)
            let (ptrace, memfd, shmget, clone3) = (101, 319, 29, 435)
        #else
            let (ptrace, memfd, shmget, clone3) = (117, 279, 194, 435)
        #endif
        let result = try await SandboxHere.run(
            """
            perl -e 'for ([\(ptrace), 16, getppid(), 0, 0], [\(ptrace), 16, 1, 0, 0], [\(memfd), "x", 0],
                          [\(shmget), 0, 1000000, 0x3ff], [\(clone3), 0, 0]) {
                my @call = @$_; my $r = syscall($call[0], @call[1..$#call]); print $r < 0 ? "denied: $!" : "allowed $r", "\\n" }'
            unshare -Ur id || echo no user; unshare -n true || echo no net; perl -e 'print chroot("/") ? "rooted" : "no root", "\n"'
            """
        )
        #expect(!result.text.contains("allowed") && !result.text.contains("uid=0"), "\(result.text)")
        #expect(result.text.components(separatedBy: "denied: ").count == 6, "\(result.text)")
        for word in ["no user", "no net", "no root", "Function not implemented"] { #expect(result.text.contains(word)) }
    }

    @Test("no descriptor of this process goes along")
    func descriptors() async throws {
        let word = SandboxHere.word()
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(word).path
        // Without close-on-exec, as a careless library would open it.
        let file = open(path, O_RDWR | O_CREAT, 0o600)
        defer { close(file); unlink(path) }
        let result = try await SandboxHere.run("ls -l /proc/self/fd /proc/1/fd /proc/$PPID/fd")
        #expect(!result.text.contains(word) && result.text.contains(" 1 -> pipe:"), "\(result.text)")
    }

    @Test("links lead nowhere on the host; hard links are copies; pipes are left out")
    func links() async throws {
        let made = try await SandboxHere.run(
            """
            ln -s /etc/shadow shadow; ln -s ../../.. up; ln -s loop loop; echo text > file; ln file hard; mkfifo pipe
            mkdir -p deep/er; chmod 000 file deep
            """
        )
        let folder = try #require(made.kept, "\(made)")
        #expect(folder.entries["shadow"] == .link("/etc/shadow") && folder.entries["up"] == .link("../../.."))
        #expect(folder.texts == ["file": "text\n", "hard": "text\n"])
        #expect(folder.entries["pipe"] == nil && folder.entries["deep/er"] == .folder)
        let read = try await SandboxHere.run(
            "cat shadow; ls up; echo more >> file; cat hard; ls -d deep/er",
            in: folder
        )
        #expect(read.text.contains("No such file") && read.text.hasSuffix("text\ndeep/er\n"), "\(read.text)")
    }

    @Test("what cannot be kept leaves the folder as it was, and says why")
    func notKept() async throws {
        for (command, words) in [
            ("head -c 3000000 /dev/zero > big", "1048576 bytes"), ("touch $(seq 1 401)", "400 entries"),
            ("touch \"$(printf 'a\\nb')\"", "control characters"), ("touch \"$(printf 'a\\377')\"", "UTF-8"),
            ("mkdir -p $(printf 'a/%.0s' $(seq 1 80))", "100 bytes"), ("kill -9 $PPID $(ps -o ppid= $PPID)", "stopped"),
        ] {
            let result = try await SandboxHere.run(command)
            #expect(result.trouble?.contains(words) == true, "\(command): \(result.text) \(result.trouble ?? "kept")")
        }
    }

    @Test("what a command writes into its keeper's descriptors costs it its folder at most")
    func tampering() async throws {
        let result = try await SandboxHere.run(
            "for f in /proc/[0-9]*/fd/*; do echo forged > $f; done 2> /dev/null; echo x > y"
        )
        #expect(result.kept?.texts == ["y": "x\n"] || result.trouble == "it could not be read back", "\(result)")
    }

    @Test("two commands at once do not see each other, and many at once all end")
    func many() async throws {
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<12 {
                group.addTask {
                    try await SandboxHere.run("echo \(index) > mine; ls; ls /tmp; cat mine; ps ax | wc -l").text
                }
            }
            var texts: Set<String> = []
            for try await text in group { texts.insert(text) }
            return texts
        }
        #expect(texts.count == 12)
        for text in texts {
            let lines = text.split(whereSeparator: \.isWhitespace)
            #expect(lines.count == 3 && lines[0] == "mine" && (lines.last.flatMap { Int($0) } ?? 99) < 12, "\(text)")
        }
    }
}

/// A socket that listens on loopback and accepts nobody.
private final class Listener {
    let port: UInt16
    private let number: Int32

    init() throws {
        number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = number
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(number, address, length) == 0 && listen(number, 8) == 0
                    && getsockname(number, address, &length) == 0
            }
        }
        try #require(isBound)
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(number) }
}
