/// The confusion matrix of a row set, kept as its non-empty cells, for any weighting.
struct Confusion: Sendable {
  /// The (label, prediction) pairs that occur; class numbers are places among those that occur.
  let cells: [(label: Int, predicted: Int)]
  /// The number of classes that occur as label or prediction.
  let classCount: Int
  private let rows: RowGroups

  init(labels: [Int32], predicted: [Int32]) {
    var places: [Int32: Int] = [:]
    for value in Set(labels).union(predicted).sorted() { places[value] = places.count }
    let pairs = zip(labels, predicted).map { places[$0, default: 0] << 32 | places[$1, default: 0] }
    var cellOfPair: [Int: Int32] = [:]
    for pair in Set(pairs).sorted() { cellOfPair[pair] = Int32(cellOfPair.count) }
    self.cells = cellOfPair.keys.sorted().map { ($0 >> 32, $0 & 0xFFFF_FFFF) }
    self.classCount = places.count
    self.rows = RowGroups(
      groupOfRow: pairs.map { cellOfPair[$0, default: 0] }, count: cellOfPair.count)
  }

  /// Weighted counts per class and lane, `[classCount, 64]` each.
  struct Margins {
    var truePositives: [UInt32]
    var labelled: [UInt32]
    var predicted: [UInt32]
  }

  func margins(under weights: WeightBlock) -> Margins {
    let counts = rows.counts(under: weights)
    let lanes = WeightBlock.lanes
    let zero = [UInt32](repeating: 0, count: classCount * lanes)
    var margins = Margins(truePositives: zero, labelled: zero, predicted: zero)
    for (place, cell) in cells.enumerated() {
      for lane in 0..<lanes {
        let count = counts[place * lanes + lane]
        margins.labelled[cell.label * lanes + lane] &+= count
        margins.predicted[cell.predicted * lanes + lane] &+= count
        if cell.label == cell.predicted {
          margins.truePositives[cell.label * lanes + lane] &+= count
        }
      }
    }
    return margins
  }

  /// The mean of a score per class over the classes that have one, in each lane.
  func mean(
    under weights: WeightBlock,
    of score: (_ hits: Double, _ labelled: Double, _ predicted: Double)
      -> Double?
  ) -> [Double] {
    let margins = margins(under: weights)
    let lanes = WeightBlock.lanes
    var sums = [Double](repeating: 0, count: lanes)
    var counts = [Double](repeating: 0, count: lanes)
    for cell in 0..<(classCount * lanes) {
      let value = score(
        Double(margins.truePositives[cell]), Double(margins.labelled[cell]),
        Double(margins.predicted[cell]))
      guard let value else { continue }
      sums[cell % lanes] += value
      counts[cell % lanes] += 1
    }
    return zip(sums, counts).map { $0 / $1 }
  }
}

/// Mean recall over the classes that occur in the labels.
struct MeanPerClassAccuracy: WeightedMetric {
  private let confusion: Confusion
  init(_ confusion: Confusion) { self.confusion = confusion }

  func values(under weights: WeightBlock) -> [Double] {
    confusion.mean(under: weights) { hits, labelled, _ in labelled > 0 ? hits / labelled : nil }
  }

  var undefinedReason: String { "there are no rows" }
}

/// Mean of 2 TP / (2 TP + FP + FN) over the classes that occur in labels or predictions.
struct MacroF1: WeightedMetric {
  private let confusion: Confusion
  init(_ confusion: Confusion) { self.confusion = confusion }

  func values(under weights: WeightBlock) -> [Double] {
    confusion.mean(under: weights) { hits, labelled, predicted in
      labelled + predicted > 0 ? 2 * hits / (labelled + predicted) : nil
    }
  }

  var undefinedReason: String { "there are no rows" }
}
