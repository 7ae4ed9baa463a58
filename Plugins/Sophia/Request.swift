internal import AssayKit
internal import LinearAlgebra
internal import Problems

/// What a call of the task `optimise` asks for: a problem, its batches and the steps to keep.
struct Request {
  let problem: any Problem
  let batches: [ArraySlice<Int32>]
  let records: [Int]

  var steps: Int { batches.count }

  init(_ inputs: Inputs) throws(MethodError) {
    problem = try Request.problem(inputs)
    let tensor = try inputs.tensor("batches")
    guard tensor.shape.count == 2, tensor.shape[1] > 0 else {
      throw .contract(
        "'batches' \(tensor.shape) has to be [steps, samples], with a sample at least")
    }
    let numbers = Array(try tensor.elements(of: Int32.self))
    let count = problem.sampleCount
    // Functions have no samples, whatever is named.
    let isFunction = !(problem is any LikelihoodProblem)
    for number in numbers where !isFunction && !(0..<count).contains(Int(number)) {
      throw .contract("'batches' names the sample \(number), but there are \(count)")
    }
    let width = tensor.shape[1]
    batches = (0..<tensor.shape[0]).map { numbers[$0 * width..<($0 + 1) * width] }
    let steps = batches.count
    records = try inputs.tensor("records").elements(of: Int32.self).map(Int.init)
    for record in records where !(0...steps).contains(record) {
      throw .contract("'records' names the step \(record), but there are \(steps)")
    }
  }

  private static func problem(_ inputs: Inputs) throws(MethodError) -> any Problem {
    let seed = UInt64(UInt32(bitPattern: Int32(truncatingIfNeeded: try inputs.integer("seed"))))
    if let curvature = try inputs.matrix(ifOffered: "curvature") {
      guard curvature.rows == curvature.columns else {
        throw .contract("'curvature' is [\(curvature.rows), \(curvature.columns)], not square")
      }
      return Quadratic(curvature: Matrix(copying: curvature))
    }
    if inputs.has("valley") {
      // Its number says nothing, but has to be one.
      _ = try inputs.integer("valley")
      return Valley()
    }
    if inputs.has("text") {
      let text = Array(try inputs.tensor("text").elements(of: UInt8.self))
      let form = ByteGPT.Form(
        layers: try inputs.integer("layers"), width: try inputs.integer("width"),
        heads: try inputs.integer("heads"), context: try inputs.integer("context"))
      if let obstacle = form.obstacle(readingBytes: text.count) { throw .contract(obstacle) }
      return ByteGPT(text: text, form: form, seed: seed)
    }
    let rows = try inputs.matrix("train.rows")
    let classCount = try inputs.integer("class.count")
    let labels = try inputs.labels("train.labels", below: classCount, count: rows.rows)
    let hidden = inputs.has("hidden") ? try inputs.integer("hidden") : 0
    guard hidden >= 0, rows.rows > 0, rows.columns > 0 else {
      throw .contract("'train.rows' is empty, or 'hidden' below 0")
    }
    return Classifier(
      rows: Matrix(copying: rows), labels: labels,
      form: Classifier.Form(width: rows.columns, hidden: hidden, classCount: classCount), seed: seed
    )
  }
}
