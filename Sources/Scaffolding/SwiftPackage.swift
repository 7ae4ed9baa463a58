/// The package of a plugin in Swift; its product is the library `libassay-NAME.so`.
let swiftPackage = #"""
  // swift-tools-version: 6.2
  import PackageDescription

  // Where AssayKit lies: what `make install` put beside Assay, or a checkout of its sources.
  let assay = Context.environment["ASSAY_SOURCE"] ?? "{{kit}}"

  let package = Package(
    name: "{{name}}",
    products: [.library(name: "assay-{{name}}", type: .dynamic, targets: ["{{type}}"])],
    dependencies: [.package(name: "assay", path: assay)],
    targets: [
      .target(name: "{{type}}", dependencies: [.product(name: "AssayKit", package: "assay")])
    ])

  """#
