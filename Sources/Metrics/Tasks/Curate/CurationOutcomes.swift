package import Tensors

/// The outcomes of a curation, in rows of three kinds that share one table.
///
/// First the texts of the pool with what became of each, then the entries of the metadata with how
/// many texts each matches, then the test rows of the probe. Every metric rests on rows of one kind.
package struct CurationOutcomes: OutcomeTable {
  /// What a row stands for.
  package enum Kind: Int32, Sendable {
    case text, entry, test
  }

  /// One row; what its kind does not have is 0.
  package struct Row: Equatable, Sendable {
    var kind = Kind.text
    /// Of a text: whether it is kept, with what probability it was to be, and whether it matches a
    /// tail entry.
    var isKept = false
    var probability = 0.0
    var isTail = false
    /// Of an entry: its true number of texts, how many of them are kept, the number that the method
    /// reports and the probability with which it keeps a text by itself; -1 where not reported.
    var count = 0.0
    var countAfter = 0.0
    var reported = 0.0
    var alone = 0.0
    /// Of a test row: its class, the probe's answer, and whether the pool has few texts of the class.
    var label: Int32 = 0
    var predicted: Int32 = 0
    var isFew = false

    /// A text of the pool.
    package static func text(kept: Bool, probability: Double, tail: Bool) -> Row {
      Row(isKept: kept, probability: probability, isTail: tail)
    }
    /// An entry of the metadata.
    package static func entry(
      count: Double, after: Double, reported: Double? = nil, alone: Double? = nil
    ) -> Row {
      Row(
        kind: .entry, count: count, countAfter: after, reported: reported ?? -1, alone: alone ?? -1)
    }
    /// A row that the probe was tested on.
    package static func test(label: Int32, predicted: Int32, few: Bool) -> Row {
      Row(kind: .test, label: label, predicted: predicted, isFew: few)
    }
  }

  package let rows: [Row]

  package init(rows: [Row]) { self.rows = rows }

  package var n: Int { rows.count }
  package var givenColumns: [String] { ["kind", "tail", "count", "label", "few"] }

  package var columns: [String: Tensor] {
    let shape = Shape([n])
    func integers(_ number: (Row) -> Int32) -> Tensor { Tensor(rows.map(number), shape: shape) }
    return [
      "kind": integers(\.kind.rawValue), "kept": integers { $0.isKept ? 1 : 0 },
      "keep_prob": Tensor(doubles: rows.map(\.probability)), "tail": integers { $0.isTail ? 1 : 0 },
      "count": Tensor(doubles: rows.map(\.count)),
      "count_after": Tensor(doubles: rows.map(\.countAfter)),
      "reported": Tensor(doubles: rows.map(\.reported)),
      "entry_prob": Tensor(doubles: rows.map(\.alone)), "label": integers(\.label),
      "predicted": integers(\.predicted), "few": integers { $0.isFew ? 1 : 0 },
    ]
  }

  /// Takes the outcomes from stored columns.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    let reader = try ColumnReader(columns, rowsOf: "kind")
    let kinds: [Int32] = try reader.values("kind", .i32)
    let (kept, tail, few) = (
      try reader.flags("kept"), try reader.flags("tail"), try reader.flags("few")
    )
    var numbers: [String: [Double]] = [:]
    for name in ["keep_prob", "count", "count_after", "reported", "entry_prob"] {
      let column: [Double] = try reader.values(name, .f64)
      try requireColumn(name, column, count: reader.n)
      numbers[name] = column
    }
    let labels = try reader.natural("label")
    let predicted: [Int32] = try reader.values("predicted", .i32)
    var rows: [Row] = []
    for index in 0..<reader.n {
      guard let kind = Kind(rawValue: kinds[index]) else {
        throw MetricsError(
          .invalidInput, "The kind of row \(index) is \(kinds[index]); wanted is 0, 1 or 2.")
      }
      func number(_ name: String) -> Double { numbers[name]?[index] ?? 0 }
      rows.append(
        Row(
          kind: kind, isKept: kept[index], probability: number("keep_prob"), isTail: tail[index],
          count: number("count"), countAfter: number("count_after"), reported: number("reported"),
          alone: number("entry_prob"), label: labels[index], predicted: predicted[index],
          isFew: few[index]))
    }
    self.init(rows: rows)
  }

  package func selecting(rows chosen: [Int]) -> CurationOutcomes {
    CurationOutcomes(rows: chosen.map { rows[$0] })
  }

  /// The numbers of the rows of a kind, in order.
  func places(_ kind: Kind, where isWanted: (Row) -> Bool = { _ in true }) -> [Int] {
    rows.indices.filter { rows[$0].kind == kind && isWanted(rows[$0]) }
  }
}
