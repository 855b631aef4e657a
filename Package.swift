// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
let hidden: [CSetting] = [.unsafeFlags(["-fvisibility=hidden"])]
let hiddenCxx: [CXXSetting] = [.unsafeFlags(["-fvisibility=hidden", "-fvisibility-inlines-hidden", "-fno-cxx-modules"])]
/// Keeps Swift's runtime out of a program or library in C: its start files and libraries stay off the linker's line.
let noSwift: [LinkerSetting] = [
  .unsafeFlags([
    "-nostartfiles", "-static-stdlib", "-resource-dir", "\(Context.packageDirectory)/Sources/Runner/link",
  ])
]
let entryOnly: [LinkerSetting] = [
  .unsafeFlags(["-Xlinker", "--version-script=\(Context.packageDirectory)/Plugins/plugin.map"])
]

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// A handler library for the tests, in C.
func fixture(_ name: String) -> Target {
  .target(
    name: name, dependencies: ["HandlerABI"], path: "Tests/Fixtures/\(name)", publicHeadersPath: ".", cSettings: hidden,
    linkerSettings: noSwift)
}

func suite(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "weir",
  products: [
    .executable(name: "weir", targets: ["Host"]),
    .executable(name: "weir-runner", targets: ["Runner"]),
    .executable(name: "weir-bench", targets: ["WeirBench"]),
    .executable(name: "weir-bench-registration", targets: ["Registration"]),
    .executable(name: "weir-bench-copy", targets: ["CopyBench"]),
    .executable(name: "weir-bench-load", targets: ["LoadBench"]),
    .library(name: "HandlerKit", targets: ["HandlerKit"]),
    .library(name: "Ingest", type: .dynamic, targets: ["Ingest"]),
    .library(name: "Curated", type: .dynamic, targets: ["Curated"]),
    .library(name: "ExampleC", type: .dynamic, targets: ["ExampleC"]),
    .library(name: "ExampleCpp", type: .dynamic, targets: ["ExampleCpp"]),
    .library(name: "ExampleSwift", type: .dynamic, targets: ["ExampleSwift"]),
    .library(name: "Noop", type: .dynamic, targets: ["Noop"]),
    .library(name: "Broken", type: .dynamic, targets: ["Broken"]),
    .library(name: "BrokenAtLoad", type: .dynamic, targets: ["BrokenAtLoad"]),
    .library(name: "Caller", type: .dynamic, targets: ["Caller"]),
    .library(name: "Mapped", type: .dynamic, targets: ["Mapped"]),
    .library(name: "NextMajor", type: .dynamic, targets: ["NextMajor"]),
    .library(name: "Scripted", type: .dynamic, targets: ["Scripted"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // DOOR: what plugins build against, and the process that loads them
    .target(name: "HandlerABI"),
    .target(name: "HandlerLoader", dependencies: ["HandlerABI"]),
    .executableTarget(
      name: "Runner", dependencies: ["HandlerLoader", "HandlerABI", "CKernel"], exclude: ["link"], linkerSettings: noSwift),

    // CELLAR: one C face for each foreign thing
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CRegex", cxxSettings: [.unsafeFlags(["-fno-cxx-modules"])], linkerSettings: [.linkedLibrary("re2")]),
    .target(name: "CKernel"),
    .target(name: "CAssets", exclude: ["downloaded"]),

    // GROUND: pure values
    .target(name: "Workflow", dependencies: ["CRegex"], swiftSettings: strict),

    // TOOLS: PostgreSQL, object stores, runner processes
    .target(
      name: "Database", dependencies: ["CPostgres", "CKernel", log],
      swiftSettings: strict),
    .target(name: "Storage", dependencies: ["Workflow", "CCrypto", "CCurl", "CKernel"], swiftSettings: strict),
    .target(
      name: "Runners",
      dependencies: ["CKernel", "HandlerLoader", "Workflow", log],
      swiftSettings: strict),

    // RULES: every rule that needs the tables
    .target(
      name: "Engine",
      dependencies: ["Workflow", "Database", "CAssets", "CCrypto", log],
      exclude: ["Migrations"], swiftSettings: strict),

    // FACES: what a host does all day, and what it shows
    .target(
      name: "Runtime",
      dependencies: [
        "Engine", "Workflow", "Runners", "Storage", "Database", log,
      ],
      swiftSettings: strict),
    .target(
      name: "Web",
      dependencies: [
        "Engine", "Workflow", "Database", "CAssets", "CZlib", .product(name: "Hummingbird", package: "hummingbird"),
        log,
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      exclude: ["Browser"], swiftSettings: strict),

    // ROOF: the command `weir`
    .executableTarget(
      name: "Host",
      dependencies: [
        "Web", "Runtime", "Engine", "Workflow", "Runners", "Storage", "Database", "CCurl", "CKernel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        log,
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),

    // GARDEN: plugins meet the house only at the door
    .target(name: "HandlerKit", dependencies: ["HandlerABI"], swiftSettings: strict),
    .target(
      name: "HandlerGDAL", dependencies: ["HandlerABI"], cxxSettings: hiddenCxx,
      linkerSettings: [.linkedLibrary("gdal"), .linkedLibrary("jansson"), .linkedLibrary("stdc++")]),
    .target(
      name: "Ingest", dependencies: ["HandlerKit", "HandlerABI"], path: "Plugins/Ingest", swiftSettings: strict,
      linkerSettings: entryOnly),
    .target(name: "CuratedRules", path: "Plugins/CuratedRules", swiftSettings: strict),
    .target(
      name: "Curated", dependencies: ["CuratedRules", "HandlerKit", "HandlerGDAL", "HandlerABI"], path: "Plugins/Curated",
      swiftSettings: strict,
      linkerSettings: entryOnly),
    .target(
      name: "ExampleC", dependencies: ["HandlerABI"], path: "Plugins/Examples/C", exclude: ["plugin.json"], publicHeadersPath: ".",
      cSettings: hidden, linkerSettings: noSwift + [.linkedLibrary("jansson")]),
    .target(
      name: "ExampleCpp", dependencies: ["HandlerABI"], path: "Plugins/Examples/Cpp", exclude: ["plugin.json"], publicHeadersPath: ".",
      cxxSettings: hiddenCxx, linkerSettings: noSwift + [.linkedLibrary("jansson"), .linkedLibrary("stdc++")]),
    .target(
      name: "ExampleSwift", dependencies: ["HandlerKit", "HandlerABI"], path: "Plugins/Examples/Swift", exclude: ["plugin.json"],
      swiftSettings: strict, linkerSettings: entryOnly),

    // BENCHMARKS: one program a question
    .executableTarget(
      name: "WeirBench",
      dependencies: [
        "Web", "Runtime", "Engine", "Workflow", "Runners", "Storage", "Database", log,
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "Benchmarks/Weir", swiftSettings: strict),
    .executableTarget(
      name: "Registration", dependencies: ["Engine", "Database"], path: "Benchmarks/Registration", swiftSettings: strict),
    .executableTarget(
      name: "CopyBench", dependencies: ["Storage", "Workflow", "TestSupport"], path: "Benchmarks/Copy", swiftSettings: strict),
    .executableTarget(
      name: "LoadBench", dependencies: ["Runtime", "Engine", "Workflow", "Runners", "Storage", "Database", log],
      path: "Benchmarks/Loading", exclude: ["wdpa.py"], swiftSettings: strict),

    // TESTS: plugins that misbehave or do nothing, what suites share, one suite a target
    fixture("Noop"), fixture("Caller"), fixture("BrokenAtLoad"), fixture("NextMajor"),
    .target(
      name: "Mapped", dependencies: ["HandlerABI", "HandlerGDAL"], path: "Tests/Fixtures/Mapped", publicHeadersPath: ".",
      cxxSettings: hiddenCxx, linkerSettings: noSwift),
    .target(
      name: "Broken", dependencies: ["HandlerABI"], path: "Tests/Broken", publicHeadersPath: ".", cSettings: hidden,
      cxxSettings: hiddenCxx, linkerSettings: noSwift + [.linkedLibrary("stdc++")]),
    .target(
      name: "Scripted", dependencies: ["HandlerKit", "HandlerABI"], path: "Tests/Fixtures/Scripted", swiftSettings: strict,
      linkerSettings: entryOnly),
    .target(name: "HandlerStub", dependencies: ["HandlerABI", "HandlerKit"], path: "Tests/HandlerStub", swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Database", "Workflow", "CKernel", log],
      path: "Tests/Support", swiftSettings: strict),
    suite("ArchitectureTests", []),
    suite("WorkflowTests", ["Workflow", "CRegex"], exclude: ["Cases"]),
    suite("DatabaseTests", ["Database", "TestSupport", "CPostgres", "CKernel", "Engine", log]),
    suite("StorageTests", ["Storage", "Workflow", "TestSupport", "CKernel"]),
    suite("RunnersTests", ["Runners", "Workflow", "CKernel"]),
    suite("EngineTests", ["Engine", "Database", "Workflow", "TestSupport", "CAssets"], exclude: ["schema.sql"]),
    suite("RuntimeTests", ["Runtime", "Engine", "Database", "Workflow", "Runners", "Storage", "TestSupport", log]),
    suite("HandlerKitTests", ["HandlerKit", "HandlerABI", "HandlerStub"]),
    suite("HandlerGDALTests", ["HandlerKit", "HandlerABI", "HandlerStub", "Runners", "TestSupport"]),
    suite("CuratedRulesTests", ["CuratedRules"]),
    suite("IngestTests", ["Ingest", "HandlerKit", "HandlerABI", "HandlerStub"]),
    suite(
      "WebTests",
      [
        "Web", "Engine", "Workflow", "Database", "TestSupport", "CCurl", "CCrypto", log,
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ], exclude: ["fuzz_checks.py", "Browser"]),
    suite(
      "SystemTests", ["Engine", "Workflow", "Database", "Runners", "Storage", "TestSupport", "CKernel"],
      exclude: ["stac_compare.py", "qgis_read.py", "Keep", "Packaging/kubernetes_check.py"]),
  ],
  cLanguageStandard: .gnu2x,
  cxxLanguageStandard: .cxx20
)
