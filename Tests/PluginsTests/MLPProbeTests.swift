import CAssay
import Documents
import Glibc
import Learners
import LinearAlgebra
import MLPProbe
import MethodHarness
import Random
import Tensors
import Testing

@Suite("mlp-probe")
struct MLPProbeTests {
  private struct Sample {
    var rows: [[Float]]
    var labels: [Int32]
    var features: Tensor { Tensor(rows: rows) }
  }

  /// Two coordinates whose signs agree or not, in the first two of four noisy columns.
  private static func quadrants(_ count: Int, seed: UInt64) -> Sample {
    var random = SplitMix64(seed)
    var sample = Sample(rows: [], labels: [])
    for _ in 0..<count {
      let point = [2 * random.uniform() - 1, 2 * random.uniform() - 1, 0, 0]
      sample.labels.append(point[0] * point[1] > 0 ? 1 : 0)
      sample.rows.append(
        point.map { x in
          let noise = random.uniform() + random.uniform() + random.uniform() - 1.5
          return Float(x + 0.3 * noise)
        })
    }
    return sample
  }

  /// Three rings around the origin.
  private static func rings(_ count: Int, seed: UInt64) -> Sample {
    var random = SplitMix64(seed)
    var sample = Sample(rows: [], labels: [])
    for index in 0..<count {
      let angle = 2 * Double.pi * random.uniform()
      let noise = random.uniform() + random.uniform() + random.uniform() - 1.5
      let radius = 0.5 + Double(index % 3) + 0.6 * noise
      sample.rows.append([Float(radius * cos(angle)), Float(radius * sin(angle))])
      sample.labels.append(Int32(index % 3))
    }
    return sample
  }

  private static func fit(_ train: Sample, classes: Int, val: Sample? = nil) -> [String: Tensor] {
    var fit = [
      "train.features": train.features, "train.labels": Tensor(labels: train.labels),
      "class.count": Tensor(scalar: classes),
    ]
    fit["val.features"] = val?.features
    fit["val.labels"] = (val?.labels).map { Tensor(labels: $0) }
    return fit
  }

  private static func flat(_ rows: [[Float]]) -> MatrixView<Float> {
    Matrix(rows.flatMap { $0 }, rows: rows.count, columns: rows.first?.count ?? 0).view
  }

  // MARK: Reference

  /// The worked example of MLPProbeReference.py: W₁, b₁, W₂, b₂.
  private static let parameters = [
    0.5, -1, 0.25, 0.75, -0.5, 0.5, 0.1, -0.2, 0, 1, -0.5, 0.25, 0, 0.5, -1, -0.75, 0.3, 0.6, 0.05,
    -0.05, 0.2,
  ]
  private static let example = Matrix<Double>([1, 0.5, -0.5, 2, 0, -1], rows: 3, columns: 2)

  @Test("scores and loses as NumPy says of one hidden layer")
  func forward() {
    var network = Network<Double>(width: 2, hidden: 3, classCount: 3)
    #expect(network.parameters.count == Self.parameters.count)
    network.parameters = Self.parameters
    for (one, other) in zip(network.logits(Self.example.view).numbers, Reference.networkLogits) {
      #expect(abs(one - other) < 1e-14)
    }
    var loss = Loss(of: network, rows: 3, alpha: 0.3)
    let value = loss.evaluate(network, Self.example.view, [0, 2, 1][...])
    #expect(abs(value - Reference.networkLoss) < 1e-14)
  }

  @Test(
    "has the gradient of finite differences to 1e-8, and in f32 to 1e-6",
    arguments: [(4, 5, 3), (3, 7, 2), (4, 0, 3), (2, 0, 2)])
  func gradient(width: Int, hidden: Int, classes: Int) {
    var random = Philox(key: 5)
    var network = Network<Double>(width: width, hidden: hidden, classCount: classes)
    network.initialise(using: &random)
    let rows = Matrix((0..<9 * width).map { _ in random.normal() }, rows: 9, columns: width)
    let labels = (0..<9).map { Int32($0 % classes) }[...]
    // Room for more rows than the batch has, as in the last batch of an epoch.
    var loss = Loss(of: network, rows: 12, alpha: 0.7)
    _ = loss.evaluate(network, rows.view, labels)
    let gradient = loss.gradient
    for place in network.parameters.indices {
      let step = 1e-5
      var moved = network
      moved.parameters[place] += step
      let above = loss.evaluate(moved, rows.view, labels)
      moved.parameters[place] -= 2 * step
      let below = loss.evaluate(moved, rows.view, labels)
      #expect(abs((above - below) / (2 * step) - gradient[place]) < 1e-8)
    }
    var single = Network<Float>(width: width, hidden: hidden, classCount: classes)
    single.parameters = network.parameters.map { Float($0) }
    var singleLoss = Loss(of: single, rows: 9, alpha: 0.7)
    _ = singleLoss.evaluate(
      single, Matrix(rows.numbers.map { Float($0) }, rows: 9, columns: width).view, labels)
    for (one, other) in zip(singleLoss.gradient, gradient) {
      #expect(abs(Double(one) - other) < 1e-6)
    }
  }

