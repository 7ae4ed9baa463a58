internal import CKernels
internal import LinearAlgebra

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
  private struct Candidate {
    let row: Int32
    /// NaN where a sum overflowed, which says nothing of the row.
    let score: Float
  }

  /// So many scores are compared with one cut, which those that are kept may lower.
  private static let span = 128

  private var kept: [Candidate] = []
  /// No row with a greater score has to be kept.
  private(set) var cut = Float.infinity
  private var norm = 0.0
  private var excluded: Int32 = -1
  private var capacity: Int
  private let count: Int

  init(count: Int) {
    self.count = count
    capacity = Candidates.capacity(count)
  }

  /// The more rows are kept before those that are not near are dropped, the later the cut falls.
  private static func capacity(_ count: Int) -> Int { max(16, 4 * count) }

  /// The rows kept.
  var rows: some Sequence<Int> { kept.lazy.map { Int($0.row) } }

  /// Forgets everything and starts with another query.
  mutating func start(norm: Double, excluding row: Int?) {
    kept.removeAll(keepingCapacity: true)
    cut = .infinity
    self.norm = norm
    excluded = row.map { Int32($0) } ?? -1
    capacity = Candidates.capacity(count)
    kept.reserveCapacity(capacity)
  }

  /// Takes the products of the query with consecutive rows.
  mutating func take(
    products: UnsafeBufferPointer<Float>, halfSquares: UnsafeBufferPointer<Float>, firstRow: Int,
    _ bound: RoundingBound
  ) {
    guard let line = products.baseAddress, let halves = halfSquares.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: Candidates.span) { places in
      guard let found = places.baseAddress else { return }
      for start in stride(from: 0, to: halfSquares.count, by: Candidates.span) {
        let size = min(Candidates.span, halfSquares.count - start)
        let near = assay_shim_near(line + start, halves + start, size, cut, found)
        for index in 0..<near {
          let place = start + Int(found[index])
          add(halves[place] - line[place], firstRow + place, bound)
        }
      }
    }
  }

  /// Keeps a row, unless it has become clear since that it is not near.
  @inline(__always)
  mutating func add(_ score: Float, _ row: Int, _ bound: RoundingBound) {
    // NaN and infinity fail a comparison, which keeps the row.
    guard !(score > cut && score < .infinity), row != Int(excluded) else { return }
    kept.append(Candidate(row: Int32(row), score: score.isFinite ? score : .nan))
    if kept.count >= capacity { prune(bound) }
  }

  /// Drops the rows that cannot be among the nearest ones.
  mutating func prune(_ bound: RoundingBound) {
    guard kept.count > count else { return }
    cut = bound.cut(norm, leastBound(bound))
    kept.removeAll { $0.score > cut }
    capacity = max(capacity, 2 * kept.count)
  }

  /// The `count`-th least of what the exact scores are at most.
  private func leastBound(_ bound: RoundingBound) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: kept.count) { least in
      // Of few that are wanted, most others are turned away by one comparison.
      let isFew = count <= 32
      var filled = 0
      for candidate in kept {
        let upper = Double(candidate.score) + bound.error(norm, bound.norms[Int(candidate.row)])
        let key = upper.isNaN ? .infinity : upper
        if isFew && filled == count {
          guard key < least[count - 1] else { continue }
        } else {
          filled += 1
        }
        var place = filled - 1
        while isFew && place > 0 && least[place - 1] > key {
          least[place] = least[place - 1]
          place -= 1
        }
        least[place] = key
      }
      guard !isFew else { return least[count - 1] }
      var all = least
      all.sort()
      return all[count - 1]
    }
  }

  /// Tells whether far more rows than wanted are kept, as where many lie at one distance.
  var isCrowded: Bool { kept.count > 2 * Candidates.capacity(count) }

  /// Keeps the nearest rows alone, by keys that are exact: the smaller, the nearer.
  mutating func settle(_ key: (_ row: Int) -> Double) {
    let keys = kept.map { candidate in
      let key = key(Int(candidate.row))
      return (key: key.isNaN ? Double.infinity : key, candidate: candidate)
    }
    kept = keys.sorted { ($0.key, $0.candidate.row) < ($1.key, $1.candidate.row) }
      .prefix(count).map(\.candidate)
    capacity = Candidates.capacity(count)
  }
}
