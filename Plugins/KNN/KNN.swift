public import AssayKit
internal import Glibc
internal import LinearAlgebra
internal import Neighbours

/// The votes of the k training rows nearest to a query.
///
/// Each neighbour i votes for its class with weight exp((cosᵢ - cos₁) / temperature), relative to
/// the nearest one (Wu et al., "Unsupervised Feature Learning via Non-Parametric Instance
/// Discrimination", CVPR 2018, section 3.4), or with weight 1. By Euclidean distance -d² / 2 stands
/// for the cosine, to which it is equal but for a constant where rows have unit length. With the sum w of the weights of a
/// class, its logit is log(w + 1 / K): all classes together share one vote as heavy as the nearest
/// neighbour's, so that a class without votes stays finite.
public struct KNN: Method {
  /// How much a neighbour's vote weighs.
  enum Weights: String, CaseIterable, Sendable {
    case softmax, uniform
  }

  /// What makes a row near.
  enum Distance: String, CaseIterable, Sendable {
    case cosine, euclidean
  }

  /// What the validation rows choose k by.
  enum Criterion: String, CaseIterable, Sendable {
    case accuracy, auroc
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var k = 20
    var search = true
    var candidates = (0...8).map { 1 << $0 }
    var criterion = Criterion.accuracy
    var refit = false
    var distance = Distance.cosine
    var weights = Weights.softmax
    var temperature = 0.07

    private static let withSearch = "in a search on validation rows"

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .integer("k", \.k, 1...1_000_000, "Neighbours; at most the training rows.")
        .only("without a search, or without validation rows to search on") {
          !$0.search || !$1.offersValidation
        },
      .flag("search", \.search, "Choose k on the validation rows if offered."),
      .integers("candidates", \.candidates, 1...1_000_000, "The k of the search.")
        .only(withSearch) { $0.search && $1.offersValidation },
      .choice("select", \.criterion, "What the search maximises; of equal ones the least k wins.")
        .only(withSearch) { $0.search && $1.offersValidation },
      .flag("refit", \.refit, "Let the validation rows be neighbours too after the search.")
        .only(withSearch) { $0.search && $1.offersValidation },
      .choice("distance", \.distance, "Neighbours by cosine, or by distance as the rows are."),
      .choice("weights", \.weights, "Votes by exp(cosine / temperature), or equal ones."),
      .number("temperature", \.temperature, 1e-4...1e3, "Divides the cosines of softmax votes.")
        .only("with weights 'softmax'") { config, _ in config.weights == .softmax },
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "knn", version: "1.1.0",
    summary: "Lets the nearest training rows vote.",
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
    var model = Model(features, labels, classCount: classCount, config: config)
    if config.search, inputs.has("val.labels"),
      let rows = try inputs.matrix(ifOffered: "val.features", columns: features.columns),
      rows.rows > 0
    {
      let truth = try inputs.labels("val.labels", below: classCount, count: rows.rows)
      let search = Search(model: model, config: config, context: context)
      let k = try search.run(rows, truth)
      if config.refit {
        let all = Matrix(
          features.withNumbers(Array.init) + rows.withNumbers(Array.init),
          rows: features.rows + rows.rows, columns: features.columns)
        model = Model(all.view, labels + truth, classCount: classCount, config: config)
      }
      model.k = k
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
    private let distance: Distance
    /// Infinite for equal votes.
    private let temperature: Double

    init(_ rows: MatrixView<Float>, _ labels: [Int32], classCount: Int, config: Config) {
      // A copy even of rows as they are: the view that fit lends ends with fit.
      neighbours =
        config.distance == .cosine
        ? NearestNeighbours(rows: rows.unitRows().view, by: .innerProduct)
        : NearestNeighbours(rows: Matrix(copying: rows).view, by: .euclideanDistance)
      self.labels = labels
      self.classCount = classCount
      k = min(config.k, rows.rows)
      distance = config.distance
      temperature = config.weights == .softmax ? config.temperature : .infinity
    }

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

    /// Hands over the votes for each row, those of the nearest neighbours first.
    func forEachRow(
      of rows: MatrixView<Float>, count: Int, _ context: Context,
      _ body: (_ row: Int, _ votes: [Vote]) -> Void
    ) throws {
      for start in stride(from: 0, to: rows.rows, by: 1024) {
        try context.checkCancellation()
        context.progress(Double(start) / Double(rows.rows), "neighbours")
        let range = start..<min(start + 1024, rows.rows)
        let block = rows.rows(range)
        let found = neighbours.neighbours(
          of: distance == .cosine ? block.unitRows().view : block, count: count)
        for row in range {
          let values = found.values(of: row - start)
          let closeness = distance == .cosine ? Array(values) : values.map { -$0 * $0 / 2 }
          let nearest = closeness.first ?? 0
          body(
            row,
            zip(found.indices(of: row - start), closeness).map { index, value in
              Vote(label: Int(labels[Int(index)]), weight: exp((value - nearest) / temperature))
            })
        }
      }
    }
  }
}

/// The vote of one neighbour.
struct Vote {
  let label: Int
  let weight: Double
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(KNN.self, major, minor)
}
