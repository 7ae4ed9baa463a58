import Datasets
import Evaluation
import Metrics
import Suites

extension GroupRecord {
  /// A group as these tests write it: by `shift` a shift such as `blur-3`, or by the name of `clean`
  /// the rows behind shifts.
  init(
    by: String, key: String, n: Int, metrics: [String: MetricValue], isPart: Bool = false,
    role: Role = .rows, reference: String? = nil
  ) {
    let id: GroupID =
      switch role {
      case .worst: .worst(by: by)
      case .gap: .gap(by: by)
      case .difference: .difference(by: by, key: key.replacing(" less all", with: ""))
      case .rows, .small: Self.rows(by, key)
      }
    self.init(
      id, n: n, metrics: metrics, isPart: isPart, isSmall: role == .small, reference: reference)
  }

  private static func rows(_ by: String, _ key: String) -> GroupID {
    switch (by, key) {
    case ("classes", "harmonic mean"): return .harmonicMean
    case ("classes", _): return .part(.base)
    case ("decision", _): return .part(.decision)
    case ("calibration", _): return .part(.calibration)
    case ("shift", _) where key.hasPrefix("clean") && key != "cleaner":
      return .part(.clean(Part.Clean(key, behind: [])))
    case ("shift", _):
      let parts = key.split(separator: "-")
      guard parts.count == 2, let severity = Int(parts[1]) else {
        return .part(.shift(ShiftID(key)))
      }
      return .part(.shift(ShiftID(key, corruption: String(parts[0]), severity: severity)))
    default: return .rows(by: by, key: key)
    }
  }
}
