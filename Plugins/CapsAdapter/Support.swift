internal import AssayKit
internal import Glibc
internal import LinearAlgebra

/// The training rows as keys by image and by caption, with their signatures.
///
/// Scores of a block of `B` query rows are kept transposed, `[N, B]` and `[K, B]`: rows are the
/// innermost, contiguous axis of every buffer, so that all loops run over vectors.
struct Support: Sendable {
  let text: Matrix<Float>
  let scale: Float
  private let images: Matrix<Float>
  private let captions: Matrix<Float>
  private let labels: [Int32]
  /// What each row counts: 1, or its part of its class where classes are balanced.
  private let shares: [Float]
  /// What all rows of each class count together.
  private let weights: [Float]
  private let space: CapsAdapter.SignatureSpace
  private let temperature: Float
  /// The log signature of each row `[N, S]`, and their sums over the rows of a class `[K, S]`.
  private let logs: Matrix<Float>
  private let classLogs: Matrix<Float>
  let isBalanced: Bool

  /// Makes the keys from text of unit length and rows of any length.
  init(
    text: Matrix<Float>, images: MatrixView<Float>, captions: MatrixView<Float>, labels: [Int32],
    config: CapsAdapter.Config
  ) {
    self.text = text
    scale = Float(config.scale)
    self.images = images.unitRows()
    self.captions = captions.unitRows()
    self.labels = labels
    var counts = [Int](repeating: 0, count: text.rows)
    for label in labels { counts[Int(label)] += 1 }
    isBalanced = counts.allSatisfy { $0 == counts[0] }
    shares = labels.map { config.balance ? 1 / Float(counts[Int($0)]) : 1 }
    weights = counts.map { config.balance ? ($0 > 0 ? 1 : 0) : Float($0) }
    space = config.signatures
    temperature = Float(config.temperature)
    let logs = Support.signatures(of: self.images, text, space, temperature).logs
    classLogs = Support.classSums(logs, labels, shares, classCount: text.rows)
    self.logs = logs
  }

  // MARK: Blocks of query rows

  /// Ranges of rows whose affinities fit the cache.
  func blocks(of rows: Int) -> [Range<Int>] {
    let height = max(1, min(256, (1 << 20) / max(labels.count, 1)))
    return stride(from: 0, to: rows, by: height).map { $0..<min($0 + height, rows) }
  }

  /// What is computed once for a block of query rows, whatever the constants.
  func block(_ rows: MatrixView<Float>) -> Block {
    let rows = rows.unitRows()
    let signatures = Support.signatures(of: rows, text, space, temperature)
    // The sum over a class needs no divergence of a pair: Σ KL = weight · Σ s log s - s Σ log s'.
    var sums = gemm(classLogs.view, signatures.values.view.transposed, scale: -1)
    sums.withMutableView { sums in
      for (label, weight) in weights.enumerated() {
        let row = sums.row(label)
        for column in row.indices { row[column] += weight * signatures.negentropies[column] }
      }
    }
    return Block(
      unit: rows, images: gemm(images.view, rows.view.transposed),
      captions: gemm(captions.view, rows.view.transposed), signatures: signatures,
      divergenceSums: sums)
  }

  /// The cache `exp(-β (1 - A)) L`, `[K, B]`, from affinities `[N, B]`.
  func cache(_ affinities: Matrix<Float>, beta: Float) -> Matrix<Float> {
    var powers = affinities
    powers.withMutableView { _ = exponentiate($0.numbers, scale: beta, shift: -beta) }
    return Support.classSums(powers, labels, shares, classCount: text.rows)
  }

  /// The term `-R L`, `[K, B]`, at the δ whose affinities have the extremes at `place`.
  func divergenceTerm(_ block: Block, _ extremes: Extremes, place: Int) -> Matrix<Float> {
    let (low, high) = (extremes.affinities[place].low, extremes.affinities[place].high)
    let width = extremes.divergences.high - extremes.divergences.low
    let slope = width > 0 ? (high - low) / width : 0
    var term = block.divergenceSums
    term.withMutableView { term in
      for (label, weight) in weights.enumerated() {
        let row = term.row(label)
        for column in row.indices {
          row[column] =
            -slope * (row[column] - weight * extremes.divergences.low) - weight * low
        }
      }
    }
    return term
  }

