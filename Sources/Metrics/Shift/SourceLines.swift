internal import Statistics

/// Models of several sources of training data: the line of each source under each shift, and what
/// the lines have at one common reference accuracy.
///
/// Source: Nguyen et al., "Quality Not Quantity: on the interaction between dataset design and
/// robustness of CLIP", NeurIPS 2022.
package struct SourceLines: Sendable {
  /// The accuracies of the models of one source.
  package struct Models: Equatable, Sendable {
    package var name: String
    /// Without a shift, `[model]`.
    package var reference: [Double]
    /// Under each shift, `[shift][model]`.
    package var shifted: [[Double]]

    package init(name: String, reference: [Double], shifted: [[Double]]) {
      self.name = name
      self.reference = reference
      self.shifted = shifted
    }
  }

  package let names: [String]
  /// `[source][shift]`; nil for fewer than three models, or models of one reference accuracy.
  package let lines: [[EffectiveRobustness?]]
  /// The reference accuracy at which lines are compared; nil where there is none.
  package let place: Double?

  /// Fits all lines; `rows` and `shiftedRows` are the sizes of the test sets, `place` is such as
  /// ``commonReference(_:)`` of all sources.
  package init(_ sources: [Models], rows: Int, shiftedRows: [Int], at place: Double?) {
    names = sources.map(\.name)
    lines = sources.map { source in
      zip(source.shifted, shiftedRows).map { shifted, count in
        try? EffectiveRobustness(
          reference: source.reference, shifted: shifted, rows: rows, shiftedRows: count)
      }
    }
    self.place = place
  }

  /// The median reference accuracy of the models that lie in the range which all sources reach; nil
  /// where there is none.
  package static func commonReference(_ sources: [Models]) -> Double? {
    let known = sources.map { $0.reference.filter(\.isFinite) }
    guard !known.contains(where: \.isEmpty), let lower = known.compactMap({ $0.min() }).max(),
      let upper = known.compactMap({ $0.max() }).min(), lower <= upper
    else { return nil }
    let inside = known.flatMap(\.self).filter { $0 >= lower && $0 <= upper }.sorted()
    return quantile(0.5, ofSorted: inside)
  }

  /// The accuracy under a shift that the line of a source has at `place`; NaN without a line.
  package func accuracy(_ source: Int, _ shift: Int) -> Double {
    guard let place, let line = lines[source][shift] else { return .nan }
    return line.predicted(reference: place)
  }

  /// The rank of each source under a shift, 1 for the best; NaN where a line is missing.
  package func ranks(_ shift: Int) -> [Double] {
    let values = names.indices.map { -accuracy($0, shift) }
    return values.contains(where: \.isNaN) ? values.map { _ in .nan } : midRanks(values)
  }

  /// Kendall's W of the rankings of the sources under the shifts.
  package var agreement: MetricValue {
    let shifts = lines.first?.count ?? 0
    return kendallW((0..<shifts).map { shift in names.indices.map { accuracy($0, shift) } })
  }

  /// Spearman's correlation of the sources' accuracies under two shifts.
  package func correlation(_ first: Int, _ second: Int) -> MetricValue {
    spearman(names.indices.map { accuracy($0, first) }, names.indices.map { accuracy($0, second) })
  }
}

/// Where a mixture of sources stands among its parts.
package struct Dilution: Equatable, Sendable {
  package enum Verdict: String, CaseIterable, Sendable {
    case between, above, below
  }

  /// 0 at the worst part, 1 at the best one; nil where they are equal.
  package let position: Double?
  package let verdict: Verdict

  /// Takes accuracies under a shift at one reference accuracy; nil where one is undefined.
  ///
  /// The verdict is `between` up to a tolerance beyond the parts.
  package init?(mixture: Double, parts: [Double], tolerance: Double) {
    guard let low = parts.min(), let high = parts.max(), mixture.isFinite,
      parts.allSatisfy(\.isFinite)
    else { return nil }
    position = high > low ? (mixture - low) / (high - low) : nil
    verdict =
      mixture > high + tolerance ? .above : mixture < low - tolerance ? .below : .between
  }
}
