/// The source of a plugin in Swift.
let swiftPlugin = #"""
  public import AssayKit
  import Numerics

  /// A method plugin for Assay, which starts as the nearest class mean: cosine to the unit mean of
  /// each class's unit training rows, times a scale.
  ///
  /// Put your method into `fit` and `predict`; what may be asked for is listed by
  /// `assay info classify`.
  public struct {{type}}: Method {
    /// The parameters of the method.
    public struct Config: MethodConfig {
      var scale = 100.0

      /// Every parameter.
      public static let parameters: [Parameter<Config>] = [
        .number("scale", \.scale, 1e-3...1e4, "What the cosine is multiplied by.")
      ]
      /// The defaults.
      public init() {}
    }

    /// What the method is called and what it wants.
    public static let descriptor = MethodDescriptor(
      id: "{{name}}", version: "0.1.0",
      summary: "Scores each class by the cosine to the mean of its training rows.",
      traits: [.deterministic, .rowIndependent],
      claims: [
        Claim(
          task: "classify",
          inputs: ["train.features", "train.labels", "class.count", "query.features"])
      ])

    /// Averages the rows of each class.
    public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
      let rows = try inputs.matrix("train.features")
      let classCount = try inputs.integer("class.count")
      let labels = try inputs.labels("train.labels", below: classCount, count: rows.rows)
      let statistics = ClassStatistics(
        rows: rows, labels: labels, classCount: classCount, unitRows: true)
      var means = statistics.means
      means.withMutableView { $0.normaliseRows() }
      let absent = statistics.absentClasses
      if !absent.isEmpty {
        context.note("\(absent.count) of \(classCount) classes have no training row: logit -scale")
      }
      return Model(means: means, absent: absent, scale: Float(config.scale))
    }

    /// The unit class means, ready to score.
    public struct Model: FittedMethod {
      let means: Matrix<Float>
      let absent: [Int]
      let scale: Float

      /// Writes scale times cosine.
      public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
        let queries = try inputs.matrix("query.features", columns: means.columns)
        let logits = try outputs.matrix("logits", rows: queries.rows, columns: means.rows)
        gemm(queries, means.view.transposed, into: logits, scale: scale)
        logits.scaleRows(by: queries.inverseRowNorms())
        for row in 0..<logits.rows {
          for label in absent { logits[row, label] = -scale }
        }
      }
    }
  }

  /// The entry of the library.
  @c(assay_plugin_entry)
  public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
    export({{type}}.self, major, minor)
  }

  """#

/// Its package; the product is the library `libassay-NAME.so`.
let swiftPackage = #"""
  // swift-tools-version: 6.2
  import PackageDescription

  // Where the sources of Assay lie; AssayKit is one of its libraries.
  let assay = Context.environment["ASSAY_SOURCE"] ?? "../assay"

  let package = Package(
    name: "{{name}}",
    products: [.library(name: "assay-{{name}}", type: .dynamic, targets: ["{{type}}"])],
    dependencies: [.package(name: "assay", path: assay)],
    targets: [
      .target(name: "{{type}}", dependencies: [.product(name: "AssayKit", package: "assay")])
    ])

  """#