  /// The extremes of the affinities at each δ and of the divergences, over all pairs of rows.
  func extremes(
    of rows: MatrixView<Float>, deltas: [Float], _ context: Context
  ) throws -> Extremes {
    guard rows.rows > 0, labels.count > 0 else {
      let none = Extremes.Pair(low: 0, high: 0)
      return Extremes(divergences: none, affinities: deltas.map { _ in none })
    }
    var found = Extremes(
      divergences: Extremes.Pair(), affinities: deltas.map { _ in Extremes.Pair() })
    for range in blocks(of: rows.rows) {
      try context.checkCancellation()
      let block = block(rows.rows(range))
      var divergences = gemm(
        logs.view, block.signatures.values.view.transposed, scale: -1)
      divergences.withMutableView { view in
        for key in labels.indices {
          let row = view.row(key)
          for column in row.indices { row[column] += block.signatures.negentropies[column] }
        }
      }
      found.divergences.include(divergences)
      for (place, delta) in deltas.enumerated() {
        found.affinities[place].include(block.affinities(delta: delta))
      }
    }
    return found
  }

  // MARK: Signatures

  /// Soft-max rows s `[B, S]`, `log (S s)`, and `Σ s log (S s)` of each.
  ///
  /// The factor S leaves divergences as they are, and keeps the digits of logarithms that are all
  /// close to -log S.
  struct Signatures {
    let values: Matrix<Float>
    let logs: Matrix<Float>
    let negentropies: [Float]
  }

  private static func signatures(
    of rows: Matrix<Float>, _ text: Matrix<Float>, _ space: CapsAdapter.SignatureSpace,
    _ temperature: Float
  ) -> Signatures {
    var logs = space == .class ? gemm(rows.view, text.view.transposed) : rows
    logs.scale(by: 1 / temperature)
    var values = logs
    let normalisers = values.withMutableView { $0.softmaxRows() }
    logs.withMutableView { logs in
      for (index, normaliser) in normalisers.enumerated() {
        let row = logs.row(index)
        let centre = Float(normaliser - log(Double(row.count)))
        for column in row.indices { row[column] -= centre }
      }
    }
    let (valueView, logView) = (values.view, logs.view)
    let negentropies = (0..<rows.rows).map { row in
      valueView.withRow(row) { values in logView.withRow(row) { dot(values, $0) } }
    }
    return Signatures(values: values, logs: logs, negentropies: negentropies)
  }

  /// Adds up the rows of each class, times what they count; `[N, S] -> [K, S]`.
  private static func classSums(
    _ rows: Matrix<Float>, _ labels: [Int32], _ shares: [Float], classCount: Int
  ) -> Matrix<Float> {
    let view = rows.view
    return Matrix(rows: classCount, columns: rows.columns) { sums in
      sums.fill(0)
      for (index, label) in labels.enumerated() {
        let (sum, share) = (sums.row(Int(label)), shares[index])
        view.withRow(index) { row in
          for column in sum.indices { sum[column] += share * row[column] }
        }
      }
    }
  }
}

/// A block of query rows beside the support.
struct Block {
  /// The rows `[B, D]`, of unit length.
  let unit: Matrix<Float>
  /// Cosines to the image keys and to the caption keys, `[N, B]`.
  let images: Matrix<Float>
  let captions: Matrix<Float>
  let signatures: Support.Signatures
  /// The divergences added up over the rows of each class, `[K, B]`.
  let divergenceSums: Matrix<Float>

  /// The affinities `(1 - δ) x Fᵀ + δ x Gᵀ`, `[N, B]`.
  func affinities(delta: Float) -> Matrix<Float> {
    if delta == 0 { return images }
    let (images, captions) = (images.view, captions.view)
    return Matrix(rows: images.rows, columns: images.columns) { mixed in
      images.withNumbers { images in
        captions.withNumbers { captions in
          let numbers = mixed.numbers
          for index in numbers.indices {
            numbers[index] = (1 - delta) * images[index] + delta * captions[index]
          }
        }
      }
    }
  }
}

/// The ends of the ranges between which divergences are brought to affinities.
struct Extremes: Sendable {
  var divergences: Pair
  /// For each δ.
  var affinities: [Pair]

  struct Pair: Sendable {
    var low = Float.infinity
    var high = -Float.infinity

    mutating func include(_ numbers: Matrix<Float>) {
      numbers.view.withNumbers { numbers in
        for number in numbers {
          low = min(low, number)
          high = max(high, number)
        }
      }
    }
  }
}
