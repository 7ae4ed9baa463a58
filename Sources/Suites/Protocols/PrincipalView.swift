internal import Datasets
internal import LinearAlgebra
internal import Synchronization
internal import Tensors

/// A dataset seen through the first two principal components of its training rows, made once.
///
/// Validation and test rows are centred and projected as the training rows are.
final class PrincipalView: Sendable {
  static let count = 2

  private let dataset: Dataset
  private let made = Mutex<Dataset?>(nil)

  init(of dataset: Dataset) { self.dataset = dataset }

  /// The dataset with `[N, 2]` features.
  func callAsFunction() throws -> Dataset {
    try made.withLock { made in
      if let made { return made }
      let result = try projected()
      made = result
      return result
    }
  }

  /// The projected test rows, `[N, 2]` row after row.
  func testPoints() throws -> [Double] {
    guard let array = try self().arrays["test.features"] else { return [] }
    return array.tensor.withElements(of: Float.self) { $0.map(Double.init) }
  }

  private func projected() throws -> Dataset {
    guard let train = try rows(of: "train") else { return dataset }
    guard let components = PrincipalComponents(of: train, count: Self.count) else {
      throw SuiteError(
        .badDataset,
        "\(dataset.folder)/dataset.json: the training rows of dataset '\(dataset.id)' have no "
          + "\(Self.count) principal components; ask for space 'full' alone")
    }
    var features = ["train": components.project(train)]
    for split in ["val", "test"] {
      features[split] = try rows(of: split).map(components.project)
    }
    return dataset.withFeatures(features, named: "pca\(Self.count)")
  }

  private func rows(of split: String) throws -> Tensor? {
    guard let array = dataset.arrays["\(split).features"] else { return nil }
    let source = try array.source(name: "\(split).features")
    return try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
  }
}

/// The leading principal components of rows `[N, D]`, the first one first.
struct PrincipalComponents {
  private let mean: [Double]
  /// Unit axes, `[C, D]`.
  private let axes: Matrix<Double>

  /// Takes f32 rows; nil with fewer than `count` columns, without rows, or if a number is not finite.
  init?(of rows: Tensor, count: Int) {
    let (n, width) = (rows.shape[0], rows.shape[1])
    guard n > 0, width >= count else { return nil }
    var mean = [Double](repeating: 0, count: width)
    rows.withElements(of: Float.self) { values in
      for index in values.indices { mean[index % width] += Double(values[index]) }
    }
    for column in mean.indices { mean[column] /= Double(n) }
    self.mean = mean
    var covariance = Matrix<Double>(rows: width, columns: width)
    for block in Self.blocks(of: n) {
      let centred = Self.centred(rows, block, mean)
      covariance.withMutableView {
        syrk(centred.view, into: $0, scale: 1 / Double(n), keeping: 1)
      }
    }
    guard let eigen = SymmetricEigen(covariance) else { return nil }
    var axes = Matrix<Double>(rows: count, columns: width)
    axes.withMutableView { view in
      for axis in 0..<count {
        eigen.vectors.view.withRow(width - 1 - axis) { vector in
          // The sign is free: the largest coordinate is made positive, for equal bits everywhere.
          let largest = vector.max { abs($0) < abs($1) } ?? 1
          for column in 0..<width {
            view[axis, column] = largest < 0 ? -vector[column] : vector[column]
          }
        }
      }
    }
    self.axes = axes
  }

  /// The coordinates of rows `[N, D]`, f32 `[N, C]`.
  func project(_ rows: Tensor) -> Tensor {
    var coordinates: [Float] = []
    coordinates.reserveCapacity(rows.shape[0] * axes.rows)
    for block in Self.blocks(of: rows.shape[0]) {
      let projected = gemm(Self.centred(rows, block, mean).view, axes.view.transposed)
      projected.view.withNumbers { coordinates += $0.map { Float($0) } }
    }
    return Tensor(coordinates, shape: [rows.shape[0], axes.rows])
  }

  private static func blocks(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: 1024).map { $0..<min($0 + 1024, count) }
  }

  private static func centred(
    _ rows: Tensor, _ block: Range<Int>, _ mean: [Double]
  ) -> Matrix<Double> {
    let width = mean.count
    return Matrix(rows: block.count, columns: width) { view in
      rows.withElements(of: Float.self) { values in
        for index in view.numbers.indices {
          view.numbers[index] =
            Double(values[block.lowerBound * width + index]) - mean[index % width]
        }
      }
    }
  }
}
