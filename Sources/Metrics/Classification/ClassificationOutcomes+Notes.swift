extension ClassificationOutcomes {
  package func note(for metric: String) -> String? {
    switch metric {
    case "mean_per_class_accuracy", "geometric_mean", "auroc_ovr": absentClasses
    case "macro_f1": unusedClasses.map { "\($0), which are left out" }
    case "macro_f1_all": unusedClasses.map { "\($0), which count as 0" }
    case "ece15_width", "ece15_width_scaled", "mce15_width", "classwise_ece15": fewRows
    case "ece15_mass": joined([fewRows, tiesAtEdges(order)])
    case "ece15_mass_scaled": joined([fewRows, scaled.flatMap { tiesAtEdges($0.order) }])
    default: nil
    }
  }

  /// What the mean over classes leaves out.
  private var absentClasses: String? {
    guard let count = classCounts?.max() else { return nil }
    let absent = Int(count) - Set(labels).count
    return absent > 0 ? "\(absent) of \(count) classes have no row" : nil
  }

  /// The classes that are neither a row's nor decided for.
  private var unusedClasses: String? {
    guard let count = classCounts?.max() else { return nil }
    let unused = Int(count) - Set(labels).union(predicted).count
    return unused > 0 ? "\(unused) of \(count) classes have no row and no prediction" : nil
  }

  private var fewRows: String? {
    n > 0 && n < calibrationBinCount ? "there are fewer rows (\(n)) than bins" : nil
  }

  private func tiesAtEdges(_ confidence: [Double]) -> String? {
    let ties = MassCalibration.tiesAtEdges(confidence)
    return ties > 0
      ? "ties_at_edges: \(ties); there the bins share rows of equal confidence evenly" : nil
  }

  private func joined(_ notes: [String?]) -> String? {
    let notes = notes.compactMap(\.self)
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }
}
