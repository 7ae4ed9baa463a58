// swift-tools-version: 6.2
import PackageDescription

// MARK: Settings

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A method plugin in Swift: one folder, one dynamic library `libassay-<name>.so`.
struct Plugin {
  let name: String
  let target: String
  var dependencies: [Target.Dependency] = ["AssayKit", "Numerics"]
}

let plugins = [
  Plugin(name: "zero-shot", target: "ZeroShot"),
  Plugin(name: "nearest-mean", target: "NearestMean"),
  Plugin(name: "linear-probe", target: "LinearProbe"),
  Plugin(name: "knn", target: "KNN"),
  Plugin(name: "mlp-probe", target: "MLPProbe"),
  Plugin(name: "tip-adapter", target: "TipAdapter", dependencies: ["AssayKit", "CacheModel"]),
  Plugin(
    name: "tip-adapter-f", target: "TipAdapterF",
    dependencies: ["AssayKit", "CacheModel", "Numerics"]),
  Plugin(name: "gda", target: "GDA"),
  Plugin(name: "caps-adapter", target: "CapsAdapter"),
  Plugin(name: "amu-tuning", target: "AMUTuning"),
  Plugin(name: "smote", target: "SMOTE"),
  Plugin(name: "ood-scores", target: "OODScores"),
  Plugin(name: "cosine", target: "Cosine"),
  Plugin(name: "cooked", target: "COOkeD"),
  Plugin(name: "clipn", target: "CLIPN"),
  Plugin(name: "sliced-wasserstein", target: "SlicedWasserstein"),
  Plugin(name: "schur-entropy", target: "SchurEntropy"),
  Plugin(name: "rel-mf", target: "RelMF", dependencies: ["AssayKit", "Numerics", "CKernels"]),
  Plugin(name: "metaclip", target: "MetaCLIP"),
  Plugin(name: "nearest-mean-c", target: "NearestMeanC", dependencies: ["CAssay"]),
]

// MARK: Products

