internal import Autograd
internal import LinearAlgebra
internal import Problems
internal import Tensors

/// The host's own copy of a problem, on what methods do not see, and the losses at parameters there.
struct OptimisationJudge {
  private let problem: any Problem
  private let records: [Int32]
  /// The share of the first loss that is to be reached.
  private let target: Double?
  private let minimum: (place: [Float], radius: Double)?

  init(_ answer: Answer) throws {
    problem = try OptimisationJudge.problem(answer)
    records = try answer.input("records").int32Values()
    target = answer.truth["target"]?.doubles()[0]
    if let place = answer.truth["minimum"], let radius = answer.truth["radius"] {
      minimum = (place.withElements(of: Float.self) { Array($0) }, radius.doubles()[0])
    } else {
      minimum = nil
    }
  }

  /// The seed counts for nothing here: all parameters are set.
  private static func problem(_ answer: Answer) throws -> any Problem {
    let offered = Set(answer.inputs.map(\.name))
    func integer(_ name: String) throws -> Int {
      Int(try answer.input(name).withElements(of: Int32.self) { $0[0] })
    }
    if offered.contains("curvature") {
      return Quadratic(curvature: try answer.input("curvature").matrix())
    }
    if offered.contains("valley") { return Valley() }
    if offered.contains("text") {
      let text = try answer.truth("valid.text").withElements(of: UInt8.self) { Array($0) }
      let form = ByteGPT.Form(
        layers: try integer("layers"), width: try integer("width"), heads: try integer("heads"),
        context: try integer("context"))
      if let obstacle = form.obstacle(readingBytes: text.count) {
        throw MetricsError(.invalidInput, "'valid.text': \(obstacle).")
      }
      return ByteGPT(text: text, form: form, step: form.context, seed: 0)
    }
    let rows = try answer.truth("valid.rows").matrix()
    return Classifier(
      rows: rows, labels: try answer.truth("valid.labels").int32Values(),
      form: Classifier.Form(
        width: rows.columns, hidden: offered.contains("hidden") ? try integer("hidden") : 0,
        classCount: try integer("class.count")), seed: 0)
  }

  /// The losses at the parameters `[E, Q]` of the recorded steps.
  func outcomes(parameters: Tensor, gradients: Double) throws(MetricsError) -> OptimisationOutcomes
  {
    guard parameters.shape.rank == 2, parameters.shape[1] == problem.parameterCount else {
      throw MetricsError(
        .invalidInput,
        "The output 'parameters' is \(parameters.shape), but the problem has "
          + "\(problem.parameterCount) parameters.")
    }
    let (tape, width) = (Tape(), problem.parameterCount)
    var curves: [[Double]] = []
    var distances: [Double] = []
    parameters.withElements(of: Float.self) { numbers in
      for place in 0..<records.count {
        let row = numbers[place * width..<(place + 1) * width]
        problem.setFlatParameters(row)
        curves.append(problem.losses(on: tape))
        if let minimum {
          distances.append(zip(row, minimum.place).reduce(0) { max($0, Double(abs($1.0 - $1.1))) })
        }
      }
    }
    return try OptimisationOutcomes(
      steps: records, losses: curves, gradients: gradients, target: target,
      distances: minimum == nil ? nil : distances, radius: minimum?.radius)
  }
}

extension Tensor {
  /// The elements of an f32 matrix.
  fileprivate func matrix() throws(MetricsError) -> Matrix<Float> {
    guard dtype == .f32, shape.rank == 2 else {
      throw MetricsError(.invalidInput, "A matrix of f32 is wanted, not \(dtype) \(shape).")
    }
    return withElements(of: Float.self) { Matrix($0, rows: shape[0], columns: shape[1]) }
  }
}
