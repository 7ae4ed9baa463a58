package import Documents
internal import Metrics
internal import Numerics

/// A number made of measured values: a mean over trials, or an operation on such numbers.
package indirect enum Quantity: Equatable, Sendable {
  case number(Double)
  case measured(Measurement)
  case difference(Quantity, Quantity)
  case ratio(Quantity, Quantity)
  case fold(Fold, [Quantity])
  case correlation(Correlation, [Quantity], [Quantity])
  /// The last part is the reference accuracy of `accuracyAt`.
  case line(Line, [Quantity], [Quantity], Double)
  case operatingPoints(OperatingPoints)

  /// How several numbers become one.
  package enum Fold: String, CaseIterable, Sendable {
    case mean, median, min, max
    /// The largest less the smallest.
    case gap
    /// The least increase from one to the next: above 0 where they rise strictly.
    case smallestStep = "smallest_step"
  }

  /// How two rows of numbers go together.
  package enum Correlation: String, CaseIterable, Sendable {
    case spearman
    /// Kendall's tau-b.
    case kendall
    case pearson
    /// Pearson's after the best logistic function of the first row.
    case pearsonLogistic = "pearson_logistic"
  }

  /// A least-squares line through accuracies on logit axes: reference across, shifted up.
  package enum Line: String, CaseIterable, Sendable {
    case rSquared = "r_squared"
    /// The shifted accuracy that the line has at a reference accuracy.
    case accuracyAt = "accuracy_at"
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
    /// Whether the rows without the shift are meant: what that group names as its reference.
    package let isReference: Bool

    package init(
      by: String, key: String? = nil, exceptions: [String] = [], isReference: Bool = false
    ) {
      self.by = by
      self.key = key
      self.exceptions = exceptions
      self.isReference = isReference
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
    case .correlation(_, let first, let second), .line(_, let first, let second, _):
      (first + second).flatMap(\.measurements)
    case .operatingPoints(let points): points.measurements
    }
  }

  /// The number, from those of its measurements in order and the rows that each was measured on, nil
  /// where these are not known; NaN where it is undefined.
  package func value(of measured: [Double], rows: [Int?] = []) -> Double {
    var rest = Measured(values: measured[...], rows: rows[...])
    return value(&rest)
  }

  func value(_ rest: inout Measured) -> Double {
    switch self {
    case .number(let number): return number
    case .measured: return rest.next()
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
    case .correlation(let correlation, let first, let second):
      var values: [Double] = []
      for part in first + second { values.append(part.value(&rest)) }
      return correlation(Array(values.prefix(first.count)), Array(values.dropFirst(first.count)))
    case .line(let line, let first, let second, let place):
      return line(reference: Points(first, &rest), shifted: Points(second, &rest), place)
    case .operatingPoints(let points):
      return points.value(of: points.measurements.map { _ in rest.next() })
    }
  }
}

extension Quantity.Correlation {
  /// The correlation; NaN where one row is constant, or a value is undefined.
  package func callAsFunction(_ first: [Double], _ second: [Double]) -> Double {
    guard first.count == second.count, !(first + second).contains(where: \.isNaN) else {
      return .nan
    }
    return switch self {
    case .spearman: Metrics.spearman(first, second).value ?? .nan
    case .kendall: kendallTauB(first, second).value ?? .nan
    case .pearson: Metrics.pearson(first, second).value ?? .nan
    case .pearsonLogistic: pearsonAfterLogistic(first, second).value ?? .nan
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
    case .median: quantile(0.5, ofSorted: values.sorted()) ?? .nan
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
    } else if let (correlation, rows) = Correlation.allCases.lazy.compactMap({ correlation in
      json[correlation.rawValue]?.array.map { (correlation, $0) }
    }).first {
      let quantities = rows.map { ($0.array ?? []).map { Quantity($0) } }
      self = .correlation(correlation, quantities.first ?? [], quantities.last ?? [])
    } else if let (line, form) = Line.allCases.lazy.compactMap({ line in
      json[line.rawValue].map { (line, $0) }
    }).first {
      func row(_ key: String) -> [Quantity] { (form[key]?.array ?? []).map { Quantity($0) } }
      let place = form["at"]?.double ?? 0.5
      self =
        form["over"] == nil
        ? .line(line, row("reference"), row("shifted"), place)
        : .line(
          line, Self.models(form, isReference: true), Self.models(form, isReference: false), place)
    } else {
      self = .measured(Measurement(json))
    }
  }
}

extension Quantity {
  /// The accuracies of one method in settings that differ in one member, under a shift or on the rows
  /// without it.
  private static func models(_ form: JSON, isReference: Bool) -> [Quantity] {
    guard let (key, values) = form["over"]?.object?.first else { return [] }
    return (values.array ?? []).map { value in
      var setting = form["setting"]?.object ?? [:]
      setting[key] = value
      return .measured(
        Measurement(
          .metric("accuracy"), method: form["method"]?.string ?? "",
          dataset: form["dataset"]?.string, setting: setting,
          group: Part(by: "shift", key: form["shift"]?.string, isReference: isReference)))
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
