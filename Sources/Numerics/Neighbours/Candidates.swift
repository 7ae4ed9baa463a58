/// How far a score in f32 can be from the exact one.
///
/// The score of a row x for a query q is `‖x‖²/2 − q·x`, or `−q·x` for inner products: the smaller,
/// the nearer. A product of D terms in f32 errs by at most `D u ‖q‖ ‖x‖` with `u = 2⁻²⁴`, in any
/// order of summation (Higham, "Accuracy and stability of numerical algorithms", section 3.1);
/// centring, the rounded square and the difference add a few u of the same size.
struct RoundingBound {
  let measure: NearestNeighbours.Measure
  let norms: [Double]
  private let unit: Double
  private let largestNorm: Double
  // Products that underflow lose their relative accuracy.
  private let underflow: Double

  init(measure: NearestNeighbours.Measure, width: Int, norms: [Double]) {
    self.measure = measure
    self.norms = norms
    unit = Double(width + 8) * 0x1p-24
    underflow = Double(width + 8) * Double(Float.leastNormalMagnitude)
    largestNorm = norms.reduce(0) { max($0, $1) }
  }

  /// The bound for a query and a row of given lengths.
  func error(_ query: Double, _ row: Double) -> Double {
    switch measure {
    case .euclideanDistance: unit * (query + row) * (query + row) / 2 + underflow
    case .innerProduct: unit * query * row + underflow
    }
  }

  /// The largest f32 score of a row whose exact score is at most `score`.
  func cut(_ query: Double, _ score: Double) -> Float {
    // Such a row lies within sqrt(2 score + ‖q‖²) of the query, which limits its length.
    let radius = max(2 * score + query * query, 0).squareRoot()
    let longest = measure == .euclideanDistance ? (2 * query + radius) * 1.001 : largestNorm
    let cut = Float(score + error(query, longest)).nextUp
    return cut.isNaN ? .infinity : cut
  }
}

/// The rows that may be among the nearest ones of a query, while products stream past.
struct Candidates {
  /// The rows kept.
  private(set) var rows: [Int32] = []
  private var scores: [Float] = []
  private var bounds: [Double] = []
  private var cut = Float.infinity
  private var norm = 0.0
  private var excluded: Int32 = -1
  private var capacity: Int
  private let count: Int

  init(count: Int) {
    self.count = count
    capacity = max(64, 4 * count)
  }

  /// Forgets everything and starts with another query.
  mutating func start(norm: Double, excluding row: Int?) {
    rows.removeAll(keepingCapacity: true)
    scores.removeAll(keepingCapacity: true)
    cut = .infinity
    self.norm = norm
    excluded = row.map { Int32($0) } ?? -1
    capacity = max(64, 4 * count)
  }

  /// Takes the products of the query with consecutive rows.
  mutating func take(
    products: UnsafeBufferPointer<Float>, halfSquares: UnsafeBufferPointer<Float>, firstRow: Int,
    _ bound: RoundingBound
  ) {
    guard let products = UnsafeRawPointer(products.baseAddress),
      let halves = UnsafeRawPointer(halfSquares.baseAddress)
    else { return }
    let total = halfSquares.count
    let (lanes, size) = (16, MemoryLayout<Float>.stride)
    var start = 0
    // NaN and infinity say nothing of a row, since a sum may overflow on its way to any value: both
    // fail a comparison here, which keeps the row.
    while start + lanes <= total {
      let product = products.loadUnaligned(fromByteOffset: start * size, as: SIMD16<Float>.self)
      let half = halves.loadUnaligned(fromByteOffset: start * size, as: SIMD16<Float>.self)
      let score = half - product
      let far = (score .> cut) .& (score .< .infinity)
      if !all(far) {
        for lane in 0..<lanes where !far[lane] {
          add(score[lane], firstRow + start + lane, bound)
        }
      }
      start += lanes
    }
    for place in start..<total {
      let score =
        halves.load(fromByteOffset: place * size, as: Float.self)
        - products.load(fromByteOffset: place * size, as: Float.self)
      if !(score > cut && score < .infinity) { add(score, firstRow + place, bound) }
    }
  }

  private mutating func add(_ score: Float, _ row: Int, _ bound: RoundingBound) {
    guard row != Int(excluded) else { return }
    rows.append(Int32(row))
    scores.append(score.isFinite ? score : .nan)
    if rows.count >= capacity { prune(bound) }
  }

  /// Drops the rows that cannot be among the nearest ones.
  mutating func prune(_ bound: RoundingBound) {
    guard rows.count > count else { return }
    bounds.removeAll(keepingCapacity: true)
    for (row, score) in zip(rows, scores) {
      let upper = Double(score) + bound.error(norm, bound.norms[Int(row)])
      bounds.append(upper.isNaN ? .infinity : upper)
    }
    bounds.sort()
    cut = bound.cut(norm, bounds[count - 1])
    var kept = 0
    for place in rows.indices where !(scores[place] > cut) {
      rows[kept] = rows[place]
      scores[kept] = scores[place]
      kept += 1
    }
    rows.removeSubrange(kept...)
    scores.removeSubrange(kept...)
    capacity = max(capacity, 2 * kept)
  }
}
