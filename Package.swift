// swift-tools-version: 6.2
import PackageDescription

// The arrows below are the architecture: no target depends on one that stands further down this list.
// CONTRIBUTING.md says what each one is for.
let package = Package(
    name: "parley",
    products: [
        .executable(name: "parley", targets: ["parley"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

        .target(
            name: "ParleyModel",
            dependencies: [.product(name: "Crypto", package: "swift-crypto")]
        ),
        .target(name: "ParleyDispatch", dependencies: ["CMalloc"]),
        .target(
            name: "ParleyTelemetry",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(name: "ParleyReduction", dependencies: ["ParleyDispatch"]),
        .target(
            name: "ParleyPostgres",
            dependencies: ["CLibPQ", "ParleyDispatch", .product(name: "Logging", package: "swift-log")]
        ),
        .target(
            name: "ParleySchemas",
            path: "schemas",
            resources: [.embedInCode("json"), .embedInCode("openapi.json"), .embedInCode("sql")]
        ),
        .target(
            name: "ParleyQueue",
            dependencies: [
                "ParleyModel", "ParleyPostgres", "ParleySchemas", .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "ParleyProbe",
            dependencies: [
                "ParleyModel", "ParleyTelemetry",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            resources: [.embedInCode("External/Bridges/inspect_bridge.py")]
        ),
        .target(name: "ParleyRounds", dependencies: ["ParleyModel", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "ParleyEvidence",
            dependencies: [
                "CZlib", "CZstd", "ParleyModel", "ParleyDispatch", "ParleyReduction",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .target(name: "ParleyReport", dependencies: ["ParleyModel"]),
        .target(
            name: "ParleySimulator",
            dependencies: [
                "ParleyModel",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .target(
            name: "ParleyWorker",
            dependencies: [
                "ParleyModel", "ParleyDispatch", "ParleyPostgres", "ParleyQueue", "ParleyProbe", "ParleyEvidence",
                "ParleyTelemetry",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(
            name: "ParleyCoordinator",
            dependencies: [
                "ParleyModel", "ParleyDispatch", "ParleyPostgres", "ParleyQueue", "ParleyRounds", "ParleyReduction",
                "ParleyEvidence", "ParleySchemas", "ParleyTelemetry",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "ParleyService",
            dependencies: [
                "ParleyModel", "ParleyPostgres", "ParleyQueue", "ParleyCoordinator", "ParleyEvidence", "ParleyReport",
                "ParleySchemas",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .executableTarget(
            name: "parley",
            dependencies: [
                "ParleyModel", "ParleyDispatch", "ParleyReduction", "ParleyPostgres", "ParleySchemas", "ParleyQueue",
                "ParleyProbe", "ParleyRounds", "ParleyEvidence", "ParleyReport", "ParleySimulator", "ParleyWorker",
                "ParleyCoordinator", "ParleyService", "ParleyTelemetry",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),

        .testTarget(name: "ParleyModelTests", dependencies: ["ParleyModel", "ParleyTestSupport"]),
        .testTarget(name: "ParleyDispatchTests", dependencies: ["ParleyDispatch"]),
        .testTarget(
            name: "ParleyReductionTests",
            dependencies: ["ParleyReduction"],
            exclude: [
                "Fixtures/make_fixtures.py", "Fixtures/make_judge_fixtures.py", "Fixtures/make_rollup_fixtures.py",
            ]
        ),
        .testTarget(name: "ParleyPostgresTests", dependencies: ["ParleyPostgres", "ParleyTestSupport"]),
        .testTarget(
            name: "ParleyQueueTests",
            dependencies: [
                "ParleyModel", "ParleyPostgres", "ParleyQueue", "ParleyRounds", "ParleyEvidence", "ParleyCoordinator",
                "ParleySchemas", "ParleyTelemetry", "ParleyTestSupport",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "ParleyProbeTests",
            dependencies: [
                "ParleyModel", "ParleyProbe", "ParleySimulator", "ParleyTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .testTarget(
            name: "ParleyRoundsTests",
            dependencies: [
                "ParleyModel", "ParleyProbe", "ParleyQueue", "ParleyRounds", "ParleyEvidence", "ParleyCoordinator",
                "ParleyTestSupport",
            ]
        ),
        .testTarget(
            name: "ParleyEvidenceTests",
            dependencies: ["ParleyModel", "ParleyEvidence", "ParleyReduction", "ParleyTestSupport"],
            exclude: ["Fixtures"]
        ),
        .testTarget(name: "ParleyReportTests", dependencies: ["ParleyModel", "ParleyReport"]),
        .testTarget(
            name: "ParleySimulatorTests",
            dependencies: [
                "ParleyModel", "ParleySimulator",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "ParleyTelemetryTests",
            dependencies: [
                "ParleyModel", "ParleyTelemetry", "ParleyTestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .testTarget(
            name: "ParleyServiceTests",
            dependencies: [
                "ParleyModel", "ParleyPostgres", "ParleyQueue", "ParleyCoordinator", "ParleySchemas", "ParleyService",
                "ParleyTestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]
        ),
        .testTarget(
            name: "ParleyEndToEndTests",
            dependencies: [
                "CZlib", "CZstd", "ParleyModel", "ParleyPostgres", "ParleyQueue", "ParleyProbe", "ParleyEvidence",
                "ParleySimulator",
                "ParleyTestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        // A throw-away PostgreSQL and the helpers that several test targets share.
        .target(
            name: "ParleyTestSupport",
            dependencies: [
                "ParleyModel", "ParleyPostgres", "ParleySchemas",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/Support"
        ),
        // Faults at a running queue: `scripts/chaos`.
        .executableTarget(
            name: "chaos",
            dependencies: [
                "ParleyModel", "ParleyPostgres", "ParleyQueue", "ParleyTestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Chaos"
        ),
        // Parley's part of `scripts/bench queue`, and the workers of chaos.
        .executableTarget(
            name: "queue-bench",
            dependencies: [
                "ParleyModel", "ParleyPostgres", "ParleyQueue", "ParleyCoordinator", "ParleyTestSupport",
                "ParleyWorker",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Tests/Performance/QueueBench"
        ),
        // Parley's part of `scripts/bench reduce`.
        .executableTarget(
            name: "reduce-bench",
            dependencies: [
                "ParleyDispatch", "ParleyReduction", "ParleyTestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Performance/ReduceBench"
        ),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
    if ["ParleyPostgres", "ParleyReduction"].contains(target.name) {
        target.swiftSettings?.append(.strictMemorySafety())
    }
}
