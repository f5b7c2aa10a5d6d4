// What `run` and `worker` ask of a worker.

import ArgumentParser
import Foundation
import ParleyQueue
import ParleyWorker

struct WorkerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The most jobs in flight at a time.", valueName: "count"))
    var concurrency: Int = 64

    @Option(
        help: ArgumentHelp("Seconds for which a claim holds a job; renewed three times as often.", valueName: "seconds")
    )
    var lease: Int = 60

    @Option(
        help: ArgumentHelp(
            "How long a stop may take, such as 60s or 5m: what is in flight goes on for most of it and is then given back.",
            valueName: "time"
        )
    )
    var stopWithin = TimeArgument(.seconds(30))

    @Option(
        help: ArgumentHelp(
            "Where the programs of external suites lie, for --allow-external. Default: the round file's folder, or here.",
            valueName: "folder"
        )
    )
    var programs: String?

    func validate() throws {
        guard (1...100_000).contains(concurrency) else { throw ValidationError("--concurrency takes 1 to 100000") }
        guard (3...86_400).contains(lease) else { throw ValidationError("--lease takes 3 to 86400 seconds") }
    }

    func configuration(
        name: String? = nil,
        tags: [String] = [],
        pool: String = QueueSchema.defaultPool,
        simulatorURL: String? = nil
    ) -> WorkerConfiguration {
        let process = ProcessInfo.processInfo
        return WorkerConfiguration(
            name: name ?? "\(process.hostName)-\(process.processIdentifier)",
            host: process.hostName,
            process: process.processIdentifier,
            version: ParleyVersion.text,
            tags: tags,
            pool: pool,
            concurrency: concurrency,
            lease: .seconds(lease),
            stopWithin: stopWithin.duration,
            simulatorURL: simulatorURL
        )
    }
}
