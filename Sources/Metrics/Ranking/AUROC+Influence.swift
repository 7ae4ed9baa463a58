extension AUROC: AreaMetric {
  package func influence() -> AreaInfluence? {
    let n = ranking.levels.rows.count
    let (positives, negatives) = (ranking.positives.rows, ranking.negatives.rows)
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let (many, others) = (Double(positives.count), Double(negatives.count))
    var result = AreaInfluence(
      positive: [Double](repeating: 0, count: n), negative: [Double](repeating: 0, count: n),
      modelVariance: 0, classRows: (positives.map(Int.init), negatives.map(Int.init)))
    var passed = (positives: 0.0, negatives: 0.0)
    var area = 0.0
    for level in 0..<ranking.levels.count {
      let start = ranking.levels.starts[level]
      let middle = ranking.negativeStarts[level]
      let end = ranking.levels.starts[level + 1]
      let (own, tied) = (Double(middle - start), Double(end - middle))
      let below = (others - passed.negatives - tied / 2) / others
      let above = (passed.positives + own / 2) / many
      for place in start..<middle { result.positive[Int(ranking.levels.rows[place])] = below }
      for place in middle..<end { result.negative[Int(ranking.levels.rows[place])] = above }
      area += own * below / many
      passed.positives += own
      passed.negatives += tied
    }
    for row in positives { result.positive[Int(row)] = (result.positive[Int(row)] - area) / many }
    for row in negatives { result.negative[Int(row)] = (result.negative[Int(row)] - area) / others }
    // By symmetry the model of an area below one half is that of the area above it.
    let high = max(area, 1 - area)
    let first = high / (2 - high) - high * high
    let second = 2 * high * high / (1 + high) - high * high
    result.modelVariance =
      (high * (1 - high) + (many - 1) * first + (others - 1) * second) / (many * others)
    return result
  }
}

extension MacroAUROC: AreaMetric {
  func influence() -> AreaInfluence? {
    let all = classes.compactMap { $0.influence() }
    guard var mean = all.first else { return nil }
    let count = Double(all.count)
    for row in mean.positive.indices {
      mean.positive[row] = all.reduce(0) { $0 + $1.positive[row] } / count
      mean.negative[row] = all.reduce(0) { $0 + $1.negative[row] } / count
    }
    // The classes share their rows, so that their errors do not average out in the model.
    mean.modelVariance = all.reduce(0) { $0 + $1.modelVariance } / count
    let rarest = all.min { least($0) < least($1) }
    mean.classRows = rarest?.classRows ?? mean.classRows
    return mean
  }

  private func least(_ area: AreaInfluence) -> Int {
    min(area.classRows.positive.count, area.classRows.negative.count)
  }
}
