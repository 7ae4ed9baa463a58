internal import Metrics

extension Quantity {
  /// Measured values that are yet to be put in, with the rows of each.
  struct Measured {
    fileprivate(set) var values: ArraySlice<Double>
    fileprivate(set) var rows: ArraySlice<Int?>

    init(values: ArraySlice<Double>, rows: ArraySlice<Int?>) {
      self.values = values
      self.rows = rows
    }

    mutating func next() -> Double {
      _ = rows.popFirst()
      return values.popFirst() ?? .nan
    }
  }

  /// The accuracies of the models of a line, on one axis.
  struct Points {
    var values: [Double] = []
    /// The fewest rows behind one of them; nil where none was measured.
    private(set) var rows: Int?

    init(_ parts: [Quantity], _ rest: inout Measured) {
      for part in parts {
        let known = rest.rows.prefix(part.measurements.count).compactMap(\.self)
        rows = (known + [rows].compactMap(\.self)).min()
        values.append(part.value(&rest))
      }
    }
  }

  /// Why the number says nothing although it can be computed, a clause; nil where it does not.
  package func obstacle(of measured: [Double]) -> String? {
    var rest = Measured(values: measured[...], rows: [])
    return obstacle(&rest)
  }

  private func obstacle(_ rest: inout Measured) -> String? {
    switch self {
    case .line(.accuracyAt, let first, let second, let place):
      let reference = Points(first, &rest).values
      _ = Points(second, &rest)
      guard let least = reference.min(), let most = reference.max(), place < least || place > most
      else { return nil }
      return "the line is read at the reference accuracy \(rounded(place)), beyond its models from "
        + "\(rounded(least)) to \(rounded(most))"
    case .operation(_, let first, let second): return obstacle([first, second], &rest)
    case .fold(_, let parts): return obstacle(parts, &rest)
    case .correlation(_, let first, let second): return obstacle(first + second, &rest)
    case .line(.rSquared, let first, let second, _): return obstacle(first + second, &rest)
    case .number, .measured, .operatingPoints:
      _ = value(&rest)
      return nil
    }
  }

  private func obstacle(_ parts: [Quantity], _ rest: inout Measured) -> String? {
    var found: String?
    for part in parts {
      let obstacle = part.obstacle(&rest)
      found = found ?? obstacle
    }
    return found
  }

  private func rounded(_ accuracy: Double) -> Double { (1000 * accuracy).rounded() / 1000 }
}

extension Quantity.Line {
  /// What numbers that nobody measured are taken to be measured on, so that 0 and 1 have logits.
  private static let givenRows = 1000

  /// The number; NaN for fewer than three points, or where they give no line.
  func callAsFunction(
    reference: Quantity.Points, shifted: Quantity.Points, _ place: Double
  ) -> Double {
    guard !(reference.values + shifted.values).contains(where: \.isNaN),
      let line = try? EffectiveRobustness(
        reference: reference.values, shifted: shifted.values,
        rows: reference.rows ?? Self.givenRows, shiftedRows: shifted.rows ?? Self.givenRows)
    else { return .nan }
    return switch self {
    case .rSquared: line.rSquared ?? .nan
    case .accuracyAt: line.predicted(reference: place)
    }
  }
}
