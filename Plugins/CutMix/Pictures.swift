internal import AssayKit
internal import MixingLearning

/// The pictures of a call, or the tokens of them, as the host lends them.
struct Pictures {
  let form: PictureForm
  let count: Int
  let numbers: UnsafeBufferPointer<Float>

  /// Takes what is to be trained on.
  init(training inputs: Inputs) throws(MethodError) {
    if inputs.has("train.images") {
      let tensor = try inputs.tensor("train.images")
      let shape = try Pictures.shape(tensor, rank: 4)
      form = PictureForm(planes: shape[1], height: shape[2], width: shape[3])
      (count, numbers) = (shape[0], try tensor.elements(of: Float.self))
    } else {
      let tensor = try inputs.tensor("train.tokens")
      let shape = try Pictures.shape(tensor, rank: 3)
      let rows = try inputs.integer("grid.rows")
      guard rows > 0, shape[1].isMultiple(of: rows) else {
        throw .contract("\(shape[1]) tokens are no grid of \(rows) rows")
      }
      form = PictureForm(tokenRows: rows, columns: shape[1] / rows, depth: shape[2])
      (count, numbers) = (shape[0], try tensor.elements(of: Float.self))
    }
  }

  /// Takes what is asked about, which has the form of what was trained on.
  init(asked inputs: Inputs, like form: PictureForm) throws(MethodError) {
    let tensor = try inputs.tensor(form.isGrid ? "query.tokens" : "query.images")
    let wanted =
      form.isGrid
      ? [form.height * form.width, form.depth] : [form.planes, form.height, form.width]
    guard Array(tensor.shape.dropFirst()) == wanted, !tensor.shape.isEmpty else {
      throw .contract("'\(tensor.name)' is \(tensor.shape), but training had [N] + \(wanted)")
    }
    self.form = form
    (count, numbers) = (tensor.shape[0], try tensor.elements(of: Float.self))
  }

  private static func shape(_ tensor: TensorView, rank: Int) throws(MethodError) -> [Int] {
    guard tensor.shape.count == rank else {
      throw .contract("'\(tensor.name)' is \(tensor.shape), and has to have \(rank) axes")
    }
    return tensor.shape
  }
}