  @Test("draws weights and biases within Glorot's bound, and fills it")
  func initialisation() {
    var network = Network<Float>(width: 50, hidden: 100, classCount: 4)
    var random = Philox(key: 1)
    network.initialise(using: &random)
    let bound = Float((6.0 / 150).squareRoot())
    let first = network.parameters[..<5100].map(abs)
    #expect(first.allSatisfy { $0 <= bound } && first.max() ?? 0 > 0.99 * bound)
    let second = network.parameters[5100...].map(abs)
    #expect(second.max() ?? 0 > bound)
  }

  /// Seeds differ as scikit-learn's random states do, so that the mean of three is held against the
  /// mean of ten, within the range of the ten.
  @Test("is as right as scikit-learn's MLPClassifier on rows that no line parts")
  func scikitLearn() throws {
    let cases = [
      (Self.quadrants, 2, Reference.quadrantsAccuracy, Reference.quadrantsAUROC),
      (Self.rings, 3, Reference.ringsAccuracy, Reference.ringsAUROC),
    ]
    for (make, classes, accuracy, area) in cases {
      let (train, query) = (make(600, 31), make(2000, 32))
      var (accuracies, areas) = ([Double](), [Double]())
      for seed: UInt64 in 1...3 {
        let instance = try Plugin(named: "mlp-probe").instance(["search": false])
        instance.seed = seed
        let logits = try instance.logits(
          fit: Self.fit(train, classes: classes), query: query.features, classCount: classes)
        accuracies.append(logits.accuracy(query.labels))
        areas.append(areaUnderROC(logits: Self.flat(logits), labels: query.labels))
      }
      for (found, wanted) in [(accuracies, accuracy), (areas, area)] {
        let mean = found.reduce(0, +) / 3
        #expect(abs(mean - wanted.mean) <= wanted.most - wanted.least, "\(found) \(wanted)")
      }
    }
  }

  // MARK: Planted data

  @Test("wins where the linear probe is at chance")
  func planted() throws {
    let (train, query) = (Self.quadrants(600, seed: 31), Self.quadrants(2000, seed: 32))
    func area(_ name: String) throws -> Double {
      let logits = try Plugin(named: name).instance().logits(
        fit: Self.fit(train, classes: 2, val: Self.quadrants(200, seed: 33)),
        query: query.features, classCount: 2)
      return areaUnderROC(logits: Self.flat(logits), labels: query.labels)
    }
    let (network, linear) = try (area("mlp-probe"), area("linear-probe"))
    #expect(network > 0.85 && linear < 0.6, "\(network) \(linear)")
  }

  // MARK: Reductions

  @Test("is the linear probe without hidden units, where a full batch is trained to the end")
  func reduction() throws {
    let planted = Planted(classCount: 3, width: 6, spread: 2.0, seed: 21)
    let train = Sample(
      rows: planted.rows(90, seed: 22, unit: false), labels: planted.labels(90))
    let query = Tensor(rows: planted.rows(50, seed: 23, unit: false))
    // The mean loss plus α / (2 N) ‖W‖² has its optimum where Σ CE + α / 2 ‖W‖² has: C = 1 / α.
    let network = try Plugin(named: "mlp-probe").instance([
      "search": false, "hidden": 0, "alpha": 2, "rate": 0.01, "epochs": 4000, "tolerance": 0,
      "patience": 100_000,
    ]).logits(fit: Self.fit(train, classes: 3), query: query, classCount: 3)
    let linear = try Plugin(named: "linear-probe").instance(["c": 0.5, "tolerance": 1e-7]).logits(
      fit: Self.fit(train, classes: 3), query: query, classCount: 3)
    for (one, other) in zip(network, linear) {
      #expect(abs((one[0] - one[1]) - (other[0] - other[1])) < 1e-3)
      #expect(abs((one[2] - one[1]) - (other[2] - other[1])) < 1e-3)
    }
  }

