internal import AssayKit
internal import Glibc
internal import LinearAlgebra

/// Training rows with their classes; each view of a row is a row of its own.
struct LabelledRows {
  /// `[N, D]`, of any length; they count as of unit length.
  let rows: MatrixView<Float>
  let labels: [Int32]
  let classCount: Int

  /// Reads the training rows, or nil where the setting offers none.
  init?(_ inputs: Inputs, classCount: Int, width: Int) throws(MethodError) {
    guard inputs.has("train.labels"),
      let shots = try inputs.matrix(ifOffered: "train.features", columns: width)
    else { return nil }
    self.classCount = classCount
    let classes = try inputs.labels("train.labels", below: classCount, count: shots.rows)
    let views = try inputs.matrices(
      ifOffered: "train.views", rows: shots.rows, columns: width)
    rows = views?.flattened ?? shots
    labels = (0..<rows.rows).map { classes[$0 % max(shots.rows, 1)] }
  }

  /// The classifier of Bayes' rule, or nil when the rows do not vary around their class means.
  func gaussians(_ config: GDA.Config, _ context: Context) throws -> LinearClassifier? {
    let statistics = ClassStatistics(
      rows: rows, labels: labels, classCount: classCount, unitRows: true)
    let means = means(of: statistics, context)
    var weights = means
    switch config.covariance {
    case .pooled:
      let scatter = statistics.scatter()
      guard scatter.trace > 0 else { return nil }
      try Precision.applyRidge(scatter: scatter, rowCount: rows.rows, to: &weights)
    case .perClass:
      let covariance = meanClassCovariance(statistics, context)
      guard covariance.trace > 0 else { return nil }
      try Precision.applyPseudoInverse(covariance: covariance, to: &weights)
    case .identity: break
    }
    return LinearClassifier(
      means: means, weights: weights, logPriors: logPriors(config.prior, statistics.counts))
  }

  /// The classifier of the precision I, for rows that do not vary around their class means.
  func nearestMeans(_ prior: GDA.Prior, _ context: Context) -> LinearClassifier {
    context.note(
      "the covariance of \(rows.rows) training rows is zero: without text, the nearest class mean "
        + "answers")
    let statistics = ClassStatistics(
      rows: rows, labels: labels, classCount: classCount, unitRows: true)
    let means = means(of: statistics, context)
    return LinearClassifier(
      means: means, weights: means, logPriors: logPriors(prior, statistics.counts))
  }

  /// A class without rows counts as one row: with log 0 it could never be answered.
  private func logPriors(_ prior: GDA.Prior, _ counts: [Int]) -> [Double] {
    switch prior {
    case .uniform: uniformLogPriors(classCount)
    case .empirical: counts.map { log(Double(max($0, 1)) / Double(max(rows.rows, 1))) }
    }
  }

  /// The class means; a class without rows takes the mean of the others, which favours no side.
  private func means(of statistics: ClassStatistics, _ context: Context) -> Matrix<Float> {
    var means = statistics.means
    let absent = statistics.absentClasses
    guard !absent.isEmpty else { return means }
    let present = Float(means.rows - absent.count)
    let share = statistics.counts.map { $0 == 0 ? 0 : 1 / present }
    let centre = gemv(means.view.transposed, share)
    means.withMutableView { view in
      for label in absent { _ = view.row(label).update(fromContentsOf: centre) }
    }
    context.note(
      "\(absent.count) of \(means.rows) classes have no training row: they take the mean of the "
        + "class means")
    return means
  }

  /// The mean of the class covariances (divisors `n - 1`), upper triangle, over classes of two rows.
  private func meanClassCovariance(
    _ statistics: ClassStatistics, _ context: Context
  ) -> Matrix<Float> {
    let usable = statistics.counts.count { $0 > 1 }
    if usable < classCount {
      context.note(
        "\(classCount - usable) of \(classCount) classes have fewer than two training rows, hence "
          + "no covariance: the mean is over the others")
    }
    let factors = statistics.counts.map { count in
      count > 1 ? 1 / Float((count - 1) * usable).squareRoot() : 0
    }
    let means = statistics.means.view
    var covariance = Matrix<Float>(rows: rows.columns, columns: rows.columns)
    let height = max(1, min(rows.rows, (1 << 20) / max(rows.columns, 1)))
    for start in stride(from: 0, to: rows.rows, by: height) {
      let range = start..<min(start + height, rows.rows)
      var block = rows.rows(range).unitRows()
      block.withMutableView { block in
        for index in range {
          let (row, label) = (block.row(index - start), Int(labels[index]))
          means.withRow(label) { mean in
            for column in row.indices {
              row[column] = factors[label] * (row[column] - mean[column])
            }
          }
        }
      }
      let view = block.view
      covariance.withMutableView { syrk(view, into: $0, keeping: 1) }
    }
    return covariance
  }
}
