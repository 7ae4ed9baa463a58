package import Documents

/// A number made of measured values: a mean over trials, or an operation on such numbers.
package indirect enum Quantity: Equatable, Sendable {
  case number(Double)
  case measured(Measurement)
  case difference(Quantity, Quantity)
  case ratio(Quantity, Quantity)
  case fold(Fold, [Quantity])
  case operatingPoints(OperatingPoints)

  /// How several numbers become one.
  package enum Fold: String, CaseIterable, Sendable {
    case mean, min, max
    /// The largest less the smallest.
    case gap
    /// The least increase from one to the next: above 0 where they rise strictly.
    case smallestStep = "smallest_step"
  }

  /// The trials and the part of them whose values are averaged.
  package struct Measurement: Equatable, Sendable {
    package let value: Value
    /// The row of the report.
    package let method: String
    /// Nil: all datasets.
    package let dataset: String?
    /// Members that the trials' settings must have.
    package let setting: [String: JSON]
    /// Nil: the trial's own metrics.
    package let group: Part?

    package init(
      _ value: Value, method: String, dataset: String? = nil, setting: [String: JSON] = [:],
      group: Part? = nil
    ) {
      self.value = value
      self.method = method
      self.dataset = dataset
      self.setting = setting
      self.group = group
    }
  }

  /// What is averaged.
  package enum Value: Equatable, Sendable {
    case metric(String)
    /// A number that the method reports of itself.
    case reported(String)
  }

  /// Groups of a trial; without a key all of one partition but the exceptions.
  package struct Part: Equatable, Sendable {
    package let by: String
    package let key: String?
    package let exceptions: [String]

    package init(by: String, key: String? = nil, exceptions: [String] = []) {
      self.by = by
      self.key = key
      self.exceptions = exceptions
    }
  }

  /// The measurements in it, in the order in which they stand.
  package var measurements: [Measurement] {
    switch self {
    case .number: []
    case .measured(let measurement): [measurement]
    case .difference(let first, let second), .ratio(let first, let second):
      first.measurements + second.measurements
    case .fold(_, let parts): parts.flatMap(\.measurements)
    case .operatingPoints(let points): points.measurements
    }
  }

  /// The number, from those of its measurements in order; NaN where it is undefined.
  package func value(of measured: [Double]) -> Double {
    var rest = measured[...]
    return value(&rest)
  }

  private func value(_ rest: inout ArraySlice<Double>) -> Double {
    switch self {
    case .number(let number): return number
    case .measured: return rest.popFirst() ?? .nan
    case .difference(let first, let second):
      let minuend = first.value(&rest)
      return minuend - second.value(&rest)
    case .ratio(let first, let second):
      let dividend = first.value(&rest)
      let divisor = second.value(&rest)
      return divisor == 0 ? .nan : dividend / divisor
    case .fold(let fold, let parts):
      var values: [Double] = []
      for part in parts { values.append(part.value(&rest)) }
      return fold(values)
    case .operatingPoints(let points):
      return points.value(of: points.measurements.map { _ in rest.popFirst() ?? .nan })
    }
  }
}

extension Quantity.Fold {
  /// The number that the values become; NaN when one of them is.
  package func callAsFunction(_ values: [Double]) -> Double {
    guard !values.isEmpty, !values.contains(where: \.isNaN) else { return .nan }
    let (least, most) = (values.min() ?? .nan, values.max() ?? .nan)
    return switch self {
    case .mean: values.reduce(0, +) / Double(values.count)
    case .min: least
    case .max: most
    case .gap: most - least
    case .smallestStep: zip(values.dropFirst(), values).map { $0 - $1 }.min() ?? .nan
    }
  }
}

extension Quantity {
  /// Reads a quantity that the schema has passed.
  package init(_ json: JSON) {
    func parts(_ key: String) -> [Quantity]? { json[key]?.array?.map { Quantity($0) } }
    if let number = json.double {
      self = .number(number)
    } else if let points = OperatingPoints(json) {
      self = .operatingPoints(points)
    } else if let pair = parts("minus"), pair.count == 2 {
      self = .difference(pair[0], pair[1])
    } else if let pair = parts("divide"), pair.count == 2 {
      self = .ratio(pair[0], pair[1])
    } else if let (fold, parts) = Fold.allCases.lazy.compactMap({ fold in
      parts(fold.rawValue).map { (fold, $0) }
    }).first {
      self = .fold(fold, parts)
    } else {
      self = .measured(Measurement(json))
    }
  }
}

extension Quantity.Measurement {
  fileprivate init(_ json: JSON) {
    self.init(
      json["reported"]?.string.map { .reported($0) } ?? .metric(json["metric"]?.string ?? ""),
      method: json["method"]?.string ?? "", dataset: json["dataset"]?.string,
      setting: json["setting"]?.object ?? [:],
      group: json["group"].map { group in
        Quantity.Part(
          by: group["by"]?.string ?? "", key: group["key"]?.string,
          exceptions: (group["except"]?.array ?? []).compactMap(\.string))
      })
  }
}