  @Test("answers by the class shares alone under a heavy penalty")
  func penalty() throws {
    let train = Sample(
      rows: Self.rings(6, seed: 1).rows, labels: [0, 0, 0, 1, 1, 2])
    let logits = try Plugin(named: "mlp-probe").instance([
      "search": false, "hidden": 4, "alpha": 1e4, "rate": 0.01, "epochs": 4000, "tolerance": 0,
      "patience": 100_000,
    ]).logits(
      fit: Self.fit(train, classes: 3), query: Self.rings(4, seed: 2).features, classCount: 3)
    for row in logits {
      #expect(abs(row[0] - row[1] - logf(1.5)) < 0.02 && abs(row[1] - row[2] - logf(2)) < 0.02)
    }
  }

  // MARK: The search

  @Test("chooses the first width of the best area, and trains again on all rows when asked")
  func search() throws {
    let (train, val) = (Self.quadrants(40, seed: 31), Self.quadrants(600, seed: 33))
    let query = Self.quadrants(100, seed: 32)
    func run(_ config: [String: JSON], _ fit: [String: Tensor]) throws -> (TestHost, [[Float]]) {
      let instance = try Plugin(named: "mlp-probe").instance(config)
      let logits = try instance.logits(fit: fit, query: query.features, classCount: 2)
      return (instance.host, logits)
    }
    let offered = Self.fit(train, classes: 2, val: val)
    let (host, plain) = try run(["widths": [0, 64]], offered)
    #expect(host.metrics["hidden"] == 64 && host.metrics["val_auroc"] ?? 0 > 0.7)
    let (other, refitted) = try run(
      ["widths": [0, 64], "refit": true, "select": "accuracy"], offered)
    #expect(other.metrics["hidden"] == 64 && other.metrics["val_accuracy"] ?? 0 > 0.6)
    let all = Sample(rows: train.rows + val.rows, labels: train.labels + val.labels)
    let (_, together) = try run(["hidden": 64], Self.fit(all, classes: 2))
    #expect(refitted == together && refitted != plain)
  }

  @Test("chooses by accuracy where the validation rows are of one class, and says so")
  func oneClass() throws {
    let instance = try Plugin(named: "mlp-probe").instance(["widths": [4]])
    let val = Sample(rows: [[0.5, 0.5, 0, 0]], labels: [1])
    _ = try instance.logits(
      fit: Self.fit(Self.quadrants(50, seed: 31), classes: 2, val: val),
      query: Tensor(rows: [[0, 0, 0, 0]]), classCount: 2)
    #expect(instance.host.metrics["val_accuracy"] != nil)
    #expect(
      instance.host.notes == [
        "The validation rows are of one class: accuracy chooses the hidden units."
      ])
  }

  // MARK: Edges

  @Test("depends on the seed, which settles every bit")
  func seeds() throws {
    func logits(_ seed: UInt64) throws -> [[Float]] {
      let instance = try Plugin(named: "mlp-probe").instance(["search": false, "hidden": 16])
      instance.seed = seed
      return try instance.logits(
        fit: Self.fit(Self.quadrants(300, seed: 31), classes: 2),
        query: Self.quadrants(20, seed: 32).features, classCount: 2)
    }
    #expect(try logits(1) == logits(1))
    #expect(try logits(1) != logits(2))
  }

  @Test("stops where the loss stops falling, and warns where the epochs run out first")
  func stopping() throws {
    func host(_ config: [String: JSON]) throws -> TestHost {
      let instance = try Plugin(named: "mlp-probe").instance(
        ["search": false, "hidden": 8].merging(config) { $1 })
      _ = try instance.logits(
        fit: Self.fit(Self.quadrants(100, seed: 31), classes: 2),
        query: Tensor(rows: [[0, 0, 0, 0]]), classCount: 2)
      return instance.host
    }
    // A fall of 1 never comes: the first epoch counts as one from infinity, eleven do not.
    let stopped = try host(["tolerance": 1])
    #expect(stopped.metrics["epochs"] == 12 && stopped.warnings.isEmpty)
    let ended = try host(["epochs": 5])
    #expect(ended.metrics["epochs"] == 5)
    #expect(ended.warnings == ["the loss still fell after all 5 epochs"])
  }

  @Test("refuses to fit to no rows, and widths that are not whole")
  func refusals() throws {
    let empty = try Plugin(named: "mlp-probe").instance()
    let status = empty.fit([
      "train.features": Tensor([Float](), shape: [0, 3]), "train.labels": Tensor(labels: []),
      "class.count": Tensor(scalar: 2),
    ])
    #expect(status == ASSAY_E_CONTRACT && empty.host.sentence.contains("no rows"))
    let broken = try Plugin(named: "mlp-probe").instance(["widths": [2.5]])
    #expect(broken.created == ASSAY_E_CONFIG)
    #expect(broken.host.sentence.contains("widths"))
  }
}
