package import Suites

extension ReportWarning {
  private static let loadFailureCode = "plugin-not-loaded"
  fileprivate static let absentDataCode = "absent-data"

  /// A plugin that was found and did not load; its methods, whatever they are, were not run.
  package static func loadFailure(plugin: String, reason: String) -> ReportWarning {
    ReportWarning(code: loadFailureCode, place: plugin, text: reason)
  }

  /// A dataset that a suite does without, since it is not here.
  package static func absent(_ data: AbsentData) -> ReportWarning {
    ReportWarning(
      code: absentDataCode, place: "\(data.suite) / \(data.dataset)",
      text: "the dataset '\(data.dataset)' is not here; the suite was run without it")
  }

  package var isLoadFailure: Bool { code == ReportWarning.loadFailureCode }

  fileprivate var absentData: AbsentData? {
    guard code == ReportWarning.absentDataCode,
      let mark = place.firstRange(of: " / ")
    else { return nil }
    return AbsentData(
      suite: String(place[..<mark.lowerBound]), dataset: String(place[mark.upperBound...]))
  }
}

extension [ReportWarning] {
  /// The datasets that suites were run without.
  var absentData: [AbsentData] { compactMap(\.absentData) }

  /// The warnings for people: all data that is not here in one of them, the last.
  package var shown: [ReportWarning] {
    let datasets = unique(absentData.map(\.dataset)).sorted()
    guard !datasets.isEmpty else { return self }
    let suites = unique(absentData.map(\.suite))
    let place = datasets.count == 1 ? "1 dataset" : "\(datasets.count) datasets"
    let text =
      "not here, and left out of \(suites.count == 1 ? "1 suite" : "\(suites.count) suites"): "
      + datasets.joined(separator: ", ")
      + "; name the folder that holds them with --data or ASSAY_DATA_PATH"
    return filter { $0.absentData == nil }
      + [ReportWarning(code: ReportWarning.absentDataCode, place: place, text: text)]
  }
}
