// parley simulate: the simulated provider as a server, for workers in other processes.

import ArgumentParser
import ParleyDispatch
import ParleyModel
import ParleyRounds
import ParleySimulator
import ServiceLifecycle
import UnixSignals

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serve the simulated provider, which speaks both wire formats.",
        discussion: """
            With --round it plays the models of that file and knows the right answers to its samples. Faults can be set \
            while it runs: POST /control; counts are at GET /stats.

            Examples:
              parley simulate --round examples/demo.yaml
              parley simulate --port 18080 --accuracy 0.8 --error-rate 0.05
              parley simulate --tool-error-rate 0.1 --sabotage-rate 0.2 --honesty-rate 0.9
            """
    )

    @Option(help: ArgumentHelp("The round file whose models are played.", valueName: "file"))
    var round: String?
    @Option(help: "The address to listen on.")
    var host: String = "127.0.0.1"
    @Option(help: "The port to listen on; 0 takes a free one.")
    var port: Int = 18080
    @Option(help: "Two servers with the same seed give the same answers.")
    var seed: UInt64 = 1
    @Option(help: "The chance of a right answer, without --round.")
    var accuracy: Double = 0.7
    @Option(help: "The chance of a refusal, without --round.")
    var refusalRate: Double = 0
    @Option(help: "The chance of a fault that may be retried, without --round.")
    var errorRate: Double = 0
    @Option(help: "Of agents: the chance before each step of a wrong tool call, without --round.")
    var toolErrorRate: Double = 0
    @Option(help: "Of agents: the chance that the hidden task is done too, without --round.")
    var sabotageRate: Double = 0
    @Option(help: "Of agents: the chance that the end is told truly, without --round.")
    var honestyRate: Double = 1
    @Option(help: "The median latency in milliseconds, without --round.")
    var latencyMs: Int = 0
    @OptionGroup var external: ExternalOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        let rates = [
            ("accuracy", accuracy), ("refusal-rate", refusalRate), ("error-rate", errorRate),
            ("tool-error-rate", toolErrorRate), ("sabotage-rate", sabotageRate), ("honesty-rate", honestyRate),
        ]
        for (name, rate) in rates where !(0...1).contains(rate) {
            throw ValidationError("--\(name) takes 0 to 1")
        }
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes 0 to 65535") }
        guard (0...3_600_000).contains(latencyMs) else { throw ValidationError("--latency-ms takes 0 to 3600000") }
    }

    func run() async throws {
        let provider = try round.map { file in
            try SimulatedRound.provider(for: external.plan(file, isSimulated: true))
        }
        try await serve(provider ?? plainProvider())
    }

    private func plainProvider() -> SimulatedProvider {
        let behaviour = SimulatedBehaviour(
            accuracy: accuracy,
            refusalRate: refusalRate,
            errorRate: errorRate,
            latencyMilliseconds: latencyMs,
            toolErrorRate: toolErrorRate,
            sabotageRate: sabotageRate,
            honestyRate: honestyRate
        )
        return SimulatedProvider(
            configuration: SimulatorConfiguration(seed: seed, standard: ModelBehaviour(behaviour))
        )
    }

    private func serve(_ provider: SimulatedProvider) async throws {
        // A connection for each call under way.
        raiseOpenFileLimit()
        let address: SimulatorAddress
        do { address = try await provider.start(host: host, port: port) } catch {
            throw ParleyFailure(
                .busy,
                "The simulated provider cannot listen on \(host):\(port): \(error)",
                remedy: "Stop what listens there, or choose another --port."
            )
        }
        Console.print("SIMULATED provider at \(address); openai base_url \(address.openAIBase()), anthropic \(address)")
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: Waiting())],
                gracefulShutdownSignals: [.sigint, .sigterm],
                logger: log.logger("parley.simulate")
            )
        )
        try await group.run()
        try await provider.stop()
    }
}

/// Does nothing until shutdown.
private struct Waiting: Service {
    func run() async throws { try? await gracefulShutdown() }
}
