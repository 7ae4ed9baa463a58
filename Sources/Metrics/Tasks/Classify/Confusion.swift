internal import Glibc

/// The margins and the diagonal of a confusion matrix, for any weighting of its rows.
struct Confusion: Sendable {
  /// The number of classes that occur as label or prediction.
  let classCount: Int
  private let labelled: RowGroups
  private let predicted: RowGroups
  private let hits: RowGroups

  init(labels: [Int32], predicted: [Int32]) {
    let classes = Set(labels).union(predicted).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(classes, Int32(0)...))
    func grouped(_ column: [Int32]) -> RowGroups {
      RowGroups(groupOfRow: column.map { places[$0, default: 0] }, count: classes.count)
    }
    classCount = classes.count
    self.labelled = grouped(labels)
    self.predicted = grouped(predicted)
    hits = labelled.filtered { labels[$0] == predicted[$0] }
  }

  /// The mean of a score per class, in each lane: over the classes that have one, or over so many
  /// classes, of which the others count as 0.
  func mean(
    under weights: WeightBlock, over classes: Int? = nil,
    of score: (_ hits: Double, _ labelled: Double, _ predicted: Double) -> Double?
  ) -> [Double] {
    let labelled = labelled.counts(under: weights)
    let predicted = predicted.counts(under: weights)
    let hits = hits.counts(under: weights)
    let lanes = WeightBlock.lanes
    var sums = [Double](repeating: 0, count: lanes)
    var counts = [Double](repeating: 0, count: lanes)
    for cell in 0..<(classCount * lanes) {
      let value = score(Double(hits[cell]), Double(labelled[cell]), Double(predicted[cell]))
      guard let value else { continue }
      sums[cell % lanes] += value
      counts[cell % lanes] += 1
    }
    return zip(sums, counts).map { sum, count in
      sum / (count == 0 ? 0 : classes.map(Double.init) ?? count)
    }
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

/// The geometric mean of the recalls of the classes that occur in the labels; 0 if one of them is 0.
struct GeometricMean: WeightedMetric {
  private let confusion: Confusion
  init(_ confusion: Confusion) { self.confusion = confusion }

  func values(under weights: WeightBlock) -> [Double] {
    confusion.mean(under: weights) { hits, labelled, _ in
      labelled > 0 ? log(hits / labelled) : nil
    }.map(exp)
  }

  var undefinedReason: String { "there are no rows" }
}

/// Mean of 2 TP / (2 TP + FP + FN) over the classes that occur in labels or predictions, or over a
/// fixed number of classes, of which the others count as 0.
struct MacroF1: WeightedMetric {
  private let confusion: Confusion
  private let classes: Int?

  init(_ confusion: Confusion, over classes: Int? = nil) {
    self.confusion = confusion
    self.classes = classes
  }

  func values(under weights: WeightBlock) -> [Double] {
    confusion.mean(under: weights, over: classes) { hits, labelled, predicted in
      labelled + predicted > 0 ? 2 * hits / (labelled + predicted) : nil
    }
  }

  var undefinedReason: String { "there are no rows" }
}
