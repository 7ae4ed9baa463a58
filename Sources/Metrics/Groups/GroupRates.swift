/// Rates of decisions in each group and class, from the counts of group x label x prediction.
package struct GroupRates: Sendable {
  package enum Rate: Sendable {
    /// Predicted as the class, among all rows of the group.
    case selection
    /// Predicted as the class, among the rows labelled with it.
    case truePositive
    /// Predicted as the class, among the rows labelled otherwise.
    case falsePositive
    /// Predicted as labelled, of whatever class.
    case accuracy
  }

  private struct Cell: Hashable {
    var group: Int32
    var label: Int32
    var predicted: Int32
  }

  package let classCount: Int
  package let groupCount: Int
  private let cells: [Cell]
  package let table: CellTable
  private let minimumSupport: Int
  private let leftOut: Set<Int>

  /// Takes labels and predictions below `classCount`, and groups in which -1 stands for none.
  init(
    labels: [Int32], predicted: [Int32], classCount: Int, grouping: Grouping,
    options: GroupOptions
  ) {
    var places: [Cell: Int32] = [:]
    var cells: [Cell] = []
    let cellOfRow = labels.indices.map { row in
      let cell = Cell(
        group: grouping.codes[row], label: labels[row], predicted: predicted[row])
      if let place = places[cell] { return place }
      let place = Int32(cells.count)
      places[cell] = place
      cells.append(cell)
      return place
    }
    self.cells = cells
    self.classCount = classCount
    self.groupCount = grouping.keys.count
    minimumSupport = max(1, options.minimumSupport)
    leftOut = options.leftOut
    table = CellTable(cellOfRow: cellOfRow, count: cells.count)
  }

  /// The counts of one resample by group and class, `[group x classCount + class]`.
  package struct Tally {
    var rows: [Int]
    var hits: [Int]
    var labelled: [Int]
    var predicted: [Int]
    var matched: [Int]
    let classCount: Int

    init(groups: Int, classes: Int) {
      rows = [Int](repeating: 0, count: groups)
      hits = rows
      labelled = [Int](repeating: 0, count: groups * classes)
      predicted = labelled
      matched = labelled
      classCount = classes
    }

    package func fraction(_ rate: Rate, group: Int, class number: Int) -> (hits: Int, counted: Int)
    {
      let place = group * classCount + number
      switch rate {
      case .selection: return (predicted[place], rows[group])
      case .truePositive: return (matched[place], labelled[place])
      case .falsePositive:
        return (predicted[place] - matched[place], rows[group] - labelled[place])
      case .accuracy: return (hits[group], rows[group])
      }
    }
  }

  package func tally(_ counts: [Int]) -> Tally {
    var tally = Tally(groups: groupCount, classes: classCount)
    for (cell, count) in zip(cells, counts) where cell.group >= 0 {
      let group = Int(cell.group)
      tally.rows[group] += count
      tally.labelled[group * classCount + Int(cell.label)] += count
      tally.predicted[group * classCount + Int(cell.predicted)] += count
      if cell.label == cell.predicted {
        tally.hits[group] += count
        tally.matched[group * classCount + Int(cell.label)] += count
      }
    }
    return tally
  }

  /// The counts of the rows as they are.
  package var observed: Tally { tally(table.counts) }

  /// The groups whose rate rests on enough rows.
  package func groups(with rate: Rate, class number: Int) -> [Int] {
    let observed = observed
    return (0..<groupCount).filter {
      !leftOut.contains($0)
        && observed.fraction(rate, group: $0, class: number).counted >= minimumSupport
    }
  }

  /// A metric made of the tallies.
  func metric(_ value: @escaping @Sendable (Tally) -> Double) -> CellMetric {
    CellMetric(table, reason: "fewer than two groups have a value") { value(tally($0)) }
  }
}

/// A disparity between groups in the decisions for one class.
package enum FairnessGap: String, CaseIterable, Sendable {
  case demographicParityGap = "demographic_parity_gap"
  case demographicParityRatio = "demographic_parity_ratio"
  case equalOpportunityGap = "equal_opportunity_gap"
  case equalOpportunityRatio = "equal_opportunity_ratio"
  case equalisedOddsGap = "equalised_odds_gap"
  case equalisedOddsGapMean = "equalised_odds_gap_mean"
  case equalisedOddsRatio = "equalised_odds_ratio"
  case equalisedOddsRatioMean = "equalised_odds_ratio_mean"

  package var rates: [GroupRates.Rate] {
    switch self {
    case .demographicParityGap, .demographicParityRatio: [.selection]
    case .equalOpportunityGap, .equalOpportunityRatio: [.truePositive]
    case .equalisedOddsGap, .equalisedOddsGapMean, .equalisedOddsRatio, .equalisedOddsRatioMean:
      [.truePositive, .falsePositive]
    }
  }

  package var functional: GroupFunctional {
    switch self {
    case .demographicParityRatio, .equalOpportunityRatio, .equalisedOddsRatio,
      .equalisedOddsRatioMean:
      .ratio
    default: .gap
    }
  }

  /// The disparity as a function of tallies; which groups take part is decided here, once.
  package func measured(
    on groupRates: GroupRates, class number: Int
  ) -> @Sendable (GroupRates.Tally) -> Double {
    let parts = rates.map { ($0, groupRates.groups(with: $0, class: number)) }
    return { tally in
      let values = parts.map { rate, groups in
        functional(
          groups.map { group in
            let fraction = tally.fraction(rate, group: group, class: number)
            return Double(fraction.hits) / Double(fraction.counted)
          }, higherIsBetter: true)
      }
      if values.contains(where: \.isNaN) { return .nan }
      switch self {
      case .equalisedOddsGapMean, .equalisedOddsRatioMean:
        return values.reduce(0, +) / Double(values.count)
      case .equalisedOddsRatio: return values.min() ?? .nan
      default: return values.max() ?? .nan
      }
    }
  }
}
