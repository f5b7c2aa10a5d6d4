// Whether commands of the environment `shell` can be run here: the sandbox is made and tried. Only rounds with agents
// that have a shell need it, so a host without one is warned of, not failed.

import ParleyModel
import ParleyProbe

enum SandboxChecks {
    static func all() async -> [HealthCheck] {
        do {
            let found = try await SandboxExamination.examine()
            return [.ok("sandbox", found.summary)]
        } catch {
            let remedy = error.remedy ?? "install bubblewrap (Debian: apt-get install bubblewrap)"
            return [.warning("sandbox", "\(error.message); agents get no shell here", remedy: remedy)]
        }
    }
}
