public import AssayKit
internal import Learners
internal import LinearAlgebra
internal import SMOTELearning

/// A classifier on training rows whose class sizes were brought closer.
///
/// Chawla, Bowyer, Hall and Kegelmeyer, "SMOTE: synthetic minority over-sampling technique", JAIR 16,
/// 2002: new rows of the small classes between a row and one of its k nearest neighbours in its
/// class, alone or with random removal of rows of the other classes. Copies of rows, removal alone
/// and nothing at all are there to compare with. The same seed makes the same new rows whatever is
/// removed, and removes the more the higher the percentage, so that configs form one curve.
public struct SMOTE: Method {
  /// The parameters of the method.
  public typealias Config = SMOTEConfig

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "smote", version: "2.0.0",
    summary: "Adds synthetic rows to small classes, removes rows of large ones, then classifies.",
    references: "arXiv:1106.1813", traits: [.rowIndependent],
    claims: [
      Claim(
        task: "classify",
        inputs: ["train.features", "train.labels", "class.count", "query.features"])
    ])

  /// Resamples the training rows, then fits the classifier.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let features = try inputs.matrix("train.features")
    let classCount = try inputs.integer("class.count")
    let labels = try inputs.labels("train.labels", below: classCount, count: features.rows)
    guard features.rows > 0 else {
      throw MethodError.contract("tensor 'train.features' has no rows to resample")
    }
    let nominal = try nominalColumns(of: features, config)
    let unit = config.normalise ? features.unitRows() : nil
    let present = PresentClasses(labels: labels, classCount: classCount)
    if present.count < classCount {
      context.note(
        "\(classCount - present.count) of \(classCount) classes have no training row: they get "
          + "the probability 1 / (N + 1)")
    }
    let resampled = try Resampling(
      rows: unit?.view ?? features, labels: present.renumbered(labels), classCount: present.count,
      nominal: nominal, config: config, context: context
    ).run()
    let encoded = nominal?.encoded(resampled.rows, step: 1)
    let learner = try Learner(
      rows: encoded?.view ?? resampled.rows, labels: resampled.labels, classCount: present.count,
      config: config, context: context)
    return Model(
      learner: learner, present: present, nominal: nominal, width: features.columns,
      normalise: config.normalise)
  }

  private static func nominalColumns(
    of rows: MatrixView<Float>, _ config: Config
  ) throws(MethodError) -> NominalColumns? {
    guard !config.nominal.isEmpty else { return nil }
    let named = Set(config.nominal)
    guard named.allSatisfy({ $0 < rows.columns }) else {
      throw .config(
        "config key 'nominal' has to name columns from 0 to \(rows.columns - 1) of "
          + "'train.features'")
    }
    guard named.count < rows.columns || config.method != .smote else {
      throw .config(
        "config key 'nominal' names all \(rows.columns) columns, but SMOTE-NC needs one that is "
          + "not nominal")
    }
    return NominalColumns(named, rows: rows)
  }

  /// A fitted classifier, and the form in which it takes rows.
  public struct Model: FittedMethod {
    let learner: Learner
    let present: PresentClasses
    let nominal: NominalColumns?
    let width: Int
    let normalise: Bool

    /// Writes the logits.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: width)
      let result = try outputs.matrix("logits", rows: queries.rows, columns: present.classCount)
      let unit = normalise ? queries.unitRows() : nil
      let encoded = nominal?.encoded(unit?.view ?? queries, step: 1)
      present.spread(learner.logits(encoded?.view ?? unit?.view ?? queries), into: result)
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(SMOTE.self, major, minor)
}
