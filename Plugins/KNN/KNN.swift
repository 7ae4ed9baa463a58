public import AssayKit
internal import Glibc
internal import Numerics

/// The votes of the k training rows nearest to a query by cosine.
///
/// Each neighbour i votes for its class with weight exp((cosᵢ - cos₁) / temperature), relative to
/// the nearest one (Wu et al., "Unsupervised Feature Learning via Non-Parametric Instance
/// Discrimination", CVPR 2018, section 3.4), or with weight 1. With the sum w of the weights of a
/// class, its logit is log(w + 1 / K): all classes together share one vote as heavy as the nearest
/// neighbour's, so that a class without votes stays finite.
public struct KNN: Method {
  /// How much a neighbour's vote weighs.
  enum Weights: String, CaseIterable, Sendable {
    case softmax, uniform
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var k = 20
    var search = true
    var weights = Weights.softmax
    var temperature = 0.07

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .integer("k", \.k, 1...1_000_000, "Neighbours without a search; at most the training rows."),
      .flag("search", \.search, "Choose k = 1, 2, 4 ... 256 on the validation rows if offered."),
      .choice("weights", \.weights, "Votes by exp(cosine / temperature), or equal ones."),
      .number("temperature", \.temperature, 1e-4...1e3, "Divides the cosines of softmax votes."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "knn", version: "1.0.0",
    summary: "Lets the nearest training rows by cosine vote.",
    references: "arXiv:1805.01978", traits: [.deterministic, .rowIndependent],
    claims: [
      Claim(
        task: "classify",
        inputs: [
          "train.features", "train.labels", .optional("val.features"), .optional("val.labels"),
          "class.count", "query.features",
        ])
    ])

  /// Keeps the training rows, and chooses k.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let features = try inputs.matrix("train.features")
    let classCount = try inputs.integer("class.count")
    let labels = try inputs.labels("train.labels", below: classCount, count: features.rows)
    guard features.rows > 0 else {
      throw MethodError.contract("tensor 'train.features' has no rows to be neighbours")
    }
    var model = Model(
      neighbours: NearestNeighbours(rows: features.unitRows().view, by: .innerProduct),
      labels: labels, classCount: classCount, k: min(config.k, features.rows),
      temperature: config.weights == .softmax ? config.temperature : .infinity)
    if config.search, inputs.has("val.labels"),
      let rows = try inputs.matrix(ifOffered: "val.features", columns: features.columns),
      rows.rows > 0
    {
      let truth = try inputs.labels("val.labels", below: classCount, count: rows.rows)
      let accuracy = try model.chooseK(rows, truth, context)
      context.metric("val_accuracy", accuracy)
    }
    context.metric("k", Double(model.k))
    return model
  }

  /// The training rows, ready to vote.
  public struct Model: FittedMethod {
    let neighbours: NearestNeighbours
    let labels: [Int32]
    let classCount: Int
    var k: Int
    /// Infinite for equal votes.
    let temperature: Double

    /// Writes the logarithms of the votes.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: neighbours.rows.columns)
      let logits = try outputs.matrix("logits", rows: queries.rows, columns: classCount)
      try forEachRow(of: queries, count: k, context) { row, votes in
        var sums = [Double](repeating: 1 / Double(classCount), count: classCount)
        for vote in votes { sums[vote.label] += vote.weight }
        for (label, sum) in sums.enumerated() { logits[row, label] = Float(log(sum)) }
      }
    }

    /// Takes the first power of two with the best accuracy on validation rows, which is returned.
    mutating func chooseK(
      _ rows: MatrixView<Float>, _ truth: [Int32], _ context: Context
    ) throws -> Double {
      let choices = (0...8).map { 1 << $0 }.filter { $0 <= neighbours.rows.rows }
      var correct = [Int](repeating: 0, count: choices.count)
      try forEachRow(of: rows, count: choices.last ?? 1, context) { row, votes in
        var sums = [Double](repeating: 0, count: classCount)
        var counted = 0
        for (place, choice) in choices.enumerated() {
          for vote in votes[counted..<choice] { sums[vote.label] += vote.weight }
          counted = choice
          let answer = sums.indices.reduce(0) { sums[$1] > sums[$0] ? $1 : $0 }
          if answer == Int(truth[row]) { correct[place] += 1 }
        }
      }
      var best = 0
      for place in choices.indices where correct[place] > correct[best] { best = place }
      k = choices[best]
      return Double(correct[best]) / Double(truth.count)
    }

    /// Hands over the votes for each row, those of the nearest neighbours first.
    private func forEachRow(
      of rows: MatrixView<Float>, count: Int, _ context: Context,
      _ body: (_ row: Int, _ votes: [(label: Int, weight: Double)]) -> Void
    ) throws {
      for start in stride(from: 0, to: rows.rows, by: 1024) {
        try context.checkCancellation()
        context.progress(Double(start) / Double(rows.rows), "neighbours")
        let range = start..<min(start + 1024, rows.rows)
        let found = neighbours.neighbours(of: rows.rows(range).unitRows().view, count: count)
        for row in range {
          let cosines = found.values(of: row - start)
          let nearest = cosines.first ?? 0
          body(
            row,
            zip(found.indices(of: row - start), cosines).map { index, cosine in
              (Int(labels[Int(index)]), exp((cosine - nearest) / temperature))
            })
        }
      }
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(KNN.self, major, minor)
}
