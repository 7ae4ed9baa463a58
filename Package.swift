// swift-tools-version: 6.2
import PackageDescription

// MARK: Settings

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// What a method in Swift is written on.
let sdk: [Target.Dependency] = [
  "AssayKit", "LinearAlgebra", "Random", "Statistics", "Learners",
]

/// A method plugin in Swift: one folder, one dynamic library `libassay-<name>.so`.
struct Plugin {
  let name: String
  let target: String
  var dependencies: [Target.Dependency] = sdk
}

let plugins = [
  Plugin(name: "zero-shot", target: "ZeroShot"),
  Plugin(name: "nearest-mean", target: "NearestMean"),
  Plugin(name: "linear-probe", target: "LinearProbe"),
  Plugin(name: "knn", target: "KNN", dependencies: sdk + ["Neighbours"]),
  Plugin(name: "mlp-probe", target: "MLPProbe"),
  Plugin(name: "tip-adapter", target: "TipAdapter", dependencies: sdk + ["CacheModel"]),
  Plugin(
    name: "tip-adapter-f", target: "TipAdapterF",
    dependencies: sdk + ["CacheModel"]),
  Plugin(name: "gda", target: "GDA", dependencies: sdk + ["Neighbours"]),
  Plugin(name: "caps-adapter", target: "CapsAdapter"),
  Plugin(name: "amu-tuning", target: "AMUTuning"),
  Plugin(name: "smote", target: "SMOTE", dependencies: sdk + ["SMOTELearning", "Neighbours"]),
  Plugin(name: "ood-scores", target: "OODScores"),
  Plugin(name: "cosine", target: "Cosine"),
  Plugin(name: "cooked", target: "COOkeD"),
  Plugin(name: "clipn", target: "CLIPN"),
  Plugin(name: "sliced-wasserstein", target: "SlicedWasserstein"),
  Plugin(name: "schur-entropy", target: "SchurEntropy"),
  Plugin(name: "rel-mf", target: "RelMF", dependencies: sdk + ["CKernels"]),
  Plugin(name: "metaclip", target: "MetaCLIP"),
  Plugin(
    name: "cutmix", target: "CutMix",
    dependencies: ["AssayKit", "LinearAlgebra", "MixingLearning"]),
  Plugin(
    name: "sophia", target: "Sophia",
    dependencies: [
      "AssayKit", "Layers", "Learners", "LinearAlgebra", "Problems", "Random", "SophiaLearning",
    ]),
  Plugin(name: "nearest-mean-c", target: "NearestMeanC", dependencies: ["CAssay"]),
]

// MARK: Products

