package import Tensors

/// An array of an opened dataset: mapped memory, the rows that are meant, and how they are read.
package struct DatasetArray: Sendable {
  /// The mapped array, with the manifest's `at` applied.
  let tensor: Tensor
  /// The rows that the manifest selects; nil for all.
  let rows: [Int]?
  package let normalisation: Normalisation
  /// Equal keys mean equal contents: digest of the dataset, the array, its rows and normalisation.
  package let sharingKey: String

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
  package func source(name: String, selection: [Int]? = nil) -> TensorSource {
    let chosen = selection.map { numbers in
      rows.map { rows in numbers.map { rows[$0] } } ?? numbers
    }
    let count = chosen?.count ?? shape[0]
    let reading = chosen ?? rows
    return TensorSource(
      name: name, dtype: .f32, shape: Shape([count] + tensor.shape.extents.dropFirst()),
      sharingKey: chosen == nil ? sharingKey : nil
    ) { [tensor, normalisation] bytes in
      try readRows(of: tensor, rows: reading, normalisation: normalisation, into: bytes)
    }
  }
}
