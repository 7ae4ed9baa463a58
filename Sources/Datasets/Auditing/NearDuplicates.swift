internal import CConvert
internal import LinearAlgebra
internal import Tensors

/// A search for rows of two parts that point the same way: copies after another encoding, crop or
/// rounding, which are not equal as numbers.
///
/// The cosines of all pairs are products of matrices of unit rows, block by block, so that memory
/// stays bounded and nearly all time is spent in BLAS.
struct NearDuplicates {
  let threshold: Double
  private(set) var findings: [DataFinding] = []
  private(set) var comparisons = 0
  private var units: [String: Tensor] = [:]

  /// In few dimensions rows point alike by chance.
  static let leastWidth = 8
  private static let block = 1024

  init(threshold: Double) { self.threshold = threshold }

  /// Compares what is learned from with all else, and test sets with sets that should differ.
  mutating func run(_ parts: [DatasetPart]) {
    let wide = parts.filter { $0.array.shape[1] >= NearDuplicates.leastWidth }
    if wide.count < parts.count {
      findings.append(
        DataFinding(
          .note, "not-compared", at: "",
          "\(parts.count - wide.count) parts have fewer than \(NearDuplicates.leastWidth) dimensions, "
            + "where rows point alike by chance; their cosines were not looked at"))
    }
    for (place, part) in wide.enumerated() {
      for other in wide[..<place] where isCompared(other, part) { compare(other, part) }
      if part.name == "test" { compare(part, part) }
    }
  }

  private func isCompared(_ first: DatasetPart, _ second: DatasetPart) -> Bool {
    guard first.scope == second.scope, first.array.shape[1] == second.array.shape[1] else {
      return false
    }
    // Shots are training rows.
    if Set([first.name, second.name]) == ["train", "shots"] { return false }
    if first.role != .evaluated || second.role != .evaluated {
      // Cases of one setting have the same questions of the same fit.
      return first.scope == nil || first.role != second.role
    }
    return first.name == "test" && second.kind == "ood"
  }

  private mutating func compare(_ first: DatasetPart, _ second: DatasetPart) {
    let isSame = first.pointer == second.pointer
    let (left, right) = (unit(first), unit(second))
    comparisons += 1
    var pairs: [(first: Int, second: Int, cosine: Float)] = []
    let (leftRows, rightRows, width) = (left.shape[0], right.shape[0], left.shape[1])
    left.withElements(of: Float.self) { left in
      right.withElements(of: Float.self) { right in
        let (a, b) = (
          MatrixView(left, rows: leftRows, columns: width),
          MatrixView(right, rows: rightRows, columns: width)
        )
        for start in stride(from: 0, to: rightRows, by: NearDuplicates.block) {
          let rows = start..<min(start + NearDuplicates.block, rightRows)
          var found = [(Int, Float)?](repeating: nil, count: rows.count)
          // Of a part with itself only the rows before one are looked at.
          let end = isSame ? rows.upperBound : leftRows
          for begin in stride(from: 0, to: end, by: NearDuplicates.block) {
            let others = begin..<min(begin + NearDuplicates.block, end)
            let cosines = gemm(b.rows(rows), a.rows(others).transposed)
            cosines.view.withNumbers { numbers in
              for row in rows.indices where found[row - start] == nil {
                let limit = isSame ? max(0, min(others.count, row - begin)) : others.count
                guard limit > 0, let base = numbers.baseAddress else { continue }
                let line = base + (row - start) * others.count
                let place = assay_first_at_least(line, limit, Float(threshold))
                if place < limit { found[row - start] = (begin + place, line[place]) }
              }
            }
          }
          for (row, partner) in zip(rows, found) {
            if let partner { pairs.append((partner.0, row, partner.1)) }
          }
        }
      }
    }
    tell(pairs, first, second)
  }

  private mutating func tell(
    _ pairs: [(first: Int, second: Int, cosine: Float)], _ first: DatasetPart,
    _ second: DatasetPart
  ) {
    guard !pairs.isEmpty else { return }
    let places = pairs.prefix(3).map {
      "row \($0.second) and row \($0.first) (\(cosineText($0.cosine)))"
    }
    let isSame = first.pointer == second.pointer
    let isLeak = first.role == .fitted && second.role == .evaluated
    findings.append(
      DataFinding(
        isLeak ? .warning : .note, "near-rows", at: second.pointer,
        "\(pairs.count) of the \(second.array.shape[0]) rows of \(second.title) have a cosine of at "
          + "least \(threshold) to \(isSame ? "an earlier one" : "a row of \(first.title)"): "
          + places.joined(separator: ", ") + (pairs.count > 3 ? ", ..." : "")))
  }

  /// Four decimals; 1 is reached by copies alone, and by rounding.
  private func cosineText(_ cosine: Float) -> String {
    let tenThousandths = Int((min(cosine, 1) * 10_000).rounded(.down))
    let digits = String(tenThousandths % 10_000)
    return "\(tenThousandths / 10_000).\(String(repeating: "0", count: 4 - digits.count))\(digits)"
  }

  private mutating func unit(_ part: DatasetPart) -> Tensor {
    let key = part.array.contentKey ?? part.pointer
    if let known = units[key] { return known }
    let rows = try? RowReader(part.array.tensor).tensor(rows: part.array.rows, normalised: true)
    let tensor = rows ?? Tensor([] as [Float], shape: [0, part.array.shape[1]])
    units[key] = tensor
    return tensor
  }
}
