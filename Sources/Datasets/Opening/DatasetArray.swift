package import Tensors

/// An array of an opened dataset: mapped memory, the rows that are meant, and how they are read.
package struct DatasetArray: Sendable {
  /// The mapped array as it is stored, with the manifest's `at` applied.
  package let tensor: Tensor
  /// The rows that the manifest selects; nil for all.
  let rows: [Int]?
  package let normalisation: Normalisation
  /// Equal keys mean equal contents: digest of the dataset, the array, its rows and normalisation.
  package let sharingKey: String
  /// Equal keys mean equal numbers, whatever dataset they are of; nil for arrays that were made.
  var contentKey: String?

  /// The element type in the file.
  package var dtype: DType { tensor.dtype }

  /// The shape after the selection of rows.
  package var shape: Shape {
    guard let rows else { return tensor.shape }
    return Shape([rows.count] + tensor.shape.extents.dropFirst())
  }

  /// A source of f32 rows, gathered and brought to unit length along the last axis in one pass.
  ///
  /// With `selection`, the rows of that draw only; such a source is never shared.
  package func source(
    name: String, selection: [Int]? = nil
  ) throws(TensorError) -> TensorSource {
    let chosen = selection.map { numbers in
      rows.map { rows in numbers.map { rows[$0] } } ?? numbers
    }
    return try RowReader.source(
      name: name, tensor: tensor, rows: chosen ?? rows, normalised: normalisation == .l2,
      sharingKey: chosen == nil ? sharingKey : nil)
  }

  /// A source of the views of each row: `[N, V, D]` in the file, `[V, N, D]` for a method.
  package func viewSource(
    name: String, selection: [Int]? = nil
  ) throws(TensorError) -> TensorSource {
    let (views, width) = (tensor.shape[1], tensor.shape[2])
    let all = rows ?? Array(0..<tensor.shape[0])
    let chosen = selection.map { numbers in numbers.map { all[$0] } } ?? all
    let flat = Tensor(
      dtype: tensor.dtype, shape: [tensor.shape[0] * views, width], storage: tensor.storage,
      byteOffset: tensor.byteOffset)
    let source = try RowReader.source(
      name: name, tensor: flat, rows: (0..<views).flatMap { v in chosen.map { $0 * views + v } },
      normalised: normalisation == .l2)
    return TensorSource(
      name: name, dtype: source.dtype, shape: [views, chosen.count, width],
      sharingKey: selection == nil ? sharingKey : nil, write: source.write)
  }

  /// The row of the file, and the place in it, of the first number that is not finite as f32.
  var firstNotFinite: (row: Int, place: Int)? {
    (try? RowReader(tensor))?.firstNotFinite(rows: rows)
  }

  /// The integers of the rows that are meant, row after row.
  func integers() throws(TensorError) -> [Int32] { try tensor.int32Values(rows: rows) }
}