let package = Package(
  name: "assay",
  products: [
    .executable(name: "assay", targets: ["assay"]),
    .library(name: "AssayKit", targets: ["AssayKit", "Numerics"]),
  ]
    + plugins.map {
      .library(name: "assay-\($0.name)", type: .dynamic, targets: [$0.target])
    } + [.library(name: "fixture-swift-trap", type: .dynamic, targets: ["FixtureSwiftTrap"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ]
)

// MARK: Targets

package.targets = [
  .systemLibrary(
    name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
  .systemLibrary(name: "CJSONC", pkgConfig: "json-c", providers: [.apt(["libjson-c-dev"])]),
  .systemLibrary(
    name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
  .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
  .target(name: "CAssay"),
  .target(name: "CConvert"),
  .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"], .when(configuration: .debug))]),
  .target(name: "CSystem", cSettings: [.define("_GNU_SOURCE")]),

  .target(name: "Documents", dependencies: ["CJSONC", "CCrypto"]),
  .target(name: "Tensors", dependencies: ["CConvert", "Documents"]),
  .target(name: "Numerics", dependencies: ["CKernels", "COpenBLAS"]),
  .target(name: "Autograd", dependencies: ["CKernels", "Numerics", "Tensors"]),
  .target(name: "Layers", dependencies: ["Autograd", "Numerics", "Tensors"]),
  .target(name: "Contracts", dependencies: ["Tensors", "Documents"]),
  .target(name: "Metrics", dependencies: ["CKernels", "Tensors", "Numerics"]),
  .target(
    name: "Datasets",
    dependencies: ["CConvert", "Tensors", "Numerics", "Documents", "Contracts"]),
  .target(name: "Suites", dependencies: ["Datasets", "Metrics", "Contracts", "Documents"]),
  .target(
    name: "PluginHost", dependencies: ["CAssay", "CSystem", "Tensors", "Documents", "Contracts"]),
  .target(name: "Estimates", dependencies: ["Metrics", "Numerics", "Tensors", "Documents"]),
  .target(
    name: "Evaluation",
    dependencies: [
      "CSQLite", "Estimates", "PluginHost", "Suites", "Datasets", "Metrics", "Contracts", "Numerics",
      "Tensors",
      "Documents",
    ]),
  .target(
    name: "Conformance",
    dependencies: [
      "PluginHost", "Contracts", "CAssay", "CSystem", "Numerics", "Tensors", "Documents",
    ]),
  .target(
    name: "Reports",
    dependencies: [
      "Evaluation", "Estimates", "PluginHost", "Suites", "Datasets", "Metrics", "Numerics",
      "Tensors", "Documents",
    ]),
  .target(name: "Scaffolding", dependencies: ["Tensors", "Numerics"]),
  .target(name: "Scenes", dependencies: ["Tensors", "Numerics", "Documents"]),
  .target(name: "Encoders"),
  .executableTarget(
    name: "assay",
    dependencies: [
      "Scenes", "Scaffolding", "Conformance", "Reports", "Evaluation", "PluginHost", "Suites",
      "Datasets", "Metrics", "Contracts", "Numerics", "Tensors", "Documents", "CSystem",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),

  .target(name: "AssayKit", dependencies: ["CAssay", "Documents", "Numerics"]),
  .target(
    name: "CacheModel", dependencies: ["AssayKit", "Numerics"], path: "Plugins/CacheModel"),
]
package.targets += plugins.map {
  .target(name: $0.target, dependencies: $0.dependencies, path: "Plugins/\($0.target)")
}

// MARK: Benchmarks

// Benchmarks reach package-level API, so they are a target here, built only when asked for.
if Context.environment["ASSAY_BENCHMARKS"] != nil {
  package.targets += [
    .executableTarget(
      name: "MetricsBench", dependencies: ["Estimates", "Metrics", "Tensors", "Numerics"],
      path: "Benchmarks/MetricsBench"),
    .executableTarget(
      name: "LearnBench", dependencies: ["Layers", "Autograd", "Tensors", "Numerics"],
      path: "Benchmarks/LearnBench"),
  ]
}

if Context.environment["ASSAY_COVERAGE"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Coverage", dependencies: ["Estimates", "Metrics", "Tensors", "Numerics"],
      path: "Benchmarks/Coverage"))
}

// MARK: Fuzzing

// The readers are a target of their own, so that the tests replay what the fuzzer found; the fuzzer
// itself has no main function and is built only when asked for.
package.targets.append(
  .target(
    name: "FuzzReaders",
    dependencies: [
      "Reports", "Evaluation", "Suites", "Datasets", "PluginHost", "Contracts", "Tensors",
      "Documents",
    ],
    path: "Fuzzing/Readers"))
if Context.environment["ASSAY_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["FuzzReaders"], path: "Fuzzing/Fuzz",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}

// MARK: Tests

package.targets += [
  .target(
    name: "MethodHarness", dependencies: ["CAssay", "Tensors", "Documents"],
    path: "Tests/MethodHarness"),
  .testTarget(name: "DocumentsTests", dependencies: ["Documents"]),
  .testTarget(name: "TensorsTests", dependencies: ["Tensors", "Documents", "CConvert"]),
  .testTarget(
    name: "NumericsTests", dependencies: ["Numerics"],
    exclude: ["reference.py", "logistic_reference.py"]),
  .testTarget(name: "AutogradTests", dependencies: ["Autograd", "Numerics", "Tensors"]),
  .testTarget(
    name: "LayersTests", dependencies: ["Layers", "Autograd", "Numerics", "Tensors"],
    exclude: ["reference.py", "golden.safetensors"]),
  .testTarget(
    name: "MetricsTests",
    dependencies: ["Metrics", "Estimates", "CKernels", "Numerics", "Tensors", "Documents"]),
  .testTarget(
    name: "EstimatesTests", dependencies: ["Estimates", "Metrics", "Numerics", "Tensors"]),
  .testTarget(name: "ContractsTests", dependencies: ["Contracts", "Tensors"]),
  .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Tensors", "Documents"]),
  .testTarget(
    name: "ScenesTests", dependencies: ["Scenes", "Datasets", "Tensors", "Documents"]),
  .testTarget(
    name: "EncodersTests", dependencies: ["Encoders", "Documents"],
    exclude: ["pillow_reference.py"]),
  .testTarget(name: "SuitesTests", dependencies: ["Suites", "Datasets"]),
  .target(name: "FixtureSwiftTrap", dependencies: ["CAssay"], path: "Tests/Fixtures/SwiftTrap"),
  .testTarget(
    name: "PluginHostTests",
    dependencies: ["PluginHost", "Contracts", "Documents", "Tensors", "CAssay"]),
  .testTarget(name: "ConformanceTests", dependencies: ["Conformance", "PluginHost", "Documents"]),
  .testTarget(
    name: "EvaluationTests",
    dependencies: [
      "Evaluation", "Estimates", "PluginHost", "Suites", "Datasets", "Contracts", "Metrics",
      "Tensors",
      "Documents",
    ]),
  .testTarget(
    name: "ReportsTests",
    dependencies: [
      "Reports", "Suites", "Evaluation", "Estimates", "PluginHost", "Metrics", "Tensors",
      "Documents",
    ]),
  .testTarget(
    name: "PluginsTests",
    dependencies: ["MLPProbe", "MethodHarness", "CAssay", "Numerics", "Tensors", "Documents"],
    exclude: [
      "MLPProbeReference.py",
      "reference.py", "SlicedWassersteinReference.py", "SchurEntropyReference.py",
      "CapsAdapterReference.py", "AMUTuningReference.py",
      "GDAReference.py",
      "OODReference.py",
    ]),
  .testTarget(
    name: "AssayKitTests",
    dependencies: ["AssayKit", "MethodHarness", "CAssay", "Numerics", "Tensors", "Documents"]),
  .testTarget(name: "CommandTests", dependencies: ["Documents"]),
  .testTarget(name: "FuzzCorpusTests", dependencies: ["FuzzReaders"]),
]

// Unoptimised, the bootstrap would be two hundred times slower than the plugins that it measures,
// and the training of a network and the painting of pictures as slow. `unsafeFlags` keeps them out
// of other packages, which is meant: they use AssayKit.
let optimised: Set = [
  "Metrics", "Estimates", "MLPProbe", "Coverage", "Scenes", "Encoders",
]
for target in package.targets where optimised.contains(target.name) {
  target.swiftSettings = [.unsafeFlags(["-O"], .when(configuration: .debug))]
}

for target in package.targets where target.type != .system {
  target.swiftSettings = (target.swiftSettings ?? []) + swiftSettings
}
