internal import AssayKit
internal import Glibc
internal import LinearAlgebra
internal import Statistics

/// The one-dimensional distances between two projected samples, direction by direction.
///
/// Directions go in blocks: one product projects a whole sample on a block, and each projected row
/// is sorted and summed while it is in the cache. Projections are f32, sums f64.
struct SlicedSums {
  /// `W_p^p` on each direction `[L]`.
  private(set) var distances: [Double] = []
  /// The variance of x plus that of y on each direction `[L]`; empty unless asked for.
  private(set) var variances: [Double] = []

  /// Projects `x` `[N, D]` and `y` `[M, D]` on `directions` `[L, D]`.
  init(
    _ x: MatrixView<Float>, _ y: MatrixView<Float>, _ directions: MatrixView<Float>,
    order: Double, variances wantsVariances: Bool, _ context: Context
  ) throws(MethodError) {
    let height = min(directions.rows, max(8, blockElements / (x.rows + y.rows)))
    let sorter = RadixSort(capacity: max(x.rows, y.rows))
    var blockX = Matrix<Float>(rows: height, columns: x.rows)
    var blockY = Matrix<Float>(rows: height, columns: y.rows)
    distances.reserveCapacity(directions.rows)
    for start in stride(from: 0, to: directions.rows, by: height) {
      try context.checkCancellation()
      context.progress(Double(start) / Double(directions.rows), "projecting")
      let some = directions.rows(start..<min(start + height, directions.rows))
      blockX.withMutableView { blockX in
        blockY.withMutableView { blockY in
          gemm(some, x.transposed, into: blockX.rows(0..<some.rows))
          gemm(some, y.transposed, into: blockY.rows(0..<some.rows))
          for row in 0..<some.rows {
            let (projectedX, projectedY) = (blockX.row(row), blockY.row(row))
            sorter.sort(projectedX)
            sorter.sort(projectedY)
            let (sortedX, sortedY) = (
              UnsafeBufferPointer(projectedX), UnsafeBufferPointer(projectedY)
            )
            distances.append(transportCost(sortedX, sortedY, order: order))
            if wantsVariances { variances.append(variance(sortedX) + variance(sortedY)) }
          }
        }
      }
    }
  }
}

/// Numbers in one block of projections: 8 MiB, long enough a product and short for the cache.
private let blockElements = 1 << 21

// MARK: One dimension

/// `W_p^p` between the empirical distributions of two rows of ascending numbers.
///
/// With as many numbers on both sides the i-th smallest go together; else the quantile functions
/// are compared on the merged grid of `i/N` and `j/M`, whose steps are taken in whole numbers.
func transportCost(
  _ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>, order: Double
) -> Double {
  guard x.count == y.count else { return mergedCost(x, y, order) }
  let sum =
    switch order {
    case 2: summing(x, y, { $0 * $0 }, { $0 * $0 })
    case 1:
      summing(
        x, y, { $0.replacing(with: -$0, where: $0 .< SIMD8(repeating: 0)) }, { abs($0) })
    default: x.indices.reduce(0) { $0 + pow(abs(Double(x[$1]) - Double(y[$1])), order) }
    }
  return sum / Double(x.count)
}

/// The variance of a row, around its mean and with divisor N.
func variance(_ x: UnsafeBufferPointer<Float>) -> Double {
  let mean = summing(x, x, subtracting: false, { $0 }, { $0 }) / Double(x.count)
  let centre = SIMD8<Double>(repeating: mean)
  let sum = summing(
    x, x, subtracting: false, { ($0 - centre) * ($0 - centre) },
    { ($0 - mean) * ($0 - mean) })
  return sum / Double(x.count)
}

/// Adds up a function of the differences `x - y`, or of `x` alone, in f64.
@inline(__always)
private func summing(
  _ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>, subtracting: Bool = true,
  _ eight: (SIMD8<Double>) -> SIMD8<Double>, _ one: (Double) -> Double
) -> Double {
  let (rawX, rawY) = (UnsafeRawBufferPointer(x), UnsafeRawBufferPointer(y))
  var sums = SIMD8<Double>.zero
  let whole = x.count & ~7
  for start in stride(from: 0, to: whole, by: 8) {
    var numbers = SIMD8<Double>(
      rawX.loadUnaligned(fromByteOffset: 4 &* start, as: SIMD8<Float>.self))
    if subtracting {
      numbers -= SIMD8<Double>(
        rawY.loadUnaligned(fromByteOffset: 4 &* start, as: SIMD8<Float>.self))
    }
    sums += eight(numbers)
  }
  var sum = sums.sum()
  for place in whole..<x.count {
    sum += one(subtracting ? Double(x[place]) - Double(y[place]) : Double(x[place]))
  }
  return sum
}

private func mergedCost(
  _ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>, _ order: Double
) -> Double {
  // Places on the grid of 1 / (N M), where both quantile functions step.
  let (stepX, stepY) = (y.count, x.count)
  var (i, j, place) = (0, 0, 0)
  var sum = 0.0
  while i < x.count, j < y.count {
    let (endX, endY) = ((i + 1) * stepX, (j + 1) * stepY)
    let end = min(endX, endY)
    let gap = abs(Double(x[i]) - Double(y[j]))
    sum += Double(end - place) * (order == 2 ? gap * gap : pow(gap, order))
    place = end
    if endX == end { i += 1 }
    if endY == end { j += 1 }
  }
  return sum / (Double(x.count) * Double(y.count))
}
