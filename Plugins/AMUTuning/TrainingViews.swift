internal import AssayKit
internal import LinearAlgebra

/// The training rows in all views of both feature spaces.
struct TrainingViews: Sendable {
  /// The rows of one view after those of another, `[V * N]`; view v of row i is row `i + N v`.
  let all: LabelledRows
  /// The number of views V.
  let count: Int
  /// The number of rows N of each.
  let rowCount: Int
  /// For each row the mean over its views of what the bias is computed from, at unit length `[N, A]`.
  let means: Matrix<Float>

  /// Takes the views where the setting has them in both spaces, else the rows themselves.
  init(
    _ inputs: Inputs, _ encoder: Encoder, shots: MatrixView<Float>, auxiliary: MatrixView<Float>,
    labels: [Int32], usesAux: Bool
  ) throws(MethodError) {
    let first = try inputs.matrices(
      ifOffered: "train.views", rows: shots.rows, columns: shots.columns)
    let second = try inputs.matrices(
      ifOffered: "train.aux_views", count: first?.count, rows: shots.rows,
      columns: auxiliary.columns)
    rowCount = shots.rows
    guard let first, let second, first.count > 0 else {
      count = 1
      all = LabelledRows(
        rows: encoder.encode(shots, bias: usesAux ? auxiliary : shots), labels: labels)
      means = all.rows.bias
      return
    }
    let bias = usesAux ? second : first
    count = first.count
    all = LabelledRows(
      rows: encoder.encode(first.flattened, bias: bias.flattened),
      labels: (0..<first.count).flatMap { _ in labels })
    // The mean is of the views as they are; only then is it brought to unit length.
    means = bias.mean().view.unitRows()
  }
}
