// swift-tools-version: 6.2

import PackageDescription

/// CI treats every warning of this package as an error; users with a newer compiler keep a build that works.
let strict = Context.environment["PTRM_STRICT"] != nil

let swiftSettings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let cSettings: [CSetting] = strict ? [.treatAllWarnings(as: .error)] : []

/// A Swift target; it may import only targets that stand above it in `package.targets`.
func house(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
    name: "ptrm",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "ptrmd", targets: ["ptrmd"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.7.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.7.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        .systemLibrary(
            name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        .target(name: "CKernels", cSettings: cSettings),
        .target(name: "CBundledFiles", exclude: ["models", "pages"], cSettings: cSettings),
        house("BundledFiles", ["CBundledFiles"]),
        house("Platform", [system]),
        house("Threading"),
        house("Prometheus", ["Threading", .product(name: "CoreMetrics", package: "swift-metrics")]),
        house("Spelling"),
        house("JSON"),
        house("YAML", ["CLibYAML"]),
        house("Tensors", ["Platform", system]),
        house("Checkpoints", ["Platform", "JSON", "YAML", "Tensors", system]),
        house("TRM", ["Platform", "CKernels", "Tensors", "Checkpoints"]),
        house("StepBenchmarking", ["CKernels", "Threading", "JSON", "Tensors", "Checkpoints", "TRM"]),
        house("Randomness"),
        house(
            "Puzzles",
            ["Platform", "JSON", "Randomness", .product(name: "OrderedCollections", package: "swift-collections")]),
        house(
            "Verifiers",
            [
                "Platform", "Threading", "JSON", "Puzzles", system,
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        house("Datasets", ["Platform", "JSON", "Puzzles", system]),
        house("Satisfiability", ["Randomness"]),
        house("Exact", ["Puzzles", "Randomness", "Satisfiability"]),
        house("Generation", ["JSON", "Puzzles", "Randomness", "Satisfiability", "Exact"]),
        house("Rollouts", ["Platform", "Randomness", "Puzzles", "TRM"]),
        house("Deduction", ["Randomness", "Puzzles", "Rollouts"]),
        house("Problems", ["Tensors", "Puzzles", "Verifiers", "Exact", "Rollouts", "Deduction", "TRM"]),
        house("Profiles", ["Platform", "Spelling", "JSON", "YAML", "TRM", "Puzzles", "Verifiers", "Rollouts"]),
        house(
            "LineProtocol",
            ["Spelling", "JSON", "Rollouts", .product(name: "DequeModule", package: "swift-collections")]),
        house("MCP", ["Spelling", "JSON", "Puzzles", "Generation", "LineProtocol"]),
        house(
            "Solving",
            [
                "Platform", "BundledFiles", "Threading", "JSON", "Tensors", "Checkpoints", "TRM", "Puzzles", "Exact",
                "Verifiers", "Rollouts", "Problems",
                "Profiles",
            ]),
        house(
            "Scheduling",
            [
                "Platform", "Threading", "TRM", "Puzzles", "Verifiers", "Exact", "Rollouts", "Deduction", "Problems",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ]),
        house(
            "Service",
            [
                "Threading", "JSON", "Puzzles", "Verifiers", "Exact", "Rollouts", "Deduction", "Problems", "Profiles",
                "LineProtocol",
                "Solving",
                "Scheduling",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        house(
            "Transports",
            [
                "Platform", "Threading", "LineProtocol", "Service",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                system,
            ]),
        house(
            "Evaluation",
            [
                "Platform", "BundledFiles", "Threading", "JSON", "TRM", "Puzzles", "Rollouts", "Problems", "Profiles",
                system,
            ]),
        .executableTarget(
            name: "ptrmd",
            dependencies: [
                "Platform", "BundledFiles", "Threading", "Spelling", "JSON", "Checkpoints", "TRM", "Puzzles",
                "Datasets",
                "Exact", "Generation",
                "Rollouts", "Problems", "Solving",
                "Profiles",
                "LineProtocol", "MCP", "Scheduling", "Service", "Transports", "Prometheus", "Evaluation",
                "StepBenchmarking",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                system,
            ],
            swiftSettings: swiftSettings),

        .target(
            name: "TestSupport",
            dependencies: [
                "JSON",
                .product(name: "Subprocess", package: "swift-subprocess"),
                system,
            ],
            path: "Tests/TestSupport", swiftSettings: swiftSettings),
        .target(
            name: "PuzzleTestSupport", dependencies: ["Puzzles"], path: "Tests/PuzzleTestSupport",
            swiftSettings: swiftSettings),
        tests("Threading", ["Threading"]),
        tests("Platform", ["Platform"]),
        tests("Spelling", ["Spelling"]),
        tests("JSON", ["TestSupport", "JSON", "Randomness"]),
        tests("YAML", ["TestSupport", "YAML", "Randomness"]),
        tests("Tensors", ["TestSupport", "Tensors", "CKernels", "Checkpoints"]),
        tests("Checkpoints", ["TestSupport", "JSON", "Tensors", "Checkpoints", "Randomness"]),
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter", cSettings: cSettings),
        tests(
            "TRM",
            ["TestSupport", "CAllocationCounter", "Threading", "Tensors", "Checkpoints", "TRM", "StepBenchmarking"]),
        tests("Puzzles", ["TestSupport", "PuzzleTestSupport", "JSON", "Randomness", "Puzzles", "Generation"]),
        tests("Verifiers", ["JSON", "Puzzles", "Verifiers"]),
        tests("Datasets", ["TestSupport", "JSON", "Puzzles", "Randomness", "Datasets"]),
        tests("Satisfiability", ["Randomness", "Satisfiability"]),
        tests("Exact", ["JSON", "Randomness", "Puzzles", "Exact", "Generation", "Satisfiability"]),
        tests(
            "Generation",
            ["TestSupport", "PuzzleTestSupport", "JSON", "Randomness", "Puzzles", "Exact", "Generation"]),
        tests("Rollouts", ["Randomness", "Puzzles", "TRM", "Rollouts"]),
        tests("Deduction", ["Randomness", "Puzzles", "Rollouts", "Deduction"]),
        tests(
            "Problems",
            [
                "JSON", "Randomness", "Exact", "Checkpoints", "TRM", "StepBenchmarking", "Puzzles", "Rollouts",
                "Deduction", "Problems",
            ]),
        tests("Solving", ["JSON", "Exact", "Problems", "Profiles", "Puzzles", "Rollouts", "Solving"]),
        tests(
            "Profiles",
            [
                "TestSupport", "BundledFiles", "JSON", "YAML", "Puzzles", "Randomness", "TRM", "Verifiers", "Rollouts",
                "Profiles",
            ]),
        tests("LineProtocol", ["TestSupport", "JSON", "Randomness", "Rollouts", "LineProtocol"]),
        tests(
            "Scheduling",
            [
                "TestSupport", "Threading", "Checkpoints", "TRM", "StepBenchmarking", "Randomness", "Puzzles",
                "Rollouts", "Problems", "Scheduling",
            ]),
        tests(
            "Service",
            [
                "Threading", "JSON", "Rollouts", "Profiles", "LineProtocol", "Solving", "Scheduling", "Service",
                .product(name: "Logging", package: "swift-log"),
            ]),
        tests("MCP", ["TestSupport", "JSON", "LineProtocol", "MCP", "Randomness"]),
        tests("Prometheus", ["Prometheus", .product(name: "CoreMetrics", package: "swift-metrics")]),
        tests("Transports", ["TestSupport", "Randomness", "Transports", system]),
        tests("Evaluation", ["JSON", "Profiles", "Rollouts", "TRM", "Evaluation"]),
        // The program is run, not imported.
        tests("Daemon", ["TestSupport", "JSON", "Checkpoints", "TRM", "Puzzles", "StepBenchmarking", "ptrmd", system]),
    ]
)

// `make bench` sets this; nobody else needs to fetch the benchmark package.
if Context.environment["PTRM_BENCHMARKS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []))
    package.targets.append(
        .executableTarget(
            name: "StepBenchmarks",
            dependencies: [
                "CKernels", "Tensors", "Checkpoints", "TRM", "StepBenchmarking",
                .product(name: "Benchmark", package: "benchmark"),
            ],
            // The plugin takes the targets of a folder that is called Benchmarks.
            path: "Sources/Benchmarks/StepBenchmarks", swiftSettings: swiftSettings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]))
}

// `make fuzz` sets this: the loop is that of the toolchain's libFuzzer, with which everything must be built.
if Context.environment["PTRM_FUZZ"] != nil {
    package.targets += [
        .target(name: "CFuzzer", path: "Tests/Fuzzing/CFuzzer"),
        .executableTarget(
            name: "ptrm-fuzz",
            dependencies: [
                "CFuzzer", "Platform", "Checkpoints", "Datasets", "Generation", "JSON", "LineProtocol", "MCP",
                "Profiles",
                "Prometheus", "Puzzles", "TRM", "Tensors", "Verifiers", "YAML",
            ],
            path: "Tests/Fuzzing/Fuzzing", swiftSettings: swiftSettings),
    ]
}

// What examples/experiments measures with, and nobody installs.
if Context.environment["PTRM_EXPERIMENTS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "exact-phases", dependencies: ["JSON", "Puzzles", "Satisfiability", "Exact"],
            path: "examples/experiments/exact_phases", swiftSettings: swiftSettings))
}
