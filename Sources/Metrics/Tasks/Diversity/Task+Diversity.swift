internal import Tensors

extension Task {
  package static let diversity = Task(.diversity, sample: ["N": 12, "M": 6, "D": 4]) { answer in
    try DiversityOutcomes(
      modes: try answer.truth("modes").doubles(), prompts: try answer.truth("prompts").doubles(),
      sce: try answer.output("sce").doubles(), reports: try answer.diversityReports())
  }
}

extension Answer {
  /// What the method reports beside its score, and how pure its corrected images are.
  fileprivate func diversityReports() throws -> [DiversityOutcomes.Report: [Double]] {
    var reports: [DiversityOutcomes.Report: [Double]] = [:]
    for report in [DiversityOutcomes.Report.textDiversity, .traceImage, .traceText] {
      reports[report] = outputs[report.rawValue]?.doubles()
    }
    for (report, name) in [
      (DiversityOutcomes.Report.promptPurity, "new.prompt"), (.modePurity, "new.mode"),
    ] {
      guard let corrected = outputs["corrected"], let labels = truth[name] else { continue }
      let purity = neighbourPurity(
        of: corrected, labels: try labels.int32Values(), neighbours: 5)
      reports[report] = purity.map { [$0] }
    }
    return reports
  }
}