let package = Package(
  name: "assay",
  products: [
    .executable(name: "assay", targets: ["assay"]),
    .library(
      name: "AssayKit",
      targets: ["AssayKit", "LinearAlgebra", "Random", "Statistics", "Learners"]),
  ]
    + plugins.map {
      .library(name: "assay-\($0.name)", type: .dynamic, targets: [$0.target])
    } + [
      .library(name: "assay-python", type: .dynamic, targets: ["Python"]),
      .library(name: "fixture-swift-trap", type: .dynamic, targets: ["FixtureSwiftTrap"]),
    ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
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
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .target(name: "CAssay"),
  .target(name: "CConvert"),
  .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"], .when(configuration: .debug))]),
  .target(
    name: "CPictures", cSettings: [.define("_GNU_SOURCE")],
    linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png"), .linkedLibrary("webp")]),
  .target(name: "CSystem", cSettings: [.define("_GNU_SOURCE")]),

  .target(name: "Documents", dependencies: ["CJSONC", "CCrypto"]),
  .target(name: "Tensors", dependencies: ["CConvert", "Documents"]),
  .target(name: "LinearAlgebra", dependencies: ["COpenBLAS"]),
  .target(name: "Statistics"),
  .target(name: "Random", dependencies: ["Statistics"]),
  .target(name: "Learners", dependencies: ["LinearAlgebra", "Statistics"]),
  .target(name: "Neighbours", dependencies: ["CKernels", "LinearAlgebra"]),
  .target(
    name: "Autograd",
    dependencies: ["CKernels", "LinearAlgebra", "Random", "Tensors"]),
  .target(
    name: "Layers", dependencies: ["Autograd", "Learners", "LinearAlgebra", "Random", "Tensors"]),
  .target(
    name: "Problems", dependencies: ["Autograd", "Layers", "LinearAlgebra", "Tensors"]),
  .target(name: "Contracts", dependencies: ["Tensors", "Documents"]),
  .target(
    name: "Metrics",
    dependencies: [
      "Autograd", "CKernels", "Contracts", "Tensors", "Learners", "LinearAlgebra", "Neighbours",
      "Problems", "Random", "Statistics",
    ]),
  .target(
    name: "Datasets",
    dependencies: [
      "CConvert", "Metrics", "Tensors", "LinearAlgebra", "Random", "Documents", "Contracts",
    ]),
  .target(
    name: "Suites",
    dependencies: [
      "Datasets", "Metrics", "Contracts", "LinearAlgebra", "Random", "Statistics", "Tensors",
      "Documents",
    ]),
  .target(
    name: "PluginHost",
    dependencies: ["CAssay", "CSystem", "Metrics", "Tensors", "Documents", "Contracts"]),
  .target(
    name: "Estimates", dependencies: ["Metrics", "Random", "Statistics", "Tensors", "Documents"]),
  .target(
    name: "Evaluation",
    dependencies: [
      "CSQLite", "Estimates", "PluginHost", "Suites", "Datasets", "Metrics", "Contracts",
      "Tensors",
      "Documents",
    ]),
  .target(
    name: "Conformance",
    dependencies: [
      "PluginHost", "Metrics", "Contracts", "CAssay", "CSystem", "Random", "Tensors",
      "Documents",
    ]),
  .target(
    name: "Reports",
    dependencies: [
      "Evaluation", "Estimates", "PluginHost", "Suites", "Datasets", "Metrics", "LinearAlgebra",
      "Random", "Statistics",
      "Tensors", "Documents",
    ]),
  .target(name: "Scaffolding", dependencies: ["Tensors", "LinearAlgebra", "Random"]),
  .target(name: "Scenes", dependencies: ["Tensors", "Random", "Documents"]),
  .target(
    name: "Encoders",
    dependencies: [
      "CPictures", "CZlib", "Layers", "Autograd", "LinearAlgebra", "Random", "Tensors", "Documents",
    ]),
  .executableTarget(
    name: "assay",
    dependencies: [
      "Encoders", "Scenes", "Scaffolding", "Conformance", "Reports", "Evaluation", "PluginHost",
      "Suites", "Datasets", "Metrics", "Contracts", "Autograd", "LinearAlgebra", "Tensors",
      "Documents", "CSystem",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),

  .target(name: "AssayKit", dependencies: ["CAssay", "Documents", "LinearAlgebra", "Statistics"]),
  .target(
    name: "SMOTELearning", dependencies: ["LinearAlgebra", "Neighbours"],
    path: "Plugins/SMOTE/Learning"),
  .target(
    name: "MixingLearning", dependencies: ["Autograd", "Layers", "Random", "Tensors"],
    path: "Plugins/CutMix/Learning"),
  .target(
    name: "SophiaLearning",
    dependencies: ["Autograd", "Layers", "Problems", "Random", "Tensors"],
    path: "Plugins/Sophia/Learning"),
  .target(
    name: "CacheModel", dependencies: ["AssayKit", "LinearAlgebra"], path: "Plugins/CacheModel"),
]
package.targets.append(
  .target(
    name: "Python", dependencies: ["CAssay"], path: "Plugins/Python", exclude: ["method.py"]))
package.targets += plugins.map {
  .target(
    name: $0.target, dependencies: $0.dependencies, path: "Plugins/\($0.target)",
    exclude: ["CutMix", "SMOTE", "Sophia"].contains($0.target) ? ["Learning"] : [])
}

// MARK: Benchmarks

// Benchmarks reach package-level API, so they are a target here, built only when asked for.
if Context.environment["ASSAY_BENCHMARKS"] != nil {
  package.targets += [
    .executableTarget(
      name: "MetricsBench", dependencies: ["Estimates", "Metrics", "Tensors", "Statistics"],
      path: "Benchmarks/MetricsBench"),
    .executableTarget(
      name: "LearnBench",
      dependencies: ["Encoders", "Layers", "Autograd", "Tensors", "LinearAlgebra", "Random"],
      path: "Benchmarks/LearnBench"),
    .executableTarget(
      name: "EncodersBench",
      dependencies: ["Encoders", "Layers", "Autograd", "Tensors", "LinearAlgebra", "Random"],
      path: "Benchmarks/EncodersBench"),
  ]
}

if Context.environment["ASSAY_COVERAGE"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Coverage", dependencies: ["Estimates", "Metrics", "Tensors", "Random", "Statistics"],
      path: "Benchmarks/Coverage"))
}

// MARK: Fuzzing

// The readers are a target of their own, so that the tests replay what the fuzzer found; the fuzzer
// itself has no main function and is built only when asked for.
package.targets.append(
  .target(
    name: "FuzzReaders",
    dependencies: [
      "Reports", "Evaluation", "Suites", "Datasets", "PluginHost", "Encoders", "Metrics",
      "Contracts",
      "Tensors", "Documents",
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
  .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
  .testTarget(name: "RandomTests", dependencies: ["Random"]),
  .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "Random"]),
  .testTarget(
    name: "LearnersTests", dependencies: ["Learners", "LinearAlgebra"],
    exclude: ["logistic_reference.py"]),
  .testTarget(name: "NeighboursTests", dependencies: ["Neighbours", "LinearAlgebra", "Random"]),
  .testTarget(
    name: "SMOTELearningTests", dependencies: ["SMOTELearning", "Neighbours", "LinearAlgebra"],
    exclude: ["reference.py"]),
  .testTarget(
    name: "AutogradTests", dependencies: ["Autograd", "LinearAlgebra", "Random", "Tensors"]),
  .testTarget(
    name: "LayersTests",
    dependencies: ["Layers", "Autograd", "Learners", "LinearAlgebra", "Random", "Tensors"],
    exclude: ["reference.py", "golden.safetensors"]),
  .testTarget(name: "ProblemsTests", dependencies: ["Problems", "Autograd", "LinearAlgebra"]),
  .testTarget(
    name: "CutMixTests",
    dependencies: ["MixingLearning", "Autograd", "Layers", "Random", "Tensors"],
    exclude: ["golden.py", "golden.safetensors"]),
  .testTarget(
    name: "SophiaTests",
    dependencies: [
      "SophiaLearning", "Problems", "Autograd", "Layers", "LinearAlgebra", "Random", "Tensors",
    ],
    exclude: ["golden.py", "golden.safetensors"]),
  .testTarget(
    name: "MetricsTests",
    dependencies: [
      "Metrics", "Estimates", "Problems", "CKernels", "LinearAlgebra", "Random", "Statistics",
      "Tensors", "Documents",
    ]),
  .testTarget(
    name: "EstimatesTests", dependencies: ["Estimates", "Metrics", "Statistics", "Tensors"]),
  .testTarget(name: "ContractsTests", dependencies: ["Contracts", "Metrics", "Tensors"]),
  .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Random", "Tensors", "Documents"]),
  .testTarget(
    name: "ScenesTests", dependencies: ["Scenes", "Datasets", "Tensors", "Documents"]),
  .testTarget(
    name: "EncodersTests",
    dependencies: [
      "Encoders", "Layers", "Autograd", "LinearAlgebra", "Random", "Tensors", "Documents",
    ],
    exclude: [
      "pillow_reference.py", "golden.py", "golden.safetensors", "tokens.py", "towers.py",
      "towers.safetensors", "tokens.safetensors", "vocabulary.txt.gz",
      "pictures_reference.py", "Pictures",
      "corruptions_reference.py", "Corruptions",
    ]),
  .testTarget(
    name: "SuitesTests",
    dependencies: ["Suites", "Datasets", "Metrics", "Contracts", "Tensors", "Documents"]),
  .target(name: "FixtureSwiftTrap", dependencies: ["CAssay"], path: "Tests/Fixtures/SwiftTrap"),
  .testTarget(
    name: "PluginHostTests",
    dependencies: ["PluginHost", "Metrics", "Contracts", "Documents", "Tensors", "CAssay"]),
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
      "Reports", "Suites", "Datasets", "Evaluation", "Estimates", "PluginHost", "Metrics", "Random",
      "Statistics",
      "Tensors", "Documents",
    ]),
  .testTarget(
    name: "PluginsTests",
    dependencies: [
      "MLPProbe", "MethodHarness", "CAssay", "Learners", "LinearAlgebra", "Random", "Statistics",
      "Tensors", "Documents",
    ],
    exclude: [
      "MLPProbeReference.py",
      "reference.py", "SlicedWassersteinReference.py", "SchurEntropyReference.py",
      "CapsAdapterReference.py", "AMUTuningReference.py",
      "GDAReference.py",
      "OODReference.py",
    ]),
  .testTarget(
    name: "AssayKitTests",
    dependencies: ["AssayKit", "MethodHarness", "CAssay", "LinearAlgebra", "Tensors", "Documents"]),
  .testTarget(
    name: "CommandTests",
    dependencies: ["Encoders", "Reports", "Evaluation", "Documents", "Tensors"]),
  .testTarget(name: "FuzzCorpusTests", dependencies: ["FuzzReaders"]),
]

// Unoptimised, the bootstrap would be two hundred times slower than the plugins that it measures,
// and the training of a network and the painting of pictures as slow. `unsafeFlags` keeps them out
// of other packages, which is meant: they use AssayKit.
let optimised: Set = [
  "Metrics", "Estimates", "MLPProbe", "Coverage", "Scenes", "Autograd", "Layers", "Encoders",
  "MixingLearning", "Problems", "SophiaLearning",
]
for target in package.targets where optimised.contains(target.name) {
  target.swiftSettings = [.unsafeFlags(["-O"], .when(configuration: .debug))]
}

for target in package.targets where target.type != .system {
  target.swiftSettings = (target.swiftSettings ?? []) + swiftSettings
}
