extension ClassificationOutcomes {
  package func note(for metric: String) -> String? {
    switch metric {
    case "mean_per_class_accuracy", "geometric_mean": absentClasses
    case "ece15_width", "ece15_width_scaled", "mce15_width", "classwise_ece15": fewRows
    case "ece15_mass": joined([fewRows, tiesAtEdges(confidence)])
    case "ece15_mass_scaled": joined([fewRows, tiesAtEdges(scaled?.confidence ?? [])])
    default: nil
    }
  }

  /// What the mean over classes leaves out.
  private var absentClasses: String? {
    guard let count = classCounts?.max() else { return nil }
    let absent = Int(count) - Set(labels).count
    return absent > 0 ? "\(absent) of \(count) classes have no row" : nil
  }

  private var fewRows: String? {
    n > 0 && n < calibrationBinCount ? "there are fewer rows (\(n)) than bins" : nil
  }

  private func tiesAtEdges(_ confidence: [Float]) -> String? {
    let ties = MassCalibration.tiesAtEdges(confidence)
    return ties > 0
      ? "ties_at_edges: \(ties); there the order of the rows decides which bin a row is in" : nil
  }

  private func joined(_ notes: [String?]) -> String? {
    let notes = notes.compactMap(\.self)
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }
}
