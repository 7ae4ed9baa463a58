// swift-tools-version: 6.2
import PackageDescription

let products = ["AssayKit", "LinearAlgebra", "Random", "Statistics", "Learners"]

// The part of Assay that plugins in Swift are built on: `make install` lays it out.
let package = Package(
  name: "assay",
  products: [.library(name: "AssayKit", targets: products)],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CJSONC", pkgConfig: "json-c", providers: [.apt(["libjson-c-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CAssay"),
    .target(name: "Documents", dependencies: ["CJSONC", "CCrypto"]),
    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS"]),
    .target(name: "Statistics"),
    .target(name: "Random", dependencies: ["Statistics"]),
    .target(name: "Learners", dependencies: ["LinearAlgebra", "Statistics"]),
    .target(name: "AssayKit", dependencies: ["CAssay", "Documents", "LinearAlgebra", "Statistics"]),
  ])

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
