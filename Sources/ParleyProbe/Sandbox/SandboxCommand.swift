// The command line that makes a sandbox. From outside to inside: a guard, which ends it all when Parley is gone; setpriv
// where Parley is root, for root inside a user name space still owns root's files; bubblewrap, which makes the name
// spaces, the read-only system and the private folder; prlimit; and a keeper, which lays the folder out, runs the
// command, kills what is left of it and packs the folder again.
//
// Descriptors: 1 and 2 output, 3 the folder as it was, 4 the folder as it is, 5 the system call filter, 6 the lifeline.

import Foundation

/// Builds the command line.
struct SandboxCommand {
    let programs: SandboxPrograms
    let limits: SandboxLimits

    /// Nobody: an account that owns nothing.
    private static let nobody = "65534"
    /// Where the private folder is, inside.
    static let folder = "/work"
    /// What the keeper writes before the archive: the sandbox stood, and the command ran.
    static let mark = Array("parley\n".utf8)

    /// `$1` is a cgroup's folder or nothing, then comes the command line. Linux's parent-death signal follows the
    /// *thread* that starts a child; the guard has one thread, so bubblewrap's --die-with-parent is sure under it.
    private static let guardian = """
        group=$1; shift; cd /
        [ -z "$group" ] || echo $$ > "$group/cgroup.procs" || exit 125
        "$@" < /dev/null 6<&- & child=$!
        ( read -r _; kill -KILL $child ) <&6 > /dev/null 2>&1 3<&- 4>&- 5<&- & watcher=$!
        wait $child; status=$?
        kill -KILL $watcher 2> /dev/null
        exit $status
        """

    /// `$1` is this host's process name space, `$2` the wall time in seconds, `$3` the command. The command has neither
    /// archive open; what it left running is killed before the folder is packed: all that the keeper can name, so first
    /// it makes sure that it stands in a name space of its own.
    private static let keeper = """
        space=$(readlink /proc/self/ns/pid)
        [ -n "$1" ] && [ -n "$space" ] && [ "$space" != "$1" ] && [ $$ -lt 10 ] || exit 126
        tar -xf - -C \(folder) --no-same-owner <&3 || exit 125
        exec 3<&- 7>&2 2> /dev/null
        timeout -s KILL "$2" /bin/sh -c "$3" < /dev/null 2>&7 4>&- 7>&-
        status=$?
        exec > /dev/null 7>&-
        kill -s KILL -- -1
        printf 'parley\\n' >&4
        chmod -R u+rwX \(folder)
        tar -cf - -C \(folder) --format=ustar --hard-dereference . >&4
        exit $status
        """

    /// The program and its arguments.
    func arguments(_ command: String, group: String?) -> [String] {
        let guardian = ["/bin/sh", "-c", Self.guardian, "parley-guard", group ?? ""]
        let drop =
            programs.setpriv.map { setpriv in
                [setpriv, "--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups", "--no-new-privs", "--"]
            } ?? []
        let space = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
        let keeper = ["/bin/sh", "-c", Self.keeper, "parley-keeper", space, Self.seconds(limits.wall), command]
        return guardian + drop + bubblewrap + ["--"] + processLimits + ["--"] + keeper
    }

    private var bubblewrap: [String] {
        var arguments = [
            programs.bubblewrap, "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts",
            "--unshare-cgroup-try", "--die-with-parent", "--new-session", "--seccomp", "5", "--clearenv",
        ]
        let environment = [("PATH", "/usr/bin:/bin"), ("HOME", Self.folder), ("LANG", "C.UTF-8"), ("TERM", "dumb")]
        for (name, value) in environment { arguments += ["--setenv", name, value] }
        arguments += ["--uid", "1000", "--gid", "1000", "--hostname", "sandbox", "--ro-bind", "/usr", "/usr"]
        for name in ["bin", "sbin", "lib", "lib32", "lib64", "libx32"] { arguments += Self.systemFolder(name) }
        for file in ["/etc/alternatives", "/etc/ld.so.cache"] { arguments += ["--ro-bind-try", file, file] }
        arguments += ["--proc", "/proc", "--dev", "/dev"]
        for folder in [Self.folder, "/tmp"] { arguments += ["--size", String(limits.folder), "--tmpfs", folder] }
        return arguments + ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", Self.folder]
    }

    /// /bin and its like: a link into /usr, or a folder of its own.
    private static func systemFolder(_ name: String) -> [String] {
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/\(name)") {
            return ["--symlink", target, "/\(name)"]
        }
        return ["--ro-bind-try", "/\(name)", "/\(name)"]
    }

    /// Limits that the kernel holds for each process; in the user name space, that of processes is the sandbox's own.
    private var processLimits: [String] {
        let seconds = max(1, limits.processor.components.seconds)
        return [
            "/usr/bin/prlimit", "--nproc=\(limits.processes)", "--data=\(limits.memory)", "--cpu=\(seconds)",
            "--fsize=\(limits.folder)", "--nofile=\(limits.openFiles)", "--core=0", "--memlock=65536",
            "--msgqueue=0",
        ]
    }

    private static func seconds(_ duration: Duration) -> String {
        String(max(0.001, duration / .seconds(1)))
    }
}
