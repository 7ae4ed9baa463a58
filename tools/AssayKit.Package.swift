// swift-tools-version: 6.2
import PackageDescription

// The part of Assay that plugins in Swift are built on: `make install` lays it out.
let package = Package(
  name: "assay",
  products: [.library(name: "AssayKit", targets: ["AssayKit", "Numerics"])],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CJSONC", pkgConfig: "json-c", providers: [.apt(["libjson-c-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CAssay"),
    .target(name: "CKernels"),
    .target(name: "Documents", dependencies: ["CJSONC", "CCrypto"]),
    .target(name: "Numerics", dependencies: ["CKernels", "COpenBLAS"]),
    .target(name: "AssayKit", dependencies: ["CAssay", "Documents", "Numerics"]),
  ])

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
